//! The rules on sets labelled by hand, on the classes of well-known data sets, and on anything at all.

#![allow(clippy::unwrap_used)]

mod classes;
mod context;
mod properties;
mod said;
mod sets;
mod threshold;
