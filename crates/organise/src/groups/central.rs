//! Pictures that stand for a group.

use crate::error::Result;
use crate::rows::{Rows, dot};

/// Of each group up to `count` rows, those with the greatest product with its mean μ first: for unit vectors
/// |x − μ|² = 1 + |μ|² − 2 x·μ, so they are the nearest. Equal ones in their order.
///
/// Errors: not one group for each row.
pub fn central(rows: Rows, groups: &[u32], count: usize) -> Result<Vec<Vec<u32>>> {
    let (means, sizes) = super::means(rows, groups)?;
    let width = rows.width();
    let mut scored: Vec<Vec<(f32, u32)>> =
        sizes.iter().map(|&size| Vec::with_capacity(size as usize)).collect();
    for ((row, &group), picture) in rows.iter().zip(groups).zip(0..) {
        let mean = &means[group as usize * width..(group as usize + 1) * width];
        scored[group as usize].push((dot(row, mean), picture));
    }
    let first = |mut group: Vec<(f32, u32)>| {
        group.sort_unstable_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
        group.into_iter().take(count).map(|(_, picture)| picture).collect()
    };
    Ok(scored.into_iter().map(first).collect())
}
