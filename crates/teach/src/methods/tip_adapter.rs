//! Tip-Adapter and Tip-Adapter-F (Zhang et al., “Tip-Adapter: Training-free Adaption of CLIP for Few-shot Classification”,
//! 2022): the zero-shot classifier and a cache of the examples, whose keys are their vectors and whose values their classes:
//!
//! ```text
//! logits = s T x + α exp(−β (1 − K x)) L
//! ```
//!
//! Tip-Adapter-F trains the keys. As its authors do: AdamW with a rate of 0.001 that falls along a cosine to 0, ε = 10⁻⁴ and a
//! weight decay of 0.01 (PyTorch's), 20 times through the examples, 256 at a time, with α = 1 and β = 5.5; then α and β are
//! searched on held-out examples, over ranges that hold the paper's (α from 0.1 to 3, β from 0.1 to 7): where a model's
//! cosines lie closer together, more is needed.

use ndarray::{Array2, Axis};

use crate::examples::{Examples, Words};
use crate::head::{Cache, Head, add_cache};
use crate::random::Random;

pub const ALPHAS: [f32; 8] = [0.1, 0.3, 0.6, 1.0, 1.7, 3.0, 10.0, 30.0];
pub const BETAS: [f32; 7] = [0.5, 1.0, 2.0, 3.5, 5.5, 10.0, 20.0];

const TRAINED_ALPHA: f32 = 1.0;
const TRAINED_BETA: f32 = 5.5;
const EPOCHS: usize = 20;
const BATCH: usize = 256;
const RATE: f64 = 1e-3;
const EPSILON: f64 = 1e-4;
const DECAY: f64 = 0.01;
/// AdamW's means of gradients and of their squares (PyTorch's).
const MOMENTS: (f64, f64) = (0.9, 0.999);

/// The zero-shot part; of no words, nothing.
fn zero_shot(examples: &Examples, words: Option<&Words>) -> Array2<f32> {
    words.map_or_else(|| Array2::zeros((examples.classes(), examples.dim())), Words::weights)
}

/// The classifier with the examples as they are (`trained` false), or with trained keys.
pub fn fit(examples: &Examples, words: Option<&Words>, trained: bool, alpha: f32, beta: f32) -> Head {
    let keys = if trained { train(examples, words) } else { examples.vectors().to_owned() };
    let labels = examples.labels().to_vec();
    Head { cache: Some(Cache { keys, labels, alpha, beta }), ..Head::linear(zero_shot(examples, words)) }
}

/// The logits of other examples for each of `settings`, pairs of α and β.
pub fn grid(
    examples: &Examples,
    words: Option<&Words>,
    trained: bool,
    others: &Examples,
    settings: &[(f32, f32)],
) -> Vec<Array2<f32>> {
    let keys = if trained { train(examples, words) } else { examples.vectors().to_owned() };
    let base = others.vectors().dot(&zero_shot(examples, words).t());
    let affinities = others.vectors().dot(&keys.t());
    let logits = |&(alpha, beta): &(f32, f32)| {
        let mut logits = base.clone();
        add_cache(&mut logits, &affinities, examples.labels(), alpha, beta);
        logits
    };
    settings.iter().map(logits).collect()
}

/// The keys after training.
fn train(examples: &Examples, words: Option<&Words>) -> Array2<f32> {
    let labels = examples.labels();
    let base = examples.vectors().dot(&zero_shot(examples, words).t());
    let mut keys = examples.vectors().to_owned();
    let mut first = Array2::<f64>::zeros(keys.raw_dim());
    let mut second = first.clone();
    let mut order: Vec<usize> = (0..examples.len()).collect();
    let mut random = Random(1);
    let steps = (EPOCHS * examples.len().div_ceil(BATCH)).max(1);
    let mut step = 0;
    for _ in 0..EPOCHS {
        random.shuffle(&mut order);
        for batch in order.chunks(BATCH) {
            let vectors = examples.vectors().select(Axis(0), batch);
            // φ = exp(β (K x − 1)); ∂logit/∂k = α β φ x, for the key's own class.
            let cache = vectors.dot(&keys.t()).mapv(|affinity| (TRAINED_BETA * (affinity - 1.0)).exp());
            let mut logits = base.select(Axis(0), batch);
            for (mut row, near) in logits.rows_mut().into_iter().zip(cache.rows()) {
                near.iter()
                    .zip(labels)
                    .for_each(|(near, &label)| row[label as usize] += TRAINED_ALPHA * near);
            }
            let mut pull = cache;
            for ((mut row, mut pulls), &one) in logits.rows_mut().into_iter().zip(pull.rows_mut()).zip(batch)
            {
                // From logits to (probability − truth) / examples.
                let most = row.fold(f32::NEG_INFINITY, |most, &logit| most.max(logit));
                row.mapv_inplace(|logit| (logit - most).exp());
                row /= row.sum();
                row[labels[one] as usize] -= 1.0;
                row /= batch.len() as f32;
                for (pull, &label) in pulls.iter_mut().zip(labels) {
                    *pull *= TRAINED_ALPHA * TRAINED_BETA * row[label as usize];
                }
            }
            let gradient = pull.t().dot(&vectors);
            let rate = RATE * (1.0 + (std::f64::consts::PI * step as f64 / steps as f64).cos()) / 2.0;
            step += 1;
            let bias = (1.0 - MOMENTS.0.powi(step), 1.0 - MOMENTS.1.powi(step));
            for (((key, &gradient), first), second) in
                keys.iter_mut().zip(&gradient).zip(&mut first).zip(&mut second)
            {
                let gradient = f64::from(gradient);
                *first = MOMENTS.0 * *first + (1.0 - MOMENTS.0) * gradient;
                *second = MOMENTS.1 * *second + (1.0 - MOMENTS.1) * gradient * gradient;
                let moved = (*first / bias.0) / ((*second / bias.1).sqrt() + EPSILON);
                *key = (f64::from(*key) * (1.0 - rate * DECAY) - rate * moved) as f32;
            }
        }
    }
    keys
}
