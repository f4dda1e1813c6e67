//! Where things lie.

use std::path::{Path, PathBuf};

/// The repository's root, which is the workspace's and the `semblance` package's.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("tools/repository lies in the repository")
}

/// The folder that cargo builds into; `CARGO_TARGET_DIR` is honoured as cargo does.
pub fn target() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(folder) => root().join(folder),
        None => root().join("target"),
    }
}

/// This program's own corner of the target folder: downloads, stamps, traces of failed tests.
pub fn work(name: &str) -> PathBuf {
    target().join("xtask").join(name)
}
