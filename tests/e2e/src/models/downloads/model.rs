//! A model of the runs: where its bytes are on the site, on this machine and in storage.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{in_page, origin};
use crate::Page;
use harness::faults::Sent;
use harness::random_model::{self, bundle::sha256};

/// A model, as the test knows it.
pub(super) struct Model {
    /// What the worker is told.
    pub(super) source: Value,
    /// Where its weights are on the site.
    pub(super) target: Target,
    pub(super) bytes: u64,
    pub(super) sha256: String,
    /// In order.
    pub(super) pieces: Vec<Piece>,
}

pub(super) struct Piece {
    /// In storage.
    pub(super) name: String,
    pub(super) bytes: u64,
    pub(super) sha256: String,
    /// Where its bytes are on this machine.
    pub(super) file: PathBuf,
    pub(super) start: u64,
}

pub(super) enum Target {
    /// A piece has an address of its own, with this before its name.
    Pieces { folder: String, names: BTreeMap<String, String> },
    /// They are ranges of what has an address with this end.
    File(&'static str),
}

/// A file in storage; see `downloads/page.js`.
#[derive(Debug, Deserialize)]
pub(super) struct Stored {
    pub(super) name: String,
    pub(super) bytes: u64,
    pub(super) sha256: String,
    pub(super) intact: bool,
}

impl Model {
    pub(super) fn bundle(page: &Page, folder: &Path) -> Result<Self> {
        #[derive(Deserialize)]
        struct Manifest {
            bytes: u64,
            sha256: String,
            pieces: Vec<Described>,
        }
        #[derive(Deserialize)]
        struct Described {
            url: String,
            bytes: u64,
            sha256: String,
        }
        let path = folder.join("manifest.json");
        let manifest: Manifest = serde_json::from_slice(&fs::read(&path)?)?;
        let target = page.faults.target(&path)?;
        let names = manifest.pieces.iter().map(|piece| (piece.url.clone(), piece.sha256.clone())).collect();
        let on_site = target.strip_suffix("manifest.json").context("it is that file")?.to_owned();
        let piece = |Described { url, bytes, sha256 }| Piece {
            name: String::clone(&sha256),
            bytes,
            sha256,
            file: folder.join(url),
            start: 0,
        };
        Ok(Self {
            source: json!({ "kind": "bundle", "url": format!("{}{target}", origin(page)) }),
            target: Target::Pieces { folder: on_site, names },
            bytes: manifest.bytes,
            sha256: manifest.sha256,
            pieces: manifest.pieces.into_iter().map(piece).collect(),
        })
    }

    /// Of a repository's only file of weights.
    pub(super) fn repository(page: &Page, id: &str, file: &Path) -> Result<Self> {
        let bytes = fs::read(file)?;
        let hash = sha256(&bytes);
        let piece = |(i, part): (usize, &[u8])| {
            let start = (i * random_model::bundle::PIECE) as u64;
            let name = format!("{hash}-{start}");
            Piece { name, bytes: part.len() as u64, sha256: sha256(part), file: file.into(), start }
        };
        let hub = format!("{}{}/", origin(page), page.faults.hub.address());
        Ok(Self {
            source: json!({ "kind": "hub", "repository": id, "revision": "main", "hub": hub }),
            target: Target::File("model.safetensors"),
            bytes: bytes.len() as u64,
            pieces: bytes.chunks(random_model::bundle::PIECE).enumerate().map(piece).collect(),
            sha256: hash,
        })
    }

    /// Bytes that the next try has to fetch.
    pub(super) fn missing(&self, kept: &Kept) -> u64 {
        let mut missing = 0;
        let mut wrong = false;
        for Piece { name, bytes, .. } in &self.pieces {
            let begun = kept.parts.get(name);
            missing += match begun {
                _ if kept.right.contains(name) || kept.wrong.contains(name) => 0,
                Some(part) => bytes - part.bytes,
                None => *bytes,
            };
            // Nothing tells that a beginning is wrong until all of it is here: then the piece is fetched once more.
            if let (Some(Part { right: false, .. }), Target::Pieces { .. }) = (begun, &self.target) {
                missing += bytes;
            }
            wrong |= kept.wrong.contains(name) || begun.is_some_and(|part| !part.right);
        }
        match self.target {
            // A hub says what the whole file should be, and no more.
            Target::File(_) if wrong => missing + self.bytes,
            _ => missing,
        }
    }

    pub(super) fn is_weights(&self, sent: &Sent) -> bool {
        let path = sent.target.split('?').next().unwrap_or_default();
        match &self.target {
            Target::Pieces { folder, .. } => path.starts_with(folder) && !path.ends_with(".json"),
            Target::File(end) => path.ends_with(end),
        }
    }

    /// Which piece was asked for, where each has an address.
    pub(super) fn piece_of(&self, sent: &Sent) -> Option<String> {
        let Target::Pieces { folder, names } = &self.target else { return None };
        let path = sent.target.split('?').next()?;
        names.get(path.strip_prefix(folder.as_str())?).cloned()
    }
}

/// What is in storage of a model.
#[derive(Debug, Default)]
pub(super) struct Kept {
    pub(super) right: BTreeSet<String>,
    /// Nothing is damaged, and they are not what they should be: the whole file's hash will tell.
    pub(super) wrong: BTreeSet<String>,
    /// Beginnings of other pieces.
    pub(super) parts: BTreeMap<String, Part>,
}

#[derive(Debug, PartialEq)]
pub(super) struct Part {
    pub(super) bytes: u64,
    pub(super) right: bool,
}

pub(super) fn kept(page: &Page, model: &Model, read: bool) -> Result<Kept> {
    let mut kept = Kept::default();
    let stored = |folder: &str| -> Result<Vec<Stored>> {
        let stored = serde_json::from_value(in_page(page, "stored", json!([folder, read]))?);
        Ok(stored.map(|stored: Vec<Stored>| stored.into_iter().filter(|stored| stored.intact).collect())?)
    };
    let piece = |name: &str| model.pieces.iter().find(|piece| piece.name == name);
    for Stored { name, bytes, sha256, .. } in stored("pieces")? {
        match piece(&name) {
            Some(piece) if piece.bytes == bytes && piece.sha256 == sha256 => {
                kept.right.insert(name);
            }
            // Where its hash is known, a wrong piece is as good as none.
            Some(piece) if piece.bytes == bytes && matches!(model.target, Target::File(_)) => {
                kept.wrong.insert(name);
            }
            _ => {}
        }
    }
    for Stored { name, bytes, sha256, .. } in stored("parts")? {
        let Some(piece) = piece(&name).filter(|_| !kept.right.contains(&name)) else { continue };
        let mut file = File::open(&piece.file)?;
        file.seek(SeekFrom::Start(piece.start))?;
        let mut beginning = Vec::new();
        file.take(bytes).read_to_end(&mut beginning)?;
        kept.parts.insert(name, Part { bytes, right: self::sha256(&beginning) == sha256 });
    }
    Ok(kept)
}
