//! This repository, for the programs that work on it: where things lie, how other programs are run from its root, what
//! the toolchain lacks, and the words of a command line. Everything compiles it first, so it has next to no dependencies.

pub mod args;
pub mod count;
pub mod pack;
pub mod paths;
pub mod process;
pub mod setup;
