//! A model bundle's files as `tools/pack` writes them, without candle: pieces, and the manifest that names them.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use ring::digest;
use serde_json::{Value, json};

/// Longest piece that the engine takes.
pub const PIECE: usize = 4 << 20;

/// A file that is cut into pieces while it is written; one piece is in memory at a time.
pub struct Pieces {
    folder: PathBuf,
    longest: usize,
    piece: Vec<u8>,
    whole: digest::Context,
    bytes: usize,
    pieces: Vec<Value>,
}

impl Pieces {
    /// Into `folder`, which must be there; no piece is longer than `longest`.
    pub fn new(folder: &Path, longest: usize) -> Self {
        Self {
            folder: folder.into(),
            longest,
            piece: Vec::with_capacity(longest),
            whole: digest::Context::new(&digest::SHA256),
            bytes: 0,
            pieces: Vec::new(),
        }
    }

    fn cut(&mut self) -> io::Result<()> {
        let hash = sha256(&self.piece);
        // Named after what is in it: a changed model's pieces are other files.
        let url = format!("{}.gguf-part", &hash[..16]);
        fs::write(self.folder.join(&url), &self.piece)?;
        self.whole.update(&self.piece);
        self.bytes += self.piece.len();
        self.pieces.push(json!({ "url": url, "bytes": self.piece.len(), "sha256": hash }));
        self.piece.clear();
        Ok(())
    }

    /// Write the last piece, and then the manifest: what `about` says, and the pieces.
    pub fn finish(mut self, about: Value) -> Result<()> {
        if !self.piece.is_empty() {
            self.cut()?;
        }
        let mut manifest = about;
        manifest["format"] = json!(1);
        manifest["bytes"] = json!(self.bytes);
        manifest["sha256"] = json!(hex(&self.whole.finish()));
        manifest["pieces"] = json!(self.pieces);
        let path = self.folder.join("manifest.json");
        fs::write(&path, serde_json::to_string_pretty(&manifest)?)
            .with_context(|| format!("{} could not be written", path.display()))
    }
}

impl Write for Pieces {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = bytes.len().min(self.longest - self.piece.len());
        self.piece.extend(&bytes[..taken]);
        if self.piece.len() == self.longest {
            self.cut()?;
        }
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// In hex.
pub fn sha256(bytes: &[u8]) -> String {
    hex(&digest::digest(&digest::SHA256, bytes))
}

pub fn hex(digest: &digest::Digest) -> String {
    digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let file: Vec<u8> = (0..2005).map(|i| (i % 251) as u8).collect();
        let mut pieces = Pieces::new(folder.path(), 1000);
        for part in file.chunks(300) {
            pieces.write_all(part).unwrap();
        }
        pieces.finish(json!({ "name": "x" })).unwrap();
        let manifest: Value =
            serde_json::from_slice(&fs::read(folder.path().join("manifest.json")).unwrap()).unwrap();
        assert_eq!((&manifest["sha256"], &manifest["bytes"]), (&json!(sha256(&file)), &json!(2005)));
        let mut read = Vec::new();
        for piece in manifest["pieces"].as_array().unwrap() {
            let bytes = fs::read(folder.path().join(piece["url"].as_str().unwrap())).unwrap();
            assert_eq!((&piece["bytes"], &piece["sha256"]), (&json!(bytes.len()), &json!(sha256(&bytes))));
            assert!(bytes.len() <= 1000);
            read.extend(bytes);
        }
        assert!(read == file);
    }

    #[test]
    fn hashes_are_hex() {
        assert_eq!(sha256(b""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }
}
