//! A picture's line in the list.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::{Error, Result};

/// The pictures of an index, in the order of their vectors.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct List {
    /// SHA-256 of the model's weights.
    #[serde(with = "hex")]
    pub model: [u8; 32],
    /// Numbers of a vector.
    pub dim: u32,
    pub pictures: Vec<Picture>,
}

/// What is known of a picture besides its vector.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Picture {
    /// With `/` between folders.
    pub path: String,
    /// Bytes of the file.
    pub size: u64,
    /// When the file was last changed, in milliseconds since 1970.
    pub modified: i64,
    /// When it was taken, on the camera's clock, in milliseconds since 1970.
    pub taken: Option<i64>,
    pub width: u32,
    pub height: u32,
    /// SHA-256 of the file.
    #[serde(with = "hex")]
    pub hash: [u8; 32],
}

impl List {
    pub fn from_json(text: &[u8]) -> Result<Self> {
        serde_json::from_slice(text).map_err(|error| Error::List(error.to_string()))
    }

    pub fn to_json(&self) -> Vec<u8> {
        // Texts and numbers alone: nothing of it can fail.
        serde_json::to_vec_pretty(self).unwrap_or_default()
    }
}

/// 32 bytes as text.
mod hex {
    use super::{Deserialize, Deserializer, Serializer};

    pub fn serialize<S: Serializer>(bytes: &[u8; 32], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&super::to_hex(bytes))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<[u8; 32], D::Error> {
        let text = String::deserialize(deserializer)?;
        super::from_hex(&text).ok_or_else(|| serde::de::Error::custom("a hash has 64 hexadecimal digits"))
    }
}

pub(crate) fn to_hex(bytes: &[u8; 32]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(crate) fn from_hex(text: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    for (byte, digits) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
    }
    Some(bytes)
}
