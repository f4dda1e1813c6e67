//! How each tensor is stored.

use anyhow::{Result, ensure};
use candle_core::Tensor;
use candle_core::quantized::{GgmlDType, QTensor};
use clap::ValueEnum;

/// What a bundle is asked to be: the encoding of its matrices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Dtype {
    #[value(name = "q8_0")]
    Q8_0,
    #[value(name = "q4_0")]
    Q4_0,
    #[value(name = "q4_k")]
    Q4K,
    #[value(name = "f16")]
    F16,
    #[value(name = "f32")]
    F32,
}

impl Dtype {
    pub const ALL: [Self; 5] = [Self::Q8_0, Self::Q4_0, Self::Q4K, Self::F16, Self::F32];

    /// As it is typed, and as the manifest says it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Q8_0 => "q8_0",
            Self::Q4_0 => "q4_0",
            Self::Q4K => "q4_k",
            Self::F16 => "f16",
            Self::F32 => "f32",
        }
    }

    /// The encoding of one tensor, by its Hugging Face name and its shape.
    ///
    /// Blocks are for matrices that a token or a picture passes through, and for the table of tokens. What is small (norms,
    /// biases, class embedding, logit scale) stays f32; positions and the patch convolution are f16, whose error of 2⁻¹¹
    /// is far below that of any block. The projections make the embedding itself, nothing after them evens an error out,
    /// and they are under 1 % of a model: never below 8 bits.
    pub fn of(self, name: &str, shape: &[usize]) -> GgmlDType {
        if self == Self::F32 {
            return GgmlDType::F32;
        }
        let wanted = match shape {
            [_, _, _, _] => return GgmlDType::F16,
            [_, _] if name.ends_with("position_embedding.weight") => return GgmlDType::F16,
            // BLIP's of the decoder, and of its image tower, which has one picture's dimension more.
            [_, _] if name.ends_with("position_embeddings.weight") => return GgmlDType::F16,
            [1, _, _] if name.ends_with("position_embedding") => return GgmlDType::F16,
            [_, _] if name.ends_with("_projection.weight") && self != Self::F16 => GgmlDType::Q8_0,
            [_, _] => self.ggml(),
            _ => return GgmlDType::F32,
        };
        let row = shape[1];
        let fits = |dtype: GgmlDType| row > 0 && row.is_multiple_of(dtype.block_size());
        match wanted {
            dtype if fits(dtype) => dtype,
            GgmlDType::Q4K if fits(GgmlDType::Q4_0) => GgmlDType::Q4_0,
            _ => GgmlDType::F16,
        }
    }

    fn ggml(self) -> GgmlDType {
        match self {
            Self::Q8_0 => GgmlDType::Q8_0,
            Self::Q4_0 => GgmlDType::Q4_0,
            Self::Q4K => GgmlDType::Q4K,
            Self::F16 => GgmlDType::F16,
            Self::F32 => GgmlDType::F32,
        }
    }
}

/// GGUF's number of an encoding (ggml's `ggml_type`).
pub fn code(dtype: GgmlDType) -> u32 {
    match dtype {
        GgmlDType::F32 => 0,
        GgmlDType::F16 => 1,
        GgmlDType::Q4_0 => 2,
        GgmlDType::Q8_0 => 8,
        GgmlDType::Q4K => 12,
        other => unreachable!("no tensor is stored as {other:?}"),
    }
}

/// The bytes of a tensor of f32.
///
/// Errors: a number is infinite or NaN, or too large for the encoding.
pub fn encode(name: &str, tensor: &Tensor, dtype: GgmlDType) -> Result<Vec<u8>> {
    // A single number (the logit scale) is written as a vector of one.
    let tensor = if tensor.rank() == 0 { &tensor.reshape(1)? } else { tensor };
    if tensor.elem_count() == 0 {
        return Ok(Vec::new());
    }
    let largest = tensor.abs()?.flatten_all()?.max(0)?.to_scalar::<f32>()?;
    let sum = tensor.sum_all()?.to_scalar::<f32>()?;
    ensure!(largest.is_finite() && !sum.is_nan(), "the tensor “{name}” has infinite numbers or NaN in it");
    let limit = match dtype {
        GgmlDType::F32 => f32::MAX,
        GgmlDType::F16 => half::f16::MAX.to_f32(),
        // A block's scale is its largest number over 127 or over 8, in f16.
        _ => 8.0 * half::f16::MAX.to_f32(),
    };
    ensure!(largest <= limit, "the tensor “{name}” has numbers up to {largest}, too large for {dtype:?}");
    Ok(QTensor::quantize(tensor, dtype)?.data()?.into_owned())
}
