//! Pictures without labels: how they look to a model, and which template suits them.

pub mod known;
pub mod statistic;
pub mod templates;
pub mod unusual;
pub mod usual;
