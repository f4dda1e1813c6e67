//! What crates.io gets.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use repository::{paths, process};

use super::Release;

/// What crates.io takes at most.
const LIMIT: u64 = 10 << 20;

/// Package all crates and build each from its package alone; the packages go into `folder`.
pub(super) fn package(release: &Release, folder: &Path) -> Result<Vec<String>> {
    let names: Vec<&str> = release.packages.iter().map(|package| package.name.as_str()).collect();
    let chosen: Vec<&str> = names.iter().flat_map(|name| ["--package", name]).collect();
    // Cargo packages them together: each is built against the packages of the others, not against their folders.
    process::run(process::cargo().args(["package", "--locked"]).args(&chosen))?;
    for name in &names {
        let file = format!("{name}-{}.crate", release.version);
        let from = paths::target().join("package").join(&file);
        let size = fs::copy(&from, folder.join(&file))
            .with_context(|| format!("{} could not be copied", from.display()))?;
        ensure!(size <= LIMIT, "{file} has {size} bytes; crates.io takes {LIMIT}");
    }
    Ok(vec![format!("cargo publish --locked {}", chosen.join(" "))])
}
