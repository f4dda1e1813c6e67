//! Tensors and texts → the bytes of a GGUF file.

use std::collections::HashMap;
use std::io::Cursor;

use anyhow::Result;
use candle_core::Tensor;
use candle_core::quantized::gguf_file::{self, Value};
use candle_core::quantized::{GgmlDType, QTensor};

/// The file, with the tensors in the order of their names. Matrices whose rows are whole blocks of `dtype` are
/// stored so, everything else (biases, norms, the logit scale, the patch convolution) as f32.
pub fn write(tensors: HashMap<String, Tensor>, texts: &[(&str, &str)], dtype: GgmlDType) -> Result<Vec<u8>> {
    let mut tensors: Vec<_> = tensors.into_iter().collect();
    tensors.sort_by(|(a, _), (b, _)| a.cmp(b));

    let mut stored = Vec::new();
    for (name, tensor) in &tensors {
        let dtype = match tensor.dims() {
            [_, row] if row % dtype.block_size() == 0 => dtype,
            _ => GgmlDType::F32,
        };
        // A scalar (the logit scale) is written as a vector of one number.
        let tensor = if tensor.rank() == 0 { &tensor.reshape(1)? } else { tensor };
        stored.push((name.as_str(), QTensor::quantize(tensor, dtype)?));
    }
    let values: Vec<_> = texts.iter().map(|(key, text)| (*key, Value::String((*text).to_owned()))).collect();
    let metadata: Vec<_> = values.iter().map(|(key, value)| (*key, value)).collect();
    let named: Vec<_> = stored.iter().map(|(name, tensor)| (*name, tensor)).collect();

    let mut bytes = Cursor::new(Vec::new());
    gguf_file::write(&mut bytes, &metadata, &named)?;
    Ok(bytes.into_inner())
}
