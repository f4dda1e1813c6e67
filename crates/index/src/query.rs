//! What is searched for, of several parts: words and pictures, wanted and unwanted.

use crate::error::{Error, Result};
use crate::index::Index;
use crate::scan::Query;

/// A part of a query: a unit vector, and how much it counts; below 0, how much it counts against.
#[derive(Clone, Copy, Debug)]
pub struct Part<'a> {
    pub vector: &'a [f32],
    pub weight: f32,
}

impl Index {
    /// The unit vector that a query of several parts is:
    ///
    /// ```text
    /// q = Σ weight × vector / σ,  divided by its length
    /// ```
    ///
    /// σ is the standard deviation of the part's cosines over all pictures of the index. Cosines of pictures with pictures
    /// spread several times as far as those of pictures with words (the modality gap, Liang et al. 2022); without σ a
    /// picture would drown the words beside it. A query of one part is that part.
    ///
    /// Errors: a vector is of another length, or the parts cancel each other out.
    pub fn combine(&self, parts: &[Part<'_>]) -> Result<Vec<f32>> {
        for part in parts {
            self.check(part.vector)?;
        }
        if let [Part { vector, weight }] = parts
            && *weight > 0.0
        {
            return Ok(vector.to_vec());
        }
        let mut sum = vec![0.0_f64; self.header().dim as usize];
        for Part { vector, weight } in parts {
            let factor = f64::from(*weight) / self.spread(vector);
            for (sum, number) in sum.iter_mut().zip(*vector) {
                *sum += factor * f64::from(*number);
            }
        }
        let length = sum.iter().map(|number| number * number).sum::<f64>().sqrt();
        // What is left of rounding is nothing.
        if !length.is_finite() || length < 1e-6 {
            return Err(Error::Nothing);
        }
        Ok(sum.into_iter().map(|number| (number / length) as f32).collect())
    }

    /// The standard deviation of a vector's cosines over all pictures; 1 where there is nothing to tell.
    fn spread(&self, vector: &[f32]) -> f64 {
        let scores = self.scores(&Query::new(vector));
        let there = || {
            self.rows.iter().zip(&scores).filter(|(row, _)| row.is_some()).map(|(_, score)| f64::from(*score))
        };
        let count = self.len() as f64;
        let mean = there().sum::<f64>() / count;
        let variance = there().map(|score| (score - mean).powi(2)).sum::<f64>() / count;
        let spread = variance.sqrt();
        if spread > 1e-6 { spread } else { 1.0 }
    }
}
