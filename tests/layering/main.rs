//! The layers of ARCHITECTURE.md hold: imports point down only, every platform feature has one
//! home, and no folder becomes a drawer.

// A test that cannot read its golden has failed.
#![allow(clippy::unwrap_used)]
#![cfg(not(target_arch = "wasm32"))]

mod circles;
mod folders;
mod homes;
mod javascript;
mod rust;

use std::path::{Path, PathBuf};

/// Tests may use what they like.
fn without_tests(source: &str) -> String {
    source.split("#[cfg(test)]").next().unwrap().to_owned()
}

fn is_comment(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("//") || line.starts_with('*') || line.starts_with("/*")
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(file: &Path) -> String {
    std::fs::read_to_string(root().join(file)).unwrap_or_else(|e| panic!("{}: {e}", file.display()))
}

/// All files below a folder with this extension, as paths from the root.
fn files(folder: &str, extension: &str) -> Vec<PathBuf> {
    let mut found = files_below(folder);
    found.retain(|file| file.extension().is_some_and(|ext| ext == extension));
    assert!(!found.is_empty(), "no .{extension} files in {folder}");
    found
}

/// All files below a folder, as paths from the root.
fn files_below(folder: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![PathBuf::from(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(root().join(&folder)).unwrap() {
            let path = folder.join(entry.unwrap().file_name());
            if root().join(&path).is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    found
}
