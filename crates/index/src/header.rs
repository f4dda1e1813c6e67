//! What all vectors of an index have in common.

use crate::error::{Error, Result};
use crate::q8;

/// Of this layout of the file.
const LAYOUT: u32 = 1;
/// Bytes of it in a file.
pub(crate) const LENGTH: usize = 4 + 4 + 4 + 32 + 4;
/// More than any CLIP has; a length beyond it is damage.
const LONGEST_VECTOR: u32 = 1 << 16;

/// What all vectors of an index have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// Numbers of a vector.
    pub dim: u32,
    /// Whether the vectors are kept as f32 besides their 8 bits, to be ranked by.
    pub exact: bool,
    /// Which model made them: SHA-256 of its weights.
    pub model: [u8; 32],
}

impl Header {
    /// Bytes of a vector in the file: scales, codes and, where they are kept, its numbers as f32.
    pub fn vector_length(&self) -> usize {
        self.packed_length() + if self.exact { 4 * self.dim as usize } else { 0 }
    }

    /// Bytes of the scales and codes.
    pub(crate) fn packed_length(&self) -> usize {
        q8::blocks(self.dim as usize) * (2 + q8::BLOCK)
    }

    pub(crate) fn write(&self, bytes: &mut Vec<u8>) {
        bytes.extend(LAYOUT.to_le_bytes());
        bytes.extend(self.dim.to_le_bytes());
        bytes.extend(u32::from(self.exact).to_le_bytes());
        bytes.extend(self.model);
        bytes.extend([0; 4]);
    }

    pub(crate) fn read(bytes: &[u8]) -> Result<Self> {
        let bytes: &[u8; LENGTH] = bytes.try_into().map_err(|_| Error::NoIndex)?;
        let number = |at: usize| u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]);
        if number(0) > LAYOUT {
            return Err(Error::Newer(number(0)));
        }
        let mut model = [0; 32];
        model.copy_from_slice(&bytes[12..44]);
        let header = Self { dim: number(4), exact: number(8) == 1, model };
        if header.dim == 0 || header.dim > LONGEST_VECTOR || number(8) > 1 {
            return Err(Error::NoIndex);
        }
        Ok(header)
    }
}
