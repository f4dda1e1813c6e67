//! Where results end. CLIP's cosines are no probabilities: what counts as much for one query is little for another. So a
//! query is judged by how the whole library answers to it, and by captions that mean nothing in particular.
//!
//! ```text
//! m  the median of the query's cosines with all pictures of the library
//! σ  1.4826 × the median of m − cosine, of the pictures below m
//! standsOut = (cosine − m) / σ
//! ```
//!
//! Both are robust: pictures that are looked for lie above the median and are few, so that what lies below it is the
//! library's own spread (Efron's empirical null, 2004; 1.4826 makes the median of deviations a normal distribution's
//! standard deviation). In a library of many, both are those of an even sample (`SAMPLED`). The line is at [`threshold`];
//! it rises with the library, in which by chance more pictures lie far out. And where the best pictures of a query in words
//! answer to some neutral caption better than to it, nothing stands out (`RIVAL`).
//!
//! Both numbers were chosen on pocket's held-out pictures (`tools/held-out`, whose figures are in `docs/retrieval.md`).

use crate::error::Result;
use crate::filter::Filter;
use crate::index::Index;
use crate::scan::Query;
use crate::search::Hit;

/// So many pictures tell a median within a hundredth of the spread, and no more are asked.
const SAMPLED: usize = 16_384;
/// By so many of the best that stand out is judged whether anything stands out at all.
const JUDGED: usize = 3;
/// So much better than the query, in its spreads, a neutral caption may describe the best pictures.
const RIVAL: f64 = 1.0;
/// A caption that is nearly the query itself is no rival: the cosine of the two.
const SAME: f64 = 0.85;
/// Where all cosines are equal there is no spread to tell.
const LEAST_SPREAD: f64 = 1e-6;

/// How far a picture of a library of so many must stand out.
pub fn threshold(pictures: usize) -> f64 {
    2.5 + 0.6 * (pictures.max(1) as f64).log10()
}

/// Pictures in the order of their cosines, and where results end.
#[derive(Clone, Debug, PartialEq)]
pub struct Ranking {
    /// Best first, equal ones by path.
    pub hits: Vec<Hit>,
    /// So many of them stand out.
    pub line: usize,
    /// [`threshold`], for this library.
    pub threshold: f64,
    /// m above.
    pub middle: f64,
    /// σ above.
    pub spread: f64,
}

impl Ranking {
    pub fn stands_out(&self, cosine: f32) -> f64 {
        (f64::from(cosine) - self.middle) / self.spread
    }
}

impl Index {
    /// The best `k` of the pictures that `filter` takes, as [`Index::search`] has them, and where they end. `rivals`:
    /// vectors of neutral captions, where the query is in words; else none.
    pub fn rank(&self, query: &[f32], rivals: &[&[f32]], k: usize, filter: &Filter) -> Result<Ranking> {
        for vector in rivals.iter().chain([&query]) {
            self.check(vector)?;
        }
        let scores = self.scores(&Query::new(query));
        let (middle, spread) = middle_and_spread(self.sample(&scores));
        let hits = self.best(&scores, k, filter);
        let mut ranking = Ranking { hits, line: 0, threshold: threshold(self.len()), middle, spread };
        ranking.line =
            ranking.hits.partition_point(|hit| ranking.stands_out(hit.cosine) >= ranking.threshold);
        if self.rivals_win(query, rivals, &ranking)? {
            ranking.line = 0;
        }
        Ok(ranking)
    }

    /// The scores of all pictures or, in a large library, of every so-many-th.
    fn sample(&self, scores: &[f32]) -> Vec<f32> {
        let every = self.len().div_ceil(SAMPLED).max(1);
        let there = self.rows.iter().zip(scores).step_by(every).filter(|(row, _)| row.is_some());
        there.map(|(_, score)| *score).collect()
    }

    /// Whether of the best that stand out the one in the middle is described better by a neutral caption.
    fn rivals_win(&self, query: &[f32], rivals: &[&[f32]], ranking: &Ranking) -> Result<bool> {
        let same =
            |rival: &[f32]| query.iter().zip(rival).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum::<f64>();
        let rivals: Vec<Query> =
            rivals.iter().filter(|rival| same(rival) < SAME).map(|rival| Query::new(rival)).collect();
        let mut lead = Vec::new();
        for hit in ranking.hits[..ranking.line].iter().take(JUDGED) {
            let (scales, codes) = self.packed(hit.id)?;
            let best = rivals.iter().map(|rival| rival.dot(scales, codes)).fold(f32::NEG_INFINITY, f32::max);
            lead.push(f64::from(hit.cosine - best) / ranking.spread);
        }
        lead.sort_unstable_by(f64::total_cmp);
        Ok(lead.get(lead.len() / 2).is_some_and(|&lead| lead < -RIVAL))
    }
}

/// The median, and 1.4826 × the median of what lies below it.
fn middle_and_spread(mut scores: Vec<f32>) -> (f64, f64) {
    let middle = f64::from(median(&mut scores));
    let mut below: Vec<f32> = scores
        .iter()
        .filter(|&&score| f64::from(score) < middle)
        .map(|&score| (middle - f64::from(score)) as f32)
        .collect();
    (middle, (1.4826 * f64::from(median(&mut below))).max(LEAST_SPREAD))
}

/// Of an even number of them the upper one of the two; 0 of none.
fn median(numbers: &mut [f32]) -> f32 {
    if numbers.is_empty() {
        return 0.0;
    }
    let half = numbers.len() / 2;
    *numbers.select_nth_unstable_by(half, f32::total_cmp).1
}
