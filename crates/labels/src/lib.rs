//! What is wrong with a set of labels for zero-shot classification with a CLIP, and what to write instead. It knows no model:
//! what a model has to say (tokens, cosines, pictures) comes with the [`Context`], and is the same natively and in the browser.
//!
//! | module | what it does |
//! |---|---|
//! | [`check`] | all rules on one set |
//! | [`finding`] | what is said about labels, and fixes that are applied |
//! | [`context`] | what is known besides the labels |
//! | [`threshold`] | from which cosine on two prompts mean the same |
//! | [`vocabulary`] | the words that a model has learnt |
//! | [`error`] | what can go wrong, in sentences |
//!
//! Inside, `language` is English and what is known of it, `set` the labels taken apart, and `rules` has one file for each kind of
//! finding. What is known of English is data (`data/make.py` says of what):
//!
//! - the nouns of WordNet 3.0 (Fellbaum, “WordNet: An Electronic Lexical Database”, 1998), their senses, how often SemCor has
//!   them, and what is a kind of what. Copyright 2006 by Princeton University; its licence is `data/LICENSE-wordnet`;
//! - SCOWL's words up to size 60 (Atkinson, `data/LICENSE-scowl`);
//! - the names of emoji in six languages, of Unicode's CLDR 48 (Unicode-3.0, `data/LICENSE-unicode`);
//! - `data/hand`: words of several looks, everyday words in six languages, and what WordNet does not say, by hand.

// Whoever has one of these in a struct of their own can derive `Debug` for that.
#![cfg_attr(not(target_arch = "wasm32"), warn(missing_debug_implementations))]

#[cfg(all(target_arch = "wasm32", feature = "exports"))]
pub mod api;
mod check;
pub mod context;
pub mod error;
pub mod finding;
mod language;
mod rules;
mod set;
pub mod threshold;
pub mod vocabulary;

pub use check::check;
pub use context::{Context, Fit};
pub use error::{Error, Result};
pub use finding::{Edit, Finding, Fix, Kind, Severity, apply};
pub use vocabulary::Vocabulary;
