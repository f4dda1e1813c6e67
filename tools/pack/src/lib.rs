//! The parts of `semblance-pack`, for its tests.

pub mod card;
pub mod check;
pub mod description;
pub mod encoding;
pub mod fetch;
pub mod fidelity;
pub mod gguf;
pub mod hub;
pub mod manifest;
pub mod pack;
pub mod pieces;
pub mod repository;
pub mod source;
pub mod telling;
