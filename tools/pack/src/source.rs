//! What a person names as a model: a file, a folder, or a Hugging Face repository.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use crate::repository::{Fetched, is_id};
use crate::{card, fetch, manifest};

/// A model that is on this machine.
#[derive(Debug)]
pub struct Source {
    /// A file or a folder, as `semblance::bundle` reads them.
    pub path: PathBuf,
    /// What it is called by default: the folder's, file's or repository's name.
    pub name: String,
    pub id: Option<String>,
    pub revision: Option<String>,
    pub licence: Option<String>,
}

/// Find the model; a repository that is not here yet is fetched into `folder`.
///
/// Errors: there is none, or it could not be fetched.
pub fn find(model: &str, folder: &Path) -> Result<Source> {
    let path = PathBuf::from(model);
    if path.exists() {
        return Ok(local(path));
    }
    let (id, revision) = match model.split_once('@') {
        Some((id, revision)) => (id, Some(revision)),
        None => (model, None),
    };
    if !is_id(id) {
        bail!("{model} is neither a file or folder nor a Hugging Face repository (ORG/NAME)");
    }
    let path = folder.join(id);
    match Fetched::read(&path) {
        Some(fetched) if revision.is_none_or(|revision| revision == fetched.revision) => {}
        _ => drop(fetch::fetch(id, revision, folder)?),
    }
    Ok(local(path))
}

fn local(path: PathBuf) -> Source {
    let fetched = Fetched::read(&path);
    let packed = manifest::read(&path).map(|manifest| manifest.about);
    let stem = if path.is_file() { path.file_stem() } else { path.file_name() };
    let stem = stem.map(|name| name.to_string_lossy().into_owned());
    // `.` has a name only once it is resolved.
    let resolved = || path.canonicalize().ok()?.file_name().map(|name| name.to_string_lossy().into_owned());
    let name = stem.or_else(resolved).unwrap_or_else(|| "model".into());
    let readme = || fs::read_to_string(path.join("README.md")).ok().as_deref().and_then(card::licence);
    Source {
        name,
        id: fetched.as_ref().map(|f| f.id.clone()).or_else(|| packed.as_ref()?.id.clone()),
        revision: fetched.as_ref().map(|f| f.revision.clone()).or_else(|| packed.as_ref()?.revision.clone()),
        licence: fetched.and_then(|f| f.licence).or_else(readme).or_else(|| Some(packed?.licence)),
        path,
    }
}
