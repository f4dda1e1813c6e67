//! Numbers, vectors and pictures that are the same in every run.

use semblance_index::{Facts, Header, Place};

/// SplitMix64 (Steele, Lea and Flood 2014).
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }

    /// Roughly normal: twelve uniform numbers (Irwin–Hall).
    pub fn normal(&mut self) -> f32 {
        (0..12).map(|_| (self.next() >> 40) as f32 / (1 << 24) as f32).sum::<f32>() - 6.0
    }

    /// A direction, each as likely as any other.
    pub fn unit(&mut self, dim: usize) -> Vec<f32> {
        let vector: Vec<f32> = (0..dim).map(|_| self.normal()).collect();
        let norm = vector.iter().map(|number| number * number).sum::<f32>().sqrt();
        vector.into_iter().map(|number| number / norm).collect()
    }

    pub fn facts(&mut self, path: String) -> Facts {
        let mut hash = [0; 32];
        hash[..8].copy_from_slice(&self.next().to_le_bytes());
        Facts {
            path: path.into(),
            size: self.next() >> 40,
            modified: (self.next() >> 20) as i64,
            taken: (self.below(2) == 0).then_some((self.next() >> 20) as i64),
            width: self.below(5000) as u32,
            height: self.below(5000) as u32,
            hash,
            thumbnail: (self.below(2) == 0).then_some(Place {
                at: self.next() >> 30,
                length: 1 + self.below(9000) as u32,
                crc: 3,
            }),
        }
    }
}

pub fn header(dim: usize, exact: bool) -> Header {
    Header { dim: dim as u32, exact, model: [42; 32] }
}
