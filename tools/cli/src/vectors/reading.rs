//! Files of rows, read one row after the other.

use std::collections::VecDeque;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::vec;

use anyhow::{Context, Result};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};

use super::about::About;
use super::rows::{Row, rows};

/// Rows that are read at a time.
const ROWS: usize = 1024;
const STAMP: [&str; 3] = ["path", "size", "mtime"];

/// What is read of rows.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    All,
    /// By what a file is known to be the same: path, size and mtime.
    Stamp,
}

/// The rows of several files that follow each other.
pub struct Reader {
    files: VecDeque<PathBuf>,
    about: About,
    wanted: Wanted,
    batches: Option<(PathBuf, ParquetRecordBatchReader)>,
    rows: vec::IntoIter<Row>,
    next: Option<Row>,
}

impl Reader {
    /// Errors: a file cannot be read.
    pub fn open(files: impl IntoIterator<Item = PathBuf>, about: &About, wanted: Wanted) -> Result<Self> {
        let files = files.into_iter().collect();
        let (about, rows) = (about.clone(), Vec::new().into_iter());
        let mut reader = Self { files, about, wanted, batches: None, rows, next: None };
        reader.next = reader.read()?;
        Ok(reader)
    }

    /// What a file says of itself, and how many rows it has.
    ///
    /// Errors: it cannot be read, or is another kind of file.
    pub fn about(path: &Path) -> Result<(About, usize)> {
        let builder = builder(path)?;
        let metadata = builder.metadata().file_metadata();
        let about = About::read(metadata.key_value_metadata());
        Ok((
            about.with_context(|| format!("{} cannot be used", path.display()))?,
            metadata.num_rows() as usize,
        ))
    }

    /// The row that comes next.
    pub fn peek(&self) -> Option<&Row> {
        self.next.as_ref()
    }

    /// Errors: the file cannot be read.
    pub fn next_row(&mut self) -> Result<Option<Row>> {
        let next = self.read()?;
        Ok(std::mem::replace(&mut self.next, next))
    }

    fn read(&mut self) -> Result<Option<Row>> {
        loop {
            if let Some(row) = self.rows.next() {
                return Ok(Some(row));
            }
            if let Some((path, batches)) = &mut self.batches
                && let Some(batch) = batches.next()
            {
                let damaged = || format!("{} is damaged", path.display());
                self.rows =
                    rows(&batch.with_context(damaged)?, self.about.dim).with_context(damaged)?.into_iter();
                continue;
            }
            let Some(path) = self.files.pop_front() else { return Ok(None) };
            let mut builder = builder(&path)?.with_batch_size(ROWS);
            if self.wanted == Wanted::Stamp {
                let stamp = ProjectionMask::columns(builder.parquet_schema(), STAMP);
                builder = builder.with_projection(stamp);
            }
            let batches = builder.build().with_context(|| format!("{} cannot be read", path.display()))?;
            self.batches = Some((path, batches));
        }
    }
}

fn builder(path: &Path) -> Result<ParquetRecordBatchReaderBuilder<File>> {
    let file = File::open(path).with_context(|| format!("{} cannot be read", path.display()))?;
    ParquetRecordBatchReaderBuilder::try_new(file)
        .with_context(|| format!("{} is no Parquet file that can be read", path.display()))
}
