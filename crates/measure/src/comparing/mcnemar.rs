//! McNemar's test (“Note on the Sampling Error of the Difference between Correlated Proportions or Percentages”, 1947): of the
//! pictures that only one of two systems has right, is it one of them too often?
//!
//! ```text
//! b   only the first is right
//! c   only the second is right
//!
//! b + c < 25    p = min(1, 2 P(X ≤ min(b, c))),   X ~ Binomial(b + c, 1/2)
//! otherwise     χ² = (|b − c| − 1)² / (b + c),    one degree of freedom
//! ```
//!
//! The correction by 1 is Edwards's (“Note on the ‘correction for continuity’”, 1948), the bound of 25 that of Fleiss,
//! “Statistical Methods for Rates and Proportions”, 1981.

use serde::Serialize;

use crate::statistics::gaussian::chi_squared_tail;

/// From so many discordant pictures on the χ² approximation is taken.
pub const EXACT_BELOW: usize = 25;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Form {
    Exact,
    ChiSquared,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct McNemar {
    pub form: Form,
    /// min(b, c) of the exact form, χ² of the other.
    pub statistic: f64,
    /// Two-sided. 1 where the systems never differ.
    pub p: f64,
}

/// statsmodels' `mcnemar(…, exact=b + c < 25, correction=True)`.
pub fn mcnemar(b: usize, c: usize) -> McNemar {
    let (discordant, least) = (b + c, b.min(c));
    if discordant < EXACT_BELOW {
        // Whole numbers below 2²⁵: C(n, k + 1) = C(n, k) (n − k) / (k + 1).
        let next = |(ways, k): (u64, u64)| (ways * (discordant as u64 - k) / (k + 1), k + 1);
        let terms = std::iter::successors(Some((1, 0)), |&term| Some(next(term)));
        let ways: u64 = terms.take(least + 1).map(|(ways, _)| ways).sum();
        let p = (2.0 * ways as f64 / (1_u64 << discordant) as f64).min(1.0);
        return McNemar { form: Form::Exact, statistic: least as f64, p };
    }
    let statistic = (b.abs_diff(c) as f64 - 1.0).powi(2) / discordant as f64;
    McNemar { form: Form::ChiSquared, statistic, p: chi_squared_tail(statistic) }
}
