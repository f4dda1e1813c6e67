//! Tensors in the encoding of their file, which as a rule takes a quarter of the memory of f32, until they are used.

use candle_core::quantized::QTensor;
use candle_core::{DType, Device, Result, Tensor};
use half::f16;

/// A tensor that nobody has taken yet.
pub enum Stored {
    Plain(Tensor),
    Q8_0(Q8_0),
    Quantised(QTensor),
}

impl Stored {
    pub fn dims(&self) -> &[usize] {
        match self {
            Self::Plain(tensor) => tensor.dims(),
            Self::Q8_0(tensor) => &tensor.shape,
            Self::Quantised(tensor) => tensor.shape().dims(),
        }
    }

    pub fn to_f32(&self) -> Result<Tensor> {
        match self {
            Self::Plain(tensor) => tensor.to_dtype(DType::F32),
            Self::Q8_0(tensor) => {
                let mut numbers = vec![0.0; tensor.shape.iter().product()];
                tensor.read(0, 1.0, &mut numbers);
                Tensor::from_vec(numbers, tensor.shape.as_slice(), &Device::Cpu)
            }
            Self::Quantised(tensor) => tensor.dequantize(&Device::Cpu),
        }
    }
}

/// The encoding that most models come in, as the bytes of the file: blocks of an f16 scale and 32 numbers of 8 bits
/// (ggml's `block_q8_0`).
pub struct Q8_0 {
    pub shape: Vec<usize>,
    /// As many as the shape asks for.
    pub bytes: Vec<u8>,
}

impl Q8_0 {
    const NUMBERS: usize = 32;
    const BYTES: usize = 34;

    /// The numbers from the one at `first`, which begins a block, times `scale`, into all of `to`, which is whole blocks.
    fn read(&self, first: usize, scale: f32, to: &mut [f32]) {
        let blocks = &self.bytes.as_chunks::<{ Self::BYTES }>().0[first / Self::NUMBERS..];
        for (to, [low, high, numbers @ ..]) in to.chunks_exact_mut(Self::NUMBERS).zip(blocks) {
            let step = scale * f16::from_le_bytes([*low, *high]).to_f32();
            for (to, q) in to.iter_mut().zip(numbers) {
                *to = step * f32::from(q.cast_signed());
            }
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
            Stored::Q8_0(table) => {
                let &[rows, width] = table.shape.as_slice() else {
                    candle_core::bail!("a table has two dimensions")
                };
                let numbers = numbers.to_vec1::<u32>()?;
                let mut out = vec![0.0; numbers.len() * width];
                for (n, to) in numbers.iter().zip(out.chunks_exact_mut(width)) {
                    let n = *n as usize;
                    if n >= rows {
                        candle_core::bail!("row {n} of a table of {rows}");
                    }
                    table.read(n * width, 1.0, to);
                }
                Tensor::from_vec(out, (numbers.len(), width), &Device::Cpu)
            }
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
    Q8_0(Q8_0),
}

impl Matrix {
    pub(super) fn new(stored: Stored) -> Result<Self> {
        let [rows, rest @ ..] = stored.dims() else { candle_core::bail!("a matrix has rows") };
        let (rows, columns) = (*rows, rest.iter().product());
        let numbers = match stored {
            Stored::Q8_0(tensor) => Numbers::Q8_0(tensor),
            other => Numbers::F32(other.to_f32()?.flatten_all()?.to_vec1()?),
        };
        Ok(Self { rows, columns, numbers })
    }

    pub fn rows(&self) -> usize {
        self.rows
    }

    pub fn columns(&self) -> usize {
        self.columns
    }

    /// Row n, times `scale`, into `to`, which has room for all columns.
    pub fn read_row(&self, n: usize, scale: f32, to: &mut [f32]) {
        match &self.numbers {
            Numbers::F32(numbers) => {
                for (to, x) in to.iter_mut().zip(&numbers[n * self.columns..][..self.columns]) {
                    *to = x * scale;
                }
            }
            Numbers::Q8_0(tensor) => tensor.read(n * self.columns, scale, to),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use candle_core::quantized::GgmlDType;

    #[test]
    fn rows_are_candles_dequantised_ones() {
        let numbers: Vec<f32> = (0..5 * 96).map(|i| ((i * 7919 + 13) % 101) as f32 / 25.0 - 2.0).collect();
        let tensor = Tensor::from_slice(&numbers, (5, 96), &Device::Cpu).unwrap();
        for dtype in [GgmlDType::Q8_0, GgmlDType::Q4_0, GgmlDType::F32] {
            let quantised = || QTensor::quantize(&tensor, dtype).unwrap();
            let stored = || match dtype {
                GgmlDType::Q8_0 => {
                    Stored::Q8_0(Q8_0 { shape: vec![5, 96], bytes: quantised().data().unwrap().into_owned() })
                }
                _ => Stored::Quantised(quantised()),
            };
            let expected: Vec<Vec<f32>> = quantised().dequantize(&Device::Cpu).unwrap().to_vec2().unwrap();
            assert_eq!(stored().to_f32().unwrap().to_vec2::<f32>().unwrap(), expected, "{dtype:?}");
            let matrix = Matrix::new(stored()).unwrap();
            assert_eq!((matrix.rows(), matrix.columns()), (5, 96));
            for (n, expected) in expected.iter().enumerate() {
                let mut row = vec![0.0; 96];
                matrix.read_row(n, 1.0, &mut row);
                assert_eq!(&row, expected, "{dtype:?}");
            }
            let table = Rows(stored());
            let found = table.lookup(&Tensor::new(&[4u32, 0], &Device::Cpu).unwrap()).unwrap();
            assert_eq!(
                found.to_vec2::<f32>().unwrap(),
                [expected[4].clone(), expected[0].clone()],
                "{dtype:?}"
            );
            assert!(table.lookup(&Tensor::new(&[5u32], &Device::Cpu).unwrap()).is_err());
        }
    }
}
