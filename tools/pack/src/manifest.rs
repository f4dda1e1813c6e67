//! The bundle's `manifest.json`, and the list of the bundles beside it.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

/// What the manifest says of the model.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct About {
    pub name: String,
    pub title: String,
    pub licence: String,
    /// The Hugging Face repository and commit that it comes from, where they are known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<String>,
    pub dtype: String,
    /// Numbers in all tensors, and in those of one tower with its projection.
    pub parameters: usize,
    #[serde(default)]
    pub image_parameters: usize,
    #[serde(default)]
    pub text_parameters: usize,
    pub image_size: usize,
    /// Numbers in an embedding; 0: the model writes texts and gives none.
    pub embedding: usize,
}

/// The file as it is written.
#[derive(Debug, Serialize, Deserialize)]
pub struct Manifest {
    pub format: u32,
    #[serde(flatten)]
    pub about: About,
    pub bytes: u64,
    /// Of all pieces one after the other.
    pub sha256: String,
    pub pieces: Vec<Piece>,
}

/// One file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Piece {
    pub url: String,
    pub bytes: u64,
    pub sha256: String,
}

const FILE: &str = "manifest.json";

/// The manifest that a folder has, if it is one.
pub fn read(folder: &Path) -> Option<Manifest> {
    serde_json::from_slice(&fs::read(folder.join(FILE)).ok()?).ok()
}

/// Write the manifest, and remove the pieces that the one before it named and this one does not.
///
/// Errors: the folder cannot be written.
pub fn write(folder: &Path, manifest: &Manifest) -> Result<()> {
    let before = read(folder);
    let (path, fresh) = (folder.join(FILE), folder.join("manifest.json.unfinished"));
    fs::write(&fresh, serde_json::to_string_pretty(manifest)? + "\n")
        .and_then(|()| fs::rename(&fresh, &path))
        .with_context(|| format!("{} could not be written", path.display()))?;
    for old in before.into_iter().flat_map(|before| before.pieces) {
        // Names from a file: only plain ones are followed.
        let plain = !old.url.contains(['/', '\\', ':']) && old.url.contains(".gguf");
        if plain && manifest.pieces.iter().all(|piece| piece.url != old.url) {
            let path = folder.join(&old.url);
            if path.is_file() {
                fs::remove_file(&path).with_context(|| format!("{} could not be removed", path.display()))?;
            }
        }
    }
    Ok(())
}

/// A name that a site takes for a model's (`www/engine/fetching/manifest.js`); it refuses a list with any other in it.
pub fn is_model_name(name: &str) -> bool {
    let inner = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    let file = Path::new(name).extension().and_then(|extension| extension.to_str());
    let is_file = file.is_some_and(|file| {
        ["gguf", "json", "safetensors", "zip"].iter().any(|kind| file.eq_ignore_ascii_case(kind))
    });
    name.as_bytes().first().is_some_and(u8::is_ascii_alphanumeric)
        && name.bytes().all(inner)
        && name.len() <= 100
        && !is_file
}

/// What a site offers first, and a person sees without a choice.
const FIRST: &str = "pocket";

/// Write `index.json` into the folder of a site's models: the names of its folders that hold a bundle.
///
/// Errors: the folder cannot be read or written.
pub fn write_index(models: &Path) -> Result<Vec<String>> {
    let failed = |what: &str| format!("{} could not be {what}", models.display());
    let mut names = Vec::new();
    for entry in fs::read_dir(models).with_context(|| failed("read"))? {
        let entry = entry.with_context(|| failed("read"))?;
        // One that writes texts makes no embedding, and can't be chosen where others are compared.
        if read(&entry.path()).is_some_and(|manifest| manifest.about.embedding > 0)
            && let Ok(name) = entry.file_name().into_string()
            && is_model_name(&name)
        {
            names.push(name);
        }
    }
    names.sort_by_key(|name| (name != FIRST, name.clone()));
    fs::write(models.join("index.json"), serde_json::to_string(&names)? + "\n")
        .with_context(|| failed("written"))?;
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_older_manifest_is_read() {
        let pocket = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../models/pocket");
        let manifest = read(&pocket).expect("pocket's manifest");
        assert_eq!((manifest.about.name.as_str(), manifest.pieces.len()), ("pocket", 1));
    }

    #[test]
    fn names_are_those_that_a_site_takes() {
        for (name, fine) in [
            ("vit-b-32", true),
            ("a.b_c", true),
            ("", false),
            ("-x", false),
            (".x", false),
            ("a b", false),
            ("x.GGUF", false),
        ] {
            assert_eq!(is_model_name(name), fine, "{name:?}");
        }
        assert!(!is_model_name(&"a".repeat(101)));
    }
}
