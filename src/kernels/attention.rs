//! Attention: `softmax(q · kᵀ) · v` in every head, without a transposed copy of anything but the panel at hand.
//!
//! ```text
//! for each span and head                                  (shared among threads)
//!   pack the span's keys and values into panels of 8
//!   for each four queries
//!     scores[4][keys] = q · kᵀ          a tile at a time; what the mask hides becomes −∞
//!     softmax of each row
//!     out[4][width] = scores · v
//! ```
//! Queries come scaled by 1/√width, which the projection's weights have taken in. The tile is `float`'s.

use std::cell::RefCell;
use std::ops::Range;

use super::float::{Rows, tile_f32};
use super::gemm::{TILE_COLUMNS, TILE_ROWS};
use super::team::{Shared, for_each};
use super::vector::{F32x4, LANES};

/// Rows that attend to each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// The rows whose keys and values are looked at, in the order of their positions.
    pub keys: Vec<usize>,
    /// Positions whose queries are answered.
    pub queries: Range<usize>,
    /// A query sees itself and what stands before it; otherwise all.
    pub causal: bool,
}

/// What a thread needs for a span; kept between spans.
#[derive(Default)]
struct Scratch {
    keys: Vec<f32>,
    values: Vec<f32>,
    scores: Vec<f32>,
}

thread_local! {
    static SCRATCH: RefCell<Scratch> = RefCell::default();
}

/// `qkv` has rows of `3 · heads · width` numbers: queries, keys, values, each head after head. `out` has rows of
/// `heads · width`; only the queries' rows are written.
pub fn attention(qkv: &[f32], heads: usize, width: usize, spans: &[Span], out: &mut [f32]) {
    let hidden = heads * width;
    assert_eq!(qkv.len(), 3 * out.len());
    let mut asked = vec![false; out.len() / hidden];
    for row in spans.iter().flat_map(|span| &span.keys[span.queries.clone()]) {
        assert!(!std::mem::replace(&mut asked[*row], true), "two spans ask for one row");
    }
    let out = Shared::new(out);
    for_each(spans.len() * heads, |i| {
        let (span, head) = (&spans[i / heads], i % heads);
        SCRATCH.with_borrow_mut(|scratch| {
            let queries = &span.keys[span.queries.clone()];
            pack(qkv, span, hidden, head * width, width, scratch);
            let columns = span.keys.len().next_multiple_of(TILE_COLUMNS);
            scratch.scores.resize(TILE_ROWS * columns, 0.0);
            for first in (0..queries.len()).step_by(TILE_ROWS) {
                let rows = &queries[first..queries.len().min(first + TILE_ROWS)];
                let starts: [usize; TILE_ROWS] =
                    std::array::from_fn(|r| rows[r.min(rows.len() - 1)] * 3 * hidden + head * width);
                let q = Rows { numbers: qkv, starts: &starts, offsets: &[0], length: width };
                for (panel, keys) in scratch.keys.chunks_exact(TILE_COLUMNS * width).enumerate() {
                    let tile = tile_f32(q, 0, rows.len(), keys);
                    for (r, values) in tile.iter().enumerate() {
                        let to = &mut scratch.scores[r * columns + panel * TILE_COLUMNS..];
                        values[0].store(to);
                        values[1].store(&mut to[LANES..]);
                    }
                }
                for r in 0..rows.len() {
                    let seen = if span.causal { span.queries.start + first + r + 1 } else { span.keys.len() };
                    softmax(&mut scratch.scores[r * columns..][..columns], seen);
                }
                let starts: [usize; TILE_ROWS] = std::array::from_fn(|r| r.min(rows.len() - 1) * columns);
                let p = Rows { numbers: &scratch.scores, starts: &starts, offsets: &[0], length: columns };
                for (panel, values) in scratch.values.chunks_exact(TILE_COLUMNS * columns).enumerate() {
                    let tile = tile_f32(p, 0, rows.len(), values);
                    let column = panel * TILE_COLUMNS;
                    let count = TILE_COLUMNS.min(width - column);
                    for (row, values) in rows.iter().zip(tile) {
                        // SAFETY: a row is a query in one span only, as was seen above, and these columns are this head's.
                        let to = unsafe { out.part(row * hidden + head * width + column, count) };
                        for (to, values) in to.chunks_mut(LANES).zip(values) {
                            match to.len() {
                                LANES => values.store(to),
                                n => to.copy_from_slice(&values.to_array()[..n]),
                            }
                        }
                    }
                }
            }
        });
    });
}

/// One head's keys as `[keys / 8][width][8]` and its values as `[width / 8][keys][8]`, padded with zeros.
fn pack(qkv: &[f32], span: &Span, hidden: usize, at: usize, width: usize, scratch: &mut Scratch) {
    let columns = span.keys.len().next_multiple_of(TILE_COLUMNS);
    scratch.keys.clear();
    scratch.keys.resize(columns * width, 0.0);
    scratch.values.clear();
    scratch.values.resize(width.next_multiple_of(TILE_COLUMNS) * columns, 0.0);
    for (position, row) in span.keys.iter().enumerate() {
        let row = &qkv[row * 3 * hidden..][..3 * hidden];
        let key = &row[hidden + at..][..width];
        let to =
            &mut scratch.keys[position / TILE_COLUMNS * TILE_COLUMNS * width + position % TILE_COLUMNS..];
        for (to, k) in to.iter_mut().step_by(TILE_COLUMNS).zip(key) {
            *to = *k;
        }
        let value = &row[2 * hidden + at..][..width];
        for (panel, part) in value.chunks(TILE_COLUMNS).enumerate() {
            scratch.values[(panel * columns + position) * TILE_COLUMNS..][..part.len()].copy_from_slice(part);
        }
    }
}

/// `exp(xᵢ − max) / Σ exp(xⱼ − max)` over the first `seen` numbers; the others become 0. `row` is whole panels.
fn softmax(row: &mut [f32], seen: usize) {
    row[seen..].fill(f32::NEG_INFINITY);
    let mut most = F32x4::splat(f32::NEG_INFINITY);
    for x in row.chunks_exact(LANES).map(F32x4::load) {
        most = most.max(x);
    }
    let most = F32x4::splat(most.greatest());
    let mut sum = F32x4::splat(0.0);
    for x in row.chunks_exact_mut(LANES) {
        let y = F32x4::load(x).sub(most).exp();
        y.store(x);
        sum = sum.add(y);
    }
    // exp ends at e⁻⁸⁷: what is hidden is set to 0 and not left at that.
    row[seen..].fill(0.0);
    let scale = F32x4::splat(1.0 / sum.sum());
    for x in row.chunks_exact_mut(LANES) {
        F32x4::load(x).mul(scale).store(x);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use candle_core::{D, Device, Tensor};
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn number(i: usize) -> f32 {
        ((i * 7919 + 13) % 101) as f32 / 25.0 - 2.0
    }

    /// Candle's plain ops on one sequence, `[tokens, 3 · heads · width]` → `[tokens, heads · width]`.
    fn plain(qkv: &[f32], heads: usize, width: usize, causal: bool) -> Vec<f32> {
        let tokens = qkv.len() / (3 * heads * width);
        let qkv = Tensor::from_slice(qkv, (tokens, 3, heads, width), &Device::Cpu).unwrap();
        let part = |i| {
            qkv.narrow(1, i, 1).unwrap().squeeze(1).unwrap().transpose(0, 1).unwrap().contiguous().unwrap()
        };
        let mut scores = part(0).matmul(&part(1).transpose(1, 2).unwrap()).unwrap();
        if causal {
            let hidden = |i: usize, j: usize| if j > i { f32::NEG_INFINITY } else { 0.0 };
            let mask: Vec<f32> = (0..tokens * tokens).map(|i| hidden(i / tokens, i % tokens)).collect();
            scores = scores
                .broadcast_add(&Tensor::from_vec(mask, (tokens, tokens), &Device::Cpu).unwrap())
                .unwrap();
        }
        let weights = candle_nn::ops::softmax(&scores, D::Minus1).unwrap();
        let mixed = weights.matmul(&part(2)).unwrap().transpose(0, 1).unwrap().contiguous().unwrap();
        mixed.flatten_all().unwrap().to_vec1().unwrap()
    }

    fn difference(a: &[f32], b: &[f32]) -> f32 {
        a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
    }

    #[test]
    fn it_is_candles_attention() {
        for (tokens, heads, width, causal) in [
            (1, 1, 1, false),
            (1, 2, 4, true),
            (3, 1, 5, false),
            (7, 2, 8, true),
            (8, 3, 9, false),
            (9, 2, 16, true),
            (50, 2, 64, false),
            (77, 1, 12, true),
        ] {
            let sequences = 2;
            let qkv: Vec<f32> = (0..sequences * tokens * 3 * heads * width).map(number).collect();
            let spans: Vec<Span> = (0..sequences)
                .map(|s| Span { keys: (s * tokens..(s + 1) * tokens).collect(), queries: 0..tokens, causal })
                .collect();
            let mut out = vec![0.0; qkv.len() / 3];
            attention(&qkv, heads, width, &spans, &mut out);
            for (ours, qkv) in
                out.chunks_exact(tokens * heads * width).zip(qkv.chunks_exact(3 * tokens * heads * width))
            {
                let worst = difference(ours, &plain(qkv, heads, width, causal));
                // Scores reach 250 here, where f32 has steps of 1.5e-5.
                assert!(worst < 5e-5, "{tokens} {heads} {width} {causal}: {worst}");
            }
        }
    }

    #[test]
    fn a_shared_beginning_changes_nothing() {
        // Rows 0..5 are one text; rows 5..8 go on from its first two.
        let (heads, width) = (2, 8);
        let qkv: Vec<f32> = (0..8 * 3 * heads * width).map(number).collect();
        let spans = [
            Span { keys: vec![0, 1, 2, 3, 4], queries: 0..5, causal: true },
            Span { keys: vec![0, 1, 5, 6, 7], queries: 2..5, causal: true },
        ];
        let mut out = vec![0.0; qkv.len() / 3];
        attention(&qkv, heads, width, &spans, &mut out);
        let row = 3 * heads * width;
        let second: Vec<f32> = spans[1].keys.iter().flat_map(|k| qkv[k * row..][..row].to_vec()).collect();
        let expected = plain(&second, heads, width, true);
        let (from, to) = (2 * heads * width, 5 * heads * width);
        assert!(difference(&out[5 * heads * width..], &expected[from..to]) < 1e-5);
        assert!(difference(&out[..5 * heads * width], &plain(&qkv[..5 * row], heads, width, true)) < 1e-5);
    }
}
