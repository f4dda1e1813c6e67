//! The numbers of a random model. Those of a tensor depend on its place in the model alone, so that every file that
//! holds them as they are holds the same ones.

use std::f32::consts::LN_10;
use std::io::{self, Write};

use super::gguf::{Encoding, Tensor};

/// Deviation of the normal distribution that CLIP begins its training with is 0.02. Uniform numbers spread as widely are
/// within 0.02 · √3, and activations stay sane.
const WIDEST: f32 = 0.035;
/// 2⁻¹² · (1 + 132 / 1024) in f16, about `WIDEST` / 127.
const SCALE_8: u16 = 0x0c84;
/// 2⁻⁸ · (1 + 224 / 1024) in f16: integers of −7..7 with two zeros have the deviation 4.2, and times this 0.02.
const SCALE_4: u16 = 0x1ce0;

/// What is handed on at a time.
const BUFFER: usize = 1 << 20;

/// Write the tensor's numbers; `place` is the tensor's in the model.
pub fn write(place: usize, tensor: &Tensor, encoding: Encoding, to: &mut impl Write) -> io::Result<()> {
    let mut random = Random(place as u64 + 1);
    let (middle, widest) = spread(&tensor.name);
    let next = |random: &mut Random| representable(middle + widest * random.within_one());
    let mut buffer = Vec::with_capacity(BUFFER + 64);
    let block = encoding.block();
    for _ in 0..tensor.numbers() / block {
        match encoding {
            Encoding::F32 => buffer.extend(next(&mut random).to_le_bytes()),
            Encoding::F16 => buffer.extend(half(next(&mut random)).to_le_bytes()),
            Encoding::Q8_0 => {
                buffer.extend(SCALE_8.to_le_bytes());
                for _ in 0..block / 8 {
                    buffer.extend(random.draw().to_le_bytes().map(symmetric_8));
                }
            }
            Encoding::Q4_0 => {
                buffer.extend(SCALE_4.to_le_bytes());
                for _ in 0..block / 16 {
                    buffer.extend(random.draw().to_le_bytes().map(symmetric_4));
                }
            }
        }
        if buffer.len() >= BUFFER {
            to.write_all(&buffer)?;
            buffer.clear();
        }
    }
    to.write_all(&buffer)
}

/// Middle of a tensor's numbers, and how far they lie around it at most.
fn spread(name: &str) -> (f32, f32) {
    match name {
        // The temperature 100 that CLIP's training ends with.
        "logit_scale" => (2.0 * LN_10, 0.0),
        gain if gain.to_lowercase().contains("norm") && gain.ends_with(".weight") => (1.0, 0.1),
        _ => (0.0, WIDEST),
    }
}

/// −128 is in no block of Q8_0, whose largest number has ±127.
fn symmetric_8(byte: u8) -> u8 {
    if byte == 0x80 { 0 } else { byte }
}

/// Of Q4_0's two numbers in a byte, each 8 more than it stands for, −8 becomes 0: their mean is then 0.
fn symmetric_4(byte: u8) -> u8 {
    let one = |number: u8| if number == 0 { 8 } else { number };
    one(byte & 15) | one(byte >> 4) << 4
}

/// The next number towards 0 that f16 has too: a model in f16 then has the very numbers of one in f32.
fn representable(number: f32) -> f32 {
    if number.abs() < SMALLEST { 0.0 } else { f32::from_bits(number.to_bits() & !0x1fff) }
}

/// Of the normal ones of f16.
const SMALLEST: f32 = 1.0 / 16384.0;

/// A number that is representable, as f16 has it.
fn half(number: f32) -> u16 {
    let bits = number.to_bits();
    let sign = (bits >> 16 & 0x8000) as u16;
    match bits >> 13 & 0x3_ffff {
        0 => sign,
        // The exponents' middles are 127 and 15.
        rest => sign | (rest - ((127 - 15) << 10)) as u16,
    }
}

/// SplitMix64.
pub struct Random(pub u64);

impl Random {
    pub fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A whole number below `end`.
    pub fn below(&mut self, end: u64) -> u64 {
        self.draw() % end
    }

    /// −1..1
    fn within_one(&mut self) -> f32 {
        (self.draw() >> 40) as f32 / (1 << 23) as f32 - 1.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(name: &str, count: usize, encoding: Encoding) -> Vec<u8> {
        let mut bytes = Vec::new();
        write(0, &Tensor { name: name.into(), shape: vec![count] }, encoding, &mut bytes).unwrap();
        bytes
    }

    #[test]
    fn each_encoding_has_its_length() {
        for (encoding, length) in
            [(Encoding::F32, 256), (Encoding::F16, 128), (Encoding::Q8_0, 68), (Encoding::Q4_0, 36)]
        {
            assert_eq!(numbers("x.weight", 64, encoding).len(), length, "{encoding:?}");
        }
        assert_eq!(numbers("x.weight", 64, Encoding::Q8_0)[..2], SCALE_8.to_le_bytes());
    }

    #[test]
    fn numbers_are_where_they_should_be() {
        let gains = numbers("x.layer_norm1.weight", 50, Encoding::F32);
        for gain in gains.chunks_exact(4).map(|gain| f32::from_le_bytes(gain.try_into().unwrap())) {
            assert!((0.9..=1.1).contains(&gain), "{gain}");
        }
        let nibbles = numbers("x.weight", 3200, Encoding::Q4_0);
        let blocks = nibbles.chunks_exact(18).flat_map(|block| &block[2..]);
        assert!(blocks.flat_map(|byte| [byte & 15, byte >> 4]).all(|number| number > 0));
    }

    #[test]
    fn halves_are_the_same_numbers() {
        for (number, bits) in [(0.0, 0), (1.0, 0x3c00), (-2.0, 0xc000), (0.1, 0x2e66), (65504.0, 0x7bff)] {
            assert_eq!(half(representable(number)), bits, "{number}");
        }
        assert_eq!((representable(1e-6), representable(SMALLEST)), (0.0, SMALLEST));
        let (whole, halves) = (numbers("x", 500, Encoding::F32), numbers("x", 500, Encoding::F16));
        for (whole, halved) in whole.chunks_exact(4).zip(halves.chunks_exact(2)) {
            let whole = f32::from_le_bytes(whole.try_into().unwrap());
            assert_eq!(half(whole).to_le_bytes(), halved);
        }
    }

    #[test]
    fn random_numbers_are_those_of_splitmix64() {
        // The first of seed 1234567, as in the algorithm's published test.
        assert_eq!(Random(1_234_567).draw(), 6_457_827_717_110_365_317);
        let mut random = Random(1);
        assert!((0..1000).all(|_| (-1.0..1.0).contains(&random.within_one())));
    }
}
