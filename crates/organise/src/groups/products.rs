//! All products of two lists of vectors, a tile at a time.

use ndarray::linalg::general_mat_mul;
use ndarray::{ArrayView2, ArrayViewMut2};

use crate::error::{Result, wrong};

/// `out[i × m + j] = Σ_c a[i, c] b[j, c]`, for `n × width` numbers of a and `m × width` of b.
///
/// Errors: numbers that are no whole rows.
pub fn products(a: &[f32], b: &[f32], width: usize, out: &mut Vec<f32>) -> Result<()> {
    let (n, m) = (a.len() / width.max(1), b.len() / width.max(1));
    out.resize(n * m, 0.0);
    let a = ArrayView2::from_shape((n, width), a);
    let b = ArrayView2::from_shape((m, width), b);
    let out = ArrayViewMut2::from_shape((n, m), &mut out[..]);
    match (a, b, out) {
        (Ok(a), Ok(b), Ok(mut out)) => general_mat_mul(1.0, &a, &b.t(), 0.0, &mut out),
        _ => return wrong(format!("the vectors are no rows of {width}")),
    }
    Ok(())
}

/// Σ aᵢ² of each row.
pub fn squares(rows: &[f32], width: usize) -> Vec<f32> {
    rows.chunks_exact(width.max(1)).map(|row| crate::rows::dot(row, row)).collect()
}

/// Some rows, one after another.
pub fn gather(rows: crate::rows::Rows, places: &[u32], out: &mut Vec<f32>) {
    out.clear();
    out.extend(places.iter().flat_map(|&place| rows.row(place as usize)));
}
