//! Weights as they stream in: the header first, then tensor by tensor, so that a file is never held whole.

use std::collections::{BTreeMap, HashMap, HashSet};

use candle_core::quantized::{GgmlDType, QStorage, QTensor};
use candle_core::{DType, Device, Tensor};

use super::names::{self, Change};
use super::stored::{self, Code, Matrix, Raw, Rows, Stored};
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
    /// As in the file; once the header is read, Hugging Face's.
    pub name: String,
    pub encoding: Encoding,
    /// In the file, outermost dimension first.
    pub shape: Vec<usize>,
    pub change: Change,
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

    fn end(&self) -> u64 {
        self.offset + self.len as u64
    }

    /// What the file's bytes become, by name. `bytes` has exactly `self.len` bytes.
    fn decode(&self, bytes: Vec<u8>) -> Result<Vec<(String, Stored)>> {
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
                names::thirds(&self.name).into_iter().zip(parts).collect()
            }
        })
    }

    /// The same in parts of whole rows, of about as many bytes.
    fn in_rows(self, bytes: usize) -> Result<Vec<Self>> {
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

    fn is_wide_table(&self) -> bool {
        self.name == TABLE
            && matches!(
                self.encoding,
                Encoding::Plain(_) | Encoding::Ggml(GgmlDType::F32 | GgmlDType::F16 | GgmlDType::BF16)
            )
    }

    /// Errors: it is to be stored otherwise than it is, and can't be.
    fn check_change(&self) -> Result<()> {
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

/// What stands before the data: the metadata, and where each tensor lies.
pub struct Header {
    pub metadata: BTreeMap<String, gguf::Value>,
    pub tensors: Vec<TensorInfo>,
    /// First byte of the data in the file.
    pub data_start: usize,
}

/// The tensors of a model by name, and the metadata that came with them.
#[derive(Default)]
pub struct Weights {
    pub metadata: BTreeMap<String, gguf::Value>,
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
            let numbers: Vec<f32> = tensor.flatten_all()?.to_vec1()?;
            let bytes = numbers.iter().flat_map(|x| x.to_le_bytes()).collect();
            let raw = Raw { code: Code::F32, shape: tensor.dims().to_vec(), bytes };
            let raw = if tensor.rank() == 2 { raw.into_8_bits() } else { raw };
            weights.tensors.insert(name, Stored::Raw(raw));
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

    /// Put a single number in.
    pub fn put_scalar(&mut self, name: &str, value: f32) {
        let bytes = value.to_le_bytes().to_vec();
        self.tensors.insert(name.to_owned(), Stored::Raw(Raw { code: Code::F32, shape: Vec::new(), bytes }));
    }

    /// Take everything out that has come so far, by name, f32 one after the other.
    pub fn drain(&mut self) -> impl Iterator<Item = Result<(String, Tensor)>> {
        let mut tensors: Vec<_> = std::mem::take(&mut self.tensors).into_iter().collect();
        tensors.sort_by(|(a, _), (b, _)| a.cmp(b));
        tensors.into_iter().map(|(name, tensor)| Ok((name, tensor.to_f32()?)))
    }

    /// The name of a tensor that nobody has taken and that begins in one of these ways. Position ids don't count: older
    /// files carry them, and the towers count for themselves.
    pub fn leftover(&self, beginnings: &[&str]) -> Option<&str> {
        let names = self.tensors.keys().map(String::as_str).filter(|name| !name.ends_with("position_ids"));
        names.filter(|name| beginnings.iter().any(|beginning| name.starts_with(beginning))).min()
    }

    /// The names of the tensors that nobody has taken, and the tensors, f32.
    pub fn into_tensors(self) -> Result<HashMap<String, Tensor>> {
        self.tensors.into_iter().map(|(name, tensor)| Ok((name, tensor.to_f32()?))).collect()
    }
}

/// Reads GGUF or safetensors bytes in chunks of any size; several files, one after the other, are one model.
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
    /// Only tensors whose names begin so are kept; others are counted.
    wanted: Option<&'static [&'static str]>,
    /// Of all files.
    names: HashSet<String>,
    /// Tables that are looked up are kept in 8 bits.
    narrow_tables: bool,
    /// The rows of such a table that have come.
    table: Option<Raw>,
}

/// The table that is looked up row by row. It stays in the encoding of its file, or becomes 8 bits.
const TABLE: &str = "text_model.embeddings.token_embedding.weight";
/// Then it is narrowed so many bytes at a time: it is by far the largest tensor.
const TABLE_PART: usize = 1 << 20;

impl WeightsReader {
    /// A reader that keeps tensors only whose names begin in one of these ways; `narrow_tables`: what is looked up and
    /// not computed with becomes 8 bits.
    pub fn new(wanted: &'static [&'static str], narrow_tables: bool) -> Self {
        Self { wanted: Some(wanted), narrow_tables, ..Self::default() }
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
        names::resolve(&mut tensors);
        tensors.iter().try_for_each(TensorInfo::check_change)?;
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
            self.weights.parameters = self.weights.parameters.saturating_add(numbers);
            let count = self.counts.entry(dtype_name(info.encoding)).or_default();
            *count = count.saturating_add(numbers);
        }
        self.end = data_start + tensors.last().map_or(0, TensorInfo::end);
        for info in &tensors {
            if !self.names.insert(info.name.clone()) {
                return Err(Error::Model(format!("The weights have two tensors named “{}”.", info.name)));
            }
        }
        let begins = |name: &str, ways: &[&str]| ways.iter().any(|beginning| name.starts_with(beginning));
        tensors.retain(|info| self.wanted.is_none_or(|ways| begins(&info.name, ways)));
        self.total = tensors.len();
        if self.narrow_tables
            && let Some(at) = tensors.iter().position(TensorInfo::is_wide_table)
        {
            let parts = tensors.remove(at).in_rows(TABLE_PART)?;
            tensors.splice(at..at, parts);
        }
        tensors.reverse();
        self.weights.metadata.extend(header.metadata);
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
        for (name, tensor) in info.decode(bytes)? {
            if self.weights.tensors.contains_key(&name) {
                return Err(Error::Model(format!("The file has two tensors named “{name}”.")));
            }
            let tensor = match tensor {
                Stored::Raw(raw) if self.narrow_tables && name == TABLE => {
                    let mut table = match self.table.take() {
                        Some(mut table) => {
                            table.append(raw.into_8_bits());
                            table
                        }
                        None => raw.into_8_bits(),
                    };
                    if info.change == Change::Rows {
                        self.table = Some(table);
                        continue;
                    }
                    table.bytes.shrink_to_fit();
                    Stored::Raw(table)
                }
                other => other,
            };
            self.weights.tensors.insert(name, tensor);
        }
        self.position += info.len as u64;
        Ok(())
    }

    /// The tensors that have come, to take some before the others are there.
    pub fn weights(&mut self) -> &mut Weights {
        &mut self.weights
    }

    /// Not a byte has come yet.
    pub fn is_untouched(&self) -> bool {
        self.come == 0 && self.counts.is_empty()
    }

    /// The metadata, once the header has come.
    pub fn metadata(&self) -> Option<&BTreeMap<String, gguf::Value>> {
        self.ahead.as_ref().map(|_| &self.weights.metadata)
    }

    /// Bytes of the largest tensor that is still to come, as it is in the file; none before the header has come.
    pub fn largest(&self) -> Option<usize> {
        Some(self.ahead.as_ref()?.iter().map(TensorInfo::byte_len).max().unwrap_or(0))
    }

    /// One of several files is complete; the next byte is the first of the next.
    ///
    /// Errors: it ended early.
    pub fn next_file(&mut self) -> Result<()> {
        if self.ahead.is_none() {
            self.try_header()?;
            self.push(&[])?;
        }
        let Some(ahead) = &self.ahead else {
            let what = if self.come == 0 {
                "is empty: not a byte of it has come"
            } else {
                "ends before its header does"
            };
            return Err(Error::Model(format!("The file {what}.")));
        };
        if let Some(info) = ahead.last() {
            return Err(Error::Model(format!(
                "The file ends inside or before the tensor “{}”: {} of {} tensors are missing.",
                info.name,
                ahead.iter().filter(|info| info.change != Change::Rows).count(),
                self.total
            )));
        }
        if self.come < self.end {
            return Err(Error::Model(format!(
                "The file ends after {} bytes; its header announces {}.",
                self.come, self.end
            )));
        }
        let Self { counts, weights, wanted, narrow_tables, names, .. } = std::mem::take(self);
        *self = Self { counts, weights, wanted, narrow_tables, names, ..Self::default() };
        Ok(())
    }

    /// The weights, once every byte has come.
    ///
    /// Errors: the (last) file ended early.
    pub fn finish(mut self) -> Result<Weights> {
        let between = self.come == 0 && !self.counts.is_empty();
        if !between {
            self.next_file()?;
        }
        let most = self.counts.iter().max_by_key(|(_, numbers)| **numbers);
        self.weights.dtype = most.map_or("", |(name, _)| name).to_owned();
        Ok(self.weights)
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
