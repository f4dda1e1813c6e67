//! How good a CLIP is on pictures, from numbers alone: logits, cosines, who was right. It knows no model, reads no file, and is
//! the same natively and in the browser, where it is fetched when somebody measures. All that is drawn is drawn by a seed.
//!
//! | module | what it does |
//! |---|---|
//! | [`tally`], [`pictures`] | pictures one after another; what is kept of each |
//! | [`ranking`] | the order of a picture's classes, and how equal ones are counted |
//! | [`evaluation`], [`classes`], [`average_precision`] | how good a model is, in all and class by class |
//! | [`comparison`], [`mcnemar`], [`newcombe`] | whether a system is better than another on the same pictures |
//! | [`statistic`], [`usual`], [`known`] | what a model's cosines look like on pictures that it knows |
//! | [`unusual`] | how far other pictures are from that |
//! | [`templates`] | which template suits pictures without labels |
//! | [`shift`], [`association`] | what a word of a group changes: on pictures, and in the texts alone |
//! | [`pointing`] | whether an explanation points at what is there |
//! | [`resampling`], [`mean`], [`holm`], [`two_samples`], [`student`], [`gaussian`] | intervals and tests |
//! | [`error`] | what can go wrong, in sentences |

// Whoever has one of these in a struct of their own can derive `Debug` for that.
#![cfg_attr(not(target_arch = "wasm32"), warn(missing_debug_implementations))]

#[cfg(all(target_arch = "wasm32", feature = "exports"))]
pub mod api;
mod bias;
mod comparing;
mod domain;
pub mod error;
mod evaluating;
pub mod pointing;
mod statistics;

pub use bias::{association, shift};
pub use comparing::{comparison, mcnemar, newcombe};
pub use domain::{known, statistic, templates, unusual, usual};
pub use error::{Error, Result};
pub use evaluating::{average_precision, classes, evaluation, pictures, ranking, tally};
pub use statistics::{gaussian, holm, mean, resampling, student, two_samples};
