//! Libraries of pictures, and finding pictures in them.

pub(crate) mod files;
pub(crate) mod killed;
pub(crate) mod library;
pub(crate) mod teaching;
pub(crate) mod view;

#[path = "../../../crates/index/tests/random/mod.rs"]
#[allow(dead_code, reason = "the index's own tests use all of it")]
mod random;
