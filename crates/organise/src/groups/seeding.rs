//! Where k-means begins: rows drawn with a chance ∝ their squared distance from those drawn before, each the best of a few
//! (greedy k-means++: Arthur and Vassilvitskii 2007, with 2 + ln k trials, as scikit-learn has it).
//!
//! One deviation, for speed, where clusters are many: an eighth as many as there are already are drawn between two looks at the rows,
//! and all of them taken (as in Bahmani et al., “Scalable k-means++”, 2012), which makes 50 looks of 1024.

use super::products::{gather, products, squares};
use crate::error::Result;
use crate::random::Random;
use crate::rows::Rows;

/// The part of those drawn that is drawn in one look.
const PART: usize = 8;

#[derive(Debug)]
pub struct Seeding {
    /// Rows that may be drawn.
    places: Vec<u32>,
    numbers: Vec<f32>,
    squares: Vec<f32>,
    /// Squared distance from the nearest one drawn.
    away: Vec<f32>,
    drawn: Vec<usize>,
    count: usize,
    many: bool,
    random: Random,
}

impl Seeding {
    /// `many`: several in one look.
    pub fn new(places: &[u32], count: usize, many: bool, random: Random) -> Self {
        let (away, count) = (vec![f32::INFINITY; places.len()], count.min(places.len()));
        let (numbers, squares) = (Vec::new(), Vec::new());
        Self { places: places.to_vec(), numbers, squares, away, drawn: Vec::new(), count, many, random }
    }

    pub fn chosen(&self) -> usize {
        self.drawn.len()
    }

    /// One look; when there is nothing more to draw, the rows drawn, one after another.
    pub fn step(&mut self, rows: Rows) -> Result<Option<Vec<f32>>> {
        if self.numbers.is_empty() {
            gather(rows, &self.places, &mut self.numbers);
            self.squares = squares(&self.numbers, rows.width());
        }
        let candidates = self.candidates();
        self.take(rows, candidates)?;
        // Rounding leaves equal rows a little apart.
        let apart = 1e-6 * self.squares.iter().copied().fold(0.0, f32::max);
        if self.drawn.len() < self.count && self.away.iter().any(|&away| away > apart) {
            return Ok(None);
        }
        let drawn: Vec<u32> = self.drawn.iter().map(|&row| self.places[row]).collect();
        let mut centres = Vec::new();
        gather(rows, &drawn, &mut centres);
        Ok(Some(centres))
    }

    /// Rows drawn by their distance, no row twice.
    fn candidates(&mut self) -> Vec<usize> {
        if self.drawn.is_empty() {
            return vec![self.random.below(self.places.len())];
        }
        let wanted = if self.many {
            (self.drawn.len() / PART).max(1).min(self.count - self.drawn.len())
        } else {
            2 + (self.count as f64).ln() as usize
        };
        let mut total = 0.0;
        let sums: Vec<f64> = self.away.iter().map(|&away| (total += f64::from(away), total).1).collect();
        let mut candidates = Vec::with_capacity(wanted);
        for _ in 0..wanted {
            let chance = unit(&mut self.random) * total;
            let row = sums.partition_point(|&sum| sum <= chance).min(sums.len() - 1);
            if !candidates.contains(&row) {
                candidates.push(row);
            }
        }
        candidates
    }

    /// All candidates, or where clusters are few the one that leaves the least sum of squares.
    fn take(&mut self, rows: Rows, mut candidates: Vec<usize>) -> Result<()> {
        let (mut vectors, mut scores) = (Vec::new(), Vec::new());
        let places: Vec<u32> = candidates.iter().map(|&row| self.places[row]).collect();
        gather(rows, &places, &mut vectors);
        products(&self.numbers, &vectors, rows.width(), &mut scores)?;
        let ends = squares(&vectors, rows.width());
        let many = candidates.len();
        let nearer = |row: usize, one: usize| {
            let apart = (self.squares[row] + ends[one] - 2.0 * scores[row * many + one]).max(0.0);
            self.away[row].min(apart)
        };
        let mut taken = 0..many;
        if !self.many {
            let left = |one: usize| (0..self.away.len()).map(|row| f64::from(nearer(row, one))).sum::<f64>();
            let sums: Vec<f64> = taken.map(left).collect();
            let best = (0..many).min_by(|&one, &other| sums[one].total_cmp(&sums[other])).unwrap_or(0);
            taken = best..best + 1;
        }
        let least = |row: usize| taken.clone().map(|one| nearer(row, one)).fold(f32::INFINITY, f32::min);
        self.away = (0..self.away.len()).map(least).collect();
        self.drawn.extend(candidates.drain(taken));
        self.drawn.iter().for_each(|&row| self.away[row] = 0.0);
        Ok(())
    }
}

/// From 0 to below 1; so many steps are the same where `usize` has 32 bits.
fn unit(random: &mut Random) -> f64 {
    const STEPS: usize = 1 << 30;
    random.below(STEPS) as f64 / STEPS as f64
}
