//! The whole: from the command line's words to the file.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use anyhow::{Context, Result, bail, ensure};
use semblance::model::Towers;
use serde_json::json;

use super::arrow;
use super::known::Known;
use super::merge::Merge;
use super::output::{Format, table};
use super::parts::Parts;
use crate::model::{Loaded, ModelArgs};
use crate::outcome::{Outcome, say};
use crate::pictures::{Failure, Found, below};
use crate::pipeline::{PipelineArgs, Read, embed};
use crate::progress::Progress;
use crate::vectors::{About, Precision, Reader, Row, Wanted};

#[derive(clap::Args)]
pub struct Args {
    /// The folder: all pictures in it and below.
    #[arg(required_unless_present = "arrow")]
    folder: Option<PathBuf>,
    /// The file: .parquet, or .npy or .safetensors with a .csv of the rows beside it. What is there of an interrupted run is
    /// gone on with; of a Parquet file that is there, new and changed pictures alone are embedded.
    #[arg(long, value_name = "FILE", required_unless_present = "arrow")]
    out: Option<PathBuf>,
    #[command(flatten)]
    model: ModelArgs,
    #[command(flatten)]
    pipeline: PipelineArgs,
    /// What vectors' numbers are kept in.
    #[arg(long, value_enum, default_value_t = Precision::F32)]
    vectors: Precision,
    /// Pictures after which what has come is written, and stays whatever happens.
    #[arg(long, value_name = "N", default_value_t = 1024, value_parser = clap::value_parser!(u32).range(1..))]
    part: u32,
    /// Say what became of it in JSON: a line for each picture that could not be read, and one for the whole.
    #[arg(long)]
    json: bool,
    /// Instead of a folder: an Arrow IPC stream on standard input, with a column `bytes` (or `content`) or `path`, and a column
    /// `key` if wanted; another on standard output, with `key`, `vector` and `error`, row for row.
    #[arg(long, conflicts_with_all = ["folder", "out", "json", "vectors"])]
    arrow: bool,
}

/// What became of a folder's pictures.
#[derive(Default)]
struct Said {
    added: usize,
    unchanged: u64,
    removed: usize,
    failed: usize,
}

/// Errors: the folder cannot be read, the model cannot be used, the file's vectors are others, or nothing can be written.
pub fn command(args: &Args) -> Result<Outcome> {
    if args.arrow {
        let loaded = args.model.load(Towers::Vision)?;
        let pipeline = args.pipeline.with(&loaded.preprocess, loaded.side);
        return arrow::embed(&loaded.clip, pipeline, std::io::stdin(), std::io::stdout().lock());
    }
    let (folder, out) = (args.folder.as_deref(), args.out.as_deref());
    let (folder, out) = (folder.context("which folder?")?, out.context("which file?")?);
    let format = Format::of(out)?;
    ensure!(folder.is_dir(), "there is no folder {}", folder.display());
    // A link stays one, and what it leads to is written.
    let out = &match out.is_symlink() && out.exists() {
        true => out.canonicalize().with_context(|| format!("{} cannot be read", out.display()))?,
        false => out.to_owned(),
    };
    let loaded = args.model.load(Towers::Vision)?;
    let about = About::of(&loaded, args.vectors);
    let (mut parts, runs) = Parts::open(&beside(out)?, &about, args.part as usize)?;
    let interrupted = !runs.is_empty();
    // Looked at now: nobody else writes it any more.
    let earlier = match earlier(out, format, &about, interrupted) {
        Ok(rows) => rows.map(|rows| (out.to_owned(), rows)),
        Err(error) => return parts.leave(interrupted).and(Err(error)),
    };
    let sources: Vec<Vec<PathBuf>> = earlier.iter().map(|(file, _)| vec![file.clone()]).chain(runs).collect();
    let open = |wanted| -> Result<Vec<Reader>> {
        sources.iter().map(|files| Reader::open(files.clone(), &about, wanted)).collect()
    };
    let (said, dropped) = args.fill(folder, &loaded, open(Wanted::Stamp)?, &mut parts)?;
    let new = !parts.written().is_empty();
    if said.all() == 0 && !dropped.is_empty() {
        parts.leave(interrupted)?;
        bail!(
            "there is no picture in {}, and {} has some: it is left as it was (remove it where that is meant)",
            folder.display(),
            out.display()
        );
    }
    let rows = match &earlier {
        // Where nothing has changed, the file is what it was.
        Some((_, rows)) if !new && dropped.is_empty() && sources.len() == 1 => *rows,
        _ => {
            let this =
                new.then(|| Reader::open(parts.written().to_vec(), &about, Wanted::All)).transpose()?;
            let mut merge = Merge::new(open(Wanted::All)?, this, dropped);
            format.write(out, &about, || merge.next_row())?
        }
    };
    parts.remove()?;
    args.tell(out, rows, &said)?;
    Ok(Outcome::of(said.failed))
}

/// How many rows the file has that is brought up to date; none where there is none.
///
/// Errors: it is no such file, or nobody's that may be written over.
fn earlier(out: &Path, format: Format, about: &About, interrupted: bool) -> Result<Option<usize>> {
    if format == Format::Parquet {
        if !out.exists() {
            return Ok(None);
        }
        let (written, rows) = Reader::about(out)?;
        written.ensure_is(about).with_context(|| format!("{} cannot be gone on with", out.display()))?;
        return Ok(Some(rows));
    }
    // An array's rows are not known by the array: only what an interrupted run left is gone on with.
    let there = |file: &Path| {
        format!(
            "{} is there already; remove it, or let a .parquet be brought up to date instead",
            file.display()
        )
    };
    ensure!(!out.exists(), there(out));
    ensure!(interrupted || !table(out).exists(), there(&table(out)));
    Ok(None)
}

impl Said {
    fn all(&self) -> u64 {
        self.added as u64 + self.unchanged + self.failed as u64
    }
}

impl Args {
    /// Embed what has no vector yet into `parts`; and which paths of earlier runs are not to be taken over.
    fn fill(
        &self,
        folder: &Path,
        loaded: &Loaded,
        earlier: Vec<Reader>,
        parts: &mut Parts,
    ) -> Result<(Said, HashSet<String>)> {
        let pipeline = self.pipeline.with(&loaded.preprocess, loaded.side);
        let mut known = Known::new(earlier);
        let (unchanged, all) = (AtomicU64::new(0), AtomicU64::new(0));
        let (mut unreadable, mut stopped, mut before) = (Vec::new(), None, 0);
        let mut said = Said::default();
        let mut progress = Progress::new("embed", "pictures", 0, None);
        thread::scope(|scope| -> Result<()> {
            // How many there are is known long before all are embedded.
            scope.spawn(|| all.store(below(folder).count() as u64, Ordering::Relaxed));
            let fresh = |one: Result<Found, Failure>| match &one {
                Ok(found) => match known.has(found) {
                    Ok(true) => {
                        unchanged.fetch_add(1, Ordering::Relaxed);
                        None
                    }
                    Ok(false) => Some(one),
                    Err(error) => {
                        stopped = Some(error);
                        None
                    }
                },
                Err(failure) => {
                    unreadable.push(PathBuf::from(&failure.path));
                    Some(one)
                }
            };
            let ended = pipeline.run(below(folder).filter_map(fresh), |some| {
                let count = some.len() as u64;
                for one in embed(&loaded.clip, some)? {
                    match one {
                        Ok((Read { found, sha256, width, height }, vector)) => {
                            let (width, height) = (width as i32, height as i32);
                            let Found { path, size, mtime, .. } = found;
                            let sha256 = format!("{sha256:x}");
                            parts.push(Row { path, size, mtime, sha256, width, height, vector })?;
                            said.added += 1;
                        }
                        Err(failure) => {
                            self.failed(&progress, &failure)?;
                            said.failed += 1;
                        }
                    }
                }
                let there = unchanged.load(Ordering::Relaxed);
                match all.load(Ordering::Relaxed) {
                    0 => {}
                    all => progress.all(all),
                }
                progress.more(count, there - before);
                before = there;
                Ok(())
            });
            // What has come is kept, however it ended.
            parts.flush()?;
            ended
        })?;
        progress.finish(said.added + before as usize);
        if let Some(error) = stopped {
            return Err(error);
        }
        known.end()?;
        // Of a folder that could not be read nobody knows what is in it.
        known.gone.retain(|path| !unreadable.iter().any(|place| folder.join(path).starts_with(place)));
        said.unchanged = unchanged.into_inner();
        said.removed = known.gone.len();
        Ok((said, known.gone.into_iter().chain(known.changed).collect()))
    }

    fn failed(&self, progress: &Progress, failure: &Failure) -> Result<()> {
        let Failure { path, reason } = failure;
        progress.line(&format!("{path} is left out: {reason}"));
        if self.json {
            say!("{}", json!({ "path": path, "error": reason }))?;
        }
        Ok(())
    }

    fn tell(&self, out: &Path, rows: usize, said: &Said) -> Result<()> {
        let Said { added, unchanged, removed, failed } = said;
        if self.json {
            let out = out.display().to_string();
            let said = json!({ "out": out, "rows": rows, "added": added, "unchanged": unchanged, "removed": removed, "failed": failed });
            say!("{said}")?;
        } else {
            let left = if *failed > 0 { format!(", {failed} could not be read") } else { String::new() };
            say!(
                "{}: {rows} rows ({added} new, {unchanged} unchanged, {removed} gone{left})",
                out.display()
            )?;
        }
        Ok(())
    }
}

/// Where an interrupted run's parts are.
fn beside(out: &Path) -> Result<PathBuf> {
    let name = out.file_name().with_context(|| format!("{} is no file's name", out.display()))?;
    Ok(out.with_file_name(format!(".{}.parts", name.to_string_lossy())))
}
