//! Exact ranking: every vector is compared, none is left out.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

use crate::error::{Error, Result};
use crate::filter::Filter;
use crate::index::Index;
use crate::scan::Query;

/// A picture and how well it matches.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hit {
    pub id: u32,
    /// The dot product of unit vectors.
    pub cosine: f32,
}

/// A hit in the order of results: the higher cosine first, equal ones by path.
#[derive(Clone, Copy)]
struct Ranked<'a> {
    cosine: f64,
    id: u32,
    path: &'a str,
}

impl Index {
    /// The cosines of a query with every slot's vector; those of empty slots mean nothing.
    pub fn scores(&self, query: &Query) -> Vec<f32> {
        let mut scores = vec![0.0; self.rows.len()];
        self.vectors.scan(query, &mut scores);
        scores
    }

    /// The best `k` of the pictures that `filter` takes, best first, equal ones by path.
    pub fn search(&self, query: &[f32], k: usize, filter: &Filter) -> Vec<Hit> {
        self.best(&self.scores(&Query::new(query)), k, filter)
    }

    /// The best `k` by the scores of all slots. What is known of a picture is looked at only where its score may be among
    /// the best: rows lie all over memory, scores one after another.
    pub(crate) fn best(&self, scores: &[f32], k: usize, filter: &Filter) -> Vec<Hit> {
        let mut top = Top::new(k);
        for (row, &cosine) in self.rows.iter().zip(scores) {
            if top.is_below(cosine) {
                continue;
            }
            if let Some(row) = row.as_ref().filter(|row| filter.takes(&row.facts)) {
                top.push(Ranked { cosine: cosine.into(), id: row.id, path: &row.facts.path });
            }
        }
        top.finish()
    }

    /// The order of pictures by the cosines of `query` with their vectors as f32, whose bytes in the file
    /// ([`Index::vector_place`]) are one after another in `bytes`.
    pub fn rescore(&self, query: &[f32], ids: &[u32], bytes: &[u8]) -> Result<Vec<Hit>> {
        let length = self.header().vector_length();
        if !self.header().exact || bytes.len() != ids.len() * length {
            return Err(Error::Argument("these are not the vectors of those pictures".into()));
        }
        let mut ranked = Vec::with_capacity(ids.len());
        for (&id, bytes) in ids.iter().zip(bytes.chunks_exact(length)) {
            let vector = self.exact_vector(bytes).unwrap_or_default();
            let cosine = query.iter().zip(&vector).map(|(q, v)| f64::from(*q) * f64::from(*v)).sum();
            ranked.push(Ranked { cosine, id, path: &self.facts(id)?.path });
        }
        let mut top = Top::new(ids.len());
        ranked.into_iter().for_each(|ranked| top.push(ranked));
        Ok(top.finish())
    }
}

/// The first `k` in the order of results, by a heap of so many; all of them where `k` is the greatest number.
struct Top<'a> {
    k: usize,
    heap: BinaryHeap<Reverse<Ranked<'a>>>,
    all: Vec<Ranked<'a>>,
    /// Of the last one in a full heap.
    least: f32,
}

impl<'a> Top<'a> {
    fn new(k: usize) -> Self {
        Self { k, heap: BinaryHeap::new(), all: Vec::new(), least: f32::NEG_INFINITY }
    }

    /// Whether nobody with this cosine can be among them.
    fn is_below(&self, cosine: f32) -> bool {
        cosine < self.least
    }

    fn push(&mut self, ranked: Ranked<'a>) {
        if self.k == usize::MAX {
            self.all.push(ranked);
        } else if self.heap.len() < self.k {
            self.heap.push(Reverse(ranked));
        } else if self.heap.peek().is_some_and(|Reverse(last)| ranked > *last) {
            self.heap.pop();
            self.heap.push(Reverse(ranked));
        }
        if self.heap.len() == self.k
            && let Some(Reverse(last)) = self.heap.peek()
        {
            self.least = last.cosine as f32;
        }
    }

    fn finish(mut self) -> Vec<Hit> {
        let hit = |Ranked { cosine, id, .. }| Hit { id, cosine: cosine as f32 };
        if self.k == usize::MAX {
            self.all.sort_unstable_by(|a, b| b.cmp(a));
            return self.all.into_iter().map(hit).collect();
        }
        self.heap.into_sorted_vec().into_iter().map(|Reverse(ranked)| hit(ranked)).collect()
    }
}

/// The better is the greater.
impl Ord for Ranked<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.cosine.total_cmp(&other.cosine).then_with(|| other.path.cmp(self.path))
    }
}

impl PartialOrd for Ranked<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Ranked<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Ranked<'_> {}
