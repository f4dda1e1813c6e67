//! The keys and values of one head, packed so that the tile of `float` reads both line by line.
//!
//! ```text
//! keys   [keys / 8][width][8]           values [width / 8][keys][8]           padded with zeros; 8 and 4: a tile's
//!                                                                             columns and rows
//! scores[4][keys] = q · kᵀ              a tile at a time; what a query does not see becomes −∞
//! softmax of each row
//! out[4][width] = scores · v
//! ```

use super::float::{Rows, tile_f32};
use super::gemm::{TILE_COLUMNS, TILE_ROWS};
use super::isa::wide;
use super::vector::{Floats, LANES, turn};

/// Keys and values of one head.
#[derive(Default)]
pub struct Panels {
    keys: Vec<f32>,
    values: Vec<f32>,
    /// Keys that there are.
    count: usize,
    /// Numbers in a key and in a value.
    width: usize,
}

impl Panels {
    /// Take these keys and values in place of what was there; each is `width` numbers.
    pub fn pack<'a>(&mut self, width: usize, rows: impl ExactSizeIterator<Item = (&'a [f32], &'a [f32])>) {
        (self.count, self.width) = (rows.len(), width);
        let columns = self.columns();
        self.keys.clear();
        self.keys.resize(columns * width, 0.0);
        self.values.clear();
        self.values.resize(width.next_multiple_of(TILE_COLUMNS) * columns, 0.0);
        for (position, (key, value)) in rows.enumerate() {
            let at = position / TILE_COLUMNS * TILE_COLUMNS * width + position % TILE_COLUMNS;
            for (to, k) in self.keys[at..].iter_mut().step_by(TILE_COLUMNS).zip(key) {
                *to = *k;
            }
            for (panel, part) in value.chunks(TILE_COLUMNS).enumerate() {
                self.values[(panel * columns + position) * TILE_COLUMNS..][..part.len()]
                    .copy_from_slice(part);
            }
        }
    }

    fn columns(&self) -> usize {
        self.count.next_multiple_of(TILE_COLUMNS)
    }

    /// The first keys of all, as many as there are.
    pub fn count(&self) -> usize {
        self.count
    }

    /// Answer up to a tile's rows of queries, which begin at `starts` in `numbers` and come scaled by 1/√width. Query r sees the
    /// first `seen(r)` keys. What it gets is handed to `store(r, first column, numbers of up to a tile's columns)`; `scores` is room to
    /// compute in.
    pub fn answer(
        &self,
        numbers: &[f32],
        starts: &[usize],
        seen: impl Fn(usize) -> usize,
        scores: &mut Vec<f32>,
        mut store: impl FnMut(usize, usize, &[f32]),
    ) {
        let (columns, width, rows) = (self.columns(), self.width, starts.len());
        scores.resize(TILE_ROWS * columns, 0.0);
        let q = Rows { numbers, starts, offsets: &[0], length: width };
        for (panel, keys) in self.keys.chunks_exact(TILE_COLUMNS * width).enumerate() {
            tile_f32(q, 0, rows, keys, &mut scores[panel * TILE_COLUMNS..], columns);
        }
        for (r, row) in scores.chunks_exact_mut(columns).take(rows).enumerate() {
            wide(
                #[inline(always)]
                || softmax(row, seen(r)),
            );
        }
        let starts: [usize; TILE_ROWS] = std::array::from_fn(|r| r * columns);
        let p = Rows { numbers: scores, starts: &starts[..rows], offsets: &[0], length: columns };
        for (panel, values) in self.values.chunks_exact(TILE_COLUMNS * columns).enumerate() {
            let column = panel * TILE_COLUMNS;
            let count = TILE_COLUMNS.min(width - column);
            let mut tile = [[0.0; TILE_COLUMNS]; TILE_ROWS];
            tile_f32(p, 0, rows, values, tile.as_flattened_mut(), TILE_COLUMNS);
            for (r, numbers) in tile.iter().take(rows).enumerate() {
                store(r, column, &numbers[..count]);
            }
        }
    }
}

/// `exp(xᵢ − max) / Σ exp(xⱼ − max)` over the first `seen` numbers; the others become 0. `row` is whole panels.
#[inline(always)]
fn softmax(row: &mut [f32], seen: usize) {
    row[seen..].fill(f32::NEG_INFINITY);
    let mut most = Floats::splat(f32::NEG_INFINITY);
    let vectors = row.len() / LANES;
    for i in 0..vectors {
        most = most.max(Floats::load(&row[i * LANES..]));
    }
    let most = Floats::splat(most.greatest());
    let mut sum = Floats::splat(0.0);
    for i in 0..vectors {
        let i = turn(i);
        let y = Floats::load(&row[i * LANES..]).sub(most).exp();
        y.store(&mut row[i * LANES..]);
        sum = sum.add(y);
    }
    // exp ends at e⁻⁸⁷: what is hidden is set to 0 and not left at that.
    row[seen..].fill(0.0);
    let scale = Floats::splat(1.0 / sum.sum());
    for i in 0..vectors {
        let i = turn(i);
        Floats::load(&row[i * LANES..]).mul(scale).store(&mut row[i * LANES..]);
    }
}
