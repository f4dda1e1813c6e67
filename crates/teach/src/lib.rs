//! A classifier of one's own from a handful of pictures, on the vectors that a CLIP makes of them. It knows no model, reads
//! and writes no file, and is the same natively and in the browser, where it is fetched when somebody teaches.
//!
//! | module | what it does |
//! |---|---|
//! | [`examples`] | vectors whose class is known, and the vectors of the classes' words |
//! | [`method`] | the methods by name, and what is set in each |
//! | [`nearest_mean`], [`tip_adapter`], [`probe`] | each by its paper |
//! | [`head`] | from vectors to logits |
//! | [`folds`] | which examples are held out together |
//! | [`teaching`], [`trial`] | each method tried on held-out examples, the best one chosen |
//! | [`report`] | what is known of a classifier once it was taught |
//! | [`classifier`] | it, from vectors to probabilities and as a file |
//! | [`temperature`], [`vector_scaling`], [`calibration`] | scores that can be believed |
//! | [`reliability`], [`interval`] | how far they can be |
//! | [`quality`], [`mistakes`], [`curve`] | how good a classifier is, labels that are wrong, what more examples would bring |
//! | [`learning`] | what more examples would bring, by what fewer bring |
//! | [`open_set`] | what is none of the classes |
//! | [`scored`] | logits of examples whose class is known: what everything that judges starts from |
//! | [`minimise`] | L-BFGS |
//! | [`random`] | numbers that are the same in every run |
//! | [`error`] | what can go wrong, in sentences |

// Whoever has one of these in a struct of their own can derive `Debug` for that.
#![cfg_attr(not(target_arch = "wasm32"), warn(missing_debug_implementations))]

#[cfg(all(target_arch = "wasm32", feature = "exports"))]
pub mod api;
pub mod classifier;
pub mod error;
pub mod examples;
mod file;
mod judging;
mod methods;
pub mod minimise;
pub mod random;
pub mod report;
pub mod scored;

pub use classifier::{Answers, Classifier};
pub use error::{Error, Result};
pub use examples::{Examples, Words};
pub use head::Head;
pub use judging::{
    calibration, curve, interval, mistakes, open_set, quality, reliability, temperature, vector_scaling,
};
pub use method::{Method, Setting};
pub use methods::{folds, head, learning, method, nearest_mean, probe, teaching, tip_adapter, trial};
pub use report::{Background, Report};
pub use scored::Scored;
pub use teaching::Teaching;
