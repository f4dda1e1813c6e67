//! Rows as they come, in files beside the one that they will be in: what a run has written stays whenever it ends.
//!
//! ```text
//! .index.parquet.parts/
//!   lock                    one process at a time
//!   0000-000000.parquet     the first run's, in order of their paths
//!   0000-000001.parquet
//!   0001-000000.parquet     the next run's
//! ```

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use arrow_schema::SchemaRef;
use parquet::arrow::ArrowWriter;

use super::output::properties;
use crate::vectors::{About, Reader, Row, batch, schema};
use crate::written::Beside;

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
        fs::create_dir_all(folder).with_context(failed)?;
        let lock = File::create(folder.join("lock")).with_context(failed)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => bail!("another process writes into {}", folder.display()),
            Err(TryLockError::Error(error)) => return Err(error).with_context(failed),
        }
        let mut names: Vec<PathBuf> = Vec::new();
        for entry in fs::read_dir(folder).with_context(failed)? {
            let path = entry.with_context(failed)?.path();
            if run_of(&path).is_some() {
                names.push(path);
            }
        }
        names.sort();
        let mut runs: Vec<Vec<PathBuf>> = Vec::new();
        let mut run = None;
        for path in names {
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
            let of = run_of(&path);
            if run != of {
                runs.push(Vec::new());
                run = of;
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

    /// All is where it will be: away with it.
    ///
    /// Errors: it cannot be removed.
    pub fn remove(self) -> Result<()> {
        fs::remove_dir_all(&self.folder)
            .with_context(|| format!("{} cannot be removed", self.folder.display()))
    }
}

fn run_of(path: &Path) -> Option<usize> {
    let name = path.file_name()?.to_str()?.strip_suffix(".parquet")?;
    let (run, part) = name.split_once('-')?;
    part.parse::<usize>().ok()?;
    run.parse().ok()
}
