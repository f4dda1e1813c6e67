//! A model bundle's files as `tools/pack` writes them, without candle: pieces, and the manifest that names them.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use ring::digest;
use serde_json::{Value, json};

/// Longest piece that the engine takes.
const PIECE: usize = 16 << 20;

/// Write `file` in pieces into `folder`, and last the manifest: what `about` says, and the pieces.
pub(crate) fn write(folder: &Path, about: Value, file: &[u8]) -> Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("{} could not be made", folder.display()))?;
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.join(name);
        fs::write(&path, bytes).with_context(|| format!("{} could not be written", path.display()))
    };
    let mut pieces = Vec::new();
    for (i, bytes) in file.chunks(PIECE).enumerate() {
        let url = format!("{i:03}.gguf-part");
        write(&url, bytes)?;
        pieces.push(json!({ "url": url, "bytes": bytes.len(), "sha256": sha256(bytes) }));
    }
    let mut manifest = about;
    manifest["format"] = json!(1);
    manifest["bytes"] = json!(file.len());
    manifest["sha256"] = json!(sha256(file));
    manifest["pieces"] = json!(pieces);
    write("manifest.json", serde_json::to_string_pretty(&manifest)?.as_bytes())
}

/// In hex.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    digest::digest(&digest::SHA256, bytes).as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let file: Vec<u8> = (0..PIECE + 5).map(|i| (i % 251) as u8).collect();
        write(folder.path(), json!({ "name": "x" }), &file).unwrap();
        let manifest: Value =
            serde_json::from_slice(&fs::read(folder.path().join("manifest.json")).unwrap()).unwrap();
        assert_eq!(manifest["sha256"], sha256(&file));
        let mut read = Vec::new();
        for piece in manifest["pieces"].as_array().unwrap() {
            let bytes = fs::read(folder.path().join(piece["url"].as_str().unwrap())).unwrap();
            assert_eq!((&piece["bytes"], &piece["sha256"]), (&json!(bytes.len()), &json!(sha256(&bytes))));
            read.extend(bytes);
        }
        assert!(read == file);
    }

    #[test]
    fn hashes_are_hex() {
        assert_eq!(sha256(b""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }
}
