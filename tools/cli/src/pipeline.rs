//! Pictures read and prepared by several threads while the model looks at those before them.
//!
//! ```text
//! files ─► waiting ─► `jobs` threads: read, hash, decode, prepare ─► put in order ─► `batch` at a time ─► the model
//!          └──────────────────── at most `AHEAD` batches are on their way ─────────────────┘
//! ```

use std::collections::BTreeMap;
use std::fs;
use std::panic::catch_unwind;
use std::sync::Mutex;
use std::sync::mpsc::sync_channel;
use std::thread;

use anyhow::{Context, Result};
use semblance::bundle::PreprocessConfig;
use semblance::preprocess::{Pixels, preprocess};
use semblance::{Clip, Picture};
use sha2::{Digest, Sha256};

use crate::pictures::{Failure, Found};

/// Batches that are on their way: one that the model looks at, one that waits for it, and two that are prepared.
const AHEAD: usize = 4;

/// The words of a command that many pictures go through.
#[derive(clap::Args)]
pub struct PipelineArgs {
    /// Threads that read and decode pictures [default: as many as there are processors].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    jobs: Option<u16>,
    /// Pictures that go through the model together.
    #[arg(long, value_name = "N", default_value_t = 32, value_parser = clap::value_parser!(u16).range(1..=4096))]
    batch: u16,
}

/// How pictures are prepared for a model.
#[derive(Clone)]
pub struct Pipeline {
    pub jobs: usize,
    pub batch: usize,
    pub preprocess: PreprocessConfig,
    pub side: usize,
}

/// A picture that was read.
pub struct Read {
    pub found: Found,
    /// SHA-256 of the file, in hexadecimal.
    pub sha256: String,
    pub width: u32,
    pub height: u32,
}

/// It, and what the model takes of it.
pub type Prepared = (Read, Pixels);

impl PipelineArgs {
    pub fn with(&self, preprocess: &PreprocessConfig, side: usize) -> Pipeline {
        let processors = thread::available_parallelism().map_or(1, usize::from);
        let jobs = self.jobs.map_or(processors, usize::from);
        Pipeline { jobs, batch: self.batch.into(), preprocess: preprocess.clone(), side }
    }
}

impl Pipeline {
    /// Hand over all files in their order, a batch of those that could be read at a time, with those that could not be among
    /// them. What comes in as a failure goes through as one.
    ///
    /// Errors: what `take` says.
    pub fn run(
        &self,
        files: impl Iterator<Item = Result<Found, Failure>> + Send,
        mut take: impl FnMut(Vec<Result<Prepared, Failure>>) -> Result<()>,
    ) -> Result<()> {
        let most = self.batch * AHEAD;
        let (waiting_in, waiting) = sync_channel::<(usize, Result<Found, Failure>)>(most);
        let (ready_in, ready) = sync_channel::<(usize, Result<Prepared, Failure>)>(most);
        // A place for each that is on its way: a slow one must not let the others run on without an end.
        let (enter, leave) = sync_channel::<()>(most);
        let waiting = Mutex::new(waiting);
        thread::scope(|scope| {
            scope.spawn(move || {
                for one in files.enumerate() {
                    // The other end is gone where `take` failed.
                    if enter.send(()).is_err() || waiting_in.send(one).is_err() {
                        break;
                    }
                }
            });
            for _ in 0..self.jobs {
                let (ready, waiting) = (ready_in.clone(), &waiting);
                scope.spawn(move || {
                    loop {
                        let next = waiting.lock().ok().and_then(|waiting| waiting.recv().ok());
                        let Some((at, found)) = next else { break };
                        if ready.send((at, found.and_then(|found| self.prepare(found)))).is_err() {
                            break;
                        }
                    }
                });
            }
            drop(ready_in);
            // Both are dropped when this block ends, early or not, and then the threads end.
            let (ready, leave) = (ready, leave);
            let (mut early, mut next) = (BTreeMap::new(), 0);
            let (mut batch, mut good) = (Vec::new(), 0);
            for (at, one) in ready.iter() {
                early.insert(at, one);
                while let Some(one) = early.remove(&next) {
                    next += 1;
                    good += usize::from(one.is_ok());
                    batch.push(one);
                    if good == self.batch || batch.len() == most {
                        (0..batch.len()).for_each(|_| _ = leave.recv());
                        good = 0;
                        take(std::mem::take(&mut batch))?;
                    }
                }
            }
            if batch.is_empty() { Ok(()) } else { take(batch) }
        })
    }

    fn prepare(&self, found: Found) -> Result<Prepared, Failure> {
        let failed = |reason: String| Failure { path: found.path.clone(), reason };
        let bytes = fs::read(&found.file).map_err(|error| failed(error.to_string()))?;
        let picture = decode(&bytes).map_err(failed)?;
        let (width, height) = picture.size();
        let pixels = self.pixels(&picture).map_err(|error| failed(error.to_string()))?;
        let sha256 = format!("{:x}", Sha256::digest(&bytes));
        Ok((Read { sha256, width, height, found }, pixels))
    }

    /// Errors: the picture cannot be prepared.
    pub fn pixels(&self, picture: &Picture) -> semblance::Result<Pixels> {
        preprocess(picture, &self.preprocess, self.side)
    }
}

/// A vector, and what it is of; or why there is none.
pub type Embedded<T, E> = Result<(T, Vec<f32>), E>;

/// The vectors of all that have pixels, each in its place.
///
/// Errors: the image tower was freed.
pub fn embed<T, E>(clip: &Clip, some: Vec<Result<(T, Pixels), E>>) -> Result<Vec<Embedded<T, E>>> {
    let pixels: Vec<Pixels> = some.iter().filter_map(|one| Some(one.as_ref().ok()?.1.clone())).collect();
    let vectors = if pixels.is_empty() { Vec::new() } else { clip.embed_pixels(&pixels)? };
    let mut vectors = vectors.into_iter();
    some.into_iter()
        .map(|one| match one {
            Ok((about, _)) => Ok(Ok((about, vectors.next().context("a vector is missing")?))),
            Err(failure) => Ok(Err(failure)),
        })
        .collect()
}

/// A file's picture, or why there is none. A fault in a decoder is one picture's, not that of all that come after it.
pub fn decode(bytes: &[u8]) -> Result<Picture, String> {
    match catch_unwind(|| Picture::decode(bytes)) {
        Ok(picture) => picture.map_err(|error| error.to_string()),
        Err(_) => Err("its decoder has a fault, and stopped".into()),
    }
}
