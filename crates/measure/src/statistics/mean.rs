//! A mean of a sample, and between what the mean of all lies.
//!
//! ```text
//! x̄ ± t_{n−1} · s / √n,   s² = Σ (xᵢ − x̄)² / (n − 1)
//! t = x̄ / (s / √n)        Student's test of a mean of 0
//! d = x̄ / s               Cohen's, of one sample (“Statistical Power Analysis for the Behavioral Sciences”, 1988)
//! ```

use semblance_teach::interval::Interval;

use crate::error::{Result, wrong};
use crate::statistics::student;

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mean {
    pub mean: f64,
    /// s.
    pub deviation: f64,
    /// 95 %; SciPy's `t.interval(0.95, n − 1, mean, sem)`.
    pub interval: Interval,
    /// Two-sided; SciPy's `ttest_1samp(…, 0)`. Where all numbers are equal it is 0, or 1 if they are 0.
    pub p: f64,
    /// `None` where all numbers are equal.
    pub cohens_d: Option<f64>,
}

impl Mean {
    /// Errors: fewer than two numbers.
    pub fn of(numbers: &[f64]) -> Result<Self> {
        let n = numbers.len();
        if n < 2 {
            return wrong(format!("the deviation of {n} numbers"));
        }
        let mean = numbers.iter().sum::<f64>() / n as f64;
        let squares: f64 = numbers.iter().map(|number| (number - mean).powi(2)).sum();
        let deviation = (squares / (n - 1) as f64).sqrt();
        let (error, freedom) = (deviation / (n as f64).sqrt(), (n - 1) as f64);
        let half = student::two_sided_quantile(0.05, freedom) * error;
        let varied = deviation > 0.0;
        let p = match (varied, mean == 0.0) {
            (true, _) => student::two_sided(mean / error, freedom),
            (false, zero) => f64::from(zero),
        };
        let interval = Interval { low: mean - half, high: mean + half };
        Ok(Self { mean, deviation, interval, p, cohens_d: varied.then(|| mean / deviation) })
    }
}
