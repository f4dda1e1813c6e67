//! Weights as they stream in: the header first, then tensor by tensor, so that a file is never held whole.

use std::collections::{BTreeMap, HashMap};

use candle_core::quantized::{GgmlDType, QStorage, QTensor};
use candle_core::{DType, Device, Tensor};

use super::stored::{Matrix, Q8_0, Rows, Stored};
use super::{gguf, safetensors};
use crate::{Error, Result};

/// A header longer than this is not a CLIP model's.
const MAX_HEADER: usize = 128 << 20;

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
}

/// Where a tensor lies. Made only by [`TensorInfo::new`], so `len` always fits `shape`.
#[derive(Clone, Debug)]
pub struct TensorInfo {
    pub name: String,
    pub encoding: Encoding,
    /// Outermost dimension first.
    pub shape: Vec<usize>,
    /// First byte, counted from the start of the data.
    offset: u64,
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
                Ok(Self { name, encoding, shape, offset, len })
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

    fn end(&self) -> u64 {
        self.offset + self.len as u64
    }

    /// The numbers as they are in the file. `bytes` has exactly `self.len` bytes.
    fn decode(&self, bytes: Vec<u8>) -> Result<Stored> {
        let shape = self.shape.as_slice();
        if bytes.is_empty() {
            // Candle asks for an alignment that no empty vector has.
            return Ok(Stored::Plain(Tensor::zeros(shape, DType::F32, &Device::Cpu)?));
        }
        let dtype = match self.encoding {
            Encoding::Plain(dtype) => dtype,
            Encoding::Ggml(GgmlDType::F32) => DType::F32,
            Encoding::Ggml(GgmlDType::F16) => DType::F16,
            Encoding::Ggml(GgmlDType::BF16) => DType::BF16,
            Encoding::Ggml(GgmlDType::Q8_0) => {
                return Ok(Stored::Q8_0(Q8_0 { shape: shape.to_vec(), bytes }));
            }
            Encoding::Ggml(dtype) => {
                let storage = QStorage::from_data(bytes.into(), &Device::Cpu, dtype)?;
                return Ok(Stored::Quantised(QTensor::new(storage, shape)?));
            }
        };
        Ok(Stored::Plain(Tensor::from_raw_buffer(&bytes, dtype, shape, &Device::Cpu)?))
    }
}

/// What stands before the data: texts of the metadata and where each tensor lies.
pub struct Header {
    pub texts: BTreeMap<String, String>,
    pub tensors: Vec<TensorInfo>,
    /// First byte of the data in the file.
    pub data_start: usize,
}

/// The tensors of a model by name, and the texts that came with them.
#[derive(Default)]
pub struct Weights {
    pub texts: BTreeMap<String, String>,
    /// Numbers in all tensors.
    pub parameters: usize,
    /// The encoding of most of the numbers, as people name it: `q8_0`, `f16` …
    pub dtype: String,
    tensors: HashMap<String, Stored>,
}

impl Weights {
    /// Weights that no file holds; matrices whose rows are whole blocks become Q8_0.
    pub fn quantised(tensors: impl IntoIterator<Item = (String, Tensor)>) -> Result<Self> {
        let mut weights = Self::default();
        for (name, tensor) in tensors {
            let blocks = tensor.rank() == 2 && tensor.dim(1)?.is_multiple_of(GgmlDType::Q8_0.block_size());
            let stored = match blocks {
                true => Stored::Q8_0(Q8_0 {
                    shape: tensor.dims().to_vec(),
                    bytes: QTensor::quantize(&tensor, GgmlDType::Q8_0)?.data()?.into_owned(),
                }),
                false => Stored::Plain(tensor),
            };
            weights.tensors.insert(name, stored);
        }
        Ok(weights)
    }

    /// Is a tensor of this name there?
    pub fn has(&self, name: &str) -> bool {
        self.tensors.contains_key(name)
    }

    /// Take a tensor out, f32.
    ///
    /// Errors: there is none of that name, or it has another shape.
    pub fn take(&mut self, name: &str, shape: &[usize]) -> Result<Tensor> {
        Ok(self.take_stored(name, shape)?.to_f32()?)
    }

    /// Take a vector out, f32.
    ///
    /// Errors: there is none of that name, it has another length, or a number in it is infinite or NaN.
    pub fn take_vector(&mut self, name: &str, length: usize) -> Result<Vec<f32>> {
        let vector: Vec<f32> = self.take(name, &[length])?.to_vec1()?;
        if vector.iter().all(|x| x.is_finite()) { Ok(vector) } else { Err(Error::not_finite(name)) }
    }

    /// Take a table out whose rows are looked up, in the encoding of the file.
    ///
    /// Errors: there is none of that name, or it has another shape.
    pub fn take_rows(&mut self, name: &str, shape: &[usize]) -> Result<Rows> {
        Ok(Rows(self.take_stored(name, shape)?))
    }

    /// Take a matrix out whose rows are read one by one, in the encoding of the file; all dimensions but the first make
    /// the row.
    ///
    /// Errors: there is none of that name, or it has another shape.
    pub fn take_matrix(&mut self, name: &str, shape: &[usize]) -> Result<Matrix> {
        Ok(Matrix::new(self.take_stored(name, shape)?)?)
    }

    fn take_stored(&mut self, name: &str, shape: &[usize]) -> Result<Stored> {
        let Some(tensor) = self.tensors.remove(name) else {
            return Err(Error::MissingTensor { name: name.to_owned(), expected: shape.to_vec() });
        };
        if tensor.dims() != shape {
            return Err(Error::TensorShape {
                name: name.to_owned(),
                expected: shape.to_vec(),
                found: tensor.dims().to_vec(),
            });
        }
        Ok(tensor)
    }

    /// Take a single number out; a vector of one is as good as a scalar.
    ///
    /// Errors: there is none of that name, or it holds more than one number.
    pub fn take_scalar(&mut self, name: &str) -> Result<f32> {
        let one = self.tensors.get(name).is_some_and(|tensor| tensor.dims() == [1]);
        let tensor = self.take(name, if one { &[1] } else { &[] })?;
        Ok(tensor.reshape(())?.to_scalar()?)
    }

    /// The names of the tensors that nobody has taken, and the tensors, f32.
    pub fn into_tensors(self) -> Result<HashMap<String, Tensor>> {
        self.tensors.into_iter().map(|(name, tensor)| Ok((name, tensor.to_f32()?))).collect()
    }
}

/// Reads GGUF or safetensors bytes in chunks of any size.
///
/// Memory: the tensors that have come, in the encoding of the file, and the bytes of the one coming in.
#[derive(Default)]
pub struct WeightsReader {
    pending: Vec<u8>,
    /// So many bytes must be pending before the header is tried again: twice those of the last try.
    retry_at: usize,
    /// Position in the file of the first pending byte.
    position: u64,
    /// Tensors still to come, last first, once the header is read.
    ahead: Option<Vec<TensorInfo>>,
    /// Tensors in the file that are wanted.
    total: usize,
    /// So many bytes the file has at least, and so many have come.
    end: u64,
    come: u64,
    data_start: u64,
    counts: BTreeMap<&'static str, usize>,
    weights: Weights,
    /// Tensors whose names begin so are counted and not kept.
    unwanted: &'static [&'static str],
}

impl WeightsReader {
    /// A reader that does not keep tensors whose names begin in one of these ways.
    pub fn without(unwanted: &'static [&'static str]) -> Self {
        Self { unwanted, ..Self::default() }
    }

    /// Take the next bytes of the file.
    ///
    /// Errors: as soon as the bytes cannot be a model's.
    pub fn push(&mut self, mut chunk: &[u8]) -> Result<()> {
        self.come += chunk.len() as u64;
        if self.ahead.is_none() {
            self.pending.extend_from_slice(chunk);
            chunk = &[];
            if self.pending.len() >= self.retry_at {
                self.try_header()?;
                self.retry_at = 2 * self.pending.len();
            }
        }
        while let Some(info) = self.ahead.as_mut().and_then(|ahead| ahead.last()) {
            let start = self.data_start + info.offset;
            // Skip what lies between two tensors.
            let gap = start.saturating_sub(self.position);
            if gap > 0 {
                let skip = usize::try_from(gap).unwrap_or(usize::MAX);
                let from_pending = skip.min(self.pending.len());
                self.pending.drain(..from_pending);
                let from_chunk = (skip - from_pending).min(chunk.len());
                chunk = &chunk[from_chunk..];
                self.position += (from_pending + from_chunk) as u64;
                if from_pending + from_chunk < skip {
                    break;
                }
            }
            if self.pending.len() < info.len {
                let missing = info.len - self.pending.len();
                let wanted = missing.min(chunk.len());
                // Doubled, as bytes come, but never beyond the tensor: it keeps this memory.
                if self.pending.capacity() - self.pending.len() < wanted {
                    self.pending.reserve_exact(missing.min(wanted.max(self.pending.len())));
                }
                self.pending.extend_from_slice(&chunk[..wanted]);
                chunk = &chunk[wanted..];
                if self.pending.len() < info.len {
                    break;
                }
            }
            self.finish_tensor()?;
        }
        Ok(())
    }

    fn try_header(&mut self) -> Result<()> {
        let header = match self.pending.first_chunk::<4>() {
            None => None,
            Some(gguf::MAGIC) => gguf::read_header(&self.pending)?,
            Some(_) => safetensors::read_header(&self.pending)?,
        };
        let Some(header) = header else {
            if self.pending.len() > MAX_HEADER {
                return Err(Error::Model("The file's header has no end.".into()));
            }
            return Ok(());
        };
        let mut tensors = header.tensors;
        tensors.sort_by_key(|info| (info.offset, info.len));
        for pair in tensors.windows(2) {
            if pair[0].end() > pair[1].offset {
                return Err(Error::Model(format!(
                    "The tensors “{}” and “{}” overlap in the file.",
                    pair[0].name, pair[1].name
                )));
            }
        }
        let data_start = header.data_start as u64;
        if tensors.last().is_some_and(|last| last.end().checked_add(data_start).is_none()) {
            return Err(Error::Model("The file claims more bytes than any file has.".into()));
        }
        for info in &tensors {
            let numbers: usize = info.shape.iter().product();
            self.weights.parameters += numbers;
            *self.counts.entry(dtype_name(info.encoding)).or_default() += numbers;
        }
        self.end = data_start + tensors.last().map_or(0, TensorInfo::end);
        tensors.retain(|info| !self.unwanted.iter().any(|beginning| info.name.starts_with(beginning)));
        tensors.reverse();
        self.total = tensors.len();
        self.weights.texts = header.texts;
        self.data_start = data_start;
        self.ahead = Some(tensors);
        Ok(())
    }

    /// All bytes of the next tensor are pending: decode it and let them go.
    fn finish_tensor(&mut self) -> Result<()> {
        let Some(info) = self.ahead.as_mut().and_then(Vec::pop) else {
            return Ok(());
        };
        let bytes = match self.pending.len() == info.len {
            true => std::mem::take(&mut self.pending),
            // Some of the next tensors came with the header.
            false => self.pending.drain(..info.len).collect(),
        };
        if self.weights.tensors.insert(info.name.clone(), info.decode(bytes)?).is_some() {
            return Err(Error::Model(format!("The file has two tensors named “{}”.", info.name)));
        }
        self.position += info.len as u64;
        Ok(())
    }

    /// The tensors that have come, to take some before the others are there.
    pub fn weights(&mut self) -> &mut Weights {
        &mut self.weights
    }

    /// The texts of the metadata, once the header has come.
    pub fn texts(&self) -> Option<&BTreeMap<String, String>> {
        self.ahead.as_ref().map(|_| &self.weights.texts)
    }

    /// The weights, once every byte has come.
    ///
    /// Errors: the file ended early.
    pub fn finish(mut self) -> Result<Weights> {
        if self.ahead.is_none() {
            self.try_header()?;
            self.push(&[])?;
        }
        match &self.ahead {
            None => Err(Error::Model("The file ends before its header does.".into())),
            Some(ahead) => match ahead.last() {
                Some(info) => Err(Error::Model(format!(
                    "The file ends inside or before the tensor “{}”: {} of {} tensors are missing.",
                    info.name,
                    ahead.len(),
                    self.total
                ))),
                None if self.come < self.end => Err(Error::Model(format!(
                    "The file ends after {} bytes; its header announces {}.",
                    self.come, self.end
                ))),
                None => {
                    let most = self.counts.iter().max_by_key(|(_, numbers)| **numbers);
                    self.weights.dtype = most.map_or("", |(name, _)| name).to_owned();
                    Ok(self.weights)
                }
            },
        }
    }
}

fn dtype_name(encoding: Encoding) -> &'static str {
    match encoding {
        Encoding::Plain(DType::F32) | Encoding::Ggml(GgmlDType::F32) => "f32",
        Encoding::Plain(DType::F16) | Encoding::Ggml(GgmlDType::F16) => "f16",
        Encoding::Plain(DType::BF16) | Encoding::Ggml(GgmlDType::BF16) => "bf16",
        Encoding::Ggml(GgmlDType::Q8_0) => "q8_0",
        Encoding::Ggml(GgmlDType::Q4_0) => "q4_0",
        Encoding::Ggml(GgmlDType::Q4K) => "q4_k",
        Encoding::Ggml(GgmlDType::Q6K) => "q6_k",
        Encoding::Plain(_) | Encoding::Ggml(_) => "other",
    }
}
