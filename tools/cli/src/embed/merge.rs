//! Rows of several runs in one order, each path once.

use std::collections::HashSet;

use anyhow::Result;

use crate::pictures::in_order;
use crate::vectors::{Reader, Row};

pub struct Merge {
    /// The oldest first; what the newest has is right.
    sources: Vec<Reader>,
    /// Whether the last is this run's, of which nothing is dropped.
    fresh: bool,
    dropped: HashSet<String>,
}

impl Merge {
    /// `earlier`, the oldest first, without what is `dropped`; and what this run has.
    pub fn new(earlier: Vec<Reader>, this: Option<Reader>, dropped: HashSet<String>) -> Self {
        let fresh = this.is_some();
        Self { sources: earlier.into_iter().chain(this).collect(), fresh, dropped }
    }

    /// Errors: a file cannot be read.
    pub fn next_row(&mut self) -> Result<Option<Row>> {
        loop {
            let paths = self.sources.iter().filter_map(|source| source.peek().map(|row| row.path.as_str()));
            let Some(first) = paths.min_by(|a, b| in_order(a, b)).map(str::to_owned) else { return Ok(None) };
            let mut newest = None;
            for (at, source) in self.sources.iter_mut().enumerate() {
                if source.peek().is_some_and(|row| row.path == first) {
                    newest = source.next_row()?.map(|row| (at, row));
                }
            }
            if let Some((at, row)) = newest {
                let fresh = self.fresh && at + 1 == self.sources.len();
                if fresh || !self.dropped.contains(&row.path) {
                    return Ok(Some(row));
                }
            }
        }
    }
}
