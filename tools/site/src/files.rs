//! The folder that a static host serves: which files go in, and putting them there.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// What the site is made of, besides the WebAssembly.
const PARTS: &[&str] = &[
    "index.html",
    "manifest.webmanifest",
    "service-worker.js",
    "semblance.js",
    "semblance.d.ts",
    "semblance-classifier.js",
    "semblance-classifier.d.ts",
    "www",
    "assets",
    "models",
];

/// The model that every site has; it stands first in the list.
const BUNDLED: &str = "pocket";

/// A list of what the last build wrote, kept in the folder: what is on it and no longer part of the site goes,
/// and what somebody else put there (packed models, a CNAME) stays.
const LIST: &str = ".built-files";

/// Files of the site: path below its root → where to take it from.
pub type Files = BTreeMap<PathBuf, PathBuf>;

/// Those that are served as they lie in the repository, at the same paths.
const AS_THEY_ARE: &[&str] = &[
    "manifest.webmanifest",
    "service-worker.js",
    "semblance.d.ts",
    "semblance-classifier.d.ts",
    "assets",
    "models",
];

/// The files that are served as they are. The service worker is to get the list of all.
pub fn unchanged(repository: &Path) -> Result<Files> {
    let mut files = Files::new();
    for part in AS_THEY_ARE {
        add(&mut files, repository, Path::new(part))?;
    }
    Ok(files)
}

/// The files of the repository that the site is made of.
pub fn sources(repository: &Path) -> Result<Files> {
    let mut files = Files::new();
    for part in PARTS {
        add(&mut files, repository, Path::new(part))?;
    }
    Ok(files)
}

/// Add a file, or a folder's files, from below `root`. Hidden files are not part of a site.
pub fn add(files: &mut Files, root: &Path, part: &Path) -> Result<()> {
    let path = root.join(part);
    if !path.is_dir() {
        files.insert(part.into(), path);
        return Ok(());
    }
    for entry in fs::read_dir(&path).with_context(|| format!("{} could not be listed", path.display()))? {
        let name = entry?.file_name();
        if !name.to_string_lossy().starts_with('.') {
            add(files, root, &part.join(name))?;
        }
    }
    Ok(())
}

/// Write down in `models/index.json` which folders of `models` hold a model: the bundled one first, then by name.
pub fn list_models(models: &Path) -> Result<()> {
    let mut names = Vec::new();
    for entry in fs::read_dir(models).with_context(|| format!("{} could not be listed", models.display()))? {
        let entry = entry?;
        if let Some(name) = entry.file_name().to_str().filter(|name| is_model_name(name))
            && compares(&entry.path().join("manifest.json"))
        {
            names.push(name.to_owned());
        }
    }
    names.sort_by_key(|name| (name != BUNDLED, name.clone()));
    write_bytes(format!("{}\n", serde_json::json!(names)).as_bytes(), &models.join("index.json"))
}

/// A manifest of a model that compares pictures and texts: one that writes texts makes no embedding.
fn compares(manifest: &Path) -> bool {
    let manifest = fs::read(manifest).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
    manifest.is_some_and(|manifest: serde_json::Value| manifest["embedding"] != 0)
}

/// What the engine takes for one (`www/engine/fetching/manifest.js`): it refuses a list with any other name in it.
fn is_model_name(name: &str) -> bool {
    let inner = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    let is_file = ["gguf", "json", "safetensors", "zip"]
        .iter()
        .any(|kind| Path::new(name).extension().is_some_and(|found| found.eq_ignore_ascii_case(kind)));
    name.as_bytes().first().is_some_and(u8::is_ascii_alphanumeric)
        && name.bytes().all(inner)
        && name.len() <= 100
        && !is_file
}

/// Make `folder` hold these files. What did not change is not touched, so that browsers keep it.
pub fn write(files: &Files, folder: &Path) -> Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("{} could not be made", folder.display()))?;
    let list = folder.join(LIST);
    let before = fs::read_to_string(&list).unwrap_or_default();
    let now: BTreeSet<String> = files.keys().map(|file| file.to_string_lossy().into_owned()).collect();
    let all: BTreeSet<&str> = before.lines().chain(now.iter().map(String::as_str)).collect();
    // Both lists first: a build that is interrupted leaves nothing that the next one would not find.
    write_text(&list, all)?;
    for file in before.lines().filter(|file| !now.contains(*file) && stays_inside(file)) {
        remove(folder, Path::new(file))?;
    }
    for (file, source) in files {
        copy(source, &folder.join(file))?;
    }
    write_text(&list, now.iter().map(String::as_str).collect())
}

fn write_text(list: &Path, files: BTreeSet<&str>) -> Result<()> {
    let text: String = files.iter().map(|file| format!("{file}\n")).collect();
    fs::write(list, text).with_context(|| format!("{} could not be written", list.display()))
}

fn stays_inside(file: &str) -> bool {
    Path::new(file).components().all(|part| matches!(part, std::path::Component::Normal(_)))
}

/// Remove a file and the folders that it leaves empty.
fn remove(folder: &Path, file: &Path) -> Result<()> {
    let path = folder.join(file);
    if path.exists() {
        fs::remove_file(&path)
            .with_context(|| format!("{} is stale and could not be removed", path.display()))?;
    }
    for parent in file.ancestors().skip(1).filter(|parent| *parent != Path::new("")) {
        if fs::remove_dir(folder.join(parent)).is_err() {
            break;
        }
    }
    Ok(())
}

fn copy(source: &Path, to: &Path) -> Result<()> {
    let bytes = fs::read(source)
        .with_context(|| format!("{} is part of the site and could not be read", source.display()))?;
    if let Some(parent) = to.parent() {
        fs::create_dir_all(parent)?;
    }
    write_bytes(&bytes, to)
}

fn write_bytes(bytes: &[u8], to: &Path) -> Result<()> {
    if fs::read(to).is_ok_and(|there| there == bytes) {
        return Ok(());
    }
    fs::write(to, bytes).with_context(|| format!("{} could not be written", to.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stale_files_go_and_others_stay() {
        let temporary = tempfile::tempdir().unwrap();
        let (from, to) = (temporary.path().join("from"), temporary.path().join("to"));
        fs::create_dir_all(from.join("www/ui")).unwrap();
        for file in ["index.html", "www/main.js", "www/ui/old.js", "www/.hidden"] {
            fs::write(from.join(file), file).unwrap();
        }
        let mut files = Files::new();
        for part in ["index.html", "www"] {
            add(&mut files, &from, Path::new(part)).unwrap();
        }
        write(&files, &to).unwrap();
        assert_eq!(fs::read_to_string(to.join("www/ui/old.js")).unwrap(), "www/ui/old.js");
        assert!(!to.join("www/.hidden").exists());

        fs::write(to.join("CNAME"), "example.org").unwrap();
        let written = fs::metadata(to.join("index.html")).unwrap().modified().unwrap();
        files.remove(Path::new("www/ui/old.js"));
        write(&files, &to).unwrap();
        assert!(!to.join("www/ui").exists(), "stale, and its folder is empty");
        assert!(to.join("CNAME").exists(), "not ours");
        assert_eq!(
            fs::metadata(to.join("index.html")).unwrap().modified().unwrap(),
            written,
            "unchanged, untouched"
        );
    }

    #[test]
    fn models_are_listed_by_their_manifests() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["vit-b-32", "pocket", "a.b_c", "not a name", ".hidden", "a.gguf"] {
            fs::create_dir(folder.path().join(name)).unwrap();
            fs::write(folder.path().join(name).join("manifest.json"), "{}").unwrap();
        }
        fs::create_dir(folder.path().join("unfinished")).unwrap();
        fs::write(folder.path().join("manifest.json"), "{}").unwrap();
        list_models(folder.path()).unwrap();
        let list = fs::read_to_string(folder.path().join("index.json")).unwrap();
        assert_eq!(list, "[\"pocket\",\"a.b_c\",\"vit-b-32\"]\n");
    }

    #[test]
    fn a_forged_list_removes_nothing_outside() {
        let temporary = tempfile::tempdir().unwrap();
        let (secret, to) = (temporary.path().join("secret"), temporary.path().join("to"));
        fs::create_dir_all(&to).unwrap();
        fs::write(&secret, "").unwrap();
        fs::write(to.join(LIST), format!("../secret\n{}\n", secret.display())).unwrap();
        write(&Files::new(), &to).unwrap();
        assert!(secret.exists());
    }
}
