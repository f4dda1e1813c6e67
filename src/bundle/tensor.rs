//! A tensor of a file: its name, how it is written and where it lies, and what its bytes become.

use candle_core::quantized::{GgmlDType, QStorage, QTensor};
use candle_core::{DType, Device};

use super::stored::{self, Code, Raw, Stored};
use crate::{Error, Result};

/// How a tensor's numbers are written in the file.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Encoding {
    Plain(DType),
    Ggml(GgmlDType),
}

impl Encoding {
    /// Numbers in a block and bytes of a block.
    fn block(self) -> (usize, usize) {
        match self {
            Encoding::Plain(dtype) => (1, dtype.size_in_bytes()),
            Encoding::Ggml(dtype) => (dtype.block_size(), dtype.type_size()),
        }
    }

    /// As people name it: `q8_0`, `f16` …
    pub fn name(self) -> &'static str {
        match self {
            Self::Plain(DType::F32) | Self::Ggml(GgmlDType::F32) => "f32",
            Self::Plain(DType::F16) | Self::Ggml(GgmlDType::F16) => "f16",
            Self::Plain(DType::BF16) | Self::Ggml(GgmlDType::BF16) => "bf16",
            Self::Ggml(GgmlDType::Q8_0) => "q8_0",
            Self::Ggml(GgmlDType::Q4_0) => "q4_0",
            Self::Ggml(GgmlDType::Q4K) => "q4_k",
            Self::Ggml(GgmlDType::Q6K) => "q6_k",
            Self::Plain(_) | Self::Ggml(_) => "other",
        }
    }
}

/// What becomes of a tensor that is stored otherwise than Hugging Face does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Change {
    #[default]
    None,
    /// OpenCLIP multiplies by its projections from the right.
    Transpose,
    /// Queries, keys and values, one after the other: three tensors.
    Thirds,
    /// Some rows of a table, of which more are to come.
    Rows,
}

/// What stands in a name where [`Change::Thirds`] has q, k and v.
pub const FUSED: &str = "in_proj";

/// The names that a tensor of [`Change::Thirds`] becomes.
pub fn thirds(name: &str) -> [String; 3] {
    ["q_proj", "k_proj", "v_proj"].map(|part| name.replace(FUSED, part))
}

/// Where a tensor lies. Made only by [`TensorInfo::new`], so `len` always fits `shape`.
#[derive(Clone, Debug)]
pub struct TensorInfo {
    /// As in the file; once the header is read, Hugging Face's.
    pub name: String,
    pub encoding: Encoding,
    /// In the file, outermost dimension first.
    pub shape: Vec<usize>,
    pub change: Change,
    /// First byte, counted from the start of the data.
    pub offset: u64,
    len: usize,
}

impl TensorInfo {
    pub fn new(name: String, encoding: Encoding, shape: Vec<usize>, offset: u64) -> Result<Self> {
        let (block, bytes) = encoding.block();
        let numbers = shape.iter().try_fold(1usize, |n, &dim| n.checked_mul(dim));
        let row = shape.last().copied().unwrap_or(1);
        let len = numbers.and_then(|n| (n / block).checked_mul(bytes));
        match len {
            Some(len) if row % block == 0 && offset.checked_add(len as u64).is_some() => {
                Ok(Self { name, encoding, shape, change: Change::None, offset, len })
            }
            _ => Err(Error::Model(format!(
                "The tensor “{name}” of shape {shape:?} cannot be stored as {encoding:?}."
            ))),
        }
    }

    /// Bytes of the tensor in the file.
    pub fn byte_len(&self) -> usize {
        self.len
    }

    pub fn end(&self) -> u64 {
        self.offset + self.len as u64
    }

    /// What the file's bytes become, by name. `bytes` has exactly `self.len` bytes.
    pub fn decode(&self, bytes: Vec<u8>) -> Result<Vec<(String, Stored)>> {
        let one = |stored| vec![(self.name.clone(), stored)];
        let Some(code) = self.code() else {
            let Encoding::Ggml(dtype) = self.encoding else {
                return Err(Error::Model(format!("The tensor “{}” is not of numbers.", self.name)));
            };
            let shape = self.shape.as_slice();
            if bytes.is_empty() {
                // Candle asks for an alignment that no empty vector has.
                return Ok(one(Stored::Raw(Raw { code: Code::F32, shape: shape.to_vec(), bytes })));
            }
            let storage = QStorage::from_data(bytes.into(), &Device::Cpu, dtype)?;
            return Ok(one(Stored::Quantised(QTensor::new(storage, shape)?)));
        };
        let raw = Raw { code, shape: self.shape.clone(), bytes };
        Ok(match self.change {
            Change::None | Change::Rows => one(Stored::Raw(raw)),
            Change::Transpose => one(Stored::Raw(raw.transposed())),
            Change::Thirds => {
                let parts = raw.thirds().into_iter().map(Stored::Raw);
                thirds(&self.name).into_iter().zip(parts).collect()
            }
        })
    }

    /// The same in parts of whole rows, of about as many bytes.
    pub fn in_rows(self, bytes: usize) -> Result<Vec<Self>> {
        let &[rows, width] = self.shape.as_slice() else { return Ok(vec![self]) };
        let (block, block_bytes) = self.encoding.block();
        let row = width / block * block_bytes;
        let step = (bytes / row.max(1)).max(1);
        let parts = (0..rows).step_by(step).map(|first| {
            let (shape, offset) = (vec![step.min(rows - first), width], self.offset + (first * row) as u64);
            let change = if first + step < rows { Change::Rows } else { Change::None };
            Ok(Self { change, ..Self::new(self.name.clone(), self.encoding, shape, offset)? })
        });
        parts.collect()
    }

    fn code(&self) -> Option<Code> {
        match self.encoding {
            Encoding::Plain(DType::F32) => Some(Code::F32),
            Encoding::Plain(DType::F16) => Some(Code::F16),
            Encoding::Plain(DType::BF16) => Some(Code::BF16),
            Encoding::Plain(_) => None,
            Encoding::Ggml(dtype) => stored::code(dtype),
        }
    }

    pub fn is_wide_table(&self) -> bool {
        TABLES.contains(&self.name.as_str())
            && matches!(
                self.encoding,
                Encoding::Plain(_) | Encoding::Ggml(GgmlDType::F32 | GgmlDType::F16 | GgmlDType::BF16)
            )
    }

    /// Errors: it is to be stored otherwise than it is, and can't be.
    pub fn check_change(&self) -> Result<()> {
        let fits = match self.change {
            Change::None | Change::Rows => true,
            Change::Transpose => self.shape.len() == 2 && matches!(self.encoding, Encoding::Plain(_)),
            Change::Thirds => {
                self.shape.first().is_some_and(|rows| rows % 3 == 0)
                    && matches!(self.encoding, Encoding::Plain(_))
            }
        };
        if fits {
            return Ok(());
        }
        Err(Error::Model(format!(
            "The tensor “{}” of shape {:?} cannot be read as Hugging Face stores it.",
            self.name, self.shape
        )))
    }
}

/// The tables that are looked up row by row: CLIP's, and those of BLIP's decoder and of its question encoder. They
/// stay in the encoding of their file, or become 8 bits.
pub const TABLES: [&str; 3] = [
    "text_model.embeddings.token_embedding.weight",
    "text_decoder.bert.embeddings.word_embeddings.weight",
    "text_encoder.embeddings.word_embeddings.weight",
];
