//! Numbers of pictures, or of texts, as they come: a library of the engine ([`semblance::Index`]), whose file is checked records
//! that are appended, so that the process may end at any point. Vectors are kept as f32.
//!
//! What a ResNet says of a picture, a logit a class, is kept as a vector of those.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use semblance::Picture;
use semblance::index::{Facts, Index};
use semblance_index::Header;
use sha2::{Digest, Sha256};

use super::collection::Labelled;
use crate::pictures::{Failure, Found};
use crate::pipeline::{Pipeline, Read};
use crate::progress::Progress;

/// The library's file before it was written anew.
const RECORDS: &str = "0.records";
/// A whole record of the header, the first in the file.
const FIRST_RECORD: u64 = 72;
/// Prompts that are embedded together; of an ensemble a text has all of its templates.
const PROMPTS: usize = 320;

pub struct Store(Index);

impl Store {
    /// Open it, or make it. `length`: numbers of a vector; `model`: SHA-256 of what makes them.
    ///
    /// Errors: another model made its vectors, another process has it, or it cannot be read.
    pub fn open(folder: &Path, length: usize, model: [u8; 32]) -> Result<Self> {
        let records = folder.join(RECORDS);
        // A process that ended within the first record has left nothing, and what is not whole is no library.
        if fs::metadata(&records).is_ok_and(|about| about.len() < FIRST_RECORD) {
            fs::remove_file(&records)
                .with_context(|| format!("{} could not be removed", records.display()))?;
        }
        let header = Header { dim: u32::try_from(length)?, exact: true, model };
        let index = Index::open_with(folder, Some(header))
            .with_context(|| format!("the vectors in {} cannot be used", folder.display()))?;
        Ok(Self(index))
    }

    /// What is kept of a picture or a text.
    ///
    /// Errors: the file cannot be read.
    pub fn vector(&mut self, path: &str) -> Result<Option<Vec<f32>>> {
        let Some(id) = self.0.at_path(path) else { return Ok(None) };
        Ok(Some(self.0.vector(id)?))
    }

    /// Whether there is anything of a picture.
    pub fn has(&self, path: &str) -> bool {
        self.0.at_path(path).is_some()
    }

    /// Put all pictures in that are not there yet; `embed` gives one vector of each that was prepared. Those that cannot be read
    /// are said, given back, and tried again next time.
    ///
    /// Errors: a picture is another one than the one whose vector is there, the model fails, or nothing can be written.
    pub fn fill<T: Send>(
        &mut self,
        pictures: &[Labelled],
        pipeline: &Pipeline<impl Fn(&Picture) -> semblance::Result<T> + Sync>,
        what: &str,
        embed: impl Fn(Vec<T>) -> Result<Vec<Vec<f32>>>,
    ) -> Result<Vec<Failure>> {
        let mut missing = Vec::new();
        for one in pictures {
            let found = Found::now(one.path.clone(), one.file.clone());
            match self.0.at_path(&one.path) {
                Some(id) => check(self.0.facts(id)?, &found)?,
                None => missing.push(Ok(found)),
            }
        }
        let mut failures = Vec::new();
        let mut done = pictures.len() - missing.len();
        let mut progress = Progress::new(what, "pictures", done, pictures.len());
        pipeline.run(missing.into_iter(), |some| {
            done += some.len();
            let (mut facts, mut prepared) = (Vec::new(), Vec::new());
            for one in some {
                match one {
                    Ok((read, ready)) => {
                        facts.push(facts_of(read));
                        prepared.push(ready);
                    }
                    Err(failure) => {
                        progress.line(&format!("{} is left out: {}", failure.path, failure.reason));
                        failures.push(failure);
                    }
                }
            }
            if !prepared.is_empty() {
                for (facts, vector) in facts.iter().zip(embed(prepared)?) {
                    self.0.put(facts, &vector, None)?;
                }
            }
            progress.at(done);
            Ok(())
        })?;
        progress.finish(pictures.len() - failures.len());
        Ok(failures)
    }

    /// One vector a text, computed where it is not there yet. A text goes by its SHA-256.
    ///
    /// Errors: a text cannot be embedded, or nothing can be written.
    pub fn texts(
        &mut self,
        texts: &[String],
        what: &str,
        mut embed: impl FnMut(&[String]) -> Result<Vec<Vec<f32>>>,
    ) -> Result<Vec<Vec<f32>>> {
        let key = |text: &String| format!("{:x}", Sha256::digest(text));
        // Two classes may be called the same.
        let distinct: BTreeSet<&String> = texts.iter().collect();
        let all = distinct.len();
        let missing = distinct.into_iter().filter(|text| self.0.at_path(&key(text)).is_none());
        let missing: Vec<String> = missing.cloned().collect();
        let prompts = missing.first().map_or(1, |text| text.split(semblance::prompt::WITH).count());
        let before = all - missing.len();
        let mut progress = Progress::new(what, "texts", before, all);
        let mut done = before;
        for some in missing.chunks((PROMPTS / prompts).max(1)) {
            for (text, vector) in some.iter().zip(embed(some)?) {
                self.0.put(&Facts { path: key(text).into(), ..Facts::default() }, &vector, None)?;
            }
            done += some.len();
            progress.at(done);
        }
        progress.finish(done);
        let mut vectors = Vec::with_capacity(texts.len());
        for text in texts {
            vectors.push(self.vector(&key(text))?.context("a text was embedded")?);
        }
        Ok(vectors)
    }
}

fn facts_of(Read { found, sha256, width, height }: Read) -> Facts {
    Facts {
        path: found.path.into(),
        size: found.size as u64,
        modified: found.mtime,
        width,
        height,
        hash: sha256.into(),
        ..Facts::default()
    }
}

/// That a picture is the one whose vector is there: of one size and date, or else of one content.
fn check(facts: &Facts, Found { path, file, size, mtime }: &Found) -> Result<()> {
    if facts.size == *size as u64 && facts.modified == *mtime {
        return Ok(());
    }
    let bytes = fs::read(file).with_context(|| format!("{} could not be read", file.display()))?;
    if facts.hash[..] != Sha256::digest(&bytes)[..] {
        bail!("{path} is another picture than the one whose vector is kept: take another --out");
    }
    Ok(())
}
