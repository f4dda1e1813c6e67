//! Vectors one after another, as an index gives them.

use crate::error::{Result, wrong};

/// `count × width` numbers, row by row; embeddings are unit vectors, so that a product of two is their cosine.
#[derive(Clone, Copy, Debug)]
pub struct Rows<'a> {
    numbers: &'a [f32],
    width: usize,
}

impl<'a> Rows<'a> {
    /// Errors: numbers that are no whole rows, or no numbers.
    pub fn new(numbers: &'a [f32], width: usize) -> Result<Self> {
        if width == 0 || !numbers.len().is_multiple_of(width) {
            return wrong(format!("{} numbers are no rows of {width}", numbers.len()));
        }
        if numbers.iter().any(|number| !number.is_finite()) {
            return wrong("one of the vectors has something that is no number");
        }
        Ok(Self { numbers, width })
    }

    /// What was checked when it was gathered: looking at every number again at each step would take as long as the step.
    #[cfg(all(target_arch = "wasm32", feature = "exports"))]
    pub(crate) fn checked(numbers: &'a [f32], width: usize) -> Self {
        Self { numbers, width }
    }

    pub fn width(&self) -> usize {
        self.width
    }

    pub fn len(&self) -> usize {
        self.numbers.len() / self.width
    }

    pub fn is_empty(&self) -> bool {
        self.numbers.is_empty()
    }

    pub fn row(&self, at: usize) -> &'a [f32] {
        &self.numbers[at * self.width..(at + 1) * self.width]
    }

    pub fn iter(&self) -> impl Iterator<Item = &'a [f32]> {
        self.numbers.chunks_exact(self.width)
    }

    pub fn numbers(&self) -> &'a [f32] {
        self.numbers
    }
}

/// Σ aᵢbᵢ, eight sums at a time, so that the compiler takes vectors for them.
pub fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [0.0_f32; 8];
    let (a_parts, b_parts) = (a.chunks_exact(8), b.chunks_exact(8));
    let rest: f32 = a_parts.remainder().iter().zip(b_parts.remainder()).map(|(a, b)| a * b).sum();
    for (a, b) in a_parts.zip(b_parts) {
        for i in 0..8 {
            sums[i] += a[i] * b[i];
        }
    }
    sums.iter().sum::<f32>() + rest
}
