//! What npm gets.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use repository::paths;

use super::Release;
use crate::package;

/// The packages of the site's library and its model, as `cargo xtask package` makes them; their archives go into `folder`.
pub(super) fn archives(release: &Release, folder: &Path) -> Result<Vec<String>> {
    let mut commands = Vec::new();
    for archive in package::make(&release.site, &paths::work("packages"), None)? {
        let name = archive.file_name().context("an archive has a name")?;
        fs::copy(&archive, folder.join(name))
            .with_context(|| format!("{} could not be copied", archive.display()))?;
        commands.push(format!("npm publish {}", name.display()));
    }
    Ok(commands)
}
