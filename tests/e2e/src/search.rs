//! Libraries of pictures, and finding pictures in them.

pub(crate) mod files;
pub(crate) mod killed;
pub(crate) mod library;
pub(crate) mod view;
