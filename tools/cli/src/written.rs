//! Files that are there as a whole or not at all, whenever the process or the machine ends.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// A file that is written beside its place.
pub struct Beside {
    path: PathBuf,
    beside: PathBuf,
    pub file: File,
}

impl Beside {
    /// Errors: it cannot be made.
    pub fn create(path: &Path) -> Result<Self> {
        let name = path.file_name().with_context(|| failed(path))?.to_string_lossy();
        let beside = path.with_file_name(format!(".{name}.part"));
        let file = File::options().read(true).write(true).create(true).truncate(true).open(&beside);
        Ok(Self { path: path.to_owned(), file: file.with_context(|| failed(path))?, beside })
    }

    /// Move it to its place, once it is on the disk.
    ///
    /// Errors: it cannot be written.
    pub fn finish(self) -> Result<()> {
        let moved = self.file.sync_all().and_then(|()| fs::rename(&self.beside, &self.path));
        moved.with_context(|| failed(&self.path))
    }
}

/// Write a file beside its place and move it there.
///
/// Errors: it cannot be written.
pub fn whole(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut beside = Beside::create(path)?;
    beside.file.write_all(bytes).with_context(|| failed(path))?;
    beside.finish()
}

fn failed(path: &Path) -> String {
    format!("{} could not be written", path.display())
}
