//! Files that are there as a whole or not at all, whenever the process or the machine ends.

use std::fs::{self, File, TryLockError};
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

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

/// The folder's file `name`, which one process has at a time for as long as it keeps it open. The folder is made.
///
/// Errors: another process has it, or it cannot be made.
pub fn lock(folder: &Path, name: &str) -> Result<File> {
    let failed = || format!("{} cannot be used", folder.display());
    let path = folder.join(name);
    loop {
        fs::create_dir_all(folder).with_context(failed)?;
        let file = File::create(&path).with_context(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => bail!("another process writes into {}", folder.display()),
            Err(TryLockError::Error(error)) => return Err(error).with_context(failed),
        }
        // Whoever had it before may have removed the folder since it was opened here.
        if is_at(&file, &path) {
            return Ok(file);
        }
    }
}

/// Whether an open file is what a path leads to.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let place = |about: &fs::Metadata| (about.dev(), about.ino());
    matches!((&file.metadata(), &path.metadata()), (Ok(a), Ok(b)) if place(a) == place(b))
}

/// What is open cannot be removed there.
#[cfg(not(unix))]
fn is_at(_: &File, _: &Path) -> bool {
    true
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
