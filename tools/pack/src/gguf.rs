//! The header of a GGUF file. The layout is stated in the engine's `src/bundle/gguf.rs`, which reads it.

use candle_core::quantized::GgmlDType;

use crate::encoding::code;

const VERSION: u32 = 3;
/// The type of a metadata value that is a text.
const STRING: u32 = 8;
const ALIGNMENT: usize = 32;

/// A tensor's place in the file. Its shape is as Hugging Face has it, outermost first; a single number is a vector.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    pub name: String,
    pub shape: Vec<usize>,
    pub dtype: GgmlDType,
}

impl Entry {
    pub fn numbers(&self) -> usize {
        self.shape.iter().product()
    }

    /// Bytes of its numbers; rows are whole blocks.
    pub fn len(&self) -> usize {
        self.numbers() / self.dtype.block_size() * self.dtype.type_size()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The same, with the padding up to the next tensor.
    pub fn padded_len(&self) -> usize {
        self.len().next_multiple_of(ALIGNMENT)
    }
}

/// Everything before the first tensor's numbers. The tensors follow in this order, each padded.
pub fn header(texts: &[(&str, &str)], entries: &[Entry]) -> Vec<u8> {
    let mut bytes = semblance::bundle::gguf::MAGIC.to_vec();
    bytes.extend(VERSION.to_le_bytes());
    bytes.extend((entries.len() as u64).to_le_bytes());
    bytes.extend((texts.len() as u64).to_le_bytes());
    for (key, text) in texts {
        string(&mut bytes, key);
        bytes.extend(STRING.to_le_bytes());
        string(&mut bytes, text);
    }
    let mut offset = 0;
    for entry in entries {
        string(&mut bytes, &entry.name);
        bytes.extend((entry.shape.len() as u32).to_le_bytes());
        for side in entry.shape.iter().rev() {
            bytes.extend((*side as u64).to_le_bytes());
        }
        bytes.extend(code(entry.dtype).to_le_bytes());
        bytes.extend((offset as u64).to_le_bytes());
        offset += entry.padded_len();
    }
    bytes.resize(bytes.len().next_multiple_of(ALIGNMENT), 0);
    bytes
}

fn string(bytes: &mut Vec<u8>, text: &str) {
    bytes.extend((text.len() as u64).to_le_bytes());
    bytes.extend(text.as_bytes());
}
