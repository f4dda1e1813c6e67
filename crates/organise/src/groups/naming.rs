//! Words for groups: what a group has more of than the library.
//!
//! With μ_g the mean vector of group g, μ that of the library, t a term's vector and σ_t the standard deviation of x·t over the
//! library's pictures x:
//!
//! ```text
//! score(g, t) = (μ_g − μ)·t / (σ_t + s₀),   s₀ = the median of all σ_t
//! ```
//!
//! that is, how many of its own spreads a term's cosine lies higher in the group than in the library. A term that is near
//! everything (μ·t high) gains nothing by it. s₀ keeps terms that hardly move, whose σ_t is small by chance or because nothing
//! here is of their kind, from winning (as in Tusher, Tibshirani and Chu 2001, who put such a “fudge factor” under the same kind of ratio).

use super::products::{gather, products};
use crate::error::{Result, wrong};
use crate::groups::kmeans::sample;
use crate::random::Random;
use crate::rows::{Rows, dot};

/// Rows that σ_t is estimated from: to one part in forty.
const SPREAD_FROM: usize = 1000;
/// Terms whose cosines are computed together.
const BLOCK: usize = 1024;
/// Another first name that is so nearly as good is taken where the best one belongs to another group already.
const NEARLY: f32 = 0.85;
/// Two terms whose vectors, less the mean of all terms, have this cosine say the same; one of them is enough for a group.
const SAME: f32 = 0.8;

/// Terms, and how each spreads in a library. Made once; names for any groups are then quick.
#[derive(Debug)]
pub struct Naming {
    terms: Vec<f32>,
    width: usize,
    /// Of each term 1 / (σ_t + s₀).
    weights: Vec<f32>,
    /// The mean of all terms.
    centre: Vec<f32>,
    /// The library's mean.
    mean: Vec<f32>,
}

impl Naming {
    /// Errors: no vectors or no terms; vectors and terms of different widths.
    pub fn new(rows: Rows, terms: Rows, seed: u64) -> Result<Self> {
        if rows.is_empty() || terms.is_empty() || rows.width() != terms.width() {
            return wrong("names take vectors and terms of the same width");
        }
        let (mut some, mut scores) = (Vec::new(), Vec::new());
        gather(rows, &sample(rows.len(), SPREAD_FROM, &mut Random(seed)), &mut some);
        let mut spreads = Vec::with_capacity(terms.len());
        for block in terms.numbers().chunks(BLOCK * terms.width()) {
            products(block, &some, terms.width(), &mut scores)?;
            spreads.extend(scores.chunks_exact(some.len() / terms.width()).map(spread));
        }
        let mut sorted = spreads.clone();
        sorted.sort_unstable_by(f32::total_cmp);
        let usual = sorted[sorted.len() / 2].max(f32::MIN_POSITIVE);
        Ok(Self {
            weights: spreads.iter().map(|spread| 1.0 / (spread + usual)).collect(),
            centre: mean(terms),
            mean: mean(rows),
            terms: terms.numbers().to_vec(),
            width: terms.width(),
        })
    }

    /// Of each group, up to `most` terms, the best first; none where no term lies higher in it than in the library (as in a
    /// library of one group). Of groups whose best term is the same one, that with the highest score gets it first; another one gets
    /// the next best as its first, where that scores at least 0.85 times as high. No two names of a group say the same.
    ///
    /// Errors: not one group for each row; rows of another width.
    pub fn names(&self, rows: Rows, groups: &[u32], most: usize) -> Result<Vec<Vec<u32>>> {
        if rows.width() != self.width {
            return wrong("names take vectors and terms of the same width");
        }
        let (mut means, _) = super::means(rows, groups)?;
        for mean in means.chunks_exact_mut(rows.width()) {
            mean.iter_mut().zip(&self.mean).for_each(|(number, mean)| *number -= mean);
        }
        let mut scores = Vec::new();
        products(&means, &self.terms, rows.width(), &mut scores)?;
        let ranked: Vec<Vec<(f32, u32)>> =
            scores.chunks_exact(self.weights.len()).map(|scores| self.ranked(scores)).collect();
        let firsts = firsts(&ranked);
        Ok(ranked.iter().zip(firsts).map(|(ranked, first)| self.distinct(ranked, first, most)).collect())
    }

    /// Terms above 0, the best first.
    fn ranked(&self, scores: &[f32]) -> Vec<(f32, u32)> {
        let scores = scores.iter().zip(&self.weights).map(|(score, weight)| score * weight);
        let mut ranked: Vec<(f32, u32)> = scores.zip(0..).filter(|(score, _)| *score > 1e-6).collect();
        ranked.sort_unstable_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
        ranked
    }

    /// The first name, and then the best that do not say the same as those before.
    fn distinct(&self, ranked: &[(f32, u32)], first: Option<u32>, most: usize) -> Vec<u32> {
        let mut names: Vec<u32> = first.into_iter().take(most).collect();
        for &(_, term) in ranked {
            if names.len() >= most {
                break;
            }
            if !names.iter().any(|&name| name == term || self.cosine(name, term) > SAME) {
                names.push(term);
            }
        }
        names
    }

    fn term(&self, term: u32) -> &[f32] {
        &self.terms[term as usize * self.width..(term as usize + 1) * self.width]
    }

    fn cosine(&self, one: u32, other: u32) -> f32 {
        let less = |term: u32| -> Vec<f32> {
            self.term(term).iter().zip(&self.centre).map(|(number, mean)| number - mean).collect()
        };
        let (one, other) = (less(one), less(other));
        let lengths = (dot(&one, &one) * dot(&other, &other)).sqrt();
        if lengths > 0.0 { dot(&one, &other) / lengths } else { 1.0 }
    }
}

/// Names at once: see [`Naming`].
pub fn names(rows: Rows, groups: &[u32], terms: Rows, most: usize) -> Result<Vec<Vec<u32>>> {
    Naming::new(rows, terms, 0)?.names(rows, groups, most)
}

/// Each group's first name.
fn firsts(ranked: &[Vec<(f32, u32)>]) -> Vec<Option<u32>> {
    let best = |group: usize| ranked[group].first().map_or(0.0, |first| first.0);
    let mut order: Vec<usize> = (0..ranked.len()).collect();
    order.sort_by(|&one, &other| best(other).total_cmp(&best(one)));
    let mut taken = std::collections::BTreeSet::new();
    let mut firsts = vec![None; ranked.len()];
    for group in order {
        let good = ranked[group].iter().take_while(|(score, _)| *score >= NEARLY * best(group));
        let free = good.map(|&(_, term)| term).find(|term| !taken.contains(term));
        firsts[group] = free.or(ranked[group].first().map(|first| first.1));
        taken.extend(firsts[group]);
    }
    firsts
}

/// The standard deviation.
fn spread(numbers: &[f32]) -> f32 {
    let count = numbers.len().max(1) as f64;
    let mean = numbers.iter().map(|&number| f64::from(number)).sum::<f64>() / count;
    let squares: f64 = numbers.iter().map(|&number| (f64::from(number) - mean).powi(2)).sum();
    (squares / count).sqrt() as f32
}

fn mean(rows: Rows) -> Vec<f32> {
    let mut sums = vec![0.0_f64; rows.width()];
    for row in rows.iter() {
        sums.iter_mut().zip(row).for_each(|(sum, number)| *sum += f64::from(*number));
    }
    sums.iter().map(|sum| (sum / rows.len().max(1) as f64) as f32).collect()
}
