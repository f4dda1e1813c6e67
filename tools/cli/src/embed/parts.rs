//! Rows as they come, in files beside the one that they will be in: what a run has written stays whenever it ends.
//!
//! ```text
//! .index.parquet.parts/
//!   lock                    one process at a time
//!   0000-000000.parquet     the first run's, in order of their paths
//!   0000-000001.parquet
//!   0001-000000.parquet     the next run's
//! ```

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use arrow_schema::SchemaRef;
use parquet::arrow::ArrowWriter;

use super::output::properties;
use crate::vectors::{About, Reader, Row, batch, schema};
use crate::written::{Beside, lock};

/// A part is written after this time, if it has not so many rows before.
const EVERY: Duration = Duration::from_secs(20);

pub struct Parts {
    folder: PathBuf,
    /// Held as long as this is.
    _lock: File,
    about: About,
    schema: SchemaRef,
    run: usize,
    written: Vec<PathBuf>,
    rows: Vec<Row>,
    /// Rows of a part.
    most: usize,
    since: Instant,
}

impl Parts {
    /// Go on in a folder, or make it, with `most` rows a part; and the parts of each earlier run.
    ///
    /// Errors: another process has it, its vectors are others than `about`'s, or it cannot be written.
    pub fn open(folder: &Path, about: &About, most: usize) -> Result<(Self, Vec<Vec<PathBuf>>)> {
        let failed = || format!("{} cannot be used", folder.display());
        let lock = lock(folder, "lock")?;
        let mut parts: Vec<((usize, usize), PathBuf)> = Vec::new();
        for entry in fs::read_dir(folder).with_context(failed)? {
            let path = entry.with_context(failed)?.path();
            parts.extend(numbers_of(&path).map(|numbers| (numbers, path)));
        }
        parts.sort();
        let mut runs: Vec<Vec<PathBuf>> = Vec::new();
        let mut run = None;
        for ((of, _), path) in parts {
            match Reader::about(&path) {
                Ok((written, _)) => written.ensure_is(about).with_context(|| {
                    format!(
                        "{} has what an interrupted run left; finish that, or remove the folder",
                        folder.display()
                    )
                })?,
                // What the disk lost is done again.
                Err(_) => {
                    eprintln!("{} is damaged; its pictures are embedded again", path.display());
                    fs::remove_file(&path).with_context(failed)?;
                    continue;
                }
            }
            if run != Some(of) {
                runs.push(Vec::new());
                run = Some(of);
            }
            if let Some(last) = runs.last_mut() {
                last.push(path);
            }
        }
        let schema = schema(about.dim, about.precision);
        let run = run.map_or(0, |run| run + 1);
        let (folder, about, since) = (folder.to_owned(), about.clone(), Instant::now());
        Ok((
            Self {
                folder,
                _lock: lock,
                about,
                schema,
                run,
                written: Vec::new(),
                rows: Vec::new(),
                most,
                since,
            },
            runs,
        ))
    }

    /// Errors: they cannot be written.
    pub fn push(&mut self, row: Row) -> Result<()> {
        self.rows.push(row);
        match self.rows.len() >= self.most || self.since.elapsed() >= EVERY {
            true => self.flush(),
            false => Ok(()),
        }
    }

    /// Write what has come.
    ///
    /// Errors: it cannot be written.
    pub fn flush(&mut self) -> Result<()> {
        self.since = Instant::now();
        if self.rows.is_empty() {
            return Ok(());
        }
        let path = self.folder.join(format!("{:04}-{:06}.parquet", self.run, self.written.len()));
        let beside = Beside::create(&path)?;
        let file = beside.file.try_clone()?;
        let mut writer = ArrowWriter::try_new(file, self.schema.clone(), Some(properties(&self.about)?))?;
        writer.write(&batch(&self.rows, &self.schema)?)?;
        writer.close()?;
        beside.finish()?;
        self.written.push(path);
        self.rows.clear();
        Ok(())
    }

    /// What this run has written.
    pub fn written(&self) -> &[PathBuf] {
        &self.written
    }

    /// As it was before this run, which has written nothing: what an interrupted one left stays.
    ///
    /// Errors: as [`Parts::remove`].
    pub fn leave(self, interrupted: bool) -> Result<()> {
        if interrupted { Ok(()) } else { self.remove() }
    }

    /// All is where it will be: away with it.
    ///
    /// Errors: it cannot be removed.
    pub fn remove(self) -> Result<()> {
        fs::remove_dir_all(&self.folder)
            .with_context(|| format!("{} cannot be removed", self.folder.display()))
    }
}

/// The run, and the part's place in it.
fn numbers_of(path: &Path) -> Option<(usize, usize)> {
    let name = path.file_name()?.to_str()?.strip_suffix(".parquet")?;
    let (run, part) = name.split_once('-')?;
    Some((run.parse().ok()?, part.parse().ok()?))
}
