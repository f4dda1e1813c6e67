//! What one version of the site is made of, by SHA-256, written into its service worker: by that list a browser keeps
//! the site for when the network is off, and takes a newer version only when all of it is there.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use ring::digest;
use serde_json::json;

use crate::compressed;
use crate::files::Files;

pub const WORKER: &str = "service-worker.js";

/// The worker's line that the list takes the place of.
const PLACE: &str = "const THIS = { version: \"\", files: /** @type {Record<string, string>} */ ({}) };";

/// The text of the service worker among `files`, with the list of them in it.
///
/// The version's name is a digest of the list and of the worker's own text, so that it changes whenever anything does.
pub fn worker(files: &Files) -> Result<String> {
    let source = files.get(Path::new(WORKER)).context("the site has no service worker")?;
    let text = String::from_utf8(read(source)?)?;
    ensure!(text.matches(PLACE).count() == 1, "{} does not have this line, once: {PLACE}", source.display());
    let mut list = BTreeMap::new();
    for (file, source) in files.iter().filter(|(file, _)| is_kept(file)) {
        // Addresses have slashes, whatever the system.
        let address = file.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/");
        list.insert(address, sha256(&read(source)?));
    }
    let name = &sha256(format!("{}\n{text}", json!(list)).as_bytes())[..16];
    Ok(text.replace(PLACE, &format!("const THIS = {};", json!({ "version": name, "files": list }))))
}

/// What the page and the library load. Models are the engine's to keep, and the worker is the browser's.
fn is_kept(file: &Path) -> bool {
    let text = file.to_string_lossy();
    !file.starts_with("models")
        && file != Path::new(WORKER)
        && !text.ends_with(".d.ts")
        && !text.ends_with(".map")
        && !compressed::is_compressed(file)
        && !text.ends_with(".md")
}

fn read(file: &Path) -> Result<Vec<u8>> {
    fs::read(file).with_context(|| format!("{} is part of the site and could not be read", file.display()))
}

pub(crate) fn sha256(bytes: &[u8]) -> String {
    let digest = digest::digest(&digest::SHA256, bytes);
    digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    /// A small site in a folder of its own, with the repository's worker.
    fn site(folder: &Path) -> Files {
        let repository = repository::paths::root();
        let mut files = Files::from([(WORKER.into(), repository.join(WORKER))]);
        for file in ["index.html", "www/main.js", "www/a.d.ts", "assets/CREDITS.md", "models/index.json"] {
            let path = folder.join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, file).unwrap();
            files.insert(file.into(), path);
        }
        files
    }

    fn this(worker: &str) -> Value {
        let line = worker.lines().find_map(|line| line.strip_prefix("const THIS = ")).unwrap();
        serde_json::from_str(line.strip_suffix(';').unwrap()).unwrap()
    }

    #[test]
    fn the_worker_gets_what_a_page_loads() {
        let folder = tempfile::tempdir().unwrap();
        let this = this(&worker(&site(folder.path())).unwrap());
        let expected = json!({ "index.html": sha256(b"index.html"), "www/main.js": sha256(b"www/main.js") });
        assert_eq!(this["files"], expected);
        // FIPS 180-4, of the empty text.
        assert!(sha256(b"").starts_with("e3b0c44298fc1c14") && sha256(b"").len() == 64);
    }

    #[test]
    fn the_version_changes_with_every_change_and_no_other() {
        let folder = tempfile::tempdir().unwrap();
        let mut files = site(folder.path());
        let version = |files: &Files| this(&worker(files).unwrap())["version"].as_str().unwrap().to_owned();
        let first = version(&files);
        assert_eq!(first.len(), 16);
        fs::write(folder.path().join("models/index.json"), "[]").unwrap();
        assert_eq!(version(&files), first, "models are no part of it");
        fs::write(folder.path().join("www/main.js"), "changed").unwrap();
        let second = version(&files);
        assert_ne!(second, first);
        let path = folder.path().join(WORKER);
        fs::write(&path, format!("{}\n", fs::read_to_string(&files[Path::new(WORKER)]).unwrap())).unwrap();
        files.insert(WORKER.into(), path.clone());
        assert_ne!(version(&files), second, "the worker itself");
        fs::write(&path, "no place for a list").unwrap();
        assert!(worker(&files).unwrap_err().to_string().contains("does not have this line"));
    }
}
