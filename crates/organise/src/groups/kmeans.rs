//! k-means, step by step, in two kinds: of the mean (Lloyd 1982) and of the direction (spherical k-means: Dhillon and Modha,
//! “Concept Decompositions for Large Sparse Text Data Using Clustering”, 2001).
//!
//! ```text
//! a(x) = argmin_c |x − μ_c|²        or, for directions, argmax_c x·μ_c
//! μ_c  = mean of the x with a(x) = c       … divided by its length
//! ```
//!
//! Large libraries are learnt from a sample (`SAMPLE` rows a cluster); every row is assigned at the end. Nothing is decided by
//! the order of the rows but ties, which the first cluster gets.

use super::products::{gather, products, squares};
use super::seeding::Seeding;
use crate::error::{Result, wrong};
use crate::progress::Progress;
use crate::random::Random;
use crate::rows::Rows;

/// Rows for each cluster that it is learnt from: a library of 100,000 is then clustered within seconds. It takes more for clusters
/// that are to be known well (FAISS warns below 39); these are merged or searched, and every row is looked at in the end.
const SAMPLE: usize = 16;
/// As many rows a sample has at least: small libraries are learnt as a whole.
const SAMPLE_AT_LEAST: usize = 4096;
/// Looks at the sample; scikit-learn's 300 are for those that would change a handful of rows.
const ITERATIONS: usize = 40;
const ITERATIONS_OF_MANY: usize = 8;
/// From so many clusters on they are many: cells, that will be merged or searched.
const MANY: usize = 256;
/// Less than this share of rows that change their cluster ends it.
const SETTLED: f64 = 1e-3;
/// Rows of a step.
const BLOCK: usize = 1024;

/// What stands for a cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Mean,
    Direction,
}

/// Clusters that are not empty, the rows in them, and where each row is.
#[derive(Clone, Debug)]
pub struct Clusters {
    /// Of each row.
    pub cluster: Vec<u32>,
    /// Means (not directions, for either kind) of the rows, `clusters × width`.
    pub means: Vec<f32>,
    /// Rows of each.
    pub sizes: Vec<u32>,
}

#[derive(Debug)]
enum Stage {
    Seeding(Seeding),
    Learning,
    Assigning,
    Over,
}

/// k-means that is under way.
#[derive(Debug)]
pub struct KMeans {
    kind: Kind,
    rows: usize,
    width: usize,
    sample: Vec<u32>,
    centres: Vec<f32>,
    count: usize,
    stage: Stage,
    /// How often the sample is looked at, at most.
    looks: usize,
    iteration: usize,
    /// The next row of this look.
    at: usize,
    changed: usize,
    sums: Vec<f64>,
    sizes: Vec<u32>,
    /// Of each row of the sample, and in the end of each row.
    cluster: Vec<u32>,
    /// Of each row of the sample, −2 × how well it fits: the worst ones start anew where a cluster is empty.
    misfit: Vec<f32>,
    block: Vec<f32>,
    scores: Vec<f32>,
}

impl KMeans {
    /// At most `count` clusters (fewer, where fewer rows differ); the same seed gives the same ones.
    ///
    /// Errors: no rows, no clusters.
    pub fn new(rows: Rows, count: usize, kind: Kind, seed: u64) -> Result<Self> {
        if rows.is_empty() || count == 0 {
            return wrong("clusters take at least one vector and one cluster");
        }
        let (len, count) = (rows.len(), count.min(rows.len()));
        let mut random = Random(seed);
        let sample = sample(len, (SAMPLE * count).max(SAMPLE_AT_LEAST), &mut random);
        Ok(Self {
            kind,
            rows: len,
            width: rows.width(),
            centres: Vec::new(),
            count,
            stage: Stage::Seeding(Seeding::new(&sample, count, count >= MANY, random)),
            sample,
            looks: if count < MANY { ITERATIONS } else { ITERATIONS_OF_MANY },
            iteration: 0,
            at: 0,
            changed: 0,
            sums: Vec::new(),
            sizes: Vec::new(),
            cluster: Vec::new(),
            misfit: Vec::new(),
            block: Vec::new(),
            scores: Vec::new(),
        })
    }

    /// In rows that are compared with all centres; a look that is not needed counts as done.
    pub fn progress(&self) -> Progress {
        let (sample, looks) = (self.sample.len() as u64, self.looks as u64);
        let total = sample + looks * sample + self.rows as u64;
        let done = match &self.stage {
            Stage::Seeding(seeding) => sample * seeding.chosen().min(self.count) as u64 / self.count as u64,
            Stage::Learning => sample + self.iteration as u64 * sample + self.at as u64,
            Stage::Assigning => sample + looks * sample + self.at as u64,
            Stage::Over => total,
        };
        Progress { done: if matches!(self.stage, Stage::Over) { total } else { done.min(total - 1) }, total }
    }

    /// Some more of it, on the rows that it began with.
    ///
    /// Errors: other rows.
    pub fn step(&mut self, rows: Rows) -> Result<Progress> {
        if rows.len() != self.rows || rows.width() != self.width {
            return wrong("these are not the vectors that it began with");
        }
        match &mut self.stage {
            Stage::Seeding(seeding) => {
                if let Some(centres) = seeding.step(rows)? {
                    self.centres = centres;
                    self.count = self.centres.len() / self.width;
                    self.cluster = vec![u32::MAX; self.sample.len()];
                    self.misfit = vec![0.0; self.sample.len()];
                    self.begin(Stage::Learning);
                }
            }
            Stage::Learning => {
                let sample = std::mem::take(&mut self.sample);
                let places = &sample[self.at..(self.at + BLOCK).min(sample.len())];
                let found = self.assign(rows, places);
                self.sample = sample;
                found?;
                if self.at == self.sample.len() {
                    self.next_look(rows);
                }
            }
            Stage::Assigning => {
                let places: Vec<u32> = (self.at as u32..(self.at + BLOCK).min(self.rows) as u32).collect();
                self.assign(rows, &places)?;
                if self.at == self.rows {
                    self.stage = Stage::Over;
                }
            }
            Stage::Over => {}
        }
        Ok(self.progress())
    }

    /// The clusters. Errors: it is not over.
    pub fn finish(self) -> Result<Clusters> {
        if !matches!(self.stage, Stage::Over) {
            return wrong("the clusters are not complete yet");
        }
        let mut renamed = vec![0_u32; self.count];
        let mut clusters = Clusters { cluster: self.cluster, means: Vec::new(), sizes: Vec::new() };
        for (old, &size) in self.sizes.iter().enumerate().filter(|(_, size)| **size > 0) {
            renamed[old] = clusters.sizes.len() as u32;
            clusters.sizes.push(size);
            let sums = &self.sums[old * self.width..(old + 1) * self.width];
            clusters.means.extend(sums.iter().map(|sum| (sum / f64::from(size)) as f32));
        }
        clusters.cluster.iter_mut().for_each(|cluster| *cluster = renamed[*cluster as usize]);
        Ok(clusters)
    }

    fn begin(&mut self, stage: Stage) {
        self.stage = stage;
        self.at = 0;
        self.changed = 0;
        self.sums = vec![0.0; self.count * self.width];
        self.sizes = vec![0; self.count];
    }

    /// The nearest centre of each of some rows; `self.at` is where the first of them is kept.
    fn assign(&mut self, rows: Rows, places: &[u32]) -> Result<()> {
        gather(rows, places, &mut self.block);
        products(&self.block, &self.centres, self.width, &mut self.scores)?;
        let offsets: Vec<f32> = match self.kind {
            Kind::Mean => squares(&self.centres, self.width).iter().map(|square| square / 2.0).collect(),
            Kind::Direction => vec![0.0; self.count],
        };
        let found = self.scores.chunks_exact(self.count).zip(self.block.chunks_exact(self.width));
        for (row, (scores, vector)) in found.enumerate() {
            let (nearest, score) = highest(scores, &offsets);
            let at = self.at + row;
            self.changed += usize::from(self.cluster[at] != nearest as u32);
            self.cluster[at] = nearest as u32;
            if let Some(misfit) = self.misfit.get_mut(at) {
                *misfit = crate::rows::dot(vector, vector) - 2.0 * score;
            }
            self.sizes[nearest] += 1;
            let sums = &mut self.sums[nearest * self.width..(nearest + 1) * self.width];
            sums.iter_mut().zip(vector).for_each(|(sum, number)| *sum += f64::from(*number));
        }
        self.at += places.len();
        Ok(())
    }

    /// After a look at the whole sample: new centres, and whether to look again.
    fn next_look(&mut self, rows: Rows) {
        self.iteration += 1;
        for cluster in 0..self.count {
            let range = cluster * self.width..(cluster + 1) * self.width;
            let length = match (self.kind, self.sizes[cluster]) {
                (_, 0) => continue,
                (Kind::Mean, size) => f64::from(size),
                (Kind::Direction, _) => {
                    self.sums[range.clone()].iter().map(|sum| sum * sum).sum::<f64>().sqrt()
                }
            };
            if length > 0.0 {
                let sums = self.sums[range.clone()].iter();
                self.centres[range].iter_mut().zip(sums).for_each(|(to, sum)| *to = (sum / length) as f32);
            }
        }
        let empty: Vec<usize> = (0..self.count).filter(|&cluster| self.sizes[cluster] == 0).collect();
        if !empty.is_empty() {
            let mut worst: Vec<usize> = (0..self.sample.len()).collect();
            worst.sort_by(|&one, &other| self.misfit[other].total_cmp(&self.misfit[one]));
            for (&cluster, &row) in empty.iter().zip(&worst) {
                self.centres[cluster * self.width..(cluster + 1) * self.width]
                    .copy_from_slice(rows.row(self.sample[row] as usize));
            }
        }
        let settled = self.changed as f64 <= SETTLED * self.sample.len() as f64;
        if settled || self.iteration == self.looks {
            self.cluster = vec![u32::MAX; self.rows];
            self.misfit = Vec::new();
            self.begin(Stage::Assigning);
        } else {
            self.begin(Stage::Learning);
        }
    }
}

/// All of it at once: see [`KMeans::new`].
pub fn kmeans(rows: Rows, count: usize, kind: Kind, seed: u64) -> Result<Clusters> {
    let mut kmeans = KMeans::new(rows, count, kind, seed)?;
    while !kmeans.step(rows)?.is_over() {}
    kmeans.finish()
}

/// At most `most` of the numbers below `len`, in their order.
pub(crate) fn sample(len: usize, most: usize, random: &mut Random) -> Vec<u32> {
    let mut all: Vec<u32> = (0..len as u32).collect();
    if len > most {
        random.shuffle(&mut all);
        all.truncate(most);
        all.sort_unstable();
    }
    all
}

/// Where `scores − offsets` is highest, the first of equal ones, and how high.
fn highest(scores: &[f32], offsets: &[f32]) -> (usize, f32) {
    let mut best = (0, f32::NEG_INFINITY);
    for (at, (score, offset)) in scores.iter().zip(offsets).enumerate() {
        if score - offset > best.1 {
            best = (at, score - offset);
        }
    }
    best
}
