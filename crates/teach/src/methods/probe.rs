//! Logistic-regression linear probe (Radford et al. 2021) by L-BFGS, begun from the words:
//!
//! ```text
//! logits = (W₀ + V) x + b
//! minimise  Σ cross-entropy / n + ‖V‖² / (2 C n)  over V and b
//! ```
//!
//! Without words W₀ is 0, and this is scikit-learn's `LogisticRegression(C)`, whose bias is not held back either. With words
//! W₀ is the zero-shot classifier s·T and b is left out, as that has none: what is held back is the distance from the words, so
//! that few examples move little and one example beats none (Silva-Rodríguez et al., “A Closer Look at the Few-Shot Adaptation
//! of Large Vision-Language Models”, 2024, begin there as well).
//!
//! Afterwards the weights may be drawn back towards the zero-shot ones, W₀ + a V (WiSE-FT, Wortsman et al., “Robust fine-tuning
//! of zero-shot models”, 2022).

use ndarray::Array2;
use ndarray::linalg::general_mat_mul;

use crate::examples::{Examples, Words};
use crate::head::Head;
use crate::minimise::{Until, minimise};

/// C, from close to the words to far from them.
pub const STRENGTHS: [f64; 4] = [0.1, 1.0, 10.0, 100.0];
/// WiSE-FT's a.
pub const ENSEMBLES: [f32; 4] = [0.25, 0.5, 0.75, 1.0];

/// What answers. f32 products know a gradient to about a twentieth of this; ten times as much would leave probabilities 0.002 from
/// the best ones.
pub const FULLY: Until = Until { gradient: 2e-6, gain: 3e-11, iterations: 200 };
/// To compare settings on held-out examples: a few of the steps, after which answers hardly change.
pub const ROUGHLY: Until = Until { gradient: 1e-4, gain: 1e-7, iterations: 60 };

/// V and b, as L-BFGS has them: the rows of V one after another, then b where there is one.
#[derive(Clone, Debug)]
pub struct Probe {
    numbers: Vec<f64>,
    classes: usize,
    dim: usize,
}

impl Probe {
    pub fn start(examples: &Examples, words: Option<&Words>) -> Self {
        let (classes, dim) = (examples.classes(), examples.dim());
        let bias = if words.is_none() { classes } else { 0 };
        Self { numbers: vec![0.0; classes * dim + bias], classes, dim }
    }

    /// `W₀ + a V` and b.
    pub fn head(&self, words: Option<&Words>, ensemble: f32) -> Head {
        let mut weights = self.weights();
        if let Some(words) = words {
            weights = weights * ensemble + words.weights();
        }
        let bias = self.numbers[self.classes * self.dim..].iter().map(|&bias| bias as f32);
        let mut head = Head::linear(weights);
        head.bias.iter_mut().zip(bias).for_each(|(to, from)| *to = from);
        head
    }

    fn weights(&self) -> Array2<f32> {
        let numbers = &self.numbers[..self.classes * self.dim];
        Array2::from_shape_fn((self.classes, self.dim), |(class, at)| numbers[class * self.dim + at] as f32)
    }
}

/// Go on from a probe to the best one for `strength`, C above.
pub fn fit(examples: &Examples, words: Option<&Words>, strength: f64, from: Probe, until: Until) -> Probe {
    if examples.is_empty() {
        return from;
    }
    let problem = Problem {
        examples,
        offsets: words.map(|words| examples.vectors().dot(&words.weights().t())),
        held: 1.0 / (strength * examples.len() as f64),
    };
    Probe { numbers: minimise(from.numbers, until, &|numbers| problem.evaluate(numbers)), ..from }
}

struct Problem<'a> {
    examples: &'a Examples,
    /// What W₀ says of the examples: `n × classes`.
    offsets: Option<Array2<f32>>,
    /// 1 / (C n).
    held: f64,
}

impl Problem<'_> {
    /// The objective and its gradient.
    fn evaluate(&self, numbers: &[f64]) -> (f64, Vec<f64>) {
        let (vectors, labels) = (self.examples.vectors(), self.examples.labels());
        let (count, dim, classes) = (self.examples.len(), self.examples.dim(), self.examples.classes());
        let (held_back, bias) = numbers.split_at(classes * dim);
        let weights = Array2::from_shape_fn((classes, dim), |(class, at)| held_back[class * dim + at] as f32);
        let mut logits = self.offsets.clone().unwrap_or_else(|| Array2::zeros((count, classes)));
        general_mat_mul(1.0, &vectors, &weights.t(), 1.0, &mut logits);
        let mut loss = 0.0;
        let mut by_bias = vec![0.0; bias.len()];
        for (mut row, &label) in logits.rows_mut().into_iter().zip(labels) {
            row.iter_mut().zip(bias).for_each(|(logit, &bias)| *logit += bias as f32);
            // From logits to (probability − truth) / n.
            let most = row.fold(f32::NEG_INFINITY, |most, &logit| most.max(logit));
            let truth = row[label as usize];
            row.mapv_inplace(|logit| (logit - most).exp());
            let whole = row.iter().map(|&part| f64::from(part)).sum::<f64>();
            loss += whole.ln() + f64::from(most - truth);
            row.mapv_inplace(|part| (f64::from(part) / whole) as f32);
            row[label as usize] -= 1.0;
            by_bias.iter_mut().zip(&row).for_each(|(sum, &part)| *sum += f64::from(part));
        }
        let share = 1.0 / count as f64;
        let pull = logits.t().dot(&vectors);
        let gradient = pull.iter().zip(held_back).map(|(&pull, &v)| f64::from(pull) * share + self.held * v);
        let gradient = gradient.chain(by_bias.into_iter().map(|sum| sum * share)).collect();
        let length = held_back.iter().map(|v| v * v).sum::<f64>();
        (loss * share + self.held * length / 2.0, gradient)
    }
}
