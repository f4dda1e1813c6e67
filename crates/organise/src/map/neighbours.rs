//! The nearest rows of each row, most of them: cells of k-means are an inverted file (Jégou, Douze and Schmid 2011), and a cell's
//! rows are compared with those of the cells whose means are nearest.

use crate::error::{Result, wrong};
use crate::groups::kmeans::{KMeans, Kind};
use crate::groups::products::{products, squares};
use crate::progress::Progress;
use crate::rows::Rows;

/// Up to so many rows all are compared with all.
const ALL_WITH_ALL: usize = 3000;
/// Rows of a cell, on average.
const OF_A_CELL: usize = 100;
const CELLS_AT_MOST: usize = 1024;
/// Cells that are looked at, with the row's own: of 31,230 real pictures (50 principal components) 96 in a hundred of the 45
/// nearest are found so, and 91 with half as many.
const LOOKED_AT: usize = 48;
/// Rows of one product.
const BLOCK: usize = 256;

/// For n rows, k of the others each, the nearest first.
#[derive(Clone, Debug)]
pub struct Neighbours {
    pub k: usize,
    /// `n × k` row numbers.
    pub near: Vec<u32>,
    /// `n × k` squared Euclidean distances.
    pub squared: Vec<f32>,
    /// All row numbers, cell by cell: an order in which near rows mostly lie near each other in memory.
    pub order: Vec<u32>,
}

#[derive(Debug)]
enum Stage {
    Cells(Box<KMeans>),
    Searching,
}

/// Looking for them, step by step.
#[derive(Debug)]
pub struct Search {
    stage: Stage,
    width: usize,
    k: usize,
    units: u64,
    at: usize,
    /// Row numbers cell by cell, where each cell begins, the rows in that order and their squares.
    order: Vec<u32>,
    starts: Vec<usize>,
    numbers: Vec<f32>,
    squares: Vec<f32>,
    /// Of each cell, all cells by how near they are.
    nearest: Vec<Vec<u32>>,
    cell: usize,
    near: Vec<u32>,
    squared: Vec<f32>,
    scores: Vec<f32>,
}

impl Search {
    /// `k` of each row, or all others where there are fewer.
    ///
    /// Errors: no rows.
    pub fn new(rows: Rows, k: usize, seed: u64) -> Result<Self> {
        let n = rows.len();
        let cells = if n <= ALL_WITH_ALL { 1 } else { (n / OF_A_CELL).min(CELLS_AT_MOST) };
        let kmeans = KMeans::new(rows, cells, Kind::Mean, seed)?;
        Ok(Self {
            units: kmeans.progress().total,
            stage: Stage::Cells(Box::new(kmeans)),
            width: rows.width(),
            k: k.min(n - 1),
            at: 0,
            order: Vec::new(),
            starts: Vec::new(),
            numbers: Vec::new(),
            squares: Vec::new(),
            nearest: Vec::new(),
            cell: 0,
            near: vec![0; n * k.min(n - 1)],
            squared: vec![0.0; n * k.min(n - 1)],
            scores: Vec::new(),
        })
    }

    /// In rows, of which each is compared with cells first (in about a third of the time) and then with rows.
    pub fn progress(&self) -> Progress {
        let n = (self.near.len() / self.k.max(1)).max(1) as u64;
        let total = 3 * n;
        let done = match &self.stage {
            Stage::Cells(kmeans) => n * kmeans.progress().done / self.units.max(1),
            Stage::Searching => n + 2 * self.at as u64,
        };
        Progress { done: if self.over() { total } else { done.min(total - 1) }, total }
    }

    fn over(&self) -> bool {
        matches!(self.stage, Stage::Searching) && self.at == self.order.len()
    }

    /// Some more of it.
    ///
    /// Errors: other rows than it began with.
    pub fn step(&mut self, rows: Rows) -> Result<Progress> {
        if let Stage::Cells(kmeans) = &mut self.stage {
            if kmeans.step(rows)?.is_over()
                && let Stage::Cells(kmeans) = std::mem::replace(&mut self.stage, Stage::Searching)
            {
                let clusters = kmeans.finish()?;
                self.fill(rows, &clusters.cluster, &clusters.sizes, &clusters.means)?;
            }
        } else if !self.over() {
            self.search()?;
        }
        Ok(self.progress())
    }

    /// What was found; there is nothing left. Errors: it is not over.
    pub fn take(&mut self) -> Result<Neighbours> {
        if !self.over() {
            return wrong("the neighbours are not complete yet");
        }
        let [near, order] = [&mut self.near, &mut self.order].map(std::mem::take);
        Ok(Neighbours { k: self.k, near, squared: std::mem::take(&mut self.squared), order })
    }

    /// The rows cell by cell.
    fn fill(&mut self, rows: Rows, cell: &[u32], sizes: &[u32], means: &[f32]) -> Result<()> {
        let mut next = Vec::with_capacity(sizes.len());
        let mut sum = 0;
        for &size in sizes {
            next.push(sum);
            sum += size as usize;
        }
        self.starts = next.clone();
        self.starts.push(sum);
        self.order = vec![0; rows.len()];
        for (row, &cell) in cell.iter().enumerate() {
            self.order[next[cell as usize]] = row as u32;
            next[cell as usize] += 1;
        }
        self.numbers = self.order.iter().flat_map(|&row| rows.row(row as usize)).copied().collect();
        self.squares = squares(&self.numbers, self.width);
        let lengths = squares(means, self.width);
        let mut scores = Vec::new();
        products(means, means, self.width, &mut scores)?;
        self.nearest = scores
            .chunks_exact(sizes.len())
            .enumerate()
            .map(|(own, scores)| {
                let mut cells: Vec<u32> = (0..sizes.len() as u32).collect();
                let far = |&cell: &u32| lengths[cell as usize] - 2.0 * scores[cell as usize];
                cells.sort_by(|one, other| {
                    (*one as usize != own)
                        .cmp(&(*other as usize != own))
                        .then(far(one).total_cmp(&far(other)))
                });
                cells
            })
            .collect();
        Ok(())
    }

    /// The neighbours of some rows of a cell.
    fn search(&mut self) -> Result<()> {
        let (k, width) = (self.k, self.width);
        let rows = self.at..(self.at + BLOCK).min(self.starts[self.cell + 1]);
        let mut best: Vec<Best> = rows.clone().map(|_| Best::new(k)).collect();
        let mut seen = 0;
        for (looked_at, &cell) in self.nearest[self.cell].iter().enumerate() {
            if looked_at >= LOOKED_AT && seen > k {
                break;
            }
            let others = self.starts[cell as usize]..self.starts[cell as usize + 1];
            seen += others.len();
            for start in others.clone().step_by(BLOCK) {
                let others = start..(start + BLOCK).min(others.end);
                let some = &self.numbers[rows.start * width..rows.end * width];
                let there = &self.numbers[others.start * width..others.end * width];
                products(some, there, width, &mut self.scores)?;
                let found = rows.clone().zip(&mut best).zip(self.scores.chunks_exact(others.len()));
                for ((row, best), scores) in found {
                    for (other, score) in others.clone().zip(scores) {
                        let apart = self.squares[other] - 2.0 * score;
                        if apart < best.worst && other != row {
                            best.add(apart, self.order[other]);
                        }
                    }
                }
            }
        }
        for (row, best) in rows.clone().zip(best) {
            let to = self.order[row] as usize * k;
            for (place, (apart, other)) in best.finish().into_iter().enumerate() {
                self.near[to + place] = other;
                self.squared[to + place] = (self.squares[row] + apart).max(0.0);
            }
        }
        self.at = rows.end;
        while self.cell + 2 < self.starts.len() && self.starts[self.cell + 1] <= self.at {
            self.cell += 1;
        }
        Ok(())
    }
}

/// The k nearest so far, and a few more: those are sorted out when there are twice as many.
struct Best {
    k: usize,
    worst: f32,
    found: Vec<(f32, u32)>,
}

impl Best {
    fn new(k: usize) -> Self {
        let worst = if k == 0 { f32::NEG_INFINITY } else { f32::INFINITY };
        Self { k, worst, found: Vec::with_capacity(2 * k) }
    }

    fn add(&mut self, apart: f32, other: u32) {
        self.found.push((apart, other));
        if self.found.len() >= 2 * self.k {
            self.found.select_nth_unstable_by(self.k - 1, order);
            self.found.truncate(self.k);
            self.worst = self.found[self.k - 1].0;
        }
    }

    fn finish(mut self) -> Vec<(f32, u32)> {
        self.found.sort_unstable_by(order);
        self.found.truncate(self.k);
        self.found
    }
}

fn order(one: &(f32, u32), other: &(f32, u32)) -> std::cmp::Ordering {
    one.0.total_cmp(&other.0).then(one.1.cmp(&other.1))
}

impl Neighbours {
    /// All of it at once: see [`Search::new`].
    pub fn new(rows: Rows, k: usize, seed: u64) -> Result<Self> {
        let mut search = Search::new(rows, k, seed)?;
        while !search.step(rows)?.is_over() {}
        search.take()
    }

    /// Rows.
    pub fn len(&self) -> usize {
        self.order.len()
    }

    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// Of one row, with squared distances.
    pub fn of(&self, row: usize) -> impl Iterator<Item = (u32, f32)> + '_ {
        let range = row * self.k..(row + 1) * self.k;
        self.near[range.clone()].iter().copied().zip(self.squared[range].iter().copied())
    }
}
