//! Pictures read and prepared by several threads while the model looks at those before them.
//!
//! ```text
//! files ─► waiting ─► `jobs` threads: read, hash, decode, prepare ─► put in order ─► `batch` at a time ─► the model
//!          └──────────────────── at most `AHEAD` batches are on their way ─────────────────┘
//! ```

use std::collections::BTreeMap;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::mpsc::sync_channel;
use std::thread;

use anyhow::{Context, Result};
use semblance::bundle::PreprocessConfig;
use semblance::preprocess::{Pixels, preprocess};
use semblance::{Clip, Picture};
use sha2::digest::Output;
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

/// What makes pixels for a CLIP of a picture.
pub trait Prepare: Fn(&Picture) -> semblance::Result<Pixels> + Send + Sync + 'static {}

impl<F: Fn(&Picture) -> semblance::Result<Pixels> + Send + Sync + 'static> Prepare for F {}

/// How many pictures are on their way, and what is made of each for the model.
pub struct Pipeline<P> {
    pub jobs: usize,
    pub batch: usize,
    pub prepare: P,
}

/// A picture that was read.
pub struct Read {
    pub found: Found,
    /// Of the file.
    pub sha256: Output<Sha256>,
    pub width: u32,
    pub height: u32,
}

impl PipelineArgs {
    /// For a CLIP's image tower.
    pub fn with(&self, config: &PreprocessConfig, side: usize) -> Pipeline<impl Prepare + use<>> {
        let config = config.clone();
        Pipeline {
            jobs: self.jobs.map_or_else(processors, usize::from),
            batch: self.batch.into(),
            prepare: move |picture: &Picture| preprocess(picture, &config, side),
        }
    }
}

/// As many threads as read and decode where nothing else is said.
pub fn processors() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

impl<P> Pipeline<P> {
    /// Hand over all files in their order, a batch of those that could be read at a time, with those that could not be among
    /// them. What comes in as a failure goes through as one.
    ///
    /// Errors: what `take` says.
    pub fn run<T: Send>(
        &self,
        files: impl Iterator<Item = Result<Found, Failure>> + Send,
        mut take: impl FnMut(Vec<Result<(Read, T), Failure>>) -> Result<()>,
    ) -> Result<()>
    where
        P: Fn(&Picture) -> semblance::Result<T> + Sync,
    {
        let most = self.batch * AHEAD;
        let (waiting_in, waiting) = sync_channel::<(usize, Result<Found, Failure>)>(most);
        let (ready_in, ready) = sync_channel::<(usize, Result<(Read, T), Failure>)>(most);
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
                        if ready.send((at, found.and_then(|found| self.read(found)))).is_err() {
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

    fn read<T>(&self, found: Found) -> Result<(Read, T), Failure>
    where
        P: Fn(&Picture) -> semblance::Result<T>,
    {
        let failed = |reason: String| Failure { path: found.path.clone(), reason };
        let bytes = fs::read(&found.file).map_err(|error| failed(error.to_string()))?;
        let (prepared, (width, height)) = prepared(&bytes, &self.prepare).map_err(failed)?;
        let sha256 = Sha256::digest(&bytes);
        Ok((Read { sha256, width, height, found }, prepared))
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

/// What is made of a file's picture, and its width and height; or why there is nothing. A fault in a decoder is one picture's,
/// not that of all that come after it.
pub fn prepared<T>(
    bytes: &[u8],
    prepare: impl Fn(&Picture) -> semblance::Result<T>,
) -> Result<(T, (u32, u32)), String> {
    let made = catch_unwind(AssertUnwindSafe(|| {
        let picture = Picture::decode(bytes)?;
        Ok((prepare(&picture)?, picture.size()))
    }));
    match made {
        Ok(made) => made.map_err(|error: semblance::Error| error.to_string()),
        Err(_) => Err("its decoder has a fault, and stopped".into()),
    }
}

#[cfg(test)]
// A test that cannot write its files has failed.
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// A black picture, one pixel high.
    fn bmp(width: u32) -> Vec<u8> {
        let pixels = vec![0; (3 * width as usize).next_multiple_of(4)];
        let numbers = [54 + pixels.len() as u32, 0, 54, 40, width, 1, 24 << 16 | 1, 0, 0, 0, 0, 0, 0];
        [b"BM".to_vec(), numbers.iter().flat_map(|number| number.to_le_bytes()).collect(), pixels].concat()
    }

    #[test]
    fn a_fault_is_one_pictures() {
        let folder = tempfile::tempdir().unwrap();
        let files: Vec<_> = (1..=20)
            .map(|width| {
                let file = folder.path().join(format!("{width:02}.bmp"));
                fs::write(&file, bmp(width)).unwrap();
                Ok(Found::now(width.to_string(), file))
            })
            .collect();
        let prepare = |picture: &Picture| match picture.size().0 {
            // As many as there are threads, and more than are on their way.
            3..=14 => panic!("a fault"),
            width => Ok(width),
        };
        for jobs in [1, 2] {
            let pipeline = Pipeline { jobs, batch: 2, prepare };
            let (mut good, mut bad) = (Vec::new(), Vec::new());
            let take = |some: Vec<Result<(Read, u32), Failure>>| {
                for one in some {
                    match one {
                        Ok((_, width)) => good.push(width),
                        Err(failure) => bad.push(failure.path),
                    }
                }
                Ok(())
            };
            pipeline.run(files.clone().into_iter(), take).unwrap();
            assert_eq!(good, [1, 2, 15, 16, 17, 18, 19, 20]);
            assert_eq!(bad, (3..=14).map(|width| width.to_string()).collect::<Vec<_>>());
        }
    }
}
