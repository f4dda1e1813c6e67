//! Whether one system is better than another on the same pictures.

pub mod comparison;
pub mod mcnemar;
pub mod newcombe;
