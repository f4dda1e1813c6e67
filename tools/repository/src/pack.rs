//! The program of `tools/pack`, which fetches, packs and checks models.

use std::path::PathBuf;

use anyhow::Result;

use crate::{paths, process};

/// The program, compiled.
pub fn build() -> Result<PathBuf> {
    process::run(process::cargo().args(["build", "--quiet", "--release", "--package", "semblance-pack"]))?;
    Ok(paths::target().join("release").join(format!("semblance-pack{}", std::env::consts::EXE_SUFFIX)))
}
