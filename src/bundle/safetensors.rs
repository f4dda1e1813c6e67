//! The header of a safetensors file, read from untrusted bytes by the `safetensors` crate.

use std::collections::BTreeMap;

use candle_core::DType;
use safetensors::tensor::{Dtype, Metadata};

use super::header::Header;
use super::tensor::{Encoding, TensorInfo};
use crate::{Error, Result};

/// Longest header that the format's reference reader accepts.
const MAX_HEADER: u64 = 100_000_000;

/// Read the header from the first bytes of a file; `None` when they end before the header does.
///
/// Errors: a header that is not the format's JSON, an element type other than F32, F16 and BF16, offsets that
/// do not fit a shape.
pub fn read_header(bytes: &[u8]) -> Result<Option<Header>> {
    let Some(length) = bytes.first_chunk::<8>() else {
        return Ok(None);
    };
    let length = u64::from_le_bytes(*length);
    if length > MAX_HEADER || bytes.get(8).is_some_and(|&first| first != b'{') {
        return Err(Error::Model("This is neither a GGUF nor a safetensors file.".into()));
    }
    if ((bytes.len() - 8) as u64) < length {
        return Ok(None);
    }
    // `SafeTensors::read_metadata` wants the whole file; its header alone is this JSON.
    let header = &bytes[8..8 + length as usize];
    let metadata: Metadata = serde_json::from_slice(header).map_err(|e| match e.to_string() {
        // Offsets beyond a browser's 32 bits.
        message if message.contains("expected usize") => Error::Model(
            "The safetensors file is larger than 4 GB, more than can be read here; the same model in f16, or in shards, can."
                .into(),
        ),
        message => wrong(message),
    })?;

    let mut tensors = Vec::new();
    for (name, info) in metadata.tensors() {
        let dtype = match info.dtype {
            Dtype::F32 => DType::F32,
            Dtype::F16 => DType::F16,
            Dtype::BF16 => DType::BF16,
            // Position ids are whole numbers that older files carry; the towers count for themselves.
            _ if name.ends_with("position_ids") => continue,
            other => {
                return Err(wrong(format!(
                    "the tensor “{name}” has the type {other:?}; F32, F16 and BF16 can be read"
                )));
            }
        };
        let (start, end) = info.data_offsets;
        let tensor = TensorInfo::new(name, Encoding::Plain(dtype), info.shape.clone(), start as u64)?;
        if end.checked_sub(start) != Some(tensor.byte_len()) {
            return Err(wrong(format!(
                "the tensor “{}” of shape {:?} lies in bytes {start} to {end}",
                tensor.name, tensor.shape
            )));
        }
        tensors.push(tensor);
    }
    Ok(Some(Header { metadata: BTreeMap::new(), tensors, data_start: 8 + length as usize }))
}

fn wrong(message: String) -> Error {
    Error::Model(format!("The safetensors file is wrong: {message}."))
}
