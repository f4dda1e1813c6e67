//! Between what a number that was measured on few examples may lie, 95 times in 100.

use serde::Serialize;

/// The standard normal distribution's 97.5th percentile.
const Z: f64 = 1.959_963_984_540_054;

#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Interval {
    pub low: f64,
    pub high: f64,
}

/// Wilson's 95 % score interval of a share (Wilson, “Probable Inference, the Law of Succession, and Statistical Inference”,
/// 1927), p = successes / n:
///
/// ```text
/// (p + z²/2n ± z √(p (1 − p) / n + z²/4n²)) / (1 + z²/n)
/// ```
///
/// It stays between 0 and 1 and says something even where all or none succeeded. Of nothing it is 0 to 1.
pub fn wilson(successes: usize, of: usize) -> Interval {
    if of == 0 {
        return Interval { low: 0.0, high: 1.0 };
    }
    let n = of as f64;
    let p = successes as f64 / n;
    let centre = p + Z * Z / (2.0 * n);
    let half = Z * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
    let whole = 1.0 + Z * Z / n;
    Interval { low: ((centre - half) / whole).max(0.0), high: ((centre + half) / whole).min(1.0) }
}

/// The quantile of what is sorted, between two neighbours in a straight line (type 7 of Hyndman and Fan, “Sample Quantiles in
/// Statistical Packages”, 1996; NumPy's). `share`: 0 to 1. Of nothing it is no number.
pub fn quantile(sorted: &[f64], share: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else { return f64::NAN };
    let at = share.clamp(0.0, 1.0) * last as f64;
    let (below, above) = (sorted[at.floor() as usize], sorted[at.ceil() as usize]);
    below + (above - below) * at.fract()
}

/// The middle 95 % of what a statistic came to in resamples (the percentile interval of Efron, “Bootstrap Methods”, 1979).
pub fn percentile(mut resampled: Vec<f64>) -> Interval {
    resampled.sort_by(f64::total_cmp);
    Interval { low: quantile(&resampled, 0.025), high: quantile(&resampled, 0.975) }
}
