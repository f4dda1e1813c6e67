//! The view `measure`: accuracy, labels, domain and bias.

pub(crate) mod accuracy;
pub(crate) mod labels;
pub(crate) mod others;
