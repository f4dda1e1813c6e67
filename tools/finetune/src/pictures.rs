//! A folder of folders: each is a class, its name the class's, and all files below it are its pictures.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};

/// A picture's file and the number of its class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Labelled {
    pub path: PathBuf,
    pub class: usize,
}

/// The classes of a folder, sorted by name, and its pictures, sorted by path.
#[derive(Debug)]
pub struct Labels {
    pub classes: Vec<String>,
    pub pictures: Vec<Labelled>,
}

impl Labels {
    /// The classes are the sub-folders that have files; `_` in their names is a space.
    ///
    /// Errors: the folder cannot be read, has fewer than two classes, or two of one name.
    pub fn read(folder: &Path) -> Result<Self> {
        let mut found = BTreeMap::new();
        for (class, files) in sub_folders(folder)? {
            ensure!(
                found.insert(class.clone(), files).is_none(),
                "two folders in {} are the class “{class}”: rename one of them",
                folder.display()
            );
        }
        match found.len() {
            0 => bail!(
                "{} has no sub-folders with pictures in them: each class is a folder, named after the class",
                folder.display()
            ),
            1 => bail!(
                "{} has one class only, “{}”: with nothing to tell it from there is nothing to learn",
                folder.display(),
                found.keys().next().map_or("", String::as_str)
            ),
            _ => {}
        }
        let classes: Vec<String> = found.keys().cloned().collect();
        let labelled = |(class, files): (usize, Vec<PathBuf>)| {
            files.into_iter().map(move |path| Labelled { path, class })
        };
        let pictures = found.into_values().enumerate().flat_map(labelled).collect();
        Ok(Self { classes, pictures })
    }

    /// The pictures of another folder with the same classes, or some of them.
    ///
    /// Errors: the folder cannot be read, has no pictures, or has a class that is not one of these.
    pub fn others(&self, folder: &Path) -> Result<Vec<Labelled>> {
        let mut pictures = Vec::new();
        for (name, files) in sub_folders(folder)? {
            let Some(class) = self.classes.iter().position(|class| *class == name) else {
                bail!("{} has a class “{name}”, of which there are no pictures to train on", folder.display())
            };
            pictures.extend(files.into_iter().map(|path| Labelled { path, class }));
        }
        ensure!(!pictures.is_empty(), "{} has no sub-folders with pictures in them", folder.display());
        Ok(pictures)
    }

    /// Take a share of every class's pictures out, drawn by chance: at least one of each, and never its last.
    pub fn split_off(&mut self, share: f64, seed: u64) -> Vec<Labelled> {
        let mut random = fastrand::Rng::with_seed(seed);
        let mut kept = Vec::new();
        let mut out = Vec::new();
        for class in 0..self.classes.len() {
            let mut pictures: Vec<_> =
                self.pictures.iter().filter(|one| one.class == class).cloned().collect();
            random.shuffle(&mut pictures);
            let count = pictures.len();
            let wanted = (share * count as f64).round() as usize;
            let rest = pictures.split_off(wanted.max(1).min(count.saturating_sub(1)));
            out.extend(pictures);
            kept.extend(rest);
        }
        kept.sort_by(|a, b| a.path.cmp(&b.path));
        out.sort_by(|a, b| a.path.cmp(&b.path));
        self.pictures = kept;
        out
    }
}

/// The sub-folders that have files, as (class, files).
fn sub_folders(folder: &Path) -> Result<Vec<(String, Vec<PathBuf>)>> {
    ensure!(folder.is_dir(), "there is no folder {}", folder.display());
    let mut found = Vec::new();
    for path in entries(folder)? {
        if path.is_dir() {
            let name = path.file_name().unwrap_or_default().to_string_lossy().replace('_', " ");
            let mut files = Vec::new();
            files_below(&path, &mut files)?;
            if !files.is_empty() {
                found.push((name.trim().to_owned(), files));
            }
        }
    }
    Ok(found)
}

/// All files in a folder and below it, sorted within each.
///
/// Errors: one of the folders cannot be read.
pub fn files_below(folder: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
    for path in entries(folder)? {
        match path.is_dir() {
            true => files_below(&path, found)?,
            false => found.push(path),
        }
    }
    Ok(())
}

/// What lies in a folder, sorted; hidden files are not seen.
///
/// Errors: it cannot be read.
pub fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let failed = || format!("{} could not be read", folder.display());
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).with_context(failed)? {
        let path = entry.with_context(failed)?.path();
        let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if !hidden {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(files: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for file in files {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, b"").unwrap();
        }
        folder
    }

    #[test]
    fn folders_are_classes() {
        let folder =
            folder(&["02_red_fox/b.jpg", "02_red_fox/more/a.jpg", "cat/1.png", "cat/.hidden", "note.txt"]);
        let labels = Labels::read(folder.path()).unwrap();
        assert_eq!(labels.classes, ["02 red fox", "cat"]);
        let found: Vec<_> =
            labels.pictures.iter().map(|one| (one.path.file_name().unwrap(), one.class)).collect();
        assert_eq!(found, [("b.jpg".as_ref(), 0), ("a.jpg".as_ref(), 0), ("1.png".as_ref(), 1)]);
    }

    #[test]
    fn what_cannot_be_learnt_from_is_refused() {
        let cases: [(&[&str], &str); 4] = [
            (&[], "no sub-folders with pictures"),
            (&["a.jpg"], "no sub-folders with pictures"),
            (&["cat/a.jpg"], "one class only, “cat”"),
            (&["a_b/1.jpg", "a b/1.jpg", "c/1.jpg"], "the class “a b”"),
        ];
        for (files, part) in cases {
            let message = Labels::read(folder(files).path()).unwrap_err().to_string();
            assert!(message.contains(part), "{files:?}: {message}");
        }
        assert!(Labels::read(Path::new("/no/such")).unwrap_err().to_string().contains("there is no folder"));
    }

    #[test]
    fn another_folder_has_the_same_classes() {
        let labels = Labels::read(folder(&["a/1", "b/1"]).path()).unwrap();
        assert_eq!(labels.others(folder(&["b/2"]).path()).unwrap()[0].class, 1);
        for (files, part) in [(&["c/1"], "“c”"), (&["1"], "no sub-folders")] {
            let message = labels.others(folder(files).path()).unwrap_err().to_string();
            assert!(message.contains(part), "{message}");
        }
    }

    #[test]
    fn a_split_takes_of_every_class_and_loses_nothing() {
        let files: Vec<String> =
            (0..10).map(|i| format!("a/{i}")).chain(["b/1".into(), "c/1".into(), "c/2".into()]).collect();
        let files: Vec<&str> = files.iter().map(String::as_str).collect();
        let folder = folder(&files);
        let whole = Labels::read(folder.path()).unwrap();
        let mut kept = Labels::read(folder.path()).unwrap();
        let out = kept.split_off(0.2, 1);
        let counts = |pictures: &[Labelled]| {
            [0, 1, 2].map(|class| pictures.iter().filter(|one| one.class == class).count())
        };
        assert_eq!((counts(&kept.pictures), counts(&out)), ([8, 1, 1], [2, 0, 1]));
        let mut all = [kept.pictures, out.clone()].concat();
        all.sort_by(|a, b| a.path.cmp(&b.path));
        assert_eq!(all, whole.pictures);
        let mut again = Labels::read(folder.path()).unwrap();
        assert_eq!(again.split_off(0.2, 1), out, "the same seed, the same split");
    }
}
