//! How much of what is near in the library is near on the map, and the other way round.

use crate::error::{Result, wrong};
use crate::rows::{Rows, dot};

/// How well a map keeps neighbourhoods.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quality {
    /// 1 − 2 / (q k (2n − 3k − 1)) Σ_i Σ_{j ∈ N_k(i)} max(0, r(i, j) − k), N_k(i) being the k nearest on the map and r the rank among
    /// the nearest in the library (Venna and Kaski 2001; scikit-learn's `trustworthiness`, where all n are asked about): 1 where
    /// nothing is near on the map that is not near in the library, about 0.5 for chance.
    pub trustworthiness: f64,
    /// The mean share of the k nearest in the library that are among the k nearest on the map.
    pub kept: f64,
}

/// For the neighbourhoods of `asked` (q rows out of n) of k rows each; distances are Euclidean. O(q n (width + log n)).
///
/// Errors: a map of another length; none asked about or no such row; k = 0 or k ≥ n / 2, as scikit-learn has it.
pub fn quality(rows: Rows, map: &[[f32; 2]], k: usize, asked: &[u32]) -> Result<Quality> {
    let n = rows.len();
    if map.len() != n || asked.is_empty() || asked.iter().any(|&row| row as usize >= n) {
        return wrong("the map's quality takes a place for each vector, and rows to ask about");
    }
    if k == 0 || 2 * k >= n {
        return wrong(format!("{k} neighbours are no small part of {n}"));
    }
    let squares: Vec<f32> = rows.iter().map(|row| dot(row, row)).collect();
    let (mut penalty, mut kept) = (0_u64, 0_usize);
    for &row in asked {
        let at = row as usize;
        let vector = rows.row(at);
        let library = |other: usize| squares[other] - 2.0 * dot(vector, rows.row(other));
        let plane = |other: usize| {
            let [x, y] = [map[other][0] - map[at][0], map[other][1] - map[at][1]];
            x * x + y * y
        };
        let nearest = order(n, at, library);
        let mut near_there = vec![0_u32; n];
        nearest.iter().zip(1..).for_each(|(&other, rank)| near_there[other as usize] = rank);
        for &other in &order(n, at, plane)[..k] {
            let rank = near_there[other as usize] as usize;
            penalty += rank.saturating_sub(k) as u64;
            kept += usize::from(rank <= k);
        }
    }
    let (q, n, k) = (asked.len() as f64, n as f64, k as f64);
    Ok(Quality {
        trustworthiness: 1.0 - 2.0 / (q * k * (2.0 * n - 3.0 * k - 1.0)) * penalty as f64,
        kept: kept as f64 / (q * k),
    })
}

/// The others, the nearest first; of equally near ones the one that comes first.
fn order(n: usize, at: usize, distance: impl Fn(usize) -> f32) -> Vec<u32> {
    let mut all: Vec<(f32, u32)> =
        (0..n).filter(|&other| other != at).map(|other| (distance(other), other as u32)).collect();
    all.sort_unstable_by(|one, other| one.0.total_cmp(&other.0).then(one.1.cmp(&other.1)));
    all.into_iter().map(|(_, other)| other).collect()
}
