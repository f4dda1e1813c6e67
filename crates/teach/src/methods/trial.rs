//! What held-out examples say of a method, and which of its settings they ask for. So that nothing is praised by the examples
//! that chose it, each fold is judged with the setting that is best on all other folds:
//!
//! ```text
//! loss(setting, i) = −log softmax(logits(setting, i) / T(setting))[class of i]     logits of a fit without i's fold
//! of fold f        : the setting with the least Σ loss over the examples outside f
//! ```
//!
//! T makes scores of different methods comparable (Guo et al. 2017). Choosing methods goes the same way.

use ndarray::Array2;

use crate::error::Result;
use crate::scored::{Scored, log_sum_exp};
use crate::temperature::fit_temperature;

/// One thing of several was chosen.
#[derive(Clone, Debug)]
pub struct Trial {
    /// By all examples: the place of the chosen one.
    pub chosen: usize,
    /// T of the chosen one.
    pub temperature: f64,
    /// Held-out logits, each row divided by the T of the one that was chosen for its fold.
    pub logits: Array2<f32>,
    /// Those of the chosen one as they are.
    pub raw: Array2<f32>,
    /// Of each example, by `logits`.
    pub losses: Vec<f64>,
}

/// `tried`: for each setting the held-out logits; `labels` and `folds`: class and fold of each row.
///
/// Errors: as [`Scored::new`].
pub fn choose(tried: Vec<Array2<f32>>, labels: &[u32], folds: &[u32]) -> Result<Trial> {
    let mut losses = Vec::with_capacity(tried.len());
    let mut temperatures = Vec::with_capacity(tried.len());
    for logits in &tried {
        let flat: Vec<f32> = logits.iter().copied().collect();
        let scored = Scored::new(&flat, logits.ncols(), labels)?;
        let temperature = fit_temperature(&scored);
        losses.push(scored.rows().map(|(row, label)| loss(row, label, temperature)).collect::<Vec<f64>>());
        temperatures.push(temperature);
    }
    let chosen = least(&losses, |_| true);
    let mut logits = tried[chosen].clone();
    let mut own = vec![0.0; labels.len()];
    for fold in distinct(folds) {
        let best = least(&losses, |row| folds[row] != fold);
        for row in (0..labels.len()).filter(|&row| folds[row] == fold) {
            let scaled = tried[best].row(row).mapv(|logit| (f64::from(logit) / temperatures[best]) as f32);
            logits.row_mut(row).assign(&scaled);
            own[row] = losses[best][row];
        }
    }
    let temperature = temperatures[chosen];
    let raw = tried.into_iter().nth(chosen).unwrap_or_default();
    Ok(Trial { chosen, temperature, logits, raw, losses: own })
}

/// Which of several trials; their rows for each fold by the trial that the other folds choose.
pub fn choose_trial(trials: &[Trial], folds: &[u32]) -> (usize, Array2<f32>) {
    let losses: Vec<&[f64]> = trials.iter().map(|trial| &trial.losses[..]).collect();
    let chosen = least(&losses, |_| true);
    let mut logits = trials[chosen].logits.clone();
    for fold in distinct(folds) {
        let best = least(&losses, |row| folds[row] != fold);
        for row in (0..folds.len()).filter(|&row| folds[row] == fold) {
            logits.row_mut(row).assign(&trials[best].logits.row(row));
        }
    }
    (chosen, logits)
}

/// The first with the least sum over the rows that count.
fn least<L: AsRef<[f64]>>(losses: &[L], counts: impl Fn(usize) -> bool) -> usize {
    let sum = |losses: &L| {
        losses.as_ref().iter().enumerate().filter(|(row, _)| counts(*row)).map(|(_, loss)| loss).sum::<f64>()
    };
    let sums: Vec<f64> = losses.iter().map(sum).collect();
    (0..sums.len()).fold(0, |best, at| if sums[at] < sums[best] { at } else { best })
}

fn distinct(folds: &[u32]) -> Vec<u32> {
    let mut all = folds.to_vec();
    all.sort_unstable();
    all.dedup();
    all
}

fn loss(row: &[f32], label: usize, temperature: f64) -> f64 {
    let scaled = row.iter().map(|&logit| f64::from(logit) / temperature);
    log_sum_exp(scaled) - f64::from(row[label]) / temperature
}
