//! Tensors in the encoding of their file, which as a rule takes a quarter of the memory of f32, until they are used.

use candle_core::quantized::{GgmlDType, QTensor};
use candle_core::{DType, Device, Result, Tensor};
use half::f16;

/// Numbers and bytes of a block of Q8_0: an f16 scale and 32 numbers of 8 bits (ggml's `block_q8_0`).
const Q8_0_NUMBERS: usize = 32;
const Q8_0_BYTES: usize = 34;

/// A tensor that nobody has taken yet.
pub enum Stored {
    Plain(Tensor),
    Quantised(QTensor),
}

impl Stored {
    pub fn dims(&self) -> &[usize] {
        match self {
            Self::Plain(tensor) => tensor.dims(),
            Self::Quantised(tensor) => tensor.shape().dims(),
        }
    }

    pub fn to_f32(&self) -> Result<Tensor> {
        match self {
            Self::Plain(tensor) => tensor.to_dtype(DType::F32),
            Self::Quantised(tensor) => tensor.dequantize(&Device::Cpu),
        }
    }
}

/// A table of vectors, of which single ones are looked up.
pub struct Rows(pub(super) Stored);

impl Rows {
    /// The rows of these numbers, in their order, f32.
    ///
    /// Errors: a number is beyond the table.
    pub fn lookup(&self, numbers: &Tensor) -> Result<Tensor> {
        match &self.0 {
            Stored::Plain(table) => table.index_select(numbers, 0)?.to_dtype(DType::F32),
            Stored::Quantised(table) => table.embedding(numbers),
        }
    }
}

/// A matrix whose rows are read one by one: what becomes packed weights never stands in memory as f32.
pub struct Matrix {
    rows: usize,
    columns: usize,
    numbers: Numbers,
}

enum Numbers {
    F32(Vec<f32>),
    Q8_0(QTensor),
}

impl Matrix {
    pub(super) fn new(stored: Stored) -> Result<Self> {
        let &[rows, columns] = stored.dims() else { candle_core::bail!("a matrix has two dimensions") };
        Ok(Self {
            rows,
            columns,
            numbers: match stored {
                Stored::Quantised(tensor) if tensor.dtype() == GgmlDType::Q8_0 => Numbers::Q8_0(tensor),
                other => Numbers::F32(other.to_f32()?.flatten_all()?.to_vec1()?),
            },
        })
    }

    /// A matrix from `rows · columns` numbers.
    pub fn from_f32(columns: usize, numbers: Vec<f32>) -> Self {
        Self { rows: numbers.len() / columns, columns, numbers: Numbers::F32(numbers) }
    }

    pub fn rows(&self) -> usize {
        self.rows
    }

    pub fn columns(&self) -> usize {
        self.columns
    }

    /// Row n, times `scale`, into `to`, which has room for all columns.
    pub fn read_row(&self, n: usize, scale: f32, to: &mut [f32]) -> Result<()> {
        match &self.numbers {
            Numbers::F32(numbers) => {
                for (to, x) in to.iter_mut().zip(&numbers[n * self.columns..][..self.columns]) {
                    *to = x * scale;
                }
            }
            Numbers::Q8_0(tensor) => {
                let bytes = tensor.data()?;
                let row = self.columns / Q8_0_NUMBERS * Q8_0_BYTES;
                let blocks = bytes[n * row..][..row].as_chunks::<Q8_0_BYTES>().0;
                for (to, [low, high, numbers @ ..]) in to.chunks_exact_mut(Q8_0_NUMBERS).zip(blocks) {
                    let step = scale * f16::from_le_bytes([*low, *high]).to_f32();
                    for (to, q) in to.iter_mut().zip(numbers) {
                        *to = step * f32::from(q.cast_signed());
                    }
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_candles_dequantised_ones() {
        let numbers: Vec<f32> = (0..5 * 96).map(|i| ((i * 7919 + 13) % 101) as f32 / 25.0 - 2.0).collect();
        let tensor = Tensor::from_slice(&numbers, (5, 96), &Device::Cpu).unwrap();
        for dtype in [GgmlDType::Q8_0, GgmlDType::Q4_0, GgmlDType::F32] {
            let quantised = QTensor::quantize(&tensor, dtype).unwrap();
            let expected: Vec<Vec<f32>> = quantised.dequantize(&Device::Cpu).unwrap().to_vec2().unwrap();
            let matrix = Matrix::new(Stored::Quantised(quantised)).unwrap();
            assert_eq!((matrix.rows(), matrix.columns()), (5, 96));
            for (n, expected) in expected.iter().enumerate() {
                let mut row = vec![0.0; 96];
                matrix.read_row(n, 1.0, &mut row).unwrap();
                assert_eq!(&row, expected, "{dtype:?}");
            }
        }
    }
}
