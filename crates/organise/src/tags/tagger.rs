//! From pictures to their likeliest words.

use serde::{Deserialize, Serialize};

use super::background::Background;
use crate::error::{Result, wrong};
use crate::rows::{Rows, dot};

/// So many words of a picture are kept: nobody wants more, and a library of 100,000 takes 20 MB.
pub const KEPT: usize = 24;

/// a, b and d of the score.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Weights {
    pub constant: f64,
    pub library: f64,
    pub picture: f64,
}

/// By how many pictures the background was told, the weights: fitted to libraries of so many of pocket's held-out pictures (`cargo run
/// --release -p held-out -- tags`, `docs/tags.md`). Few pictures tell a word's middle and spread badly, and the picture's own words
/// count more.
const FITTED: [(f64, Weights); 6] = [
    (10.0, Weights { constant: -6.395, library: 0.532, picture: 0.684 }),
    (30.0, Weights { constant: -6.382, library: 0.533, picture: 0.601 }),
    (100.0, Weights { constant: -6.788, library: 0.684, picture: 0.556 }),
    (300.0, Weights { constant: -7.239, library: 0.858, picture: 0.496 }),
    (1000.0, Weights { constant: -7.522, library: 0.950, picture: 0.476 }),
    (2048.0, Weights { constant: -7.692, library: 0.984, picture: 0.487 }),
];

impl Weights {
    /// Between two of those that were fitted in a straight line over the logarithm of the number; below and above, the outermost.
    pub fn of(sampled: usize) -> Self {
        let at = sampled as f64;
        let above = FITTED.iter().position(|(pictures, _)| *pictures > at).unwrap_or(FITTED.len());
        let (Some((low, from)), Some((high, to))) =
            (above.checked_sub(1).map(|at| &FITTED[at]), FITTED.get(above))
        else {
            return if above == 0 { FITTED[0].1 } else { FITTED[FITTED.len() - 1].1 };
        };
        let share = (at / low).ln() / (high / low).ln();
        let mix = |a: f64, b: f64| a + share * (b - a);
        Self {
            constant: mix(from.constant, to.constant),
            library: mix(from.library, to.library),
            picture: mix(from.picture, to.picture),
        }
    }
}

/// Words and how the library answers to them.
#[derive(Debug)]
pub struct Tagger {
    words: Vec<f32>,
    width: usize,
    background: Background,
    weights: Weights,
}

impl Tagger {
    /// Errors: as [`Background::of`].
    pub fn new(words: Vec<f32>, width: usize, sample: Rows, weights: Weights) -> Result<Self> {
        let background = Background::of(Rows::new(&words, width)?, sample)?;
        Ok(Self { words, width, background, weights })
    }

    pub fn len(&self) -> usize {
        self.words.len() / self.width
    }

    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Of each vector.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Of each word z, then r, as the module says.
    fn standing(&self, picture: &[f32], z: &mut [f32]) -> (f32, f32) {
        let Background { middle, spread } = &self.background;
        for (at, word) in self.words.chunks_exact(self.width).enumerate() {
            z[at] = (dot(word, picture) - middle[at]) / spread[at];
        }
        let n = z.len() as f32;
        let mean = z.iter().sum::<f32>() / n;
        let deviation = (z.iter().map(|z| (z - mean) * (z - mean)).sum::<f32>() / n).sqrt().max(1e-6);
        (mean, deviation)
    }

    /// (z, r) of every word: what the weights are fitted by.
    ///
    /// Errors: a vector of another width.
    pub fn features(&self, picture: &[f32]) -> Result<Vec<(f32, f32)>> {
        if picture.len() != self.width {
            return wrong("a picture of another model");
        }
        let mut z = vec![0.0; self.len()];
        let (mean, deviation) = self.standing(picture, &mut z);
        Ok(z.iter().map(|&z| (z, (z - mean) / deviation)).collect())
    }

    /// Of each picture the [`KEPT`] words with the highest scores, or all where there are fewer, best first, equal ones in
    /// the vocabulary's order: their places and scores, picture after picture.
    ///
    /// Errors: vectors of another width.
    pub fn tag(&self, pictures: Rows) -> Result<(Vec<u32>, Vec<f32>)> {
        if pictures.width() != self.width {
            return wrong("pictures of another model");
        }
        let kept = KEPT.min(self.len());
        let (mut words, mut scores) = (Vec::new(), Vec::new());
        let mut z = vec![0.0; self.len()];
        let mut order: Vec<u32> = Vec::new();
        for picture in pictures.iter() {
            let (mean, deviation) = self.standing(picture, &mut z);
            // Both rise with z alone, so the order is z's.
            let better = |a: &u32, b: &u32| z[*b as usize].total_cmp(&z[*a as usize]).then(a.cmp(b));
            order.clear();
            order.extend(0..self.len() as u32);
            if kept < order.len() {
                order.select_nth_unstable_by(kept, better);
                order.truncate(kept);
            }
            order.sort_unstable_by(better);
            let Weights { constant, library, picture } = self.weights;
            for &word in &order {
                let z = f64::from(z[word as usize]);
                let r = (z - f64::from(mean)) / f64::from(deviation);
                words.push(word);
                scores.push((constant + library * z + picture * r) as f32);
            }
        }
        Ok((words, scores))
    }
}
