//! What statistics there are in all of this: distributions, tests, intervals by resampling.

pub mod gaussian;
pub mod holm;
pub mod mean;
pub mod resampling;
pub mod student;
pub mod two_samples;
