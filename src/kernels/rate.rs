//! How fast a tile is on this machine, by the clock: what a choice between two is made by, and what is reached is
//! compared with.

use std::hint::black_box;

use super::gemm::{TILE_COLUMNS, TILE_ROWS};
use super::tile::Sums;

/// Groups along k: a tile as deep as ViT-B's.
pub const GROUPS: usize = 192;
/// What a tile is timed on. A group is four bytes of a row, and in a panel as many weights for each column.
pub type Rows = [[u8; 4 * GROUPS]; TILE_ROWS];
pub type Panel = [i8; 4 * TILE_COLUMNS * GROUPS];

/// The ways to one and the same product that were tried, in 10⁹ multiplications and additions a second on one thread (0:
/// the clock stood still), and the one that was chosen.
#[derive(Clone, Debug, PartialEq)]
pub struct Routes {
    pub chosen: &'static str,
    pub rates: Vec<(&'static str, f64)>,
}

/// Tiles in a batch, some 0.05 ms, and how long all of it takes at least, in milliseconds and in moves of the clock: short,
/// so that other programs leave some turns alone.
const TILES: usize = 100;
const MILLISECONDS: f64 = 1.0;
const MOVES: u32 = 4;
/// A clock that stands still ends it, too.
const MOST_BATCHES: u32 = 5_000;

/// 10⁹ operations a second of a tile of so many rows by the clock `now`, in milliseconds, which may be as coarse as one:
/// the time begins when the clock moves, and lasts several of its steps.
pub fn rate(rows: usize, now: fn() -> f64, tile: impl Fn(&Rows, &Panel, &mut Sums)) -> f64 {
    let (activations, panel) = ([[1u8; 4 * GROUPS]; TILE_ROWS], [1i8; 4 * TILE_COLUMNS * GROUPS]);
    let batch = || {
        for _ in 0..TILES {
            let mut sums = Sums::default();
            tile(&activations, &panel, &mut sums);
            black_box(sums);
        }
    };
    let operations = (2 * rows * TILE_COLUMNS * 4 * GROUPS * TILES) as f64;
    let mut before = now();
    let (mut begun, mut moves) = (None, 0);
    for batches in 0..MOST_BATCHES {
        batch();
        let time = now();
        moves += u32::from(time > before);
        match begun {
            None if time > before => begun = Some((time, batches)),
            Some((start, first)) if time - start >= MILLISECONDS && moves > MOVES => {
                return f64::from(batches - first) * operations / (time - start) / 1e6;
            }
            _ => {}
        }
        before = time;
    }
    0.0
}
