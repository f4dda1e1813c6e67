//! Seeded mutations: of bytes, of the numbers in binary headers, and of the words and numbers in JSON.

/// SplitMix64 (Steele, Lea, Flood 2014): one 64-bit state, good enough and reproducible everywhere.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64, name: &str, case: usize) -> Self {
        let mut random = Self(seed ^ (case as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        name.bytes().for_each(|byte| random.0 = random.0.rotate_left(7) ^ u64::from(byte));
        random.next();
        random
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number in `0..n`, 0 for an empty range.
    pub fn below(&mut self, n: usize) -> usize {
        if n == 0 { 0 } else { (self.next() % n as u64) as usize }
    }
}

/// Values that lengths, counts and offsets go wrong at.
const NUMBERS: [u64; 12] = [
    0,
    1,
    31,
    0x7f,
    0xff,
    0xffff,
    0x7fff_ffff,
    0xffff_ffff,
    0x1_0000_0000,
    0x7fff_ffff_ffff_ffff,
    0xffff_ffff_ffff_ffff,
    0x4000_0000_0000_0000,
];

/// Words that JSON goes wrong at.
const WORDS: [&str; 23] = [
    "null",
    "true",
    "-1",
    "0",
    "1e999",
    "4294967296",
    "18446744073709551616",
    "0.5",
    "\"\"",
    "\"a\"",
    "[]",
    "{}",
    "[[[[",
    "\"\\ud800\"",
    "\"(a+)+$\"",
    "\"a*\"",
    "\"[\"",
    "\"BPE\"",
    "\"WordLevel\"",
    "\"Unigram\"",
    "\"ByteLevel\"",
    "\"Replace\"",
    "\"Precompiled\"",
];

/// A copy of the file with one to four things changed.
pub fn mutate(file: &[u8], random: &mut Random) -> Vec<u8> {
    let mut bytes = file.to_vec();
    for _ in 0..1 + random.below(4) {
        if bytes.is_empty() {
            break;
        }
        let at = random.below(bytes.len());
        match random.below(8) {
            0 => bytes[at] ^= 1 << random.below(8),
            1 => bytes[at] = random.next() as u8,
            2 => bytes.truncate(at),
            3 => {
                let end = (at + 1 + random.below(64)).min(bytes.len());
                bytes.drain(at..end);
            }
            4 => {
                let end = (at + 1 + random.below(64)).min(bytes.len());
                let copy = bytes[at..end].to_vec();
                let to = random.below(bytes.len());
                bytes.splice(to..to, copy);
            }
            5 => {
                let width = [4, 8][random.below(2)];
                let number = NUMBERS[random.below(NUMBERS.len())].wrapping_add(random.below(3) as u64);
                let number = number.to_le_bytes();
                let end = (at + width).min(bytes.len());
                bytes[at..end].copy_from_slice(&number[..end - at]);
            }
            _ => replace_word(&mut bytes, at, random),
        }
    }
    bytes
}

/// Put another JSON value where the next one after `at` stands; where there is none, insert it.
fn replace_word(bytes: &mut Vec<u8>, at: usize, random: &mut Random) {
    let word = WORDS[random.below(WORDS.len())].bytes();
    let start = bytes[at..].iter().position(|b| matches!(b, b':' | b',' | b'[')).map_or(at, |i| at + i + 1);
    let len = bytes[start..].iter().position(|b| matches!(b, b',' | b'}' | b']' | b'\n')).unwrap_or(0);
    bytes.splice(start..start + len, word);
}
