//! An index from the bytes of its file, which may be cut off or damaged.

use crate::error::{Error, Result};
use crate::header::Header;
use crate::index::Index;
use crate::record::{self, Kind, Next};

/// Takes a file's bytes in chunks of any size.
///
/// Where the beginning is damaged, pictures can be read only once a later copy of the header was found: then
/// [`Opening::finish`] gives an [`Opening`] that has it, to be fed the file once more.
#[derive(Debug, Default)]
pub struct Opening {
    index: Option<Index>,
    /// Bytes of a record whose end has not come.
    pending: Vec<u8>,
    /// Where in the file those begin.
    at: u64,
    /// Where the last good record ends.
    good: u64,
    report: Report,
    /// There were records before the header.
    missed: bool,
    /// The header was written by a newer version.
    newer: Option<Error>,
}

/// What there was to be passed over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// The file is good up to here; what follows was cut off while it was written, and is to be cut away.
    pub length: u64,
    /// Bytes before that which no record has, or one whose sense is lost.
    pub damaged: u64,
}

/// What became of a file.
#[derive(Debug)]
pub enum Opened {
    Whole(Index, Report),
    /// To be fed the file from its beginning.
    Again(Opening),
}

impl Opening {
    pub fn new() -> Self {
        Self::default()
    }

    /// The next bytes of the file.
    pub fn push(&mut self, chunk: &[u8]) {
        let mut pending = std::mem::take(&mut self.pending);
        pending.extend(chunk);
        let mut bytes = &pending[..];
        loop {
            let header = self.index.as_ref().map(|index| *index.header());
            let passed = match record::next(bytes, header.as_ref()) {
                Next::Cut => break,
                Next::Damaged(0) => break,
                Next::Damaged(length) => {
                    self.report.damaged += length as u64;
                    length
                }
                Next::Whole(record) => {
                    let length = record.length();
                    if self.index.is_none() && record.kind == Kind::Header {
                        match Header::read(record.body) {
                            Ok(header) => self.index = Some(Index::new(header)),
                            Err(error @ Error::Newer(_)) => self.newer = Some(error),
                            Err(_) => {}
                        }
                    }
                    self.missed |= self.index.is_none();
                    let good = self.index.as_mut().is_some_and(|index| index.take(&record, self.at));
                    if !good {
                        self.report.damaged += length as u64;
                    }
                    self.good = self.at + length as u64;
                    length
                }
            };
            self.at += passed as u64;
            bytes = &bytes[passed..];
        }
        let rest = pending.len() - bytes.len();
        pending.drain(..rest);
        self.pending = pending;
    }

    /// After the last bytes. An error: nothing of this file can be read.
    pub fn finish(self) -> Result<Opened> {
        if let Some(newer) = self.newer {
            return Err(newer);
        }
        let mut index = self.index.ok_or(Error::NoIndex)?;
        if self.missed {
            return Ok(Opened::Again(Self { index: Some(Index::new(*index.header())), ..Self::new() }));
        }
        // Damage at the very end is cut away with what was never finished.
        let behind = self.at - self.good;
        index.read_to(self.good);
        Ok(Opened::Whole(index, Report { length: self.good, damaged: self.report.damaged - behind }))
    }
}
