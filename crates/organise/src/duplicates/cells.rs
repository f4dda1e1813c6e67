//! Cells around pictures drawn by chance, so that a picture is compared with those of its nearest cells alone (inverted file:
//! Sivic and Zisserman 2003, Jégou et al. 2011; here the centres are the library's own pictures, so that what is dense is cut
//! finely, and nothing is trained).

use crate::progress::Progress;
use crate::random::Random;
use crate::rows::dot;

/// A picture lies in its nearest cell, and is compared with what lies in so many: with 8, docs/duplicates.md finds what it says.
const PROBES: usize = 8;
/// Rows whose cells a step finds.
const BLOCK: usize = 128;

#[derive(Debug)]
pub(super) struct Cells {
    count: usize,
    /// Pictures that cells are around.
    centres: Vec<u32>,
    /// Pictures whose cells are known.
    assigned: usize,
    /// Of each cell, those that lie in it, and those that are compared with them.
    home: Vec<Vec<u32>>,
    asking: Vec<Vec<u32>>,
    /// Cells whose pairs are done.
    compared: usize,
}

impl Cells {
    /// √(count · probes) cells: then finding the cells takes as long as comparing.
    pub fn new(count: usize, seed: u64) -> Self {
        let cells = ((count * PROBES) as f64).sqrt().ceil() as usize;
        let mut centres: Vec<u32> = (0..count as u32).collect();
        Random(seed).shuffle(&mut centres);
        centres.truncate(cells);
        let lists = vec![Vec::new(); centres.len()];
        Self { count, centres, assigned: 0, home: lists.clone(), asking: lists, compared: 0 }
    }

    /// Finding a picture's cells takes as long as comparing it.
    pub fn progress(&self) -> Progress {
        let compared = self.home[..self.compared].iter().map(Vec::len).sum::<usize>();
        Progress { done: (self.assigned + compared) as u64, total: 2 * self.count as u64 }
    }

    /// The cells of some pictures or, after that, the comparisons in one cell. A pair may be offered twice.
    pub fn step<'a>(&mut self, row: impl Fn(usize) -> &'a [f32], mut offer: impl FnMut(usize, usize)) {
        if self.assigned < self.count {
            self.assign(row);
            return;
        }
        let Some(home) = self.home.get(self.compared) else { return };
        for (at, &one) in home.iter().enumerate() {
            home[..at].iter().for_each(|&other| offer(one as usize, other as usize));
        }
        for &one in &self.asking[self.compared] {
            home.iter().for_each(|&other| offer(one as usize, other as usize));
        }
        self.compared += 1;
    }

    fn assign<'a>(&mut self, row: impl Fn(usize) -> &'a [f32]) {
        let from = self.assigned;
        let to = (from + BLOCK).min(self.count);
        let mut best = vec![[(f32::NEG_INFINITY, 0); PROBES]; to - from];
        for (cell, &centre) in self.centres.iter().enumerate() {
            let centre = row(centre as usize);
            for (one, best) in (from..to).zip(&mut best) {
                let entry = (dot(centre, row(one)), cell as u32);
                if entry.0 > best[PROBES - 1].0 {
                    best[PROBES - 1] = entry;
                    let mut at = PROBES - 1;
                    while at > 0 && best[at - 1].0 < best[at].0 {
                        best.swap(at - 1, at);
                        at -= 1;
                    }
                }
            }
        }
        for (one, best) in (from as u32..).zip(&best) {
            self.home[best[0].1 as usize].push(one);
            // With fewer cells than probes the last places are empty.
            for (_, cell) in best[1..].iter().filter(|(cosine, _)| *cosine > f32::NEG_INFINITY) {
                self.asking[*cell as usize].push(one);
            }
        }
        self.assigned = to;
    }
}
