//! The repository's own sources, for the tests that read them.

use std::path::{Path, PathBuf};

pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

pub fn read(file: &Path) -> String {
    std::fs::read_to_string(root().join(file)).unwrap_or_else(|e| panic!("{}: {e}", file.display()))
}

/// All files below a folder with this extension, as paths from the root.
pub fn files(folder: &str, extension: &str) -> Vec<PathBuf> {
    let mut found = files_below(folder);
    found.retain(|file| file.extension().is_some_and(|ext| ext == extension));
    assert!(!found.is_empty(), "no .{extension} files in {folder}");
    found
}

/// What `cargo xtask bench --peer` makes and git ignores: other people's.
const NOT_OURS: &str = "benches/peer/work";

/// All files below a folder, as paths from the root.
pub fn files_below(folder: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![PathBuf::from(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(root().join(&folder)).unwrap() {
            let path = folder.join(entry.unwrap().file_name());
            match root().join(&path).is_dir() {
                true if path.as_path() == Path::new(NOT_OURS) => {}
                true => folders.push(path),
                false => found.push(path),
            }
        }
    }
    found.sort();
    found
}

/// `../state.js` seen from the folder `www/shell/model` → `www/shell/state.js`.
pub fn resolve(folder: &Path, target: &str) -> String {
    let mut parts: Vec<&str> = folder.iter().filter_map(|part| part.to_str()).collect();
    for part in target.split('/') {
        match part {
            "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}
