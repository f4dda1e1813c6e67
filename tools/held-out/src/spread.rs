//! A mean over several tasks, and how far they lie apart.

/// Numbers closer than this are equal.
const EQUAL: f64 = 1e-9;

/// `mean = Σ x / n`, `deviation = √(Σ (x − mean)² / (n − 1))`: the sample's standard deviation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    pub mean: f64,
    pub deviation: f64,
}

impl Spread {
    pub fn of(all: &[f64]) -> Self {
        let mean = all.iter().sum::<f64>() / all.len() as f64;
        let squares = all.iter().map(|one| (one - mean).powi(2)).sum::<f64>();
        Self { mean, deviation: (squares / (all.len() - 1).max(1) as f64).sqrt() }
    }

    /// Of shares, in percent: `76.3 ± 4.1`.
    pub fn percent(self) -> String {
        format!("{:.1} ± {:.1}", 100.0 * self.mean, 100.0 * self.deviation)
    }

    pub fn not_below(self, other: f64) -> bool {
        self.mean >= other - EQUAL
    }

    /// Not below it by more than one deviation.
    pub fn within_reach_of(self, other: f64) -> bool {
        self.mean + self.deviation >= other - EQUAL
    }
}
