//! Training on the tiny models of random numbers that the goldens are of, and pictures in a few colours.

// A test that cannot set itself up has failed.
#![allow(clippy::unwrap_used)]

mod command;
mod example;
mod forward;
mod gradients;
mod output;
mod resume;
