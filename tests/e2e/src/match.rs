//! The view that tells which labels fit which pictures.

pub(crate) mod averages;
pub(crate) mod formats;
pub(crate) mod hints;
pub(crate) mod labels;
pub(crate) mod layout;
pub(crate) mod matrix;
pub(crate) mod pictures;
pub(crate) mod results;
pub(crate) mod why;
