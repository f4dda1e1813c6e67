//! What judges a classifier, against well-known Python libraries (`tests/tools/make_teach.py`) and against what must hold of
//! any numbers; natively and in the browser.

#![allow(clippy::unwrap_used)]

mod calibration;
mod golden;
mod open_set;
mod properties;
mod quality;
