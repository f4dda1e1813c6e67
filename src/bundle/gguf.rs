//! The header of a GGUF file, read from untrusted bytes.
//!
//! Layout (little endian), from the GGUF specification in ggml's `docs/gguf.md`:
//! ```text
//! "GGUF" · u32 version · u64 tensors · u64 metadata pairs
//! pairs   × { string key · u32 type · value }
//! tensors × { string name · u32 n · u64 dims[n] (innermost first) · u32 ggml type · u64 offset }
//! padding to `general.alignment` · tensor data
//! ```
//! Every count and length is compared with the bytes that are really there before anything is allocated.

use std::collections::BTreeMap;

use candle_core::quantized::GgmlDType;

pub use super::header::Value;

use super::header::Header;
use super::tensor::{Encoding, TensorInfo};
use crate::{Error, Result};

/// The first bytes of every GGUF file.
pub const MAGIC: &[u8; 4] = b"GGUF";

/// The key of what a file is of, and what our bundles of CLIPs and clip.cpp's files have there.
pub const ARCHITECTURE_KEY: &str = "general.architecture";
pub const CLIP: &str = "clip";

/// Keys under which the bundle of another architecture keeps its configuration and how its pictures are prepared.
pub fn json_keys(architecture: &str) -> [String; 2] {
    ["config", "preprocessor_config"].map(|file| format!("{architecture}.huggingface.{file}"))
}

/// Keys under which a bundle keeps its JSON files.
pub const CONFIG_KEY: &str = "clip.huggingface.config";
pub const PREPROCESSOR_KEY: &str = "clip.huggingface.preprocessor_config";
pub const TOKENIZER_KEY: &str = "tokenizer.huggingface.json";
pub const JSON_KEYS: [&str; 3] = [CONFIG_KEY, PREPROCESSOR_KEY, TOKENIZER_KEY];

const DEFAULT_ALIGNMENT: usize = 32;
const MAX_TENSORS: u64 = 100_000;

/// A place in the bytes that have come so far.
struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
}

/// Why reading stopped.
enum Stop {
    /// The bytes end inside the header: come back with more.
    NeedMore,
    Wrong(Error),
}

type Step<T> = std::result::Result<T, Stop>;

fn wrong<T>(message: impl std::fmt::Display) -> Step<T> {
    Err(Stop::Wrong(Error::Model(format!("The GGUF file is wrong: {message}."))))
}

impl<'a> Cursor<'a> {
    fn take(&mut self, len: u64) -> Step<&'a [u8]> {
        let rest = &self.bytes[self.at..];
        match usize::try_from(len) {
            Ok(len) if len <= rest.len() => {
                self.at += len;
                Ok(&rest[..len])
            }
            _ => Err(Stop::NeedMore),
        }
    }

    fn u32(&mut self) -> Step<u32> {
        Ok(u32::from_le_bytes(self.take(4)?.try_into().expect("4 bytes")))
    }

    fn u64(&mut self) -> Step<u64> {
        Ok(u64::from_le_bytes(self.take(8)?.try_into().expect("8 bytes")))
    }

    fn string(&mut self) -> Step<&'a str> {
        let len = self.u64()?;
        match std::str::from_utf8(self.take(len)?) {
            Ok(text) => Ok(text),
            Err(_) => wrong(format!("text that is not UTF-8 before byte {}", self.at)),
        }
    }

    fn value(&mut self, kind: u32) -> Step<Value> {
        Ok(match kind {
            STRING => Value::Text(self.string()?.to_owned()),
            ARRAY => {
                let (inner, count) = (self.u32()?, self.u64()?);
                if inner == STRING {
                    let mut texts = Vec::new();
                    for _ in 0..count {
                        texts.push(self.string()?.to_owned());
                    }
                    Value::Texts(texts)
                } else {
                    let Some(bytes) = fixed_size(inner).and_then(|size| count.checked_mul(size)) else {
                        return wrong(format!("an array of {count} values of type {inner}"));
                    };
                    let floats = self.take(bytes)?.as_chunks::<4>().0;
                    let numbers = floats.iter().map(|x| f32::from_le_bytes(*x).into());
                    if inner == FLOAT32 { Value::Numbers(numbers.collect()) } else { Value::Other }
                }
            }
            UINT32 => Value::Number(self.u32()?.into()),
            INT32 => Value::Number(self.u32()?.cast_signed().into()),
            FLOAT32 => Value::Number(f32::from_bits(self.u32()?).into()),
            BOOL => Value::Number(self.take(1)?[0].into()),
            UINT64 => Value::Number(self.u64()? as f64),
            _ => match fixed_size(kind) {
                Some(size) => {
                    self.take(size)?;
                    Value::Other
                }
                None => return wrong(format!("a metadata value of unknown type {kind}")),
            },
        })
    }
}

const UINT32: u32 = 4;
const INT32: u32 = 5;
const FLOAT32: u32 = 6;
const BOOL: u32 = 7;
const STRING: u32 = 8;
const ARRAY: u32 = 9;
const UINT64: u32 = 10;

/// Bytes of a metadata value of fixed size (u8 i8 u16 i16 u32 i32 f32 bool, then u64 i64 f64).
fn fixed_size(kind: u32) -> Option<u64> {
    match kind {
        0 | 1 | 7 => Some(1),
        2 | 3 => Some(2),
        4..=6 => Some(4),
        10..=12 => Some(8),
        _ => None,
    }
}

/// Read the header from the first bytes of a file; `None` when they end before the header does.
///
/// Errors: not a GGUF file, an unknown version or tensor type, sizes that overflow or overlap.
pub fn read_header(bytes: &[u8]) -> Result<Option<Header>> {
    match header(&mut Cursor { bytes, at: 0 }) {
        Ok(header) => Ok(Some(header)),
        Err(Stop::NeedMore) => Ok(None),
        Err(Stop::Wrong(error)) => Err(error),
    }
}

fn header(cursor: &mut Cursor) -> Step<Header> {
    if cursor.take(4)? != MAGIC {
        return wrong("it does not begin with “GGUF”");
    }
    let version = cursor.u32()?;
    if !(2..=3).contains(&version) {
        return wrong(format!("version {version}; versions 2 and 3 can be read"));
    }
    let (tensor_count, pair_count) = (cursor.u64()?, cursor.u64()?);
    if tensor_count > MAX_TENSORS {
        return wrong(format!("{tensor_count} tensors; at most {MAX_TENSORS} can be read"));
    }

    let mut metadata = BTreeMap::new();
    let mut alignment = DEFAULT_ALIGNMENT;
    for _ in 0..pair_count {
        let key = cursor.string()?;
        let kind = cursor.u32()?;
        let value = cursor.value(kind)?;
        if let ("general.alignment", Value::Number(n)) = (key, &value) {
            alignment = *n as usize;
            if !alignment.is_power_of_two() || alignment > 4096 {
                return wrong(format!("general.alignment is {n}"));
            }
        }
        metadata.insert(key.to_owned(), value);
    }

    let mut tensors = Vec::new();
    for _ in 0..tensor_count {
        tensors.push(tensor_info(cursor)?);
    }
    Ok(Header { metadata, tensors, data_start: cursor.at.next_multiple_of(alignment) })
}

fn tensor_info(cursor: &mut Cursor) -> Step<TensorInfo> {
    let name = cursor.string()?.to_owned();
    let rank = cursor.u32()?;
    if rank > 4 {
        return wrong(format!("the tensor “{name}” has {rank} dimensions"));
    }
    let mut shape = Vec::new();
    for _ in 0..rank {
        match usize::try_from(cursor.u64()?) {
            Ok(dim) => shape.insert(0, dim),
            Err(_) => return wrong(format!("the tensor “{name}” is too large")),
        }
    }
    let kind = cursor.u32()?;
    let dtype = match kind {
        0 => GgmlDType::F32,
        1 => GgmlDType::F16,
        2 => GgmlDType::Q4_0,
        8 => GgmlDType::Q8_0,
        12 => GgmlDType::Q4K,
        14 => GgmlDType::Q6K,
        30 => GgmlDType::BF16,
        _ => {
            return wrong(format!(
                "the tensor “{name}” has the unknown type {kind}; F32, F16, BF16, Q8_0, Q4_0, Q4_K and Q6_K can be read"
            ));
        }
    };
    let offset = cursor.u64()?;
    TensorInfo::new(name, Encoding::Ggml(dtype), shape, offset).map_err(Stop::Wrong)
}
