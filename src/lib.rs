//! CLIP on [candle](https://github.com/huggingface/candle), for the browser and for Rust programs.
//!
//! A picture and a text each become a unit vector; their cosine says how well they match.
//!
//! ```no_run,ignore-wasm32
//! use semblance::{Clip, Picture};
//!
//! let mut clip = Clip::load("models/pocket")?;
//! let scores = clip.classify(&Picture::open("cat.jpg")?, &["cat", "dog"])?;
//! println!("{}: {:.1} %", scores[0].label, 100.0 * scores[0].probability);
//! # Ok::<(), semblance::Error>(())
//! ```
//!
//! One picture's way, top to bottom:
//!
//! | module | what it does |
//! |---|---|
//! | [`clip`] | the whole: a loaded model with the verbs `embed_images`, `embed_texts`, `classify`, `similarity` |
//! | [`loader`] | a model from bytes that come in bit by bit |
//! | [`classify`] | zero-shot scores: cosine × logit scale → softmax |
//! | [`explain`] | where in a picture the evidence for a label lies |
//! | [`prompt`] | labels → prompts through a template |
//! | [`preprocess`] | RGBA → the pixels the image tower sees, as Pillow and HF make them |
//! | [`tokenizer`] | text → token ids |
//! | [`captioner`] | a model that says what is in a picture, or answers questions about it |
//! | [`model`] | the two towers on candle tensors, in checkpoint names; models that write texts |
//! | [`kernels`] | the inner loops: packed int8 and f32 products, attention, threads |
//! | [`bundle`] | a model's files (config, tokenizer, weights), checked before any compute |
//! | `index` | libraries of pictures in files, the same as in the browser (natively alone) |
//! | `classifier` | classifiers of one's own from a few pictures a class (natively alone) |
//! | `measure` | how good a model is on one's own pictures, and what is wrong with labels (natively alone) |
//! | `organise` | tags, duplicates, groups, a map and rules for a library (natively alone) |
//! | `describe` | descriptions and answers, with a CLIP alone (natively alone) |
//! | [`error`] | what can go wrong, in sentences |
//!
//! # Features
//!
//! All of them are for WebAssembly; a native program has everything without any.
//!
//! | feature | what it does |
//! |---|---|
//! | `relaxed` | products with relaxed SIMD |
//! | `threads` | `relaxed`, on several threads with shared memory; needs `-Z build-std` with atomics |
//! | `captioner` | `api` exports models that write texts in the place of a CLIP |
//!
//! In WebAssembly `api` puts these behind `wasm-bindgen`; it is the only file that knows JavaScript.

// Whoever has one of these in a struct of their own can derive `Debug` for that.
#![cfg_attr(not(target_arch = "wasm32"), warn(missing_debug_implementations))]

#[cfg(target_arch = "wasm32")]
pub mod api;
pub mod bundle;
pub mod captioner;
#[cfg(not(target_arch = "wasm32"))]
pub mod classifier;
pub mod classify;
pub mod clip;
#[cfg(not(target_arch = "wasm32"))]
pub mod describe;
pub mod error;
pub mod explain;
#[cfg(not(target_arch = "wasm32"))]
pub mod index;
// Packed numbers, which nobody reads.
#[allow(missing_debug_implementations)]
pub mod kernels;
pub mod loader;
#[cfg(not(target_arch = "wasm32"))]
pub mod measure;
// The same, and what is made of them.
#[allow(missing_debug_implementations)]
pub mod model;
#[cfg(not(target_arch = "wasm32"))]
pub mod organise;
pub mod picture;
pub mod preprocess;
pub mod prompt;
pub mod tokenizer;

pub use bundle::Bundle;
pub use captioner::Captioner;
#[cfg(not(target_arch = "wasm32"))]
pub use classifier::Classifier;
pub use classify::{Score, Similarity};
pub use clip::Clip;
pub use error::{Error, Result};
#[cfg(not(target_arch = "wasm32"))]
pub use index::Index;
pub use loader::Loader;
pub use model::Compute;
pub use picture::Picture;

/// What stands on crates.io is tried, too.
#[cfg(all(doctest, not(target_arch = "wasm32")))]
#[doc = include_str!("README.md")]
struct Readme;
