//! The part of GGUF that a bundle of random numbers needs: a header with texts and tensors, written and read back.
//! The layout is stated in `src/bundle/gguf.rs`, which reads what is written here.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail, ensure};

const MAGIC: &[u8; 4] = b"GGUF";
const VERSION: u32 = 3;
/// The type of a metadata value that is a text.
const STRING: u32 = 8;
const ALIGNMENT: usize = 32;

/// How a tensor's numbers are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    F32,
    F16,
    /// Blocks of 32: a scale in f16, and 32 integers of 8 bits.
    Q8_0,
    /// The same with integers of 4 bits.
    Q4_0,
}

impl Encoding {
    /// As a manifest's `dtype` says it.
    pub fn name(self) -> &'static str {
        match self {
            Self::F32 => "f32",
            Self::F16 => "f16",
            Self::Q8_0 => "q8_0",
            Self::Q4_0 => "q4_0",
        }
    }

    fn code(self) -> u32 {
        match self {
            Self::F32 => 0,
            Self::F16 => 1,
            Self::Q4_0 => 2,
            Self::Q8_0 => 8,
        }
    }

    /// Numbers that are stored together.
    pub fn block(self) -> usize {
        match self {
            Self::F32 | Self::F16 => 1,
            Self::Q8_0 | Self::Q4_0 => 32,
        }
    }

    /// Bytes of a block.
    fn block_len(self) -> usize {
        match self {
            Self::F32 => 4,
            Self::F16 => 2,
            Self::Q8_0 => 2 + 32,
            Self::Q4_0 => 2 + 16,
        }
    }
}

/// A tensor's name and form; its shape is as Hugging Face has it, outermost first.
#[derive(Clone, Debug)]
pub struct Tensor {
    pub name: String,
    pub shape: Vec<usize>,
}

impl Tensor {
    pub fn numbers(&self) -> usize {
        self.shape.iter().product()
    }

    /// In a file of `dtype`, as `tools/pack` chooses it: matrices of whole blocks are of that type, the rest is f32.
    pub fn encoding(&self, dtype: Encoding) -> Encoding {
        match self.shape[..] {
            [_, row] if row.is_multiple_of(dtype.block()) => dtype,
            _ => Encoding::F32,
        }
    }

    /// Bytes of its numbers.
    pub fn len(&self, encoding: Encoding) -> usize {
        self.numbers() / encoding.block() * encoding.block_len()
    }

    /// Bytes that follow them in a GGUF file, up to the next tensor.
    pub fn padding(&self, encoding: Encoding) -> usize {
        let length = self.len(encoding);
        length.next_multiple_of(ALIGNMENT) - length
    }
}

/// Everything before the first tensor's numbers in a file of `dtype`. The tensors follow in this order, each padded.
pub fn header(texts: &[(&str, &str)], tensors: &[Tensor], dtype: Encoding) -> Vec<u8> {
    let mut bytes = Vec::new();
    bytes.extend(MAGIC);
    bytes.extend(VERSION.to_le_bytes());
    bytes.extend((tensors.len() as u64).to_le_bytes());
    bytes.extend((texts.len() as u64).to_le_bytes());
    for (key, text) in texts {
        string(&mut bytes, key);
        bytes.extend(STRING.to_le_bytes());
        string(&mut bytes, text);
    }
    let mut offset = 0;
    for tensor in tensors {
        string(&mut bytes, &tensor.name);
        bytes.extend((tensor.shape.len() as u32).to_le_bytes());
        for side in tensor.shape.iter().rev() {
            bytes.extend((*side as u64).to_le_bytes());
        }
        let encoding = tensor.encoding(dtype);
        bytes.extend(encoding.code().to_le_bytes());
        bytes.extend((offset as u64).to_le_bytes());
        offset += tensor.len(encoding) + tensor.padding(encoding);
    }
    bytes.resize(bytes.len().next_multiple_of(ALIGNMENT), 0);
    bytes
}

fn string(bytes: &mut Vec<u8>, text: &str) {
    bytes.extend((text.len() as u64).to_le_bytes());
    bytes.extend(text.as_bytes());
}

/// The texts in a file's metadata.
///
/// Errors: not a GGUF file, or one with metadata that is no text.
pub fn texts(file: &[u8]) -> Result<BTreeMap<String, String>> {
    let mut rest = Rest(file);
    ensure!(rest.take(4)? == MAGIC, "it is not a GGUF file");
    let (_version, _tensors, pairs) = (rest.u32()?, rest.u64()?, rest.u64()?);
    let mut texts = BTreeMap::new();
    for _ in 0..pairs {
        let key = rest.string()?;
        let kind = rest.u32()?;
        if kind != STRING {
            bail!("its {key} is no text");
        }
        texts.insert(key, rest.string()?);
    }
    Ok(texts)
}

/// The bytes that were not read yet.
struct Rest<'a>(&'a [u8]);

impl<'a> Rest<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count).context("it ends too soon")?;
        self.0 = rest;
        Ok(taken)
    }

    fn u32(&mut self) -> Result<u32> {
        Ok(u32::from_le_bytes(self.take(4)?.try_into()?))
    }

    fn u64(&mut self) -> Result<u64> {
        Ok(u64::from_le_bytes(self.take(8)?.try_into()?))
    }

    fn string(&mut self) -> Result<String> {
        let length = self.u64()?.try_into()?;
        Ok(String::from_utf8(self.take(length)?.to_vec())?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tensor(name: &str, shape: &[usize]) -> Tensor {
        Tensor { name: name.into(), shape: shape.into() }
    }

    #[test]
    fn the_header_is_read_back() {
        let tensors = [tensor("matrix", &[3, 64]), tensor("odd", &[3, 10]), tensor("vector", &[64])];
        let bytes = header(&[("a", "one"), ("b", "zwölf")], &tensors, Encoding::Q8_0);
        assert!(bytes.len().is_multiple_of(ALIGNMENT));
        let texts = texts(&bytes).unwrap();
        assert_eq!(
            texts.into_iter().collect::<Vec<_>>(),
            [("a", "one"), ("b", "zwölf")].map(|(a, b)| (a.into(), b.into()))
        );

        // name, sides (innermost first), encoding, offset
        let expected = [
            ("matrix", &[64, 3][..], 8, 0),
            ("odd", &[10, 3], 0, 6 * 34 + 20),
            ("vector", &[64], 0, 224 + 128),
        ];
        let mut rest = Rest(&bytes);
        rest.take(4 + 4 + 8 + 8).unwrap();
        for _ in 0..2 {
            rest.string().unwrap();
            rest.u32().unwrap();
            rest.string().unwrap();
        }
        for (name, sides, code, offset) in expected {
            assert_eq!(rest.string().unwrap(), name);
            assert_eq!(rest.u32().unwrap() as usize, sides.len(), "{name}");
            for side in sides {
                assert_eq!(rest.u64().unwrap(), *side, "{name}");
            }
            assert_eq!((rest.u32().unwrap(), rest.u64().unwrap()), (code, offset), "{name}");
        }
    }

    #[test]
    fn what_is_no_gguf_is_said_so() {
        let whole = header(&[("key", "text")], &[], Encoding::F32);
        for bytes in [&b"GGML"[..], b"GG", &whole[..30]] {
            assert!(texts(bytes).is_err());
        }
    }
}
