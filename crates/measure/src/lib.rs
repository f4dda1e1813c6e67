//! How good a CLIP is on pictures, from numbers alone: logits, cosines, who was right. It knows no model, reads no file, and is
//! the same natively and in the browser, where it is fetched when somebody measures. All that is drawn is drawn by a seed.
//!
//! | module | what it does |
//! |---|---|
//! | [`resampling`], [`mean`], [`holm`], [`two_samples`], [`student`], [`gaussian`] | intervals and tests |
//! | [`error`] | what can go wrong, in sentences |

pub mod error;
mod statistics;

pub use error::{Error, Result};
pub use statistics::{gaussian, holm, mean, resampling, student, two_samples};
