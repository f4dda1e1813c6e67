//! What cases say of what they find.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use repository::{paths, setup};

/// A file of the repository, which must be there.
pub(crate) fn repository_file(path: &str) -> Result<String> {
    let file = paths::root().join(path).canonicalize().with_context(|| format!("{path} is missing"))?;
    Ok(file.to_str().context("paths are readable text")?.to_owned())
}

/// An error with the two values, unless they are equal.
pub(crate) fn same<T: PartialEq + std::fmt::Debug>(what: &str, found: T, expected: T) -> Result<()> {
    match found == expected {
        true => Ok(()),
        false => bail!("{what}: expected {expected:?}, found {found:?}"),
    }
}

/// An error, unless the two numbers are within `tolerance`.
pub(crate) fn near(what: &str, found: f64, expected: f64, tolerance: f64) -> Result<()> {
    match (found - expected).abs() <= tolerance {
        true => Ok(()),
        false => bail!("{what}: expected {expected} within {tolerance}, found {found}"),
    }
}

/// An error, unless it holds.
pub(crate) fn holds(what: &str, condition: bool) -> Result<()> {
    match condition {
        true => Ok(()),
        false => bail!("{what}: not so"),
    }
}

/// A folder for one case's files, empty.
pub(crate) fn scratch(name: &str) -> Result<std::path::PathBuf> {
    setup::fresh_folder(&format!("e2e/{name}"))
}

/// The path of a file that the browser is about to finish: until it is whole it has another name, whose place may be kept by
/// an empty file.
pub(crate) fn downloaded(path: &Path) -> Result<PathBuf> {
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs(60) {
        if fs::metadata(path).is_ok_and(|file| file.len() > 0) {
            return Ok(path.to_owned());
        }
        thread::sleep(Duration::from_millis(50));
    }
    bail!("{} was not downloaded", path.display())
}
