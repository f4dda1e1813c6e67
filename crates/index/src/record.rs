//! The file: records one after another, each with its own checksums, none ever changed.
//!
//! | bytes | what |
//! |---|---|
//! | 4 | `SMR1` |
//! | 1 + 3 | kind, zeros |
//! | 4 | the picture's number |
//! | 4 | length of the body |
//! | 4 | CRC-32 of the body |
//! | 4 | CRC-32 of the 20 bytes before |
//! | … | the body |
//!
//! Numbers are little-endian. A record that was cut off while it was written is the end of the file; damage in the
//! middle is passed over to the next record that is whole.

use crate::facts::Facts;
use crate::header::{self, Header};

/// What a record says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The file's [`Header`]: first of all, and again now and then, should the first be damaged.
    Header,
    /// A picture with its facts and its vector; it takes the place of an earlier one of the same number.
    Picture,
    /// Other facts of a picture whose vector stays.
    Facts,
    /// The picture is there no more.
    Removed,
}

const MAGIC: [u8; 4] = *b"SMR1";
pub(crate) const FRAME: usize = 24;

/// What the beginning of some bytes is.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Next<'a> {
    Whole(Record<'a>),
    /// So many bytes are none: to be passed over.
    Damaged(usize),
    /// It may become a record with more bytes.
    Cut,
}

/// One record of a file.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Record<'a> {
    pub kind: Kind,
    pub id: u32,
    pub body: &'a [u8],
}

impl Record<'_> {
    /// Bytes of it in the file.
    pub(crate) fn length(&self) -> usize {
        FRAME + self.body.len()
    }
}

/// A record, to be written.
pub(crate) fn frame(kind: Kind, id: u32, body: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(FRAME + body.len());
    bytes.extend(MAGIC);
    bytes.extend([kind as u8, 0, 0, 0]);
    bytes.extend(id.to_le_bytes());
    bytes.extend((body.len() as u32).to_le_bytes());
    bytes.extend(crc32fast::hash(body).to_le_bytes());
    bytes.extend(crc32fast::hash(&bytes).to_le_bytes());
    bytes.extend(body);
    bytes
}

/// What `bytes` begin with. `header`: of the file, as far as it is known, which bounds how long a record can be.
pub(crate) fn next<'a>(bytes: &'a [u8], header: Option<&Header>) -> Next<'a> {
    let known = bytes.len().min(MAGIC.len());
    if bytes[..known] != MAGIC[..known] {
        return Next::Damaged(until_next(bytes));
    }
    let Some((head, rest)) = bytes.split_first_chunk::<FRAME>() else { return Next::Cut };
    let number = |at: usize| u32::from_le_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]]);
    let length = number(12) as usize;
    let longest = header::LENGTH.max(Facts::LONGEST + header.map_or(1 << 20, Header::vector_length));
    let kind = match head[4] {
        0 => Kind::Header,
        1 => Kind::Picture,
        2 => Kind::Facts,
        3 => Kind::Removed,
        _ => return Next::Damaged(until_next(bytes)),
    };
    if number(20) != crc32fast::hash(&head[..20]) || length > longest {
        return Next::Damaged(until_next(bytes));
    }
    let Some(body) = rest.get(..length) else { return Next::Cut };
    if number(16) != crc32fast::hash(body) {
        // Its length can be trusted, but what looks like a record within a damaged one may be one.
        return Next::Damaged(until_next(bytes));
    }
    Next::Whole(Record { kind, id: number(8), body })
}

/// Bytes before the next place, not the first, where a record may begin.
fn until_next(bytes: &[u8]) -> usize {
    let candidates = 1..bytes.len();
    let mut found = candidates.filter(|&at| {
        let known = (bytes.len() - at).min(MAGIC.len());
        bytes[at..at + known] == MAGIC[..known]
    });
    found.next().unwrap_or(bytes.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(bytes: &[u8]) -> Option<(Kind, u32, Vec<u8>)> {
        match next(bytes, None) {
            Next::Whole(Record { kind, id, body }) => Some((kind, id, body.to_vec())),
            _ => None,
        }
    }

    #[test]
    fn a_record_comes_back_and_a_cut_one_waits() {
        for kind in [Kind::Header, Kind::Picture, Kind::Facts, Kind::Removed] {
            let bytes = frame(kind, 77, b"body");
            assert_eq!(whole(&bytes), Some((kind, 77, b"body".to_vec())));
            for length in 0..bytes.len() {
                assert_eq!(next(&bytes[..length], None), Next::Cut, "cut to {length}");
            }
        }
    }

    #[test]
    fn every_flipped_bit_is_seen() {
        let bytes = frame(Kind::Picture, 1, b"twelve bytes");
        for bit in 0..8 * bytes.len() {
            let mut damaged = bytes.clone();
            damaged[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(whole(&damaged), None, "bit {bit}");
        }
    }

    #[test]
    fn damage_is_passed_over_to_the_next_record() {
        let mut bytes = frame(Kind::Picture, 1, b"SMR1 inside of a body");
        let length = bytes.len();
        bytes.extend(frame(Kind::Removed, 2, b""));
        bytes[length - 1] ^= 1;
        // Also the false start inside of the damaged one is passed over.
        let Next::Damaged(first) = next(&bytes, None) else { panic!("the damage is not seen") };
        assert_eq!(first, FRAME);
        let Next::Damaged(second) = next(&bytes[first..], None) else {
            panic!("a false start is taken for a record")
        };
        assert_eq!(whole(&bytes[first + second..]), Some((Kind::Removed, 2, Vec::new())));
        assert_eq!(next(b"no record at all", None), Next::Damaged(16));
    }
}
