//! The index in memory: what its file says, looked up by number, path and content.
//!
//! It reads and writes nothing itself. Records are made here ([`Index::picture`] …), whoever has the file appends them,
//! and only then are they taken in by [`Index::apply`], the same way as when the file is read ([`crate::Opening`]).

use std::collections::BTreeSet;
use std::fmt;
use std::hash::{BuildHasher, Hash};

use hashbrown::{DefaultHashBuilder, HashTable};

use crate::error::{Error, Result};
use crate::facts::Facts;
use crate::filter::Filter;
use crate::header::Header;
use crate::q8;
use crate::record::{self, FRAME, Kind, Next, Record};
use crate::vectors::{self, Vectors};

/// So many pictures after one header the next one is written.
const HEADER_EVERY: u32 = 1024;

/// The pictures of an index and their vectors.
pub struct Index {
    header: Header,
    pub(crate) rows: Vec<Option<Row>>,
    pub(crate) vectors: Vectors,
    free: Vec<u32>,
    tables: Tables,
    next_id: u32,
    since_header: u32,
    /// Bytes of the file's records, and of those of them that still count.
    read: u64,
    live: u64,
}

/// Without the pictures.
impl fmt::Debug for Index {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Index")
            .field("header", &self.header)
            .field("stats", &self.stats())
            .finish_non_exhaustive()
    }
}

/// A picture.
pub(crate) struct Row {
    pub id: u32,
    pub facts: Facts,
    /// Where the file has its vector.
    vector_at: u64,
    /// Bytes of its records that count.
    bytes: u64,
}

/// Slots by number, by path and by content.
#[derive(Default)]
struct Tables {
    hasher: DefaultHashBuilder,
    ids: HashTable<u32>,
    paths: HashTable<u32>,
    contents: HashTable<u32>,
}

/// How much an index has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stats {
    pub pictures: u32,
    /// Bytes of the file.
    pub bytes: u64,
    /// Bytes of it that say nothing any more: a new file without them is worth writing once they are most of it.
    pub waste: u64,
}

impl Index {
    /// An index of no picture.
    pub fn new(header: Header) -> Self {
        Self {
            header,
            rows: Vec::new(),
            vectors: Vectors::new(header.dim as usize),
            free: Vec::new(),
            tables: Tables::default(),
            next_id: 1,
            since_header: 0,
            read: 0,
            live: 0,
        }
    }

    pub fn header(&self) -> &Header {
        &self.header
    }

    pub fn stats(&self) -> Stats {
        Stats { pictures: self.len() as u32, bytes: self.read, waste: self.read - self.live }
    }

    pub fn len(&self) -> usize {
        self.rows.len() - self.free.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All numbers, in the order of paths.
    pub fn ids(&self) -> Vec<u32> {
        self.ids_of(&Filter::default())
    }

    /// The numbers of the pictures that a filter takes, in the order of paths.
    pub fn ids_of(&self, filter: &Filter) -> Vec<u32> {
        let mut rows: Vec<&Row> = self.rows.iter().flatten().filter(|row| filter.takes(&row.facts)).collect();
        rows.sort_unstable_by(|a, b| a.facts.path.cmp(&b.facts.path));
        rows.iter().map(|row| row.id).collect()
    }

    /// The folders that pictures are in, and those above them, in order.
    pub fn folders(&self) -> Vec<&str> {
        let mut folders: Vec<&str> =
            self.rows.iter().flatten().filter_map(|row| folder_of(&row.facts.path)).collect();
        folders.sort_unstable();
        folders.dedup();
        let mut all = BTreeSet::new();
        for folder in folders {
            all.extend(std::iter::successors(Some(folder), |folder| folder_of(folder)));
        }
        all.into_iter().collect()
    }

    /// At most `count` pictures of the very folder that a picture is in, in the order of paths: itself and those around it.
    pub fn neighbours(&self, id: u32, count: usize) -> Result<Vec<u32>> {
        let path = &self.facts(id)?.path;
        let folder = folder_of(path);
        let mut beside: Vec<&Row> =
            self.rows.iter().flatten().filter(|row| folder_of(&row.facts.path) == folder).collect();
        beside.sort_unstable_by(|a, b| a.facts.path.cmp(&b.facts.path));
        let at = beside.partition_point(|row| row.facts.path < *path);
        let from = at.saturating_sub(count / 2).min(beside.len().saturating_sub(count));
        Ok(beside.iter().skip(from).take(count).map(|row| row.id).collect())
    }

    /// The picture with this number.
    pub fn facts(&self, id: u32) -> Result<&Facts> {
        Ok(&self.row(id)?.1.facts)
    }

    /// The picture at this path.
    pub fn at_path(&self, path: &str) -> Option<u32> {
        let hash = self.tables.hasher.hash_one(path);
        let slot = *self
            .tables
            .paths
            .find(hash, |&slot| self.at(slot).is_some_and(|row| &*row.facts.path == path))?;
        Some(self.at(slot)?.id)
    }

    /// One of the pictures of this content.
    pub fn of_content(&self, content: &[u8; 32]) -> Option<u32> {
        let hash = self.tables.hasher.hash_one(content);
        let slot = *self
            .tables
            .contents
            .find(hash, |&slot| self.at(slot).is_some_and(|row| row.facts.hash == *content))?;
        Some(self.at(slot)?.id)
    }

    /// The vector that a picture's 8 bits stand for: within 1 % of a unit vector.
    pub fn vector(&self, id: u32) -> Result<Vec<f32>> {
        let (slot, _) = self.row(id)?;
        let (scales, codes) = self.vectors.get(slot as usize);
        Ok(q8::unpack(scales, codes, self.header.dim as usize))
    }

    /// Its scales and codes.
    pub(crate) fn packed(&self, id: u32) -> Result<(&[u16], &[i8])> {
        let (slot, _) = self.row(id)?;
        Ok(self.vectors.get(slot as usize))
    }

    /// Where the file has a picture's vector: the first byte, and how many, [`Header::vector_length`].
    pub fn vector_place(&self, id: u32) -> Result<(u64, usize)> {
        Ok((self.row(id)?.1.vector_at, self.header.vector_length()))
    }

    /// The numbers of a vector that the file has as f32, from its bytes there.
    pub fn exact_vector(&self, bytes: &[u8]) -> Option<Vec<f32>> {
        let numbers = bytes.get(self.header.packed_length()..)?.as_chunks().0;
        (numbers.len() == self.header.dim as usize)
            .then(|| numbers.iter().map(|n| f32::from_le_bytes(*n)).collect())
    }

    /// That a vector can be one of this index, or be compared with those.
    pub fn check(&self, vector: &[f32]) -> Result<()> {
        let dim = self.header.dim as usize;
        if vector.len() != dim || vector.iter().any(|number| !number.is_finite()) {
            let found = if vector.len() == dim { "others".into() } else { vector.len().to_string() };
            return Err(Error::Vector { expected: dim, found });
        }
        Ok(())
    }

    /// The record of a picture that has a vector now: a new one, or another one at a path that is there.
    pub fn picture(&mut self, facts: &Facts, vector: &[f32]) -> Result<Vec<u8>> {
        self.check(vector)?;
        let mut bytes = Vec::with_capacity(self.header.vector_length());
        vectors::to_bytes(vector, &mut bytes);
        if self.header.exact {
            bytes.extend(vector.iter().flat_map(|number| number.to_le_bytes()));
        }
        self.picture_with(facts, &bytes)
    }

    /// The same with a vector's bytes as the file has them: of a picture of the same content, or of another file.
    pub fn picture_with(&mut self, facts: &Facts, vector: &[u8]) -> Result<Vec<u8>> {
        let id = self.at_path(&facts.path).unwrap_or(self.next_id);
        self.numbered(id, facts, vector)
    }

    /// The record of a picture for a new file, under the number that it had in another one.
    pub fn copy(&mut self, id: u32, facts: &Facts, vector: &[u8]) -> Result<Vec<u8>> {
        self.numbered(id, facts, vector)
    }

    fn numbered(&mut self, id: u32, facts: &Facts, vector: &[u8]) -> Result<Vec<u8>> {
        if vector.len() != self.header.vector_length() {
            let found = format!("{} bytes of a file", vector.len());
            return Err(Error::Vector { expected: self.header.dim as usize, found });
        }
        let mut body = Vec::with_capacity(facts.path.len() + 200 + vector.len());
        facts.write(&mut body)?;
        body.extend(vector);
        let mut bytes = record::frame(Kind::Picture, id, &body);
        if self.since_header == 0 {
            bytes.splice(0..0, self.header_record());
        }
        self.since_header = (self.since_header + 1) % HEADER_EVERY;
        self.next_id = self.next_id.max(id.saturating_add(1));
        Ok(bytes)
    }

    /// The record of other facts of a picture: another path, another date. Its vector stays.
    pub fn renewed(&self, id: u32, facts: &Facts) -> Result<Vec<u8>> {
        self.row(id)?;
        let mut body = Vec::new();
        facts.write(&mut body)?;
        Ok(record::frame(Kind::Facts, id, &body))
    }

    /// The record of a picture that is there no more.
    pub fn removal(&self, id: u32) -> Result<Vec<u8>> {
        self.row(id)?;
        Ok(record::frame(Kind::Removed, id, &[]))
    }

    /// The first record of a file.
    fn header_record(&self) -> Vec<u8> {
        let mut body = Vec::new();
        self.header.write(&mut body);
        record::frame(Kind::Header, 0, &body)
    }

    /// Take in whole records, which the file has from `at` on.
    pub fn apply(&mut self, mut bytes: &[u8], mut at: u64) {
        while let Next::Whole(record) = record::next(bytes, Some(&self.header)) {
            let length = record.length();
            self.take(&record, at);
            at += length as u64;
            bytes = &bytes[length..];
        }
    }

    /// One record that the file has at `at`. False: its body makes no sense.
    pub(crate) fn take(&mut self, record: &Record<'_>, at: u64) -> bool {
        self.read = self.read.max(at + record.length() as u64);
        match record.kind {
            Kind::Header => Header::read(record.body).is_ok_and(|header| header == self.header),
            Kind::Removed => {
                self.leave(record.id);
                true
            }
            Kind::Facts => {
                let Some((facts, [])) = Facts::read(record.body) else { return false };
                self.renew(record.id, facts, record.length() as u64);
                true
            }
            Kind::Picture => {
                let Some((facts, vector)) = Facts::read(record.body) else { return false };
                if vector.len() != self.header.vector_length() {
                    return false;
                }
                let vector_at = at + (FRAME + record.body.len() - vector.len()) as u64;
                self.enter(Row { id: record.id, facts, vector_at, bytes: record.length() as u64 }, vector);
                true
            }
        }
    }

    /// After the whole file was read, of `length` bytes.
    pub(crate) fn read_to(&mut self, length: u64) {
        self.read = length;
    }

    fn enter(&mut self, row: Row, vector: &[u8]) {
        self.leave(row.id);
        // A path is there once: the later picture has it.
        if let Some(former) = self.at_path(&row.facts.path) {
            self.leave(former);
        }
        self.live += row.bytes;
        self.next_id = self.next_id.max(row.id.saturating_add(1));
        let slot = self.free.pop().unwrap_or_else(|| {
            self.rows.push(None);
            (self.rows.len() - 1) as u32
        });
        self.vectors.put(slot as usize, &vector[..self.header.packed_length()]);
        self.rows[slot as usize] = Some(row);
        self.tables.enter(slot, &self.rows);
    }

    fn renew(&mut self, id: u32, facts: Facts, bytes: u64) {
        if let Some(other) = self.at_path(&facts.path).filter(|&other| other != id) {
            self.leave(other);
        }
        let Ok((slot, _)) = self.row(id) else { return };
        self.tables.leave(slot, &self.rows);
        if let Some(row) = &mut self.rows[slot as usize] {
            row.facts = facts;
            // An earlier record of facts does not count any more; which part of `bytes` that is, nobody needs to know.
            row.bytes += bytes;
        }
        self.live += bytes;
        self.tables.enter(slot, &self.rows);
    }

    fn leave(&mut self, id: u32) {
        let Ok((slot, row)) = self.row(id) else { return };
        self.live -= row.bytes;
        self.tables.leave(slot, &self.rows);
        self.rows[slot as usize] = None;
        self.free.push(slot);
    }

    pub(crate) fn row(&self, id: u32) -> Result<(u32, &Row)> {
        let hash = self.tables.hasher.hash_one(id);
        let found = self.tables.ids.find(hash, |&slot| self.at(slot).is_some_and(|row| row.id == id));
        found.and_then(|&slot| Some((slot, self.at(slot)?))).ok_or(Error::Missing(id))
    }

    fn at(&self, slot: u32) -> Option<&Row> {
        self.rows[slot as usize].as_ref()
    }
}

impl Tables {
    fn enter(&mut self, slot: u32, rows: &[Option<Row>]) {
        let Self { hasher, ids, paths, contents } = self;
        let Some(row) = &rows[slot as usize] else { return };
        insert(ids, slot, rows, hasher, |row| row.id, row);
        insert(paths, slot, rows, hasher, |row| &*row.facts.path, row);
        // One for each content is enough, and a thousand copies of a file stay a table of one.
        let hash = hasher.hash_one(row.facts.hash);
        let same = |&slot: &u32| {
            rows[slot as usize].as_ref().is_some_and(|other| other.facts.hash == row.facts.hash)
        };
        if contents.find(hash, same).is_none() {
            insert(contents, slot, rows, hasher, |row| row.facts.hash, row);
        }
    }

    fn leave(&mut self, slot: u32, rows: &[Option<Row>]) {
        let Some(row) = &rows[slot as usize] else { return };
        let hashes = [
            self.hasher.hash_one(row.id),
            self.hasher.hash_one(&*row.facts.path),
            self.hasher.hash_one(row.facts.hash),
        ];
        for (table, hash) in [&mut self.ids, &mut self.paths, &mut self.contents].into_iter().zip(hashes) {
            if let Ok(entry) = table.find_entry(hash, |&other| other == slot) {
                entry.remove();
            }
        }
    }
}

/// A slot under a row's key; when the table grows, those of all others are asked for anew.
fn insert<'a, K: Hash>(
    table: &mut HashTable<u32>,
    slot: u32,
    rows: &'a [Option<Row>],
    hasher: &DefaultHashBuilder,
    key: impl Fn(&'a Row) -> K,
    row: &'a Row,
) {
    let hash_of = |slot: &u32| rows[*slot as usize].as_ref().map_or(0, |row| hasher.hash_one(key(row)));
    table.insert_unique(hasher.hash_one(key(row)), slot, hash_of);
}

/// What a path says before its last `/`.
fn folder_of(path: &str) -> Option<&str> {
    Some(path.rsplit_once('/')?.0)
}
