//! How the error falls with more examples: a power law (Cortes et al., “Learning Curves: Asymptotic Values and Rate of
//! Convergence”, 1994, with an asymptote of 0):
//!
//! ```text
//! error = a n^−b,   log error = log a − b log n by least squares
//! ```

use serde::Serialize;

#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct PowerLaw {
    pub a: f64,
    /// 0 or more.
    pub b: f64,
}

impl PowerLaw {
    /// Of (examples, accuracy from 0 to 1). A point without an error says nothing about the slope and is left out. Where the
    /// error does not fall, b is 0 and a its geometric mean.
    ///
    /// `None`: fewer than two different numbers of examples are left.
    pub fn fit(points: &[(f64, f64)]) -> Option<Self> {
        let logs = points.iter().filter(|(n, accuracy)| *n > 0.0 && *accuracy < 1.0);
        let logs: Vec<(f64, f64)> = logs.map(|(n, accuracy)| (n.ln(), (1.0 - accuracy).ln())).collect();
        let count = logs.len() as f64;
        let x = logs.iter().map(|(x, _)| x).sum::<f64>() / count;
        let y = logs.iter().map(|(_, y)| y).sum::<f64>() / count;
        let spread = logs.iter().map(|point| (point.0 - x).powi(2)).sum::<f64>();
        // Of no point it is 0 as well.
        if spread < 1e-12 {
            return None;
        }
        let slope = logs.iter().map(|point| (point.0 - x) * (point.1 - y)).sum::<f64>() / spread;
        let b = (-slope).max(0.0);
        Some(Self { a: (y + b * x).exp(), b })
    }

    /// The error to expect of `examples`, 0 to 1.
    pub fn error(&self, examples: f64) -> f64 {
        (self.a * examples.powf(-self.b)).clamp(0.0, 1.0)
    }
}
