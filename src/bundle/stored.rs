//! Tensors in the encoding of their file, which as a rule takes a quarter to a half of the memory of f32, until they are
//! used: what becomes packed weights is read row by row.

use candle_core::quantized::{GgmlDType, QTensor};
use candle_core::{Device, Result, Tensor};
use half::{bf16, f16};

use crate::kernels::vector::{Floats, Integers, LANES};

/// A tensor that nobody has taken yet.
#[derive(Debug)]
pub enum Stored {
    Raw(Raw),
    /// An encoding that only candle reads: whole.
    Quantised(QTensor),
}

impl Stored {
    pub fn dims(&self) -> &[usize] {
        match self {
            Self::Raw(tensor) => &tensor.shape,
            Self::Quantised(tensor) => tensor.shape().dims(),
        }
    }

    /// The same once more; what only candle reads becomes f32.
    pub fn copy(&self) -> Result<Self> {
        Ok(Self::Raw(match self {
            Self::Raw(tensor) => tensor.clone(),
            Self::Quantised(_) => {
                let numbers: Vec<f32> = self.to_f32()?.flatten_all()?.to_vec1()?;
                let bytes = numbers.iter().flat_map(|x| x.to_le_bytes()).collect();
                Raw { code: Code::F32, shape: self.dims().to_vec(), bytes }
            }
        }))
    }

    pub fn to_f32(&self) -> Result<Tensor> {
        match self {
            Self::Raw(tensor) => {
                let mut numbers = vec![0.0; tensor.numbers()];
                tensor.read(0, 1.0, &mut numbers);
                Tensor::from_vec(numbers, tensor.shape.as_slice(), &Device::Cpu)
            }
            Self::Quantised(tensor) => tensor.dequantize(&Device::Cpu),
        }
    }
}

/// How the numbers of a [`Raw`] tensor are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    F32,
    F16,
    BF16,
    /// Blocks of an f16 step and 32 numbers of 8 bits (ggml's `block_q8_0`).
    Q8_0,
    /// Blocks of an f16 step and 32 numbers of 4 bits, the first 16 in the low halves of the bytes (`block_q4_0`).
    Q4_0,
}

impl Code {
    /// Numbers in a block and bytes of a block.
    fn block(self) -> (usize, usize) {
        match self {
            Self::F32 => (1, 4),
            Self::F16 | Self::BF16 => (1, 2),
            Self::Q8_0 => (Q8_0, 2 + Q8_0),
            Self::Q4_0 => (Q4_0, 2 + Q4_0 / 2),
        }
    }
}

/// Numbers in a block, as ggml has it.
const Q8_0: usize = 32;
const Q4_0: usize = 32;

/// A tensor as the bytes of its file.
#[derive(Clone, Debug)]
pub struct Raw {
    pub code: Code,
    pub shape: Vec<usize>,
    /// As many as the shape asks for.
    pub bytes: Vec<u8>,
}

impl Raw {
    fn numbers(&self) -> usize {
        self.shape.iter().product()
    }

    /// The numbers from the one at `first`, which begins a block, times `scale`, into all of `to`, which is whole blocks.
    fn read(&self, first: usize, scale: f32, to: &mut [f32]) {
        let (numbers, bytes) = self.code.block();
        let from = &self.bytes[first / numbers * bytes..];
        match self.code {
            Code::F32 => {
                for (to, x) in to.iter_mut().zip(from.as_chunks::<4>().0) {
                    *to = scale * f32::from_le_bytes(*x);
                }
            }
            Code::F16 => {
                for (to, x) in to.iter_mut().zip(from.as_chunks::<2>().0) {
                    *to = scale * f16::from_le_bytes(*x).to_f32();
                }
            }
            Code::BF16 => {
                for (to, x) in to.iter_mut().zip(from.as_chunks::<2>().0) {
                    *to = scale * bf16::from_le_bytes(*x).to_f32();
                }
            }
            Code::Q8_0 => {
                let blocks = from.as_chunks::<{ 2 + Q8_0 }>().0;
                for (to, [low, high, numbers @ ..]) in to.chunks_exact_mut(Q8_0).zip(blocks) {
                    let step = Floats::splat(scale * f16::from_le_bytes([*low, *high]).to_f32());
                    for (to, sixteen) in to.chunks_exact_mut(16).zip(numbers.as_chunks::<16>().0) {
                        for (to, q) in to.chunks_exact_mut(LANES).zip(Integers::from_signed_bytes(sixteen)) {
                            step.mul(Floats::from_i32(q)).store(to);
                        }
                    }
                }
            }
            Code::Q4_0 => {
                let blocks = from.as_chunks::<{ 2 + Q4_0 / 2 }>().0;
                for (to, [low, high, pairs @ ..]) in to.chunks_exact_mut(Q4_0).zip(blocks) {
                    let step = scale * f16::from_le_bytes([*low, *high]).to_f32();
                    let (first, second) = to.split_at_mut(Q4_0 / 2);
                    for ((first, second), pair) in first.iter_mut().zip(second).zip(pairs) {
                        *first = step * (f32::from(pair & 15) - 8.0);
                        *second = step * (f32::from(pair >> 4) - 8.0);
                    }
                }
            }
        }
    }

    /// The same numbers in 8 bits, where that takes less and rows are whole blocks. Numbers that are not finite stay so.
    pub fn into_8_bits(self) -> Self {
        let row = self.shape.last().copied().unwrap_or(1);
        let narrow = matches!(self.code, Code::Q8_0 | Code::Q4_0);
        if narrow || row == 0 || !row.is_multiple_of(Q8_0) {
            return self;
        }
        let mut bytes = Vec::with_capacity(self.numbers() / Q8_0 * (2 + Q8_0));
        let mut numbers = [0f32; Q8_0];
        for first in (0..self.numbers()).step_by(Q8_0) {
            self.read(first, 1.0, &mut numbers);
            let largest = numbers.iter().fold(0f32, |most, x| {
                // NaN, once there, stays.
                if most.is_nan() || x.abs() <= most { most } else { x.abs() }
            });
            let step = f16::from_f32(largest / 127.0);
            let inverse = if largest > 0.0 { 127.0 / largest } else { 0.0 };
            bytes.extend(step.to_le_bytes());
            bytes.extend(numbers.map(|x| (x * inverse).round() as i8 as u8));
        }
        Self { code: Code::Q8_0, shape: self.shape, bytes }
    }

    /// Add the rows of another part of the same table.
    pub fn append(&mut self, part: Self) {
        // A little ahead only: by doubling, a table would take twice its size.
        if self.bytes.capacity() - self.bytes.len() < part.bytes.len() {
            self.bytes.reserve_exact(part.bytes.len().max(self.bytes.len() / 8));
        }
        self.bytes.extend(part.bytes);
        if let (Some(rows), Some(more)) = (self.shape.first_mut(), part.shape.first()) {
            *rows += more;
        }
    }

    /// The bytes of a matrix's transpose; rows and columns are numbers of a code without blocks.
    pub fn transposed(self) -> Self {
        let ((1, size), &[rows, columns]) = (self.code.block(), self.shape.as_slice()) else { return self };
        let mut bytes = vec![0; self.bytes.len()];
        for (i, number) in self.bytes.chunks_exact(size).enumerate() {
            let (row, column) = (i / columns, i % columns);
            bytes[(column * rows + row) * size..][..size].copy_from_slice(number);
        }
        Self { code: self.code, shape: vec![columns, rows], bytes }
    }
}

impl Raw {
    /// The first, second and last third of the rows.
    pub fn thirds(self) -> [Self; 3] {
        let mut shape = self.shape;
        if let Some(rows) = shape.first_mut() {
            *rows /= 3;
        }
        let third = self.bytes.len() / 3;
        [0, 1, 2].map(|n| Self {
            code: self.code,
            shape: shape.clone(),
            bytes: self.bytes[n * third..][..third].to_vec(),
        })
    }
}

/// A table of vectors, of which single ones are looked up.
#[derive(Debug)]
pub struct Rows(pub(super) Stored);

impl Rows {
    /// The rows of these numbers, in their order, f32.
    ///
    /// Errors: a number is beyond the table.
    pub fn lookup(&self, numbers: &Tensor) -> Result<Tensor> {
        match &self.0 {
            Stored::Quantised(table) => table.embedding(numbers),
            Stored::Raw(table) => {
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

/// A matrix whose rows are read one by one: what becomes packed weights never stands in memory as f32, but for the one
/// at hand where only candle reads its encoding.
#[derive(Debug)]
pub struct Matrix {
    rows: usize,
    columns: usize,
    numbers: Numbers,
}

#[derive(Debug)]
enum Numbers {
    F32(Vec<f32>),
    Raw(Raw),
}

impl Matrix {
    pub(super) fn new(stored: Stored) -> Result<Self> {
        let [rows, rest @ ..] = stored.dims() else { candle_core::bail!("a matrix has rows") };
        let (rows, columns) = (*rows, rest.iter().product());
        let numbers = match stored {
            Stored::Raw(tensor) if columns % tensor.code.block().0 == 0 => Numbers::Raw(tensor),
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
            Numbers::Raw(tensor) => tensor.read(n * self.columns, scale, to),
        }
    }
}

/// The encodings that are read here and not by candle.
pub fn code(dtype: GgmlDType) -> Option<Code> {
    Some(match dtype {
        GgmlDType::F32 => Code::F32,
        GgmlDType::F16 => Code::F16,
        GgmlDType::BF16 => Code::BF16,
        GgmlDType::Q8_0 => Code::Q8_0,
        GgmlDType::Q4_0 => Code::Q4_0,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const DTYPES: [GgmlDType; 6] =
        [GgmlDType::Q8_0, GgmlDType::Q4_0, GgmlDType::F32, GgmlDType::F16, GgmlDType::BF16, GgmlDType::Q4K];

    fn numbers(rows: usize, columns: usize) -> Tensor {
        let numbers: Vec<f32> =
            (0..rows * columns).map(|i| ((i * 7919 + 13) % 101) as f32 / 25.0 - 2.0).collect();
        Tensor::from_slice(&numbers, (rows, columns), &Device::Cpu).unwrap()
    }

    fn quantised(tensor: &Tensor, dtype: GgmlDType) -> Stored {
        let quantised = QTensor::quantize(tensor, dtype).unwrap();
        match code(dtype) {
            Some(code) => Stored::Raw(Raw {
                code,
                shape: tensor.dims().to_vec(),
                bytes: quantised.data().unwrap().into_owned(),
            }),
            None => Stored::Quantised(quantised),
        }
    }

    fn table(stored: &Stored) -> Vec<Vec<f32>> {
        stored.to_f32().unwrap().to_vec2().unwrap()
    }

    #[test]
    fn rows_are_candles_dequantised_ones() {
        let tensor = numbers(5, 256);
        for dtype in DTYPES {
            let stored = || quantised(&tensor, dtype);
            let oracle = QTensor::quantize(&tensor, dtype).unwrap();
            let expected: Vec<Vec<f32>> = oracle.dequantize(&Device::Cpu).unwrap().to_vec2().unwrap();
            assert_eq!(table(&stored()), expected, "{dtype:?}");
            let matrix = Matrix::new(stored()).unwrap();
            assert_eq!((matrix.rows(), matrix.columns()), (5, 256));
            for (n, expected) in expected.iter().enumerate() {
                let mut row = vec![0.0; 256];
                matrix.read_row(n, 1.0, &mut row);
                assert_eq!(&row, expected, "{dtype:?}");
            }
            let rows = Rows(stored());
            let found = rows.lookup(&Tensor::new(&[4u32, 0], &Device::Cpu).unwrap()).unwrap();
            assert_eq!(
                found.to_vec2::<f32>().unwrap(),
                [expected[4].clone(), expected[0].clone()],
                "{dtype:?}"
            );
            assert!(rows.lookup(&Tensor::new(&[5u32], &Device::Cpu).unwrap()).is_err());
        }
    }

    #[test]
    fn eight_bits_are_candles() {
        let tensor = numbers(3, 64);
        let expected = table(&quantised(&tensor, GgmlDType::Q8_0));
        let Stored::Raw(raw) = quantised(&tensor, GgmlDType::F32) else { unreachable!() };
        let narrow = raw.into_8_bits();
        assert_eq!(narrow.code, Code::Q8_0);
        assert_eq!(table(&Stored::Raw(narrow)), expected);
        for place in [0, 7, 31] {
            let mut numbers = [1.0f32; 32];
            numbers[place] = f32::NAN;
            let bytes = numbers.iter().flat_map(|x| x.to_le_bytes()).collect();
            let damaged = Raw { code: Code::F32, shape: vec![1, 32], bytes }.into_8_bits();
            assert!(table(&Stored::Raw(damaged))[0].iter().all(|x| x.is_nan()), "NaN at {place}");
        }
        let Stored::Raw(odd) = quantised(&numbers(3, 33), GgmlDType::F16) else { unreachable!() };
        assert_eq!(odd.into_8_bits().code, Code::F16, "rows that are no whole blocks stay");
    }

    #[test]
    fn a_transpose_is_candles() {
        let tensor = numbers(3, 5);
        for dtype in [GgmlDType::F32, GgmlDType::F16] {
            let Stored::Raw(raw) = quantised(&tensor, dtype) else { unreachable!() };
            let expected: Vec<Vec<f32>> =
                quantised(&tensor, dtype).to_f32().unwrap().t().unwrap().to_vec2().unwrap();
            assert_eq!(table(&Stored::Raw(raw.transposed())), expected, "{dtype:?}");
        }
    }
}
