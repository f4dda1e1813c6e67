//! Attention: `softmax(q · kᵀ) · v` in every head, without a transposed copy of anything but the panel at hand.
//!
//! ```text
//! for each span and head                                  (shared among threads)
//!   pack the span's keys and values into panels of 8      (`panels`)
//!   for each four queries
//!     out[4][width] = softmax(q · kᵀ) · v
//! ```
//! Queries come scaled by 1/√width, which the projection's weights have taken in. The tile is `float`'s.
//!
//! [`Kept`] is the same for keys and values that many queries look at, one after the other: they are packed once.

use std::cell::RefCell;
use std::ops::Range;

use super::gemm::TILE_ROWS;
use super::panels::Panels;
use super::team::{Shared, for_each};

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
    panels: Panels,
    scores: Vec<f32>,
    /// The head's keys and queries, one after the other: in `qkv` they lie far apart.
    near: Vec<f32>,
}

thread_local! {
    static SCRATCH: RefCell<Scratch> = RefCell::default();
}

/// `qkv` has rows of `3 · heads · width` numbers: queries, keys, values, each head after head. `out` has rows of
/// `heads · width`, those of the last rows of `qkv`; only the queries' rows are written, and they are among them.
pub fn attention(qkv: &[f32], heads: usize, width: usize, spans: &[Span], out: &mut [f32]) {
    let hidden = heads * width;
    assert!(qkv.len().is_multiple_of(3 * hidden) && 3 * out.len() <= qkv.len());
    let before = qkv.len() / (3 * hidden) - out.len() / hidden;
    let mut asked = vec![false; out.len() / hidden];
    for row in spans.iter().flat_map(|span| &span.keys[span.queries.clone()]) {
        assert!(!std::mem::replace(&mut asked[*row - before], true), "two spans ask for one row");
    }
    let out = Shared::new(out);
    for_each(spans.len() * heads, |i| {
        let (span, head) = (&spans[i / heads], i % heads);
        let part = |row: usize, which: usize| &qkv[(3 * row + which) * hidden + head * width..][..width];
        SCRATCH.with_borrow_mut(|Scratch { panels, scores, near }| {
            let queries = &span.keys[span.queries.clone()];
            near.clear();
            span.keys.iter().for_each(|&row| near.extend_from_slice(part(row, 1)));
            queries.iter().for_each(|&row| near.extend_from_slice(part(row, 0)));
            let (keys, near) = near.split_at(span.keys.len() * width);
            panels.pack(width, keys.chunks_exact(width).zip(span.keys.iter().map(|&row| part(row, 2))));
            for (turn, rows) in queries.chunks(TILE_ROWS).enumerate() {
                let seen = |r| match span.causal {
                    true => span.queries.start + turn * TILE_ROWS + r + 1,
                    false => span.keys.len(),
                };
                let starts: [usize; TILE_ROWS] = std::array::from_fn(|r| (turn * TILE_ROWS + r) * width);
                panels.answer(near, &starts[..rows.len()], seen, scores, |r, column, numbers| {
                    let at = (rows[r] - before) * hidden + head * width + column;
                    // SAFETY: a row is a query in one span only, as was seen above, and these columns are this head's.
                    unsafe { out.part(at, numbers.len()) }.copy_from_slice(numbers);
                });
            }
        });
    });
}

/// Keys and values of some tokens, packed once.
pub struct Kept {
    heads: Vec<Panels>,
    width: usize,
}

impl Kept {
    /// `kv` has rows of `2 · heads · width` numbers: keys, values, each head after head.
    pub fn pack(kv: &[f32], heads: usize, width: usize) -> Self {
        let hidden = heads * width;
        let mut packed: Vec<Panels> = (0..heads).map(|_| Panels::default()).collect();
        let shared = Shared::new(&mut packed);
        for_each(heads, |head| {
            let rows = kv.chunks_exact(2 * hidden).map(|row| {
                let (key, value) = row.split_at(hidden);
                (&key[head * width..][..width], &value[head * width..][..width])
            });
            // SAFETY: a head is the part of one call only.
            let panels = unsafe { shared.part(head, 1) };
            panels[0].pack(width, rows);
        });
        Self { heads: packed, width }
    }

    /// `queries` has rows of `heads · width` numbers, scaled by 1/√width; `out` as many. Each query sees all keys.
    pub fn answer(&self, queries: &[f32], out: &mut [f32]) {
        let hidden = self.heads.len() * self.width;
        assert_eq!(queries.len(), out.len());
        let rows = queries.len() / hidden;
        let out = Shared::new(out);
        for_each(self.heads.len(), |head| {
            let panels = &self.heads[head];
            SCRATCH.with_borrow_mut(|Scratch { scores, .. }| {
                for first in (0..rows).step_by(TILE_ROWS) {
                    let starts: [usize; TILE_ROWS] =
                        std::array::from_fn(|r| (first + r) * hidden + head * self.width);
                    let starts = &starts[..TILE_ROWS.min(rows - first)];
                    panels.answer(
                        queries,
                        starts,
                        |_| panels.count(),
                        scores,
                        |r, column, numbers| {
                            // SAFETY: each row's columns of this head are written by this call alone.
                            unsafe { out.part(starts[r] + column, numbers.len()) }.copy_from_slice(numbers);
                        },
                    );
                }
            });
        });
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

    #[test]
    fn kept_keys_answer_as_all_do() {
        let (heads, width) = (3, 10);
        let hidden = heads * width;
        for (tokens, queries) in [(1, 1), (9, 4), (17, 5), (8, 3)] {
            // The queries' rows come last and see the others alone.
            let qkv: Vec<f32> = (0..(tokens + queries) * 3 * hidden).map(number).collect();
            let rows: Vec<&[f32]> = qkv.chunks_exact(3 * hidden).collect();
            let kv: Vec<f32> = rows[..tokens].iter().flat_map(|row| row[hidden..].to_vec()).collect();
            let q: Vec<f32> = rows[tokens..].iter().flat_map(|row| row[..hidden].to_vec()).collect();
            let mut out = vec![0.0; q.len()];
            Kept::pack(&kv, heads, width).answer(&q, &mut out);
            for (row, found) in rows[tokens..].iter().zip(out.chunks_exact(hidden)) {
                // A sequence whose first query is this one, over the keys that are kept.
                let mut sequence = rows[..tokens].concat();
                sequence[..hidden].copy_from_slice(&row[..hidden]);
                let expected = plain(&sequence, heads, width, false);
                let worst = difference(found, &expected[..hidden]);
                assert!(worst < 5e-5, "{tokens} {queries}: {worst}");
            }
        }
    }

    #[test]
    fn what_was_read_before_need_not_be_answered_again() {
        let (heads, width, tokens, new) = (2, 8, 11, 3);
        let qkv: Vec<f32> = (0..tokens * 3 * heads * width).map(number).collect();
        let span = |queries| [Span { keys: (0..tokens).collect(), queries, causal: true }];
        let (mut all, mut last) = (vec![0.0; qkv.len() / 3], vec![0.0; new * heads * width]);
        attention(&qkv, heads, width, &span(0..tokens), &mut all);
        attention(&qkv, heads, width, &span(tokens - new..tokens), &mut last);
        assert_eq!(all[(tokens - new) * heads * width..], last);
    }
}
