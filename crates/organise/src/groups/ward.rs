//! Ward's method (Ward 1963) on clusters that have sizes, by the nearest-neighbour chain (Müllner, “Modern hierarchical,
//! agglomerative clustering algorithms”, 2011): always the two clusters are merged whose merging adds least to the sum of squares.
//!
//! ```text
//! d²(a, b) = 2 n_a n_b / (n_a + n_b) |μ_a − μ_b|²                                       as scipy and scikit-learn have it
//! d²(ab, c) = ((n_a + n_c) d²(a, c) + (n_b + n_c) d²(b, c) − n_c d²(a, b)) / (n_a + n_b + n_c)     (Lance and Williams 1967)
//! ```
//!
//! A chain goes from a cluster to its nearest one, on to that one's nearest, and so on, until two are each other's nearest: they
//! can be merged at once, since Ward's distances never shrink (they are reducible). O(m²) time and memory.
//!
//! The crate kodama has this for clusters of one member each; it can't begin with clusters that have sizes.

use super::products::{products, squares};
use crate::error::{Result, wrong};

/// Two clusters that become one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Merge {
    /// A leaf of each of the two.
    pub one: u32,
    pub other: u32,
    /// d of the two.
    pub height: f32,
}

/// The m − 1 merges of m leaves, the lowest first. `means`: `m × width`; `sizes`: members of each leaf, at least 1.
///
/// Errors: means that are not one for each size; an empty leaf.
pub fn ward(means: &[f32], width: usize, sizes: &[u32]) -> Result<Vec<Merge>> {
    let count = sizes.len();
    if width == 0 || means.len() != count * width || sizes.contains(&0) {
        return wrong("the clusters' means and sizes do not fit together");
    }
    let mut sizes: Vec<f64> = sizes.iter().map(|&size| f64::from(size)).collect();
    let mut distances = distances(means, width, &sizes)?;
    let mut alive: Vec<usize> = (0..count).collect();
    let mut merges = Vec::with_capacity(count.saturating_sub(1));
    let mut chain: Vec<usize> = Vec::new();
    while alive.len() > 1 {
        let last = match chain.last() {
            Some(&last) => last,
            None => {
                chain.push(alive[0]);
                alive[0]
            }
        };
        // The one before is taken where others are as near: the chain must end.
        let before = chain.len().checked_sub(2).map(|at| chain[at]);
        let row = &distances[last * count..(last + 1) * count];
        let mut nearest = before;
        for &cluster in alive.iter().filter(|&&cluster| cluster != last) {
            if nearest.is_none_or(|nearest| row[cluster] < row[nearest]) {
                nearest = Some(cluster);
            }
        }
        let Some(nearest) = nearest else { break };
        if before != Some(nearest) {
            chain.push(nearest);
            continue;
        }
        chain.truncate(chain.len() - 2);
        let (kept, gone) = (last.min(nearest), last.max(nearest));
        let between = distances[kept * count + gone];
        merges.push(Merge { one: kept as u32, other: gone as u32, height: between.sqrt() as f32 });
        alive.retain(|&cluster| cluster != gone);
        for &other in alive.iter().filter(|&&cluster| cluster != kept) {
            let (a, b, c) = (sizes[kept], sizes[gone], sizes[other]);
            let (from_a, from_b) = (distances[kept * count + other], distances[gone * count + other]);
            let merged = ((a + c) * from_a + (b + c) * from_b - c * between) / (a + b + c);
            distances[kept * count + other] = merged;
            distances[other * count + kept] = merged;
        }
        sizes[kept] += sizes[gone];
    }
    // The chain finds them in another order. Of equal heights the earlier one stays first: it may be a part of the later one.
    merges.sort_by(|one, other| one.height.total_cmp(&other.height));
    Ok(merges)
}

/// d² of all pairs, `m × m`.
fn distances(means: &[f32], width: usize, sizes: &[f64]) -> Result<Vec<f64>> {
    let count = sizes.len();
    let mut scores = Vec::new();
    let squares = squares(means, width);
    products(means, means, width, &mut scores)?;
    let mut distances = vec![0.0; count * count];
    for one in 0..count {
        for other in 0..one {
            let apart = f64::from(squares[one]) + f64::from(squares[other])
                - 2.0 * f64::from(scores[one * count + other]);
            let weight = 2.0 * sizes[one] * sizes[other] / (sizes[one] + sizes[other]);
            distances[one * count + other] = weight * apart.max(0.0);
            distances[other * count + one] = weight * apart.max(0.0);
        }
    }
    Ok(distances)
}
