//! What measures a model, against well-known Python libraries (`tests/tools/make_measure.py`) and against what must hold of any
//! numbers; natively and in the browser.

#![allow(clippy::unwrap_used)]

mod bias;
mod compare;
mod distributions;
mod domain;
mod evaluate;
mod golden;
mod made_model;
mod pointing;
mod tally;
mod templates;
