//! Clusters in every fineness: k-means makes at most 1024 small clusters, Ward's method merges them into a tree, and a slider cuts
//! the tree where it likes.
//!
//! ```no_run
//! # use semblance_organise::{Result, groups::Grouping, rows::Rows};
//! # fn groups(rows: Rows) -> Result<Vec<u32>> {
//! let mut grouping = Grouping::new(rows, 1)?;
//! while !grouping.step(rows)?.is_over() {}
//! let tree = grouping.finish()?;
//! Ok(tree.cut(tree.suggested()))
//! # }
//! ```
//!
//! | module | what it does |
//! |---|---|
//! | [`kmeans`], `seeding` | small clusters, also the cells among which [`crate::map`] looks for neighbours |
//! | [`ward`] | which of them become one, one after another |
//! | [`mod@tree`] | groups from that, as many as wanted |
//! | [`naming`] | words for groups |
//! | [`central`] | pictures that stand for groups |

pub mod central;
pub mod kmeans;
pub mod naming;
pub(crate) mod products;
mod seeding;
pub mod tree;
pub mod ward;

use crate::error::{Result, wrong};
use crate::progress::Progress;
use crate::rows::Rows;
use kmeans::{Clusters, KMeans, Kind};
pub use tree::Tree;

/// Up to so many pictures each is a small cluster of its own: Ward's method on them takes a moment and some 20 MB.
const EACH_ITS_OWN: usize = 1500;
/// Of more pictures, as many small clusters: many times the groups that somebody looks at, and still a moment.
const CLUSTERS: usize = 1024;

#[derive(Debug)]
enum Stage {
    Clusters(Box<KMeans>),
    Merging(Clusters),
    Over(Tree),
}

/// Grouping that is under way.
#[derive(Debug)]
pub struct Grouping {
    stage: Option<Stage>,
    width: usize,
    /// Units of k-means; merging is a hundredth more.
    units: u64,
}

impl Grouping {
    /// Of one vector a picture; they should be unit vectors.
    ///
    /// Errors: no vectors.
    pub fn new(rows: Rows, seed: u64) -> Result<Self> {
        if rows.is_empty() {
            return wrong("groups take at least one vector");
        }
        let width = rows.width();
        if rows.len() <= EACH_ITS_OWN {
            let clusters = Clusters {
                cluster: (0..rows.len() as u32).collect(),
                means: rows.numbers().to_vec(),
                sizes: vec![1; rows.len()],
            };
            return Ok(Self { stage: Some(Stage::Merging(clusters)), width, units: 0 });
        }
        let kmeans = KMeans::new(rows, CLUSTERS, Kind::Direction, seed)?;
        let units = kmeans.progress().total;
        Ok(Self { stage: Some(Stage::Clusters(Box::new(kmeans))), width, units })
    }

    /// How far it is.
    pub fn progress(&self) -> Progress {
        let total = self.units + self.units / 100 + 1;
        let done = match &self.stage {
            Some(Stage::Clusters(kmeans)) => kmeans.progress().done,
            Some(Stage::Merging(_)) => self.units,
            _ => total,
        };
        Progress { done, total }
    }

    /// Some more of it, on the vectors that it began with; a step takes up to some tenths of a second.
    ///
    /// Errors: other vectors.
    pub fn step(&mut self, rows: Rows) -> Result<Progress> {
        self.stage = match self.stage.take() {
            Some(Stage::Clusters(mut kmeans)) => {
                if kmeans.step(rows)?.is_over() {
                    Some(Stage::Merging(kmeans.finish()?))
                } else {
                    Some(Stage::Clusters(kmeans))
                }
            }
            Some(Stage::Merging(clusters)) => {
                let merges = ward::ward(&clusters.means, self.width, &clusters.sizes)?;
                Some(Stage::Over(Tree::new(clusters.cluster, clusters.sizes.len(), merges)))
            }
            other => other,
        };
        Ok(self.progress())
    }

    /// The tree. Errors: it is not over.
    pub fn finish(self) -> Result<Tree> {
        match self.stage {
            Some(Stage::Over(tree)) => Ok(tree),
            _ => wrong("the groups are not complete yet"),
        }
    }
}

/// All of it at once: see [`Grouping::new`].
pub fn tree(rows: Rows, seed: u64) -> Result<Tree> {
    let mut grouping = Grouping::new(rows, seed)?;
    while !grouping.step(rows)?.is_over() {}
    grouping.finish()
}

/// The mean of each group, `groups × width`, and how many rows each has. `groups`: of each row its group, 0 … groups − 1.
///
/// Errors: not one group for each row.
pub(crate) fn means(rows: Rows, groups: &[u32]) -> Result<(Vec<f32>, Vec<u32>)> {
    if groups.len() != rows.len() {
        return wrong(format!("there are {} groups' numbers for {} vectors", groups.len(), rows.len()));
    }
    let last = groups.iter().max().map_or(0, |&group| group as usize);
    // The greatest number has no next one where memory has 32 bits.
    if last >= rows.len() {
        return wrong(format!("group {last} of {} vectors", rows.len()));
    }
    let count = last + 1;
    let mut sums = vec![0.0_f64; count * rows.width()];
    let mut sizes = vec![0_u32; count];
    for (row, &group) in rows.iter().zip(groups) {
        sizes[group as usize] += 1;
        let at = group as usize * rows.width();
        sums[at..at + rows.width()].iter_mut().zip(row).for_each(|(sum, number)| *sum += f64::from(*number));
    }
    let size_of = |at: usize| f64::from(sizes[at / rows.width()].max(1));
    let means = sums.iter().enumerate().map(|(at, sum)| (sum / size_of(at)) as f32).collect();
    Ok((means, sizes))
}
