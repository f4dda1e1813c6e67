//! Temperature scaling (Guo et al., “On Calibration of Modern Neural Networks”, 2017): the one number by which a classifier is
//! made as sure as it is right. It changes no answer.
//!
//! ```text
//! p = softmax(z / T)
//! T = argmin −Σᵢ log pᵢ(yᵢ)
//! ```

use crate::error::Result;
use crate::scored::{Scored, log_sum_exp};

/// Between these a temperature is looked for.
pub const LEAST: f64 = 1e-3;
pub const MOST: f64 = 1e3;

/// exp of less than this adds nothing to a sum that begins at 1.
const NOTHING: f64 = -45.0;
/// Newton's method has arrived where a step moves β by less than this part of itself.
const ARRIVED: f64 = 1e-10;
/// The prior of [`fit_temperature_marked`]: two times in three T lies between 1/2 and 2. Ours; a model's own logit scale was
/// learned by the same loss, so that 1 is what to expect.
const PRIOR_SPREAD: f64 = std::f64::consts::LN_2;

/// The temperature with the least mean log loss; SciPy's `minimize_scalar` finds the same.
///
/// Where no example is answered wrongly the loss falls without an end while T goes to 0. Then, as Platt does (“Probabilistic
/// Outputs for Support Vector Machines”, 1999), Laplace's rule of succession is followed: after n right answers the next is
/// wrong once in n + 2 times. So each example counts with 1 − 1/(n + 2) for its class and with 1/(n + 2) for the runner-up,
/// which an error would be.
///
/// T is between [`LEAST`] and [`MOST`]; a classifier that is wrong more often than chance ends at the upper bound, and T is 1
/// where the logits of every example are equal.
pub fn fit_temperature(scored: &Scored) -> f64 {
    let targets = Targets::of(scored);
    if !targets.varied {
        return 1.0;
    }
    let (mut low, mut high) = (1.0 / MOST, 1.0 / LEAST);
    if targets.slope(scored, low).0 >= 0.0 {
        return MOST;
    }
    if targets.slope(scored, high).0 <= 0.0 {
        return LEAST;
    }
    // The loss is convex in β = 1/T. Newton's steps, and the bracket's middle where they leave it.
    let mut beta = 1.0;
    for _ in 0..200 {
        let (slope, curvature) = targets.slope(scored, beta);
        if slope > 0.0 {
            high = beta
        } else {
            low = beta
        }
        let step = beta - slope / curvature;
        let next = if step > low && step < high { step } else { (low * high).sqrt() };
        let moved = (next - beta).abs();
        beta = next;
        if moved <= ARRIVED * beta {
            break;
        }
    }
    1.0 / beta
}

/// What each example's logit should be on average.
struct Targets {
    /// Less the greatest of the same example; never above 0.
    below: Vec<f64>,
    /// Whether any example has unequal logits.
    varied: bool,
}

impl Targets {
    fn of(scored: &Scored) -> Self {
        let greatest = |row: &[f32]| f64::from(row.iter().copied().fold(f32::NEG_INFINITY, f32::max));
        let own = |row: &[f32], label: usize| f64::from(row[label]) - greatest(row);
        let varied = scored.rows().any(|(row, _)| row.iter().any(|logit| *logit != row[0]));
        let mut below: Vec<f64> = scored.rows().map(|(row, label)| own(row, label)).collect();
        if varied && below.iter().all(|&below| below == 0.0) {
            let share = 1.0 / (scored.len() as f64 + 2.0);
            for (below, (row, label)) in below.iter_mut().zip(scored.rows()) {
                let (before, after) = (&row[..label], &row[label + 1..]);
                let runner_up = greatest(before).max(greatest(after));
                *below = share * (runner_up - greatest(row));
            }
        }
        Self { below, varied }
    }

    /// The first and second derivative of the summed log loss by β: Σ E[z] − target, Σ Var[z], both under softmax(β z).
    fn slope(&self, scored: &Scored, beta: f64) -> (f64, f64) {
        let (mut slope, mut curvature) = (0.0, 0.0);
        for ((row, _), target) in scored.rows().zip(&self.below) {
            let greatest = f64::from(row.iter().copied().fold(f32::NEG_INFINITY, f32::max));
            let (mut whole, mut mean, mut square) = (0.0, 0.0, 0.0);
            for &logit in row {
                let below = f64::from(logit) - greatest;
                if beta * below < NOTHING {
                    continue;
                }
                let part = (beta * below).exp();
                whole += part;
                mean += part * below;
                square += part * below * below;
            }
            mean /= whole;
            slope += mean - target;
            curvature += square / whole - mean * mean;
        }
        (slope, curvature)
    }
}

/// What somebody said of an example.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// It is of this class.
    Is(u32),
    /// It is something else.
    IsNot(u32),
}

/// The temperature of answers that were marked right or wrong, of few marks as well:
///
/// ```text
/// T = argmin −Σ log p(k)             "it is k"
///            −Σ log (1 − p(k))       "it is not k"
///            + (log T)² / 2σ²        a prior about 1, σ = log 2
/// ```
///
/// `logits`: `marks.len() × classes`, of each mark's example. Marks count as independent, also two of one example. The prior
/// keeps T finite while all marks agree, and weighs nothing among many; of no mark T is 1. The sum is not convex, so all of
/// [`LEAST`] to [`MOST`] is looked through.
///
/// Errors: fewer than two classes, a mark of none of them, logits that are not `marks.len() × classes` finite numbers.
pub fn fit_temperature_marked(logits: &[f32], classes: usize, marks: &[Mark]) -> Result<f64> {
    if classes < 2 {
        return Err(crate::error::Error::Classes(classes));
    }
    if marks.is_empty() && logits.is_empty() {
        return Ok(1.0);
    }
    let labels: Vec<u32> = marks.iter().map(|&(Mark::Is(class) | Mark::IsNot(class))| class).collect();
    let scored = Scored::new(logits, classes, &labels)?;
    let objective = |log_t: f64| {
        let beta = (-log_t).exp();
        let losses = scored.rows().zip(marks).map(|((row, class), mark)| loss(row, class, mark, beta));
        losses.sum::<f64>() + log_t * log_t / (2.0 * PRIOR_SPREAD * PRIOR_SPREAD)
    };
    Ok(least(objective, LEAST.ln(), MOST.ln()).exp())
}

fn loss(row: &[f32], class: usize, mark: &Mark, beta: f64) -> f64 {
    let scaled = |logit: &f32| beta * f64::from(*logit);
    let all = log_sum_exp(row.iter().map(scaled));
    all - match mark {
        Mark::Is(_) => scaled(&row[class]),
        Mark::IsNot(_) => log_sum_exp(row[..class].iter().chain(&row[class + 1..]).map(scaled)),
    }
}

/// Where a function is least: the best of a grid, then golden-section search between that point's neighbours (Kiefer 1953).
fn least(function: impl Fn(f64) -> f64, low: f64, high: f64) -> f64 {
    const POINTS: usize = 120;
    const GOLDEN: f64 = 0.618_033_988_749_894_9;
    let step = (high - low) / POINTS as f64;
    let better = |best: (f64, f64), at: f64| {
        let value = function(at);
        if value < best.1 { (at, value) } else { best }
    };
    let grid = (0..=POINTS).map(|point| low + step * point as f64);
    let best = grid.fold((0.0, f64::INFINITY), better).0;
    let (mut left, mut right) = ((best - step).max(low), (best + step).min(high));
    let (mut inner, mut outer) = (right - GOLDEN * (right - left), left + GOLDEN * (right - left));
    let mut values = (function(inner), function(outer));
    while right - left > 1e-8 {
        if values.0 <= values.1 {
            (right, outer, values.1) = (outer, inner, values.0);
            inner = right - GOLDEN * (right - left);
            values.0 = function(inner);
        } else {
            (left, inner, values.0) = (inner, outer, values.1);
            outer = left + GOLDEN * (right - left);
            values.1 = function(outer);
        }
    }
    (left + right) / 2.0
}
