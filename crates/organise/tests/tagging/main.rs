//! Tags, rules, and how corrections move them, against SciPy and NumPy (`tests/tools/make_organise.py`) and against what must
//! hold of any numbers; natively and in the browser. What is written for other programs is read by one of them, natively.

#![allow(clippy::unwrap_used)]

mod golden;
mod judging;
mod proposals;
mod rules;
mod tags;
mod xmp;
