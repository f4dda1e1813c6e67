//! What a method makes of examples: from a vector to logits.
//!
//! ```text
//! logits = W x + b                                          all methods
//!        + α Σⱼ exp(−β (1 − kⱼ·x)) onehot(labelⱼ)           Tip-Adapter's cache of examples
//! ```

use ndarray::{Array2, ArrayView2};

/// `weights`: `classes × dim`; `bias`: one a class.
#[derive(Clone, Debug, PartialEq)]
pub struct Head {
    pub weights: Array2<f32>,
    pub bias: Vec<f32>,
    pub cache: Option<Cache>,
}

/// Tip-Adapter's: keys `m × dim`, and the class of each.
#[derive(Clone, Debug, PartialEq)]
pub struct Cache {
    pub keys: Array2<f32>,
    pub labels: Vec<u32>,
    pub alpha: f32,
    pub beta: f32,
}

impl Head {
    /// `W x`.
    pub fn linear(weights: Array2<f32>) -> Self {
        Self { bias: vec![0.0; weights.nrows()], weights, cache: None }
    }

    /// Of `n × dim` unit vectors the `n × classes` logits.
    pub fn logits(&self, vectors: ArrayView2<'_, f32>) -> Array2<f32> {
        let mut logits = vectors.dot(&self.weights.t());
        for mut row in logits.rows_mut() {
            row.iter_mut().zip(&self.bias).for_each(|(logit, bias)| *logit += bias);
        }
        if let Some(Cache { keys, labels, alpha, beta }) = &self.cache {
            add_cache(&mut logits, &vectors.dot(&keys.t()), labels, *alpha, *beta);
        }
        logits
    }
}

/// Add what a cache says; `affinities`: `n × m` cosines with its keys.
pub(crate) fn add_cache(
    logits: &mut Array2<f32>,
    affinities: &Array2<f32>,
    labels: &[u32],
    alpha: f32,
    beta: f32,
) {
    for (mut row, near) in logits.rows_mut().into_iter().zip(affinities.rows()) {
        for (affinity, &label) in near.iter().zip(labels) {
            row[label as usize] += alpha * (beta * (affinity - 1.0)).exp();
        }
    }
}
