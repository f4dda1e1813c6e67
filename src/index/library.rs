//! The library itself: its files, and in memory what they say.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use semblance_index::{Facts, Filter, Header, Opened, Opening, Part, Place, Ranking, Stats};
use semblance_prompts::NEUTRAL;
use sha2::{Digest, Sha256};

use crate::{Clip, Error, Picture, Result};

/// Bytes of a file that are read at a time.
const CHUNK: usize = 4 << 20;
/// Of the best, how many are ranked by the vectors as f32 where those are kept.
const RESCORED: usize = 100;

/// A library of pictures in a folder.
#[derive(Debug)]
pub struct Index {
    pub(super) core: semblance_index::Index,
    pub(super) records: File,
    pub(super) thumbnails: File,
    /// Bytes of both files.
    ends: (u64, u64),
    /// Bytes that were passed over as damaged when it was opened.
    damaged: u64,
}

/// A part of a query.
#[derive(Clone, Copy, Debug)]
pub enum Term<'a> {
    /// Words, as they are: with their template around them.
    Text(&'a str),
    Picture(&'a Picture),
    /// A picture of the library.
    Id(u32),
    /// An embedding.
    Vector(&'a [f32]),
}

impl Index {
    /// Open the library in a folder, or make it there. `model`: [`model_hash`] of the model's file. One process at a time
    /// has it.
    ///
    /// Errors: its vectors are another model's, another process has it, or its files cannot be read.
    pub fn open(folder: impl AsRef<Path>, clip: &Clip, model: [u8; 32]) -> Result<Self> {
        Self::open_with(
            folder,
            Some(Header { dim: clip.config().projection_dim as u32, exact: false, model }),
        )
    }

    /// The same without a model: to be looked at, and searched by its own pictures; or, with a header, of that.
    ///
    /// Errors: as [`Index::open`], or there is no library and no header to make one with.
    pub fn open_with(folder: impl AsRef<Path>, header: Option<Header>) -> Result<Self> {
        let folder = folder.as_ref();
        if header.is_some() {
            fs::create_dir_all(folder).map_err(|error| failed(folder, &error))?;
        }
        let generation = generation(folder);
        let file = |kind: &str| {
            let path = folder.join(format!("{generation}.{kind}"));
            let opened = OpenOptions::new()
                .read(true)
                .write(true)
                .create(header.is_some())
                .truncate(false)
                .open(&path);
            opened.map_err(|error| failed(&path, &error))
        };
        let (mut records, thumbnails) = (file("records")?, file("thumbnails")?);
        match records.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(Error::Library(format!(
                    "The library in {} is open in another process.",
                    folder.display()
                )));
            }
            Err(TryLockError::Error(error)) => return Err(failed(folder, &error)),
        }
        let length =
            |file: &File| file.metadata().map(|about| about.len()).map_err(|error| failed(folder, &error));
        let mut ends = (length(&records)?, length(&thumbnails)?);
        let (core, damaged) = if ends.0 == 0 {
            let header = header
                .ok_or_else(|| Error::Library(format!("There is no library in {}.", folder.display())))?;
            (semblance_index::Index::new(header), 0)
        } else {
            let (core, report) = read(&mut records).map_err(|error| match error {
                ReadError::Index(error) => error.into(),
                ReadError::Io(error) => failed(folder, &error),
            })?;
            let found = core.header();
            if header.is_some_and(|header| (header.dim, header.model) != (found.dim, found.model)) {
                return Err(semblance_index::Error::OtherModel.into());
            }
            // What was being written when its process ended.
            records.set_len(report.length).map_err(|error| failed(folder, &error))?;
            ends.0 = report.length;
            (core, report.damaged)
        };
        Ok(Self { core, records, thumbnails, ends, damaged })
    }

    pub fn header(&self) -> &Header {
        self.core.header()
    }

    pub fn stats(&self) -> Stats {
        self.core.stats()
    }

    /// Bytes that were passed over as damaged when it was opened; the pictures there are to be added again.
    pub fn damaged(&self) -> u64 {
        self.damaged
    }

    /// All numbers, in the order of paths.
    pub fn ids(&self) -> Vec<u32> {
        self.core.ids()
    }

    /// Errors: nobody has this number.
    pub fn facts(&self, id: u32) -> Result<&Facts> {
        Ok(self.core.facts(id)?)
    }

    /// The number of the picture at a path.
    pub fn at_path(&self, path: &str) -> Option<u32> {
        self.core.at_path(path)
    }

    /// A picture's vector, as exactly as it is kept.
    ///
    /// Errors: nobody has this number, or the file cannot be read.
    pub fn vector(&mut self, id: u32) -> Result<Vec<f32>> {
        if !self.header().exact {
            return Ok(self.core.vector(id)?);
        }
        let bytes = self.vector_bytes(id)?;
        Ok(self.core.exact_vector(&bytes).unwrap_or_default())
    }

    /// A picture's small one, a JPEG; none where there is none or it is damaged.
    ///
    /// Errors: nobody has this number, or the file cannot be read.
    pub fn thumbnail(&mut self, id: u32) -> Result<Option<Vec<u8>>> {
        let Some(Place { at, length, crc }) = self.core.facts(id)?.thumbnail else { return Ok(None) };
        let bytes = read_at(&mut self.thumbnails, at, length as usize)?;
        Ok(Some(bytes).filter(|bytes| crc32fast::hash(bytes) == crc))
    }

    /// The best `k` for words and pictures, wanted and (with weights below 0) unwanted, and where they end: the formulas
    /// are [`semblance_index::Index::combine`]'s and [`semblance_index::standing`]'s.
    ///
    /// Errors: there is no term, a text cannot be tokenised, or the terms cancel each other out.
    pub fn search(
        &mut self,
        clip: &mut Clip,
        terms: &[(Term, f32)],
        k: usize,
        filter: &Filter,
    ) -> Result<Ranking> {
        let mut vectors = Vec::with_capacity(terms.len());
        for (term, _) in terms {
            vectors.push(match *term {
                Term::Text(text) => clip.embed_texts(&[text])?.remove(0),
                Term::Picture(picture) => clip.embed_images(std::slice::from_ref(picture))?.remove(0),
                Term::Id(id) => self.vector(id)?,
                Term::Vector(vector) => vector.to_vec(),
            });
        }
        let words = matches!(terms, [(Term::Text(_), weight)] if *weight > 0.0);
        let rivals = if words { clip.embed_texts(&NEUTRAL)? } else { Vec::new() };
        let parts: Vec<Part> =
            vectors.iter().zip(terms).map(|(vector, (_, weight))| Part { vector, weight: *weight }).collect();
        if parts.is_empty() {
            return Err(Error::Text("There is nothing to search for: give a text or a picture.".into()));
        }
        self.rank(&parts, &rivals, k, filter)
    }

    /// The same of vectors; `rivals`: those of [`NEUTRAL`], where the query is one of words.
    ///
    /// Errors: a vector is of another length, or the parts cancel each other out.
    pub fn rank(
        &mut self,
        parts: &[Part<'_>],
        rivals: &[Vec<f32>],
        k: usize,
        filter: &Filter,
    ) -> Result<Ranking> {
        let query = self.core.combine(parts)?;
        let rivals: Vec<&[f32]> = rivals.iter().map(Vec::as_slice).collect();
        let exact = self.header().exact;
        let asked = if exact { k.max(RESCORED) } else { k };
        let mut ranking = self.core.rank(&query, &rivals, asked, filter)?;
        if exact {
            let ids: Vec<u32> = ranking.hits.iter().take(RESCORED).map(|hit| hit.id).collect();
            let mut bytes = Vec::new();
            for &id in &ids {
                bytes.extend(self.vector_bytes(id)?);
            }
            ranking.hits.splice(..ids.len(), self.core.rescore(&query, &ids, &bytes)?);
            ranking.hits.truncate(k);
            ranking.line = ranking.line.min(k);
        }
        Ok(ranking)
    }

    /// Pictures like one of the library, that one left out.
    ///
    /// Errors: nobody has this number.
    pub fn similar_to(&mut self, id: u32, k: usize, filter: &Filter) -> Result<Ranking> {
        let vector = self.core.vector(id)?;
        let parts = [Part { vector: &vector, weight: 1.0 }];
        let mut ranking = self.rank(&parts, &[], k.saturating_add(1), filter)?;
        if let Some(place) = ranking.hits.iter().position(|hit| hit.id == id) {
            ranking.hits.remove(place);
            ranking.line -= usize::from(place < ranking.line);
        }
        ranking.hits.truncate(k);
        ranking.line = ranking.line.min(k);
        Ok(ranking)
    }

    /// A picture with its vector and its small one, a JPEG; in the place of one at the same path. Its number.
    ///
    /// Errors: the vector is of another length, or the files cannot be written; then nothing has changed.
    pub fn put(&mut self, facts: &Facts, vector: &[f32], thumbnail: Option<&[u8]>) -> Result<u32> {
        let thumbnail = thumbnail.map(|bytes| self.keep(bytes)).transpose()?;
        let facts = Facts { thumbnail, ..facts.clone() };
        let record = self.core.picture(&facts, vector)?;
        self.append(&record)?;
        self.core.at_path(&facts.path).ok_or_else(|| Error::Library("A record was not taken in.".into()))
    }

    /// Errors: nobody has one of these numbers, or the file cannot be written.
    pub fn remove(&mut self, ids: &[u32]) -> Result<()> {
        for &id in ids {
            let record = self.core.removal(id)?;
            self.append(&record)?;
        }
        Ok(())
    }

    pub(super) fn vector_bytes(&mut self, id: u32) -> Result<Vec<u8>> {
        let (at, length) = self.core.vector_place(id)?;
        read_at(&mut self.records, at, length)
    }

    /// A small picture into its file; a record has yet to name it.
    fn keep(&mut self, bytes: &[u8]) -> Result<Place> {
        let at = self.ends.1;
        write_at(&mut self.thumbnails, at, bytes)?;
        self.ends.1 += bytes.len() as u64;
        Ok(Place { at, length: bytes.len() as u32, crc: crc32fast::hash(bytes) })
    }

    /// A record counts once it is in the file.
    pub(super) fn append(&mut self, record: &[u8]) -> Result<()> {
        let at = self.ends.0;
        if let Err(error) = write_at(&mut self.records, at, record) {
            // Half a record.
            let _ = self.records.set_len(at);
            return Err(error);
        }
        self.core.apply(record, at);
        self.ends.0 += record.len() as u64;
        Ok(())
    }
}

/// The SHA-256 of a model's file, by which libraries know whose vectors they have.
///
/// Errors: the file cannot be read.
pub fn model_hash(path: impl AsRef<Path>) -> Result<[u8; 32]> {
    let path = path.as_ref();
    let mut hasher = Sha256::new();
    let mut file = File::open(path).map_err(|error| failed(path, &error))?;
    std::io::copy(&mut file, &mut hasher).map_err(|error| failed(path, &error))?;
    Ok(hasher.finalize().into())
}

/// The newest of the files that were written whole: a mark lies beside those, but for the first.
fn generation(folder: &Path) -> u64 {
    let names =
        fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| PathBuf::from(entry.file_name()));
    let done = names.filter(|name| name.extension().is_some_and(|kind| kind == "done"));
    done.filter_map(|name| name.file_stem()?.to_str()?.parse().ok()).max().unwrap_or(0)
}

enum ReadError {
    Index(semblance_index::Error),
    Io(std::io::Error),
}

/// What a file of records says.
fn read(records: &mut File) -> Result<(semblance_index::Index, semblance_index::Report), ReadError> {
    let mut opening = Opening::new();
    let mut chunk = vec![0; CHUNK];
    loop {
        records.seek(SeekFrom::Start(0)).map_err(ReadError::Io)?;
        loop {
            let length = records.read(&mut chunk).map_err(ReadError::Io)?;
            if length == 0 {
                break;
            }
            opening.push(&chunk[..length]);
        }
        match opening.finish().map_err(ReadError::Index)? {
            Opened::Whole(index, report) => return Ok((index, report)),
            Opened::Again(again) => opening = again,
        }
    }
}

fn read_at(file: &mut File, at: u64, length: usize) -> Result<Vec<u8>> {
    let mut bytes = vec![0; length];
    let read = file.seek(SeekFrom::Start(at)).and_then(|_| file.read_exact(&mut bytes));
    read.map_err(|error| Error::Library(format!("The library's file cannot be read: {error}.")))?;
    Ok(bytes)
}

fn write_at(file: &mut File, at: u64, bytes: &[u8]) -> Result<()> {
    let written = file.seek(SeekFrom::Start(at)).and_then(|_| file.write_all(bytes));
    written.map_err(|error| Error::Library(format!("The library's file cannot be written: {error}.")))
}

pub(super) fn failed(path: &Path, error: &std::io::Error) -> Error {
    Error::Library(format!("{} cannot be opened: {error}.", path.display()))
}
