//! Files that are there as a whole or not at all, whenever the process ends.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

/// Write a file beside its place and move it there.
///
/// Errors: it cannot be written.
pub fn whole(path: &Path, bytes: &[u8]) -> Result<()> {
    let failed = || format!("{} could not be written", path.display());
    let name = path.file_name().with_context(failed)?.to_string_lossy();
    let beside = path.with_file_name(format!(".{name}.part"));
    fs::write(&beside, bytes).and_then(|()| fs::rename(&beside, path)).with_context(failed)
}
