//! Vector scaling (Guo et al., “On Calibration of Modern Neural Networks”, 2017): a factor and a bias for each class, where
//! there are examples enough to know them. It can change answers.
//!
//! ```text
//! p = softmax(w ∘ z + b),   w = v / T
//! minimise −Σᵢ log pᵢ(yᵢ) + λ/2 Σ_c ((v_c − 1)² + b_c²)
//! ```
//!
//! T is the temperature that was fitted before; the pull towards it is ours, so that a class of few examples keeps it.

use crate::minimise::{Until, minimise};
use crate::scored::{Scored, log_sum_exp};

/// λ: that of a prior with a deviation of 1, for the factors over 1/T and for the biases in nats.
pub const PULL: f64 = 1.0;
/// On average a class has so many examples, or vector scaling is not offered: two numbers a class are fitted.
pub const EXAMPLES_A_CLASS: usize = 20;
/// And each has so many.
pub const EXAMPLES_IN_EACH: usize = 5;
/// Examples × classes up to which it is offered: choosing it takes some seconds in a browser.
pub const WORK: usize = 1 << 18;

const UNTIL: Until = Until { gradient: 1e-7, gain: 1e-13, iterations: 300 };

/// w and b, one of each a class.
#[derive(Clone, Debug, PartialEq)]
pub struct VectorScaling {
    pub scale: Vec<f64>,
    pub bias: Vec<f64>,
}

/// Vector scaling over a temperature; SciPy's `minimize` finds the same. `None`: there are fewer examples than
/// [`EXAMPLES_A_CLASS`] and [`EXAMPLES_IN_EACH`] ask for, or more than [`WORK`] allows.
pub fn fit_vector_scaling(scored: &Scored, temperature: f64) -> Option<VectorScaling> {
    let classes = scored.classes();
    let mut counts = vec![0; classes];
    scored.labels().iter().for_each(|&label| counts[label as usize] += 1);
    let enough =
        scored.len() >= EXAMPLES_A_CLASS * classes && counts.iter().all(|&count| count >= EXAMPLES_IN_EACH);
    if classes < 2 || !enough || scored.len() * classes > WORK {
        return None;
    }
    let start = [vec![1.0; classes], vec![0.0; classes]].concat();
    let mut scale = minimise(start, UNTIL, &|numbers| objective(scored, temperature, numbers));
    let bias = scale.split_off(classes);
    scale.iter_mut().for_each(|scale| *scale /= temperature);
    Some(VectorScaling { scale, bias })
}

/// Per example, and its gradient; `numbers`: v, then b.
fn objective(scored: &Scored, temperature: f64, numbers: &[f64]) -> (f64, Vec<f64>) {
    let (scale, bias) = numbers.split_at(scored.classes());
    let share = 1.0 / scored.len() as f64;
    let held = PULL * share;
    let away = scale.iter().map(|v| v - 1.0).chain(bias.iter().copied());
    let mut gradient: Vec<f64> = away.clone().map(|away| held * away).collect();
    let mut value = held / 2.0 * away.map(|away| away * away).sum::<f64>();
    let (by_scale, by_bias) = gradient.split_at_mut(scored.classes());
    let mut logits = vec![0.0; scored.classes()];
    for (row, label) in scored.rows() {
        for (((logit, &z), v), b) in logits.iter_mut().zip(row).zip(scale).zip(bias) {
            *logit = f64::from(z) / temperature * v + b;
        }
        let whole = log_sum_exp(logits.iter().copied());
        value += share * (whole - logits[label]);
        for (class, (&logit, &z)) in logits.iter().zip(row).enumerate() {
            let truth = if class == label { 1.0 } else { 0.0 };
            let wrong = share * ((logit - whole).exp() - truth);
            by_bias[class] += wrong;
            by_scale[class] += wrong * f64::from(z) / temperature;
        }
    }
    (value, gradient)
}
