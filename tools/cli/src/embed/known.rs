//! Which pictures have a vector already, by path, size and date: a walk through the files of vectors beside the one through the
//! folder, both in the same order, so that neither stands in memory.

use std::collections::HashSet;

use anyhow::Result;

use crate::pictures::{Found, in_order};
use crate::vectors::{Reader, Row};

/// What is there already.
pub struct Known {
    /// The oldest first.
    sources: Vec<Reader>,
    /// Not in the folder any more.
    pub gone: HashSet<String>,
    /// There, and another file than it was.
    pub changed: HashSet<String>,
}

impl Known {
    pub fn new(sources: Vec<Reader>) -> Self {
        Self { sources, gone: HashSet::new(), changed: HashSet::new() }
    }

    /// Whether a file has a vector; they are asked for in their order.
    ///
    /// Errors: a file of vectors cannot be read.
    pub fn has(&mut self, found: &Found) -> Result<bool> {
        let mut newest: Option<Row> = None;
        for source in &mut self.sources {
            while source.peek().is_some_and(|row| in_order(&row.path, &found.path).is_lt()) {
                self.gone.extend(source.next_row()?.map(|row| row.path));
            }
            if source.peek().is_some_and(|row| row.path == found.path) {
                newest = source.next_row()?;
            }
        }
        let Some(row) = newest else { return Ok(false) };
        let same = (row.size, row.mtime) == (found.size, found.mtime);
        if !same {
            self.changed.insert(row.path);
        }
        Ok(same)
    }

    /// There is no other file.
    ///
    /// Errors: as [`Known::has`].
    pub fn end(&mut self) -> Result<()> {
        for source in &mut self.sources {
            while let Some(row) = source.next_row()? {
                self.gone.insert(row.path);
            }
        }
        Ok(())
    }
}
