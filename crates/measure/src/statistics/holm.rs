//! Several tests at once: Holm, “A Simple Sequentially Rejective Multiple Test Procedure”, 1979.

use crate::error::{Result, wrong};

/// Adjusted p-values, in the order of `p`: with p₍₁₎ ≤ … ≤ p₍ₘ₎
///
/// ```text
/// adjusted₍ᵢ₎ = min(1, max_{j ≤ i} (m − j + 1) p₍ⱼ₎)
/// ```
///
/// What is rejected where it is at most α errs anywhere at most α of the times. statsmodels' `multipletests(method="holm")`
/// gives the same.
///
/// Errors: a p outside of 0 to 1.
pub fn holm(p: &[f64]) -> Result<Vec<f64>> {
    if let Some(p) = p.iter().find(|p| !(0.0..=1.0).contains(*p)) {
        return wrong(format!("a p-value of {p}"));
    }
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|&one, &other| p[one].total_cmp(&p[other]));
    let mut adjusted = vec![0.0; p.len()];
    let mut most: f64 = 0.0;
    for (before, at) in order.into_iter().enumerate() {
        most = most.max((p.len() - before) as f64 * p[at]).min(1.0);
        adjusted[at] = most;
    }
    Ok(adjusted)
}
