//! Each file a second and third time, as gzip and as Brotli, for hosts that send those to browsers which take them.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use anyhow::{Context, Result};
use flate2::{Compression, write::GzEncoder};

use crate::files::Files;
use crate::version::sha256;

/// What is not compressed already.
const KINDS: &[&str] = &["html", "css", "js", "json", "map", "md", "svg", "ts", "txt", "wasm", "webmanifest"];

/// Brotli's highest: a file is compressed once for all who will ever fetch it.
const QUALITY: i32 = 11;
/// 4 MB, the most that browsers must be able to take.
const WINDOW: i32 = 22;

const ENDINGS: [&str; 2] = ["gz", "br"];

/// Add `FILE.gz` and `FILE.br` for every file that is smaller so. They are kept in `cache` by what they were made of.
pub fn add(files: &mut Files, cache: &Path) -> Result<()> {
    fs::create_dir_all(cache).with_context(|| format!("{} could not be made", cache.display()))?;
    let mut work = Vec::new();
    for (file, source) in files.iter() {
        if is_compressible(file) {
            let bytes =
                fs::read(source).with_context(|| format!("{} could not be read", source.display()))?;
            work.extend(ENDINGS.map(|ending| {
                (file.clone(), ending, cache.join(format!("{}.{ending}", sha256(&bytes))), bytes.clone())
            }));
        }
    }
    // The longest first, so that no processor is left with it at the end.
    work.sort_by_key(|(.., bytes)| std::cmp::Reverse(bytes.len()));
    let next = AtomicUsize::new(0);
    let made = Mutex::new(Vec::new());
    thread::scope(|scope| {
        let some = || -> Result<()> {
            while let Some((file, ending, kept, bytes)) = work.get(next.fetch_add(1, Ordering::Relaxed)) {
                let length = match fs::metadata(kept) {
                    Ok(metadata) => metadata.len(),
                    Err(_) => keep(&compress(bytes, ending)?, kept)?,
                };
                if length < bytes.len() as u64 {
                    let name = PathBuf::from(format!("{}.{ending}", file.display()));
                    made.lock().expect("no thread panics with the list").push((name, kept.clone()));
                }
            }
            Ok(())
        };
        let processors = thread::available_parallelism().map_or(1, usize::from);
        let threads: Vec<_> = (0..processors).map(|_| scope.spawn(some)).collect();
        threads.into_iter().try_for_each(|thread| thread.join().expect("compressing does not panic"))
    })?;
    let made = made.into_inner().expect("no thread panics with the list");
    forget_others(&made, cache)?;
    files.extend(made);
    Ok(())
}

pub fn is_compressible(file: &Path) -> bool {
    file.extension().and_then(|kind| kind.to_str()).is_some_and(|kind| KINDS.contains(&kind))
}

/// Is it one that was added here?
pub fn is_compressed(file: &Path) -> bool {
    file.extension().and_then(|kind| kind.to_str()).is_some_and(|kind| ENDINGS.contains(&kind))
}

fn compress(bytes: &[u8], ending: &str) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    if ending == "gz" {
        let mut encoder = GzEncoder::new(out, Compression::best());
        encoder.write_all(bytes)?;
        return Ok(encoder.finish()?);
    }
    let parameters = brotli::enc::BrotliEncoderParams {
        quality: QUALITY,
        lgwin: WINDOW,
        size_hint: bytes.len(),
        ..Default::default()
    };
    brotli::BrotliCompress(&mut &bytes[..], &mut out, &parameters)?;
    Ok(out)
}

/// Whole, or not there; its length.
fn keep(bytes: &[u8], to: &Path) -> Result<u64> {
    let part = to.with_extension(format!("part-{:?}", thread::current().id()));
    fs::write(&part, bytes)?;
    fs::rename(part, to)?;
    Ok(bytes.len() as u64)
}

/// What earlier builds needed would pile up; what was not worth it stays, so that it is not tried again.
fn forget_others(made: &[(PathBuf, PathBuf)], cache: &Path) -> Result<()> {
    let day = std::time::Duration::from_secs(86_400);
    for entry in fs::read_dir(cache)? {
        let entry = entry?;
        let old = entry.metadata()?.modified()?.elapsed().is_ok_and(|age| age > 7 * day);
        if old && !made.iter().any(|(_, kept)| *kept == entry.path()) {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    #[test]
    fn both_kinds_hold_the_file_and_small_ones_have_none() {
        let folder = tempfile::tempdir().unwrap();
        let text = "words and words and words ".repeat(100);
        let mut files = Files::new();
        for (name, content) in [("a.js", text.as_str()), ("b.json", "[]"), ("c.jpg", &text)] {
            fs::write(folder.path().join(name), content).unwrap();
            files.insert(name.into(), folder.path().join(name));
        }
        let cache = folder.path().join("cache");
        add(&mut files, &cache).unwrap();
        let names: Vec<_> = files.keys().map(|file| file.to_str().unwrap()).collect();
        assert_eq!(names, ["a.js", "a.js.br", "a.js.gz", "b.json", "c.jpg"]);
        let mut unzipped = String::new();
        let gzip = fs::read(&files[Path::new("a.js.gz")]).unwrap();
        flate2::read::GzDecoder::new(&*gzip).read_to_string(&mut unzipped).unwrap();
        assert_eq!(unzipped, text);
        let mut bytes = Vec::new();
        let brotli = fs::read(&files[Path::new("a.js.br")]).unwrap();
        brotli::BrotliDecompress(&mut &*brotli, &mut bytes).unwrap();
        assert_eq!(bytes, text.as_bytes());
    }
}
