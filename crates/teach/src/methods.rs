//! From examples to logits: the methods, and how one of them is chosen.

pub mod folds;
pub mod head;
pub mod learning;
pub mod method;
pub mod nearest_mean;
pub mod probe;
pub mod teaching;
pub mod tip_adapter;
pub mod trial;
