//! Classes of one's own.

pub(crate) mod check;
pub(crate) mod view;
