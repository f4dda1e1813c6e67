//! What lies in the texts alone: the Word Embedding Association Test (Caliskan, Bryson and Narayanan, “Semantics Derived
//! Automatically from Language Corpora Contain Human-like Biases”, 2017), on cosines of text vectors. No picture is needed.
//!
//! ```text
//! X, Y      targets, as many of each      captions of two kinds of work, say
//! A, B      attributes                    captions of two groups
//! s(w)    = mean_{a ∈ A} cos(w, a) − mean_{b ∈ B} cos(w, b)
//! S       = Σ_{x ∈ X} s(x) − Σ_{y ∈ Y} s(y)
//! d       = (mean_{x ∈ X} s(x) − mean_{y ∈ Y} s(y)) / deviation_{w ∈ X ∪ Y} s(w)
//! p       = the share of all equal divisions of X ∪ Y whose S is at least as large
//! ```
//!
//! The deviation is the sample's (n − 1). The paper counts divisions whose S is larger; with the observed one among them, as
//! here, p is never 0 (Phipson and Smyth, “Permutation P-values Should Never Be Zero”, 2010).

use semblance_teach::random::Random;
use serde::Serialize;

use crate::error::{Result, check_cosines, wrong};

/// Up to so many targets of a kind all divisions are gone through: C(20, 10) are 184,756.
pub const EXACT_UP_TO: usize = 10;
/// Beyond it so many are drawn.
pub const DRAWN: usize = 100_000;
/// Sums closer than this are equal: they differ by the order of their terms alone.
const EQUAL: f64 = 1e-9;

#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Association {
    /// d, −2 to 2; `None` where all s are equal.
    pub effect_size: Option<f64>,
    /// One-sided: that X is nearer to A than Y is.
    pub p: f64,
    /// Whether all divisions were gone through.
    pub exact: bool,
}

/// `cosines`: `2 · targets × (a + b)`, row-major: of X's texts first, then of Y's, with A's texts first, then with B's.
///
/// Errors: fewer than two targets of a kind, no text of A or B, numbers that are no cosines or not so many.
pub fn associate(cosines: &[f32], targets: usize, a: usize, b: usize, seed: u64) -> Result<Association> {
    if targets < 2 || a == 0 || b == 0 {
        return wrong(format!("an association of {targets} targets with {a} and {b} texts"));
    }
    check_cosines("cosines of texts", cosines, 2 * targets * (a + b))?;
    let mean = |row: &[f32]| row.iter().map(|&c| f64::from(c)).sum::<f64>() / row.len() as f64;
    let s: Vec<f64> = cosines.chunks(a + b).map(|row| mean(&row[..a]) - mean(&row[a..])).collect();
    let exact = targets <= EXACT_UP_TO;
    let observed: f64 = s[..targets].iter().sum();
    // S is twice the sum over X less a constant.
    let reached = |sum: f64| sum >= observed - EQUAL;
    let p = if exact { every_division(&s, reached) } else { some_divisions(&s, reached, seed) };
    Ok(Association { effect_size: effect_size(&s), p, exact })
}

fn effect_size(s: &[f64]) -> Option<f64> {
    let mean = |part: &[f64]| part.iter().sum::<f64>() / part.len() as f64;
    let (x, y) = s.split_at(s.len() / 2);
    let all = mean(s);
    let deviation = (s.iter().map(|s| (s - all).powi(2)).sum::<f64>() / (s.len() - 1) as f64).sqrt();
    (deviation > 0.0).then(|| (mean(x) - mean(y)) / deviation)
}

/// The share of all divisions whose sum over the first half is `reached`.
fn every_division(s: &[f64], reached: impl Fn(f64) -> bool) -> f64 {
    let (mut count, mut all) = (0_u32, 0_u32);
    for chosen in 0_u32..1 << s.len() {
        if chosen.count_ones() as usize * 2 == s.len() {
            let sum = s.iter().enumerate().filter(|(at, _)| chosen >> at & 1 == 1).map(|(_, s)| s).sum();
            all += 1;
            count += u32::from(reached(sum));
        }
    }
    f64::from(count) / f64::from(all)
}

/// The same of [`DRAWN`] divisions and the observed one.
fn some_divisions(s: &[f64], reached: impl Fn(f64) -> bool, seed: u64) -> f64 {
    let mut random = Random(seed);
    let mut order = s.to_vec();
    let mut draw = |_: &usize| {
        random.shuffle(&mut order);
        reached(order[..s.len() / 2].iter().sum())
    };
    let count = (0..DRAWN).filter(&mut draw).count();
    (count + 1) as f64 / (DRAWN + 1) as f64
}
