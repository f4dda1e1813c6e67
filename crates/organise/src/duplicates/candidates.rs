//! Pairs of pictures whose vectors are close: all of them in a small library, nearly all of them in a large one, in steps, so
//! that a page can show how far it is and may stop.

use super::cells::Cells;
use crate::error::{Result, wrong};
use crate::progress::Progress;
use crate::random::Random;
use crate::rows::{Rows, dot};

/// Up to so many pictures every pair is looked at: 50 million cosines, some seconds in a browser.
pub const EXACT_UP_TO: usize = 10_000;
/// Rows that a step compares with all later ones.
const BLOCK: usize = 32;
/// Pairs by which the usual cosine is estimated.
const SAMPLE: usize = 2_000;
/// Below so many pictures their own pairs say too little of what is usual.
const PICTURES_AT_LEAST: usize = 8;
/// The usual cosine is never taken to be above this: in a library that is full of copies it would be that of copies.
const USUAL_AT_MOST: f32 = 0.6;

/// Two pictures, the lower number first.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pair {
    pub first: u32,
    pub second: u32,
    pub cosine: f32,
}

/// How pairs are looked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Closeness {
    /// From this cosine on.
    pub at_least: f32,
    /// Each picture's nearest so many, so that a thousand pictures of one thing are no half a million pairs. A pair that either
    /// picture has among its nearest is found.
    pub nearest: usize,
    /// As [`EXACT_UP_TO`].
    pub exact_up_to: usize,
}

/// A search that is under way.
#[derive(Debug)]
pub struct Candidates {
    /// The rows that are compared; below, pictures are numbered as they stand here.
    pictures: Vec<u32>,
    rows: usize,
    width: usize,
    closeness: Closeness,
    /// Of each picture, the nearest so far.
    nearest: Vec<Vec<(f32, u32)>>,
    way: Way,
}

#[derive(Debug)]
enum Way {
    /// All pairs, and the first row that is not done.
    Exact(usize),
    Cells(Cells),
}

impl Candidates {
    /// Among some of the rows, which are unit vectors.
    ///
    /// Errors: a row that there is not; a cosine that is none, or no nearest.
    pub fn new(rows: Rows<'_>, pictures: Vec<u32>, closeness: Closeness, seed: u64) -> Result<Self> {
        if !(-1.0..=1.0).contains(&closeness.at_least) {
            return wrong(format!("{} is no cosine from which pictures are close", closeness.at_least));
        }
        if closeness.nearest == 0 {
            return wrong("a picture's nearest none were asked for");
        }
        if let Some(one) = pictures.iter().find(|&&one| one as usize >= rows.len()) {
            return wrong(format!("there is no vector {one}, only {}", rows.len()));
        }
        let way = if pictures.len() <= closeness.exact_up_to {
            Way::Exact(0)
        } else {
            Way::Cells(Cells::new(pictures.len(), seed))
        };
        let nearest = vec![Vec::new(); pictures.len()];
        Ok(Self { pictures, rows: rows.len(), width: rows.width(), closeness, nearest, way })
    }

    /// By the cosines that are done.
    pub fn progress(&self) -> Progress {
        match &self.way {
            Way::Exact(done) => {
                let pairs = |count: usize| (count as u64 * (count as u64).saturating_sub(1)) / 2;
                let total = pairs(self.pictures.len());
                Progress { done: total - pairs(self.pictures.len() - done), total }
            }
            Way::Cells(cells) => cells.progress(),
        }
    }

    /// A few hundredths of a second.
    ///
    /// Errors: other rows than it began with.
    pub fn step(&mut self, rows: Rows<'_>) -> Result<Progress> {
        if rows.len() != self.rows || rows.width() != self.width {
            return wrong("these are not the vectors that it began with");
        }
        let pictures = &self.pictures;
        let row = |at: usize| rows.row(pictures[at] as usize);
        let (nearest, closeness) = (&mut self.nearest, &self.closeness);
        let mut offer = |a: usize, b: usize| {
            let cosine = dot(row(a), row(b));
            if cosine >= closeness.at_least {
                keep(&mut nearest[a], closeness.nearest, cosine, b as u32);
                keep(&mut nearest[b], closeness.nearest, cosine, a as u32);
            }
        };
        match &mut self.way {
            Way::Exact(done) => {
                let count = pictures.len();
                let end = (*done + BLOCK).min(count);
                for other in *done + 1..count {
                    (*done..end.min(other)).for_each(|one| offer(one, other));
                }
                *done = end;
            }
            Way::Cells(cells) => cells.step(row, offer),
        }
        Ok(self.progress())
    }

    /// The median cosine of pairs drawn by chance, at most 0.6; that too where there are fewer than 8 pictures.
    pub fn usual(rows: Rows<'_>, pictures: &[u32], seed: u64) -> f32 {
        if pictures.len() < PICTURES_AT_LEAST {
            return USUAL_AT_MOST;
        }
        let mut random = Random(seed);
        let mut cosines: Vec<f32> = (0..SAMPLE)
            .map(|_| {
                let first = random.below(pictures.len());
                let second = (first + 1 + random.below(pictures.len() - 1)) % pictures.len();
                dot(rows.row(pictures[first] as usize), rows.row(pictures[second] as usize))
            })
            .collect();
        cosines.sort_by(f32::total_cmp);
        cosines[SAMPLE / 2].min(USUAL_AT_MOST)
    }

    /// The pairs so far, in order, numbered as the rows are.
    pub fn pairs(&self) -> Vec<Pair> {
        let mut pairs = Vec::new();
        for (first, others) in self.nearest.iter().enumerate() {
            for &(cosine, other) in others {
                let first = first as u32;
                // What both have is taken from the lower one.
                let known = |list: &[(f32, u32)]| list.iter().any(|&(_, one)| one == first);
                if first < other || !known(&self.nearest[other as usize]) {
                    let number = |at: u32| self.pictures[at as usize];
                    let (first, second) = (number(first), number(other));
                    pairs.push(Pair { first: first.min(second), second: first.max(second), cosine });
                }
            }
        }
        pairs.sort_by_key(|pair| (pair.first, pair.second));
        pairs
    }
}

/// Each picture once, the nearest ones.
fn keep(list: &mut Vec<(f32, u32)>, most: usize, cosine: f32, other: u32) {
    if list.iter().any(|&(_, one)| one == other) {
        return;
    }
    if list.len() < most {
        list.push((cosine, other));
    } else if let Some(last) = list.iter_mut().min_by(|a, b| a.0.total_cmp(&b.0))
        && cosine > last.0
    {
        *last = (cosine, other);
    }
}
