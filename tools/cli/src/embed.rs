//! `semblance embed`: the vectors of a folder's pictures into one file, in one command that can be stopped at any point and goes
//! on where it was; or those of a stream, as many as come.
//!
//! | module | what it does |
//! |---|---|
//! | [`command`] | the command line's words, and the whole |
//! | [`known`] | which pictures are there already, and what is there of others |
//! | [`parts`] | rows as they come, in files of some hundred beside where they will be |
//! | [`merge`] | all of them in one order, each once |
//! | [`output`] | the file: Parquet, NumPy's or safetensors |
//! | [`arrow`] | Arrow's stream on standard input, and another on standard output |

pub mod arrow;
pub mod command;
pub mod known;
pub mod merge;
pub mod output;
pub mod parts;
