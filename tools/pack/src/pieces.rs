//! A file that is written in any order and ends up in pieces, each named after its SHA-256.

use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use crate::manifest::Piece;

/// Longest piece: what is lost when a download breaks off.
pub const PIECE: u64 = 4 << 20;

/// The pieces while they are written, under names that no manifest has.
pub struct Pieces {
    folder: PathBuf,
    bytes: u64,
    /// Bytes of every piece but the last.
    length: u64,
}

impl Pieces {
    /// A file of so many bytes, all zero, in pieces of at most `length` in `folder`.
    ///
    /// Errors: the folder cannot be made or written, or the disk is full.
    pub fn create(folder: &Path, bytes: u64, length: u64) -> Result<Self> {
        fs::create_dir_all(folder).with_context(|| format!("{} could not be made", folder.display()))?;
        let pieces = Self { folder: folder.to_owned(), bytes, length };
        for n in 0..pieces.count() {
            let path = pieces.unnamed(n);
            let made = File::create(&path).and_then(|file| file.set_len(pieces.len(n)));
            made.with_context(|| format!("{} could not be written", path.display()))?;
        }
        Ok(pieces)
    }

    fn count(&self) -> u64 {
        self.bytes.div_ceil(self.length)
    }

    fn len(&self, n: u64) -> u64 {
        self.length.min(self.bytes - n * self.length)
    }

    fn unnamed(&self, n: u64) -> PathBuf {
        self.folder.join(format!("{n:04}.unfinished"))
    }

    /// Write bytes at a place of the whole file.
    ///
    /// Errors: the disk is full.
    pub fn write_at(&self, mut at: u64, mut bytes: &[u8]) -> Result<()> {
        while !bytes.is_empty() {
            let (n, within) = (at / self.length, at % self.length);
            let here = bytes.len().min(usize::try_from(self.length - within).unwrap_or(usize::MAX));
            let path = self.unnamed(n);
            let write = |path: &Path| {
                let mut file = File::options().write(true).open(path)?;
                file.seek(SeekFrom::Start(within))?;
                file.write_all(&bytes[..here])
            };
            write(&path).with_context(|| format!("{} could not be written", path.display()))?;
            (at, bytes) = (at + here as u64, &bytes[here..]);
        }
        Ok(())
    }

    /// Give every piece the name that `name` makes of its SHA-256: the pieces, and the SHA-256 of the whole.
    ///
    /// Errors: a piece cannot be read or renamed.
    pub fn finish(self, name: impl Fn(&str) -> String) -> Result<(Vec<Piece>, String)> {
        let mut whole = Sha256::new();
        let mut pieces = Vec::new();
        for n in 0..self.count() {
            let path = self.unnamed(n);
            let sha256 =
                hash(&path, &mut whole).with_context(|| format!("{} could not be read", path.display()))?;
            let url = name(&sha256);
            let to = self.folder.join(&url);
            fs::rename(&path, &to).with_context(|| format!("{} could not be written", to.display()))?;
            pieces.push(Piece { url, bytes: self.len(n), sha256 });
        }
        Ok((pieces, format!("{:x}", whole.finalize())))
    }
}

/// What was not finished is no use to anybody.
impl Drop for Pieces {
    fn drop(&mut self) {
        for n in 0..self.count() {
            let _ = fs::remove_file(self.unnamed(n));
        }
    }
}

/// A file's SHA-256 in hex; its bytes go into `whole` as well.
fn hash(path: &Path, whole: &mut Sha256) -> std::io::Result<String> {
    let mut file = File::open(path)?;
    let mut hash = Sha256::new();
    let mut chunk = vec![0; 1 << 20];
    loop {
        let read = file.read(&mut chunk)?;
        if read == 0 {
            return Ok(format!("{:x}", hash.finalize()));
        }
        hash.update(&chunk[..read]);
        whole.update(&chunk[..read]);
    }
}

/// A file's SHA-256 in hex.
///
/// Errors: it cannot be read.
pub fn sha256_of(path: &Path) -> Result<String> {
    hash(path, &mut Sha256::new()).with_context(|| format!("{} could not be read", path.display()))
}
