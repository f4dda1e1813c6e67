//! The commands of `semblance` that are no crate of their own.

pub mod evaluate;
