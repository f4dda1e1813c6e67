//! Descriptions of pictures and answers about them, from CLIP's vectors alone: it knows no model, reads no file, and is the same
//! natively and in the browser, where it is fetched when somebody describes.
//!
//! | module | what it does |
//! |---|---|
//! | [`banks`] | phrases that descriptions are made of |
//! | [`describer`] | a description: phrases, and what each of them adds |
//! | [`answers`] | what things of a kind are called: the colours, the animals … |
//! | [`filling`] | a template with words in it |
//! | [`question`] | a question → statements with its possible answers in them |
//! | [`judgement`] | how probable each answer is, and whether anything can be told at all |
//! | [`error`] | what can go wrong, in sentences |

// Whoever has one of these in a struct of their own can derive `Debug` for that.
#![cfg_attr(not(target_arch = "wasm32"), warn(missing_debug_implementations))]

pub mod answers;
#[cfg(all(target_arch = "wasm32", feature = "exports"))]
pub mod api;
pub mod banks;
mod chain;
pub mod describer;
pub mod error;
pub mod filling;
pub mod judgement;
pub mod question;

pub use error::{Error, Result};
