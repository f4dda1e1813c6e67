//! Weights as they stream in: the header first, then tensor by tensor, so that a file is never held whole.

use std::collections::{BTreeMap, HashSet};

use super::header::Value;
use super::stored::{Raw, Stored};
use super::tensor::{Change, TABLES, TensorInfo};
use super::weights::Weights;
use super::{gguf, names, safetensors};
use crate::{Error, Result};

/// A header longer than this is not a CLIP model's.
const MAX_HEADER: usize = 128 << 20;

/// Reads GGUF or safetensors bytes in chunks of any size; several files, one after the other, are one model.
///
/// Memory: the tensors that have come, in the encoding of the file, and the bytes of the one coming in.
#[derive(Debug, Default)]
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

/// A layer's tensors are within that, but for those of the largest models.
const AT_ONCE: usize = 4 << 20;

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
            if self.pending.len() < info.byte_len() {
                let missing = info.byte_len() - self.pending.len();
                let wanted = missing.min(chunk.len());
                // Doubled, as bytes come, but never beyond the tensor: it keeps this memory. What is not large has its own at
                // once, before a byte is moved.
                if self.pending.capacity() - self.pending.len() < wanted {
                    self.pending.reserve_exact(missing.min(wanted.max(self.pending.len()).max(AT_ONCE)));
                }
                self.pending.extend_from_slice(&chunk[..wanted]);
                chunk = &chunk[wanted..];
                if self.pending.len() < info.byte_len() {
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
        tensors.sort_by_key(|info| (info.offset, info.byte_len()));
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
            let count = self.counts.entry(info.encoding.name()).or_default();
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
        if self.narrow_tables {
            let parts = tensors.into_iter().map(|info| match info.is_wide_table() {
                true => info.in_rows(TABLE_PART),
                false => Ok(vec![info]),
            });
            tensors = parts.collect::<Result<Vec<_>>>()?.concat();
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
        let bytes = match self.pending.len() == info.byte_len() {
            true => std::mem::take(&mut self.pending),
            // Some of the next tensors came with the header.
            false => self.pending.drain(..info.byte_len()).collect(),
        };
        for (name, tensor) in info.decode(bytes)? {
            if self.weights.tensors.contains_key(&name) {
                return Err(Error::Model(format!("The file has two tensors named “{name}”.")));
            }
            let tensor = match tensor {
                Stored::Raw(raw) if self.narrow_tables && TABLES.contains(&name.as_str()) => {
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
        self.position += info.byte_len() as u64;
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
    pub fn metadata(&self) -> Option<&BTreeMap<String, Value>> {
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
