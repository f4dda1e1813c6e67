//! How good a model is on pictures whose classes are known.

pub mod average_precision;
pub mod classes;
pub mod evaluation;
pub mod pictures;
pub mod ranking;
pub mod tally;
