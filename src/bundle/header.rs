//! What a file says before its tensors' bytes come, in whichever format.

use std::collections::BTreeMap;

use super::tensor::TensorInfo;

/// What stands before the data: the metadata, and where each tensor lies.
#[derive(Debug)]
pub struct Header {
    pub metadata: BTreeMap<String, Value>,
    pub tensors: Vec<TensorInfo>,
    /// First byte of the data in the file.
    pub data_start: usize,
}

/// A value of the metadata.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Text(String),
    Texts(Vec<String>),
    /// A number or a truth value.
    Number(f64),
    /// Numbers of 32-bit floats.
    Numbers(Vec<f64>),
    /// Of a type that no model needs.
    Other,
}
