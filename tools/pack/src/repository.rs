//! A Hugging Face repository on this machine: its id, its folder, and the note of what was fetched.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

/// Where repositories are kept, each as ORG/NAME.
pub const FOLDER: &str = "models-source";

/// `fetched.json`, written beside a repository's files once all are there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fetched {
    pub id: String,
    /// The commit.
    pub revision: String,
    pub licence: Option<String>,
}

impl Fetched {
    const FILE: &str = "fetched.json";

    pub fn read(folder: &Path) -> Option<Self> {
        serde_json::from_slice(&fs::read(folder.join(Self::FILE)).ok()?).ok()
    }

    /// Errors: it is there and cannot be removed.
    pub fn remove(folder: &Path) -> Result<()> {
        let path = folder.join(Self::FILE);
        match path.exists() {
            true => {
                fs::remove_file(&path).with_context(|| format!("{} could not be removed", path.display()))
            }
            false => Ok(()),
        }
    }

    /// Errors: the folder cannot be written.
    pub fn write(&self, folder: &Path) -> Result<()> {
        let path = folder.join(Self::FILE);
        fs::write(&path, serde_json::to_string_pretty(self)? + "\n")
            .with_context(|| format!("{} could not be written", path.display()))
    }
}

/// ORG/NAME in the letters that Hugging Face allows.
pub fn is_id(id: &str) -> bool {
    let part = |part: &str| {
        !part.is_empty()
            && !part.starts_with('.')
            && part.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
    };
    id.split_once('/').is_some_and(|(org, name)| part(org) && part(name))
}
