//! How far two samples are from each other, F and G being the shares of each that are at most x:
//!
//! ```text
//! D  = max_x |F(x) − G(x)|         Kolmogorov and Smirnov's
//! W₁ = ∫ |F(x) − G(x)| dx          Wasserstein's, in the numbers' own unit
//! ```

use crate::error::{Result, wrong};

/// Two samples as one sorted list.
#[derive(Clone, Debug)]
pub struct TwoSamples {
    /// Each number with the place in the first sample that it comes from; of the second sample it is `None`.
    merged: Vec<(f64, Option<usize>)>,
    first: usize,
    second: usize,
}

/// D and W₁.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Distance {
    /// D × n × m: a whole number, so that equal distances are equal.
    steps: u64,
    /// 0 to 1.
    pub d: f64,
    pub wasserstein: f64,
}

impl TwoSamples {
    /// Errors: an empty sample, or something that is no number.
    pub fn new(first: &[f64], second: &[f64]) -> Result<Self> {
        if first.is_empty() || second.is_empty() {
            return wrong("an empty sample");
        }
        if first.iter().chain(second).any(|number| !number.is_finite()) {
            return wrong("a sample with something that is no number");
        }
        let own = first.iter().enumerate().map(|(at, &number)| (number, Some(at)));
        let mut merged: Vec<_> = own.chain(second.iter().map(|&number| (number, None))).collect();
        merged.sort_by(|one, other| one.0.total_cmp(&other.0));
        Ok(Self { merged, first: first.len(), second: second.len() })
    }

    /// SciPy's `ks_2samp(…).statistic` and `wasserstein_distance`.
    pub fn distance(&self) -> Distance {
        self.by(|_| 1)
    }

    /// Of a draw from the first sample, by how often each of its numbers is in it; n in all.
    pub fn distance_of(&self, times: &[u32]) -> Distance {
        self.by(|at| times[at])
    }

    fn by(&self, times: impl Fn(usize) -> u32) -> Distance {
        let (n, m) = (self.first as u64, self.second as u64);
        let (mut own, mut other, mut steps, mut area) = (0, 0, 0, 0.0);
        for (at, &(number, from)) in self.merged.iter().enumerate() {
            match from {
                Some(at) => own += u64::from(times(at)),
                None => other += 1,
            }
            let next = self.merged.get(at + 1).map_or(number, |next| next.0);
            // Of equal numbers only the last has all of them below it.
            if next > number || at + 1 == self.merged.len() {
                let apart = (own * m).abs_diff(other * n);
                steps = steps.max(apart);
                area += apart as f64 * (next - number);
            }
        }
        let whole = (n * m) as f64;
        Distance { steps, d: steps as f64 / whole, wasserstein: area / whole }
    }

    /// How often two samples of one distribution are at least so far apart; exact where no two numbers are equal, and too
    /// large otherwise. SciPy's `ks_2samp(method="exact")`, in time n × m.
    ///
    /// All orders of n + m numbers are equally likely. Of those that begin with i and j numbers of the two samples the share
    /// that has been `steps` apart somewhere is (Hodges, “The Significance Probability of the Smirnov Two-Sample Test”, 1958)
    ///
    /// ```text
    /// u(i, j) = 1                                                    where |i m − j n| ≥ steps
    ///         = (i u(i − 1, j) + j u(i, j − 1)) / (i + j)            elsewhere
    /// ```
    pub fn p(&self, distance: Distance) -> f64 {
        let (n, m) = (self.first as u64, self.second as u64);
        let apart = |i: u64, j: u64| (i * m).abs_diff(j * n) >= distance.steps;
        let mut row = vec![0.0; self.second + 1];
        for i in 0..=n {
            for j in 0..=m {
                let before = if j == 0 { 0.0 } else { j as f64 * row[j as usize - 1] };
                let share = (i as f64 * row[j as usize] + before) / (i + j).max(1) as f64;
                row[j as usize] = if apart(i, j) { 1.0 } else { share };
            }
        }
        row[self.second]
    }
}
