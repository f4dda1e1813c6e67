//! Pictures whose classes are known: a folder with a sub-folder a class, or a CSV file.

use std::collections::{BTreeSet, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use finetune::pictures::{entries, files_below};
use sha2::{Digest, Sha256};

/// A picture's file and its class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Labelled {
    /// As the list has it, with `/` between folders.
    pub path: String,
    pub file: PathBuf,
    /// Its place among the classes.
    pub class: u32,
    /// In bytes; 0 where the file is not there.
    pub size: u64,
}

/// The classes, sorted by name, and the pictures: of a folder sorted by path, of a CSV file as it has them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Collection {
    pub classes: Vec<String>,
    pub pictures: Vec<Labelled>,
}

impl Collection {
    /// All files below a sub-folder are the class's pictures, but for hidden ones. A sub-folder without any is a class, too.
    ///
    /// Errors: the folder cannot be read, has fewer than two classes or no picture, or a name that is no text.
    pub fn of_folder(folder: &Path) -> Result<Self> {
        ensure!(folder.is_dir(), "there is no folder {}", folder.display());
        let (mut classes, mut pictures) = (Vec::new(), Vec::new());
        for inside in entries(folder)?.into_iter().filter(|path| path.is_dir()) {
            let class = u32::try_from(classes.len())?;
            classes.push(name(folder, &inside)?);
            let mut files = Vec::new();
            files_below(&inside, &mut files)?;
            for file in files {
                let path = name(folder, &file)?;
                pictures.push(Labelled { path, class, size: size(&file), file });
            }
        }
        let what = || format!("{} has no sub-folders: each class is a folder of pictures", folder.display());
        ensure!(!classes.is_empty(), what());
        Self { classes, pictures }.checked(folder)
    }

    /// A file with a header: `path` (relative to the file, or absolute) and `class`, in any order and among others.
    ///
    /// Errors: the file cannot be read, lacks a column, has a blank field or a path twice, fewer than two classes, or no row.
    pub fn of_csv(file: &Path) -> Result<Self> {
        let mut reader = csv::ReaderBuilder::new()
            .trim(csv::Trim::All)
            .from_path(file)
            .with_context(|| format!("{} could not be read", file.display()))?;
        let damaged = || format!("{} is no CSV file that can be read", file.display());
        let headers = reader.headers().with_context(damaged)?.clone();
        let column = |wanted: &str| {
            let at = headers.iter().position(|name| name.trim_start_matches('\u{feff}') == wanted);
            at.with_context(|| {
                format!("{} has no column “{wanted}”: its first line must be path,class", file.display())
            })
        };
        let (path_at, class_at) = (column("path")?, column("class")?);
        let mut rows = Vec::new();
        for record in reader.records() {
            let record = record.with_context(damaged)?;
            let line = record.position().map_or(0, csv::Position::line);
            let (path, class) = (&record[path_at], &record[class_at]);
            ensure!(!path.is_empty() && !class.is_empty(), "{} line {line} is not whole", file.display());
            rows.push((path.to_owned(), class.to_owned()));
        }
        let classes: BTreeSet<&String> = rows.iter().map(|(_, class)| class).collect();
        let classes: Vec<String> = classes.into_iter().cloned().collect();
        let folder = file.parent().unwrap_or(Path::new(""));
        let labelled = |(path, class): (String, String)| {
            let file = folder.join(&path);
            let class = u32::try_from(classes.binary_search(&class).unwrap_or_default())?;
            Ok(Labelled { path, class, size: size(&file), file })
        };
        let pictures = rows.into_iter().map(labelled).collect::<Result<_>>()?;
        Self { classes, pictures }.checked(file)
    }

    /// SHA-256 over the list: of each picture its path, class and size.
    pub fn sha256(&self) -> String {
        let mut hasher = Sha256::new();
        for Labelled { path, class, size, .. } in &self.pictures {
            hasher.update(format!("{path}\t{}\t{size}\n", self.classes[*class as usize]));
        }
        format!("{:x}", hasher.finalize())
    }

    fn checked(self, place: &Path) -> Result<Self> {
        let place = place.display();
        if let [class] = &self.classes[..] {
            bail!("{place} has one class only, “{class}”: there is nothing to tell it from");
        }
        ensure!(!self.pictures.is_empty(), "{place} has no pictures");
        let mut seen = HashSet::new();
        if let Some(twice) = self.pictures.iter().find(|one| !seen.insert(&one.path)) {
            bail!("{place} has {} twice", twice.path);
        }
        Ok(self)
    }
}

/// A path from a folder on, with `/`.
fn name(folder: &Path, path: &Path) -> Result<String> {
    let parts = path.strip_prefix(folder)?.iter().map(|part| part.to_str());
    let parts: Option<Vec<&str>> = parts.collect();
    Ok(parts.with_context(|| format!("the name of {} is no text", path.display()))?.join("/"))
}

fn size(file: &Path) -> u64 {
    fs::metadata(file).map_or(0, |about| about.len())
}
