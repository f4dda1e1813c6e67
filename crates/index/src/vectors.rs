//! The vectors in memory, in the order in which they came, ready to be scanned.

use crate::q8::{self, BLOCK};
use crate::scan::Query;

/// Vectors that are allocated together: memory grows by these, and never moves.
const SEGMENT: usize = 4096;

/// The scales and codes of many vectors of one length; each has a slot, which is its place.
pub(crate) struct Vectors {
    blocks: usize,
    segments: Vec<Segment>,
}

struct Segment {
    scales: Vec<u16>,
    codes: Vec<i8>,
}

impl Vectors {
    pub(crate) fn new(dim: usize) -> Self {
        Self { blocks: q8::blocks(dim), segments: Vec::new() }
    }

    /// The vector in a slot that was put there.
    pub(crate) fn get(&self, slot: usize) -> (&[u16], &[i8]) {
        let Segment { scales, codes } = &self.segments[slot / SEGMENT];
        let (at, width) = (slot % SEGMENT, self.blocks * BLOCK);
        (&scales[at * self.blocks..][..self.blocks], &codes[at * width..][..width])
    }

    /// Put a vector as the file has it (scales, then codes) into a slot, at most one behind the last.
    pub(crate) fn put(&mut self, slot: usize, packed: &[u8]) {
        if slot / SEGMENT == self.segments.len() {
            let scales = vec![0; SEGMENT * self.blocks];
            let codes = vec![0; SEGMENT * self.blocks * BLOCK];
            self.segments.push(Segment { scales, codes });
        }
        let Segment { scales, codes } = &mut self.segments[slot / SEGMENT];
        let (at, width) = (slot % SEGMENT, self.blocks * BLOCK);
        let (packed_scales, packed_codes) = packed.split_at(2 * self.blocks);
        for (scale, bytes) in scales[at * self.blocks..].iter_mut().zip(packed_scales.as_chunks().0) {
            *scale = u16::from_le_bytes(*bytes);
        }
        for (code, byte) in codes[at * width..].iter_mut().zip(packed_codes) {
            *code = byte.cast_signed();
        }
    }

    /// The query's dot products with the first vectors, one for each number in `scores`.
    pub(crate) fn scan(&self, query: &Query, scores: &mut [f32]) {
        let width = self.blocks * BLOCK;
        for (Segment { scales, codes }, scores) in self.segments.iter().zip(scores.chunks_mut(SEGMENT)) {
            let vectors = scales.chunks_exact(self.blocks).zip(codes.chunks_exact(width));
            for (score, (scales, codes)) in scores.iter_mut().zip(vectors) {
                *score = query.dot(scales, codes);
            }
        }
    }
}

/// A vector as the file has it: scales, then codes, little-endian.
pub(crate) fn to_bytes(vector: &[f32], bytes: &mut Vec<u8>) {
    let mut scales = vec![0; q8::blocks(vector.len())];
    let mut codes = vec![0; scales.len() * BLOCK];
    q8::pack(vector, &mut scales, &mut codes);
    bytes.extend(scales.into_iter().flat_map(u16::to_le_bytes));
    bytes.extend(codes.into_iter().map(i8::cast_unsigned));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vectors_stay_in_their_slots_across_segments() {
        for dim in [5, 16, 40] {
            let vector = |slot: usize| -> Vec<f32> {
                (0..dim).map(|i| ((slot * 7 + i * 3) % 11) as f32 - 5.0).collect()
            };
            let mut vectors = Vectors::new(dim);
            let count = 2 * SEGMENT + 1;
            for slot in (0..count).chain([0, SEGMENT]) {
                let mut bytes = Vec::new();
                to_bytes(&vector(slot), &mut bytes);
                vectors.put(slot, &bytes);
            }
            let query = Query::new(&vector(3));
            for scanned in [0, 1, SEGMENT - 1, SEGMENT, SEGMENT + 1, count] {
                let mut scores = vec![f32::NAN; scanned];
                vectors.scan(&query, &mut scores);
                for (slot, score) in scores.into_iter().enumerate() {
                    let (scales, codes) = vectors.get(slot);
                    let back = q8::unpack(scales, codes, dim);
                    assert!(
                        back.iter().zip(vector(slot)).all(|(a, b)| (a - b).abs() < 0.03),
                        "{dim}: slot {slot}"
                    );
                    assert_eq!(score, query.dot(scales, codes), "{dim}: slot {slot} of {scanned}");
                }
            }
        }
    }
}
