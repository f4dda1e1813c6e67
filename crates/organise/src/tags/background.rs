//! How every word answers to the library as a whole.

use crate::error::{Result, wrong};
use crate::rows::{Rows, dot};

/// More pictures don't tell a median any better than is needed: within 3 % of a spread.
pub const SAMPLED: usize = 2048;
/// 1.4826 × a median of deviations is a normal distribution's standard deviation.
const TO_DEVIATION: f32 = 1.4826;
/// A word's own spread counts as much as so many pictures of the average word's: few pictures tell a spread badly.
const PRIOR_PICTURES: f32 = 20.0;
const LEAST_SPREAD: f32 = 1e-6;

/// Of each word the middle and the spread of its cosines.
#[derive(Clone, Debug, PartialEq)]
pub struct Background {
    pub middle: Vec<f32>,
    pub spread: Vec<f32>,
}

impl Background {
    /// By pictures of the library, drawn evenly; [`SAMPLED`] are enough. As in a search (`crates/index`, `standing.rs`) the
    /// middle is the median m, and the spread 1.4826 × the median of m − cosine below it, since what a word is right about
    /// lies above and is rare; here it is drawn to the mean of all words' where pictures are few:
    /// σ² = (n σ² + 20 σ̄²) / (n + 20).
    ///
    /// Errors: no pictures, no words, or several widths.
    pub fn of(words: Rows, pictures: Rows) -> Result<Self> {
        if words.is_empty() || pictures.is_empty() {
            return wrong("tags without words or pictures");
        }
        if words.width() != pictures.width() {
            return wrong("words and pictures of several models");
        }
        let mut cosines = vec![0.0_f32; pictures.len()];
        let mut below = Vec::with_capacity(pictures.len());
        let (mut middle, mut spread) = (Vec::with_capacity(words.len()), Vec::with_capacity(words.len()));
        for word in words.iter() {
            for (cosine, picture) in cosines.iter_mut().zip(pictures.iter()) {
                *cosine = dot(word, picture);
            }
            let m = median(&mut cosines);
            below.clear();
            below.extend(cosines.iter().filter(|&&cosine| cosine < m).map(|cosine| m - cosine));
            middle.push(m);
            spread.push(TO_DEVIATION * median(&mut below));
        }
        let mean = spread.iter().map(|spread| spread * spread).sum::<f32>() / spread.len() as f32;
        let n = pictures.len() as f32;
        for spread in &mut spread {
            *spread = ((n * *spread * *spread + PRIOR_PICTURES * mean) / (n + PRIOR_PICTURES))
                .sqrt()
                .max(LEAST_SPREAD);
        }
        Ok(Self { middle, spread })
    }
}

/// Of an even number of them the upper one of the two; 0 of none.
fn median(numbers: &mut [f32]) -> f32 {
    if numbers.is_empty() {
        return 0.0;
    }
    let half = numbers.len() / 2;
    *numbers.select_nth_unstable_by(half, f32::total_cmp).1
}
