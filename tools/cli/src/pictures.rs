//! Picture files: the ones below folders, in an order that is the same on every machine, and single ones.

use std::cmp::Ordering;
use std::fs::Metadata;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use anyhow::{Context, Result, ensure};
use semblance::index::is_picture;
use walkdir::{DirEntry, WalkDir};

/// A file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// As the folder has it, with `/` between folders; of a file that was named, as it was.
    pub path: String,
    pub file: PathBuf,
    /// In bytes.
    pub size: i64,
    /// Milliseconds since 1970.
    pub mtime: i64,
}

impl Found {
    /// A file as it is now; of one that is not there, size and date are 0.
    pub fn now(path: String, file: PathBuf) -> Self {
        match file.metadata() {
            Ok(about) => Self::of(path, file, &about),
            Err(_) => Self { path, file, size: 0, mtime: 0 },
        }
    }

    fn of(path: String, file: PathBuf, about: &Metadata) -> Self {
        let since = about.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        let mtime = since.and_then(|since| since.as_millis().try_into().ok()).unwrap_or(0);
        Self { path, file, size: about.len() as i64, mtime }
    }
}

/// What cannot be looked at, and why.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Failure {
    pub path: String,
    pub reason: String,
}

/// Pictures below a folder by their names' ends, in the order of [`in_order`], one after the other: of the folders on the way
/// down to where it is, names stand in memory, and nothing else. Hidden files and folders are left out; links are followed.
pub fn below(folder: &Path) -> impl Iterator<Item = Result<Found, Failure>> + use<> {
    let root = folder.to_owned();
    let shown =
        |entry: &DirEntry| entry.depth() == 0 || !entry.file_name().as_encoded_bytes().starts_with(b".");
    WalkDir::new(folder).follow_links(true).sort_by_file_name().into_iter().filter_entry(shown).filter_map(
        move |entry| match entry {
            Ok(entry) if entry.file_type().is_file() && is_picture(entry.path()) => {
                Some(found(&root, &entry))
            }
            Ok(_) => None,
            Err(error) => {
                let path = error.path().unwrap_or(&root).display().to_string();
                Some(Err(Failure { path, reason: error.to_string() }))
            }
        },
    )
}

/// Files, and the pictures below folders, as they were named.
///
/// Errors: there is no such file or folder.
pub fn named(paths: &[PathBuf]) -> Result<Vec<Result<Found, Failure>>> {
    let mut all = Vec::new();
    for path in paths {
        let about = path.metadata().with_context(|| format!("{} cannot be read", path.display()))?;
        if about.is_dir() {
            let before = all.len();
            let inside = |found: Found| Found { path: path.join(&found.path).display().to_string(), ..found };
            all.extend(below(path).map(|one| one.map(inside)));
            ensure!(all.len() > before, "there is no picture in {}", path.display());
        } else {
            all.push(Ok(Found::of(path.display().to_string(), path.clone(), &about)));
        }
    }
    Ok(all)
}

/// The order in which [`below`] comes upon paths: folder by folder, by the bytes of names.
pub fn in_order(a: &str, b: &str) -> Ordering {
    a.split('/').cmp(b.split('/'))
}

fn found(root: &Path, entry: &DirEntry) -> Result<Found, Failure> {
    let file = entry.path();
    let failed = |reason: String| Failure { path: file.display().to_string(), reason };
    let relative = file.strip_prefix(root).unwrap_or(file);
    let names: Option<Vec<&str>> = relative.components().map(|part| part.as_os_str().to_str()).collect();
    let names = names.ok_or_else(|| failed("its name is no text in UTF-8".into()))?;
    let about = entry.metadata().map_err(|error| failed(error.to_string()))?;
    Ok(Found::of(names.join("/"), file.to_owned(), &about))
}

#[cfg(test)]
// A test that cannot write its files has failed.
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn pictures_come_in_their_order_and_nothing_else_does() {
        let folder = tempfile::tempdir().unwrap();
        for name in
            ["b/2.png", "b/10.JPG", "b-c/1.jpg", "a.webp", "b.gif", ".hidden/1.jpg", "b/.x.jpg", "notes.txt"]
        {
            let file = folder.path().join(name);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, name).unwrap();
        }
        // A link back to the top: said, and not followed for ever.
        std::os::unix::fs::symlink(folder.path(), folder.path().join("b/loop")).unwrap();
        let (found, failed): (Vec<_>, Vec<_>) = below(folder.path()).partition(Result::is_ok);
        let paths: Vec<String> = found.into_iter().map(|one| one.unwrap().path).collect();
        assert_eq!(paths, ["a.webp", "b/10.JPG", "b/2.png", "b-c/1.jpg", "b.gif"]);
        assert!(paths.is_sorted_by(|a, b| in_order(a, b).is_lt()), "the walk's order is in_order's");
        assert_eq!(failed.len(), 1, "{failed:?}");
        assert!(failed[0].as_ref().unwrap_err().path.ends_with("b/loop"), "{failed:?}");
    }
}
