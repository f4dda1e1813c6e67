//! Pictures on a plane, alike ones near each other: principal components at once, then t-SNE, which moves until it is done and may be
//! drawn and left at any time.
//!
//! ```no_run
//! # use semblance_organise::{Result, map::Mapping, rows::Rows};
//! # fn map(rows: Rows) -> Result<Vec<[f32; 2]>> {
//! let mut mapping = Mapping::new(rows, 1)?;
//! while !mapping.step(rows)?.is_over() {}
//! Ok(mapping.points())
//! # }
//! ```
//!
//! | module | what it does |
//! |---|---|
//! | [`pca`], `eigen` | the directions in which the library spreads most |
//! | [`neighbours`] | the nearest pictures of each |
//! | [`affinities`], [`descent`], [`embedding`] | t-SNE |
//! | [`starts`] | where it begins |
//! | [`quality`] | what of the neighbourhoods is left |
//!
//! The crate bhtsne has no way to stop between two iterations, to show them in a worker, or to be left; of it only the tree
//! (`barnes-hut-tree`) is used, and the descent is ours. UMAP keeps fewer of the nearest pictures.

pub mod affinities;
pub mod descent;
mod eigen;
pub mod embedding;
pub mod neighbours;
pub mod pca;
pub mod quality;
pub mod starts;

use crate::error::{Result, wrong};
use crate::groups::kmeans::sample;
use crate::groups::products::gather;
use crate::progress::Progress;
use crate::random::Random;
use crate::rows::Rows;
use embedding::{Embedding, Schedule};
use neighbours::{Neighbours, Search};
use pca::{Fitting, Pca};

/// Coordinates that neighbours are looked for in, as is usual before t-SNE (van der Maaten and Hinton 2008 took 30).
const COMPONENTS: usize = 50;
/// scikit-learn's.
const SCHEDULE: Schedule = Schedule { perplexity: 30.0, first: 250, exaggeration: 12.0, then: 500 };
/// Of more pictures, a part is embedded first, and then all from there, which needs no more than this: the part has put
/// everything where it belongs, and only neighbourhoods are left to be found. On 31,230 real pictures it kept 0.33 of the ten
/// nearest; without the first fifty iterations 0.32.
const AT_ONCE: usize = 5000;
const AFTER_PART: Schedule = Schedule { perplexity: 15.0, first: 50, exaggeration: 4.0, then: 250 };
/// The part: a fifth, at least and at most.
const PART: (usize, usize) = (4000, 10_000);
/// Rows of a projection's step.
const BLOCK: usize = 4096;

#[derive(Debug)]
enum Stage {
    Components(Box<Fitting>),
    Projecting(Pca),
    Searching(Search),
    PartSearching { part: Part, search: Search, all: Neighbours },
    PartEmbedding { part: Part, embedding: Box<Embedding>, all: Neighbours },
    Embedding(Box<Embedding>),
    Over,
}

/// Some rows, and their coordinates.
#[derive(Debug)]
struct Part {
    rows: Vec<u32>,
    coordinates: Vec<f32>,
}

/// A map that is under way.
#[derive(Debug)]
pub struct Mapping {
    /// None after an error alone.
    stage: Option<Stage>,
    rows: usize,
    width: usize,
    seed: u64,
    components: usize,
    /// `rows × components`
    coordinates: Vec<f32>,
    points: Vec<[f32; 2]>,
}

impl Mapping {
    /// Of one vector a picture. The same vectors and seed give the same map.
    ///
    /// Errors: no vectors.
    pub fn new(rows: Rows, seed: u64) -> Result<Self> {
        let fitting = Fitting::new(rows, COMPONENTS, seed)?;
        let alone = rows.len() == 1;
        let stage = if alone { Stage::Over } else { Stage::Components(Box::new(fitting)) };
        Ok(Self {
            stage: Some(stage),
            rows: rows.len(),
            width: rows.width(),
            seed,
            components: 0,
            coordinates: Vec::new(),
            points: if alone { vec![[0.0; 2]] } else { Vec::new() },
        })
    }

    /// How far it is.
    pub fn progress(&self) -> Progress {
        let costs = self.costs();
        let total: u64 = costs.iter().sum::<u64>() + 1;
        let (at, share) = match &self.stage {
            Some(Stage::Components(fitting)) => (0, fitting.progress().share()),
            Some(Stage::Projecting(pca)) => {
                (1, self.coordinates.len() as f64 / (pca.count() * self.rows) as f64)
            }
            Some(Stage::Searching(search)) => (2, search.progress().share()),
            Some(Stage::PartSearching { search, .. }) => (3, search.progress().share()),
            Some(Stage::PartEmbedding { embedding, .. }) => (4, embedding.progress().share()),
            Some(Stage::Embedding(embedding)) => (5, embedding.progress().share()),
            Some(Stage::Over) | None => return Progress { done: total, total },
        };
        Progress { done: costs[..at].iter().sum::<u64>() + (costs[at] as f64 * share) as u64, total }
    }

    /// What comes now; for whoever measures.
    pub fn stage(&self) -> &'static str {
        match &self.stage {
            Some(Stage::Components(_)) => "principal components",
            Some(Stage::Projecting(_)) => "projection",
            Some(Stage::Searching(_)) => "neighbours",
            Some(Stage::PartSearching { .. }) => "neighbours in a part",
            Some(Stage::PartEmbedding { .. }) => "embedding of a part",
            Some(Stage::Embedding(_)) => "embedding",
            Some(Stage::Over) | None => "over",
        }
    }

    /// The points as they are now, one a picture, around (0, 0), in no particular unit: whoever draws them looks how far they
    /// reach. None at first, then the first two principal components, then what t-SNE has made so far.
    pub fn points(&self) -> Vec<[f32; 2]> {
        match &self.stage {
            Some(Stage::PartEmbedding { part, embedding, all }) => {
                starts::grown(all, &part.rows, &embedding.points(), self.seed)
            }
            Some(Stage::Embedding(embedding)) => embedding.points(),
            _ => self.points.clone(),
        }
    }

    /// Some more of it, on the vectors that it began with; a step takes up to some tenths of a second.
    ///
    /// Errors: other vectors.
    pub fn step(&mut self, rows: Rows) -> Result<Progress> {
        if rows.len() != self.rows || rows.width() != self.width {
            return wrong("these are not the vectors that it began with");
        }
        if let Some(stage) = self.stage.take() {
            self.stage = Some(self.after(stage, rows)?);
        }
        Ok(self.progress())
    }

    /// One step of a stage, and the stage after it.
    fn after(&mut self, stage: Stage, rows: Rows) -> Result<Stage> {
        Ok(match stage {
            Stage::Components(mut fitting) => {
                if !fitting.step(rows)?.is_over() {
                    return Ok(Stage::Components(fitting));
                }
                let pca = fitting.finish()?;
                self.components = pca.count();
                Stage::Projecting(pca)
            }
            Stage::Projecting(pca) => {
                let done = self.coordinates.len() / self.components;
                let end = (done + BLOCK).min(self.rows);
                let block = &rows.numbers()[done * self.width..end * self.width];
                self.coordinates.extend(pca.project(Rows::new(block, self.width)?)?);
                if end < self.rows {
                    return Ok(Stage::Projecting(pca));
                }
                let plane = |row: &[f32]| [row[0], row.get(1).copied().unwrap_or(0.0)];
                self.points = self.coordinates.chunks_exact(self.components).map(plane).collect();
                Stage::Searching(Search::new(self.coordinates()?, neighbours(self.schedule()), self.seed)?)
            }
            Stage::Searching(mut search) => {
                if !search.step(self.coordinates()?)?.is_over() {
                    return Ok(Stage::Searching(search));
                }
                self.searched(search.take()?)?
            }
            Stage::PartSearching { part, mut search, all } => {
                if !search.step(Rows::new(&part.coordinates, self.components)?)?.is_over() {
                    return Ok(Stage::PartSearching { part, search, all });
                }
                let plane: Vec<[f32; 2]> = part.rows.iter().map(|&row| self.points[row as usize]).collect();
                let start = starts::small(&plane, self.seed);
                let embedding = Box::new(Embedding::new(search.take()?, start, SCHEDULE)?);
                Stage::PartEmbedding { part, embedding, all }
            }
            Stage::PartEmbedding { part, mut embedding, all } => {
                if !embedding.step().is_over() {
                    return Ok(Stage::PartEmbedding { part, embedding, all });
                }
                let start = starts::grown(&all, &part.rows, &embedding.points(), self.seed);
                Stage::Embedding(Box::new(Embedding::new(all, start, AFTER_PART)?))
            }
            Stage::Embedding(mut embedding) => {
                if !embedding.step().is_over() {
                    return Ok(Stage::Embedding(embedding));
                }
                self.points = embedding.points();
                Stage::Over
            }
            Stage::Over => Stage::Over,
        })
    }

    /// What comes when all neighbours are known.
    fn searched(&self, all: Neighbours) -> Result<Stage> {
        if self.part() == 0 {
            let start = starts::small(&self.points, self.seed);
            return Ok(Stage::Embedding(Box::new(Embedding::new(all, start, SCHEDULE)?)));
        }
        let rows = sample(self.rows, self.part(), &mut Random(self.seed));
        let mut coordinates = Vec::new();
        gather(self.coordinates()?, &rows, &mut coordinates);
        let search = Search::new(Rows::new(&coordinates, self.components)?, neighbours(SCHEDULE), self.seed)?;
        Ok(Stage::PartSearching { part: Part { rows, coordinates }, search, all })
    }

    fn coordinates(&self) -> Result<Rows<'_>> {
        Rows::new(&self.coordinates, self.components)
    }

    /// Pictures of the part that is embedded first; 0, where all are at once.
    fn part(&self) -> usize {
        if self.rows <= AT_ONCE { 0 } else { (self.rows / 5).clamp(PART.0, PART.1) }
    }

    fn schedule(&self) -> Schedule {
        if self.part() == 0 { SCHEDULE } else { AFTER_PART }
    }

    /// About the microseconds of each stage (natively).
    fn costs(&self) -> [u64; 6] {
        let [n, part, width] = [self.rows, self.part(), self.width].map(|size| size as u64);
        let iterations = |schedule: Schedule| u64::from(schedule.first + schedule.then);
        [
            n.min(20_000) * width * width / 10_000 + 100_000,
            n * width / 250,
            60 * n,
            60 * part,
            iterations(SCHEDULE) * part,
            iterations(self.schedule()) * n * 5 / 4,
        ]
    }
}

/// How many t-SNE takes (van der Maaten 2014).
fn neighbours(schedule: Schedule) -> usize {
    (3.0 * schedule.perplexity) as usize
}

/// All of it at once: see [`Mapping::new`].
pub fn map(rows: Rows, seed: u64) -> Result<Vec<[f32; 2]>> {
    let mut mapping = Mapping::new(rows, seed)?;
    while !mapping.step(rows)?.is_over() {}
    Ok(mapping.points())
}
