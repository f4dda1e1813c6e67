//! What `semblance` on the command line is made of, for its tests.
//!
//! | module | what it does |
//! |---|---|
//! | [`words`] | the commands and their words |
//! | [`classify`], [`similarity`], [`describe`], [`search`], [`teach`], [`info`], [`shell`] | a command each |
//! | [`embed`], [`evaluate`] | the larger ones |
//! | [`model`], [`pictures`], [`pipeline`], [`look`] | which model, which pictures, how they go through it |
//! | [`vectors`] | a Parquet file of vectors |
//! | [`progress`], [`outcome`], [`written`] | the rate and the time left; what a command prints and how it ends; files that are whole or not there |

pub mod classify;
pub mod describe;
pub mod embed;
pub mod evaluate;
pub mod info;
pub mod look;
pub mod model;
pub mod outcome;
pub mod pictures;
pub mod pipeline;
pub mod progress;
pub mod search;
pub mod shell;
pub mod similarity;
pub mod teach;
pub mod vectors;
pub mod words;
pub mod written;
