//! The methods, against well-known Python libraries (`tests/tools/make_teach.py`) and against what must hold of any examples;
//! natively and in the browser.

#![allow(clippy::unwrap_used)]

mod any;
mod choosing;
mod file;
mod folds;
mod golden;
mod references;
mod teaching;
