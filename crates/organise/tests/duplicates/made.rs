//! Pictures of shapes over gradients, with a grain; the same seed gives the same picture in any size.

use image::{Rgb, RgbImage};

/// SplitMix64, once more, so that what is tested draws nothing from what tests it.
pub struct Dice(pub u64);

impl Dice {
    pub fn next(&mut self) -> f32 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) >> 40) as f32 / (1_u64 << 24) as f32
    }

    pub fn between(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * self.next()
    }

    fn colour(&mut self) -> [f32; 3] {
        [0; 3].map(|_| self.between(10.0, 245.0))
    }
}

/// A thing in a scene, in shares of the picture.
#[derive(Clone)]
struct Thing {
    x: f32,
    y: f32,
    wide: f32,
    high: f32,
    round: bool,
    stripes: f32,
    colour: [f32; 3],
}

/// What a camera may look at.
#[derive(Clone)]
pub struct Scene {
    top: [f32; 3],
    bottom: [f32; 3],
    things: Vec<Thing>,
}

impl Scene {
    pub fn new(seed: u64) -> Self {
        let mut dice = Dice(seed.wrapping_mul(0x1234_5678_9abc_def1));
        let (top, bottom) = (dice.colour(), dice.colour());
        let things = (0..24)
            .map(|_| Thing {
                x: dice.between(-0.05, 1.05),
                y: dice.between(-0.05, 1.05),
                wide: dice.between(0.03, 0.2),
                high: dice.between(0.03, 0.2),
                round: dice.next() < 0.5,
                stripes: if dice.next() < 0.4 { dice.between(15.0, 40.0) } else { 0.0 },
                colour: dice.colour(),
            })
            .collect();
        Self { top, bottom, things }
    }

    /// Another scene of the same colours, with its things elsewhere.
    pub fn alike(&self, seed: u64) -> Self {
        let mut dice = Dice(seed);
        let mut other = self.clone();
        for thing in &mut other.things {
            (thing.x, thing.y) = (dice.next(), dice.next());
        }
        other
    }

    /// A photograph of it: `[x, y, zoom, turned by]` is where the camera stands.
    pub fn shot(&self, width: u32, height: u32, camera: [f32; 4], seed: u64) -> RgbImage {
        let mut dice = Dice(seed);
        let [left, up, zoom, turned] = camera;
        let (sin, cos) = turned.sin_cos();
        RgbImage::from_fn(width, height, |column, row| {
            let x = (column as f32 + 0.5) / width as f32 - 0.5;
            let y = (row as f32 + 0.5) / height as f32 - 0.5;
            let (x, y) = (0.5 + left + (x * cos - y * sin) / zoom, 0.5 + up + (x * sin + y * cos) / zoom);
            let mut pixel = [0, 1, 2].map(|at| self.top[at] + (self.bottom[at] - self.top[at]) * y);
            for thing in &self.things {
                let (across, down) = ((x - thing.x) / thing.wide, (y - thing.y) / thing.high);
                let within = if thing.round {
                    across * across + down * down < 1.0
                } else {
                    across.abs() < 1.0 && down.abs() < 1.0
                };
                if within {
                    let dark = thing.stripes > 0.0 && (across * thing.stripes * thing.wide).sin() > 0.0;
                    pixel = thing.colour.map(|value| if dark { 0.5 * value } else { value });
                }
            }
            let grain = dice.between(-6.0, 6.0);
            Rgb(pixel.map(|value| (value + grain).clamp(0.0, 255.0) as u8))
        })
    }

    pub fn picture(&self, width: u32, height: u32) -> RgbImage {
        self.shot(width, height, [0.0, 0.0, 1.0, 0.0], 7)
    }
}

/// A unit vector.
pub fn unit(mut vector: Vec<f32>) -> Vec<f32> {
    let length = vector.iter().map(|value| value * value).sum::<f32>().sqrt();
    vector.iter_mut().for_each(|value| *value /= length);
    vector
}

/// So many numbers around 0.
pub fn noise(dice: &mut Dice, dim: usize, most: f32) -> Vec<f32> {
    (0..dim).map(|_| dice.between(-most, most)).collect()
}

/// A unit vector near another one: their cosine is about 1 / √(1 + `off`²).
pub fn near(dice: &mut Dice, vector: &[f32], off: f32) -> Vec<f32> {
    // Uniform numbers to ±√(3 / dim) have a length of 1.
    let step = off * (3.0 / vector.len() as f32).sqrt();
    let added = noise(dice, vector.len(), step);
    unit(vector.iter().zip(added).map(|(a, b)| a + b).collect())
}
