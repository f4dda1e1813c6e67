//! The bundle's `manifest.json` and its pieces.

use std::path::Path;

use anyhow::{Context, Result};
use serde::Serialize;
use sha2::{Digest, Sha256};

/// Longest piece: what is lost when a download breaks off.
pub const PIECE: usize = 16 << 20;

/// What the manifest says of the model.
#[derive(Serialize)]
pub struct About {
    pub name: String,
    pub title: String,
    pub licence: String,
    pub dtype: String,
    pub parameters: usize,
    pub image_size: usize,
    pub embedding: usize,
}

/// The file as it is written.
#[derive(Serialize)]
pub struct Manifest {
    format: u32,
    #[serde(flatten)]
    about: About,
    bytes: usize,
    /// Of all pieces one after the other.
    pub sha256: String,
    pub pieces: Vec<Piece>,
}

/// One file.
#[derive(Serialize)]
pub struct Piece {
    url: String,
    bytes: usize,
    sha256: String,
}

/// Write `file` in pieces of at most `piece` bytes to `out`, and the manifest last.
pub fn write(out: &Path, about: About, file: &[u8], piece: usize) -> Result<Manifest> {
    std::fs::create_dir_all(out).with_context(|| format!("cannot make {}", out.display()))?;
    let stem = format!("{}-{}", about.name, about.dtype);
    let parts = file.len().div_ceil(piece);
    let mut pieces = Vec::new();
    for (i, bytes) in file.chunks(piece).enumerate() {
        let url = if parts == 1 { format!("{stem}.gguf") } else { format!("{stem}.{i:03}.gguf-part") };
        let path = out.join(&url);
        std::fs::write(&path, bytes).with_context(|| format!("cannot write {}", path.display()))?;
        pieces.push(Piece { url, bytes: bytes.len(), sha256: sha256(bytes) });
    }
    let manifest = Manifest { format: 1, about, bytes: file.len(), sha256: sha256(file), pieces };
    let path = out.join("manifest.json");
    std::fs::write(&path, serde_json::to_string_pretty(&manifest)? + "\n")
        .with_context(|| format!("cannot write {}", path.display()))?;
    Ok(manifest)
}

fn sha256(bytes: &[u8]) -> String {
    format!("{:x}", Sha256::digest(bytes))
}
