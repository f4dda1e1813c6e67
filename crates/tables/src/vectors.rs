//! The vectors alone, as one array of f32 [pictures, dim]: NumPy's `.npy` and safetensors. Both are a header and then the
//! numbers, little-endian, so that they can be written while the numbers come.

use safetensors::tensor::{Dtype, Metadata, TensorInfo};

use crate::error::{Error, Result};

/// The tensor's name in a safetensors file.
pub const TENSOR: &str = "vectors";

/// What stands before the numbers of a `.npy` file (format 1.0, `numpy.lib.format`): a magic number, the version, the
/// length of a Python dictionary and that, filled up with spaces to a multiple of 64 bytes.
pub fn npy_header(count: u32, dim: u32) -> Vec<u8> {
    let mut text = format!("{{'descr': '<f4', 'fortran_order': False, 'shape': ({count}, {dim}), }}");
    // NumPy leaves room for a longer length of the first axis.
    text.extend(std::iter::repeat_n(' ', 21usize.saturating_sub(count.to_string().len())));
    while (10 + text.len() + 1) % 64 != 0 {
        text.push(' ');
    }
    text.push('\n');
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    bytes.extend((text.len() as u16).to_le_bytes());
    bytes.extend(text.bytes());
    bytes
}

/// An array of f32 with two axes, as [`npy_header`] and NumPy write it: (vectors, numbers of a vector).
pub fn from_npy(bytes: &[u8]) -> Result<(Vec<f32>, u32)> {
    let refuse = |why: &str| Error::Npy(why.into());
    let rest = bytes.strip_prefix(b"\x93NUMPY").ok_or_else(|| refuse("it does not begin as one"))?;
    let (version, rest) = rest.split_at_checked(2).ok_or_else(|| refuse("it is cut off"))?;
    let wide = if version[0] == 1 { 2 } else { 4 };
    let (length, rest) = rest.split_at_checked(wide).ok_or_else(|| refuse("it is cut off"))?;
    let length = length.iter().rev().fold(0, |length, byte| length << 8 | usize::from(*byte));
    let (header, data) = rest.split_at_checked(length).ok_or_else(|| refuse("it is cut off"))?;
    let header: String = String::from_utf8_lossy(header).split_whitespace().collect();
    if !header.contains("'descr':'<f4'") {
        return Err(refuse("its numbers are not of the type float32"));
    }
    if !header.contains("'fortran_order':False") {
        return Err(refuse("its numbers stand column by column"));
    }
    let shape = header.split("'shape':(").nth(1).and_then(|rest| rest.split(')').next());
    let axes: Option<Vec<usize>> = shape
        .map(|shape| shape.split(',').filter(|axis| !axis.is_empty()).map(|axis| axis.parse().ok()).collect())
        .unwrap_or_default();
    let Some([count, dim]) = axes.as_deref().and_then(|axes| axes.as_array::<2>()).copied() else {
        return Err(refuse("it has not two axes"));
    };
    let numbers = numbers(data, count, dim).ok_or_else(|| refuse("it is cut off"))?;
    Ok((numbers, dim as u32))
}

/// What stands before the numbers of a safetensors file: the length of a JSON and that.
pub fn safetensors_header(count: u32, dim: u32) -> Result<Vec<u8>> {
    let bytes = 4 * count as usize * dim as usize;
    let info =
        TensorInfo { dtype: Dtype::F32, shape: vec![count as usize, dim as usize], data_offsets: (0, bytes) };
    let refuse = |error: &dyn std::fmt::Display| Error::Safetensors(error.to_string());
    let metadata = Metadata::new(None, vec![(TENSOR.into(), info)]).map_err(|error| refuse(&error))?;
    let mut json = serde_json::to_vec(&metadata).map_err(|error| refuse(&error))?;
    json.resize(json.len().next_multiple_of(8), b' ');
    Ok([&(json.len() as u64).to_le_bytes()[..], &json].concat())
}

/// The tensor of [`TENSOR`]'s name, or the only one: (vectors, numbers of a vector).
pub fn from_safetensors(bytes: &[u8]) -> Result<(Vec<f32>, u32)> {
    let refuse = |why: String| Error::Safetensors(why);
    let file = safetensors::SafeTensors::deserialize(bytes).map_err(|error| refuse(error.to_string()))?;
    let names = file.names();
    let name = if let [only] = names[..] { only } else { TENSOR };
    let tensor = file.tensor(name).map_err(|_| refuse(format!("it has no tensor “{TENSOR}”")))?;
    let &[count, dim] = tensor.shape() else { return Err(refuse("its tensor has not two axes".into())) };
    if tensor.dtype() != Dtype::F32 {
        return Err(refuse("its tensor is not of the type F32".into()));
    }
    let numbers = numbers(tensor.data(), count, dim).ok_or_else(|| refuse("it is cut off".into()))?;
    Ok((numbers, dim as u32))
}

fn numbers(data: &[u8], count: usize, dim: usize) -> Option<Vec<f32>> {
    let bytes = count.checked_mul(dim)?.checked_mul(4)?;
    Some(data.get(..bytes)?.as_chunks().0.iter().map(|number| f32::from_le_bytes(*number)).collect())
}
