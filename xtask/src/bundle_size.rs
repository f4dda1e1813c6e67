//! What a visitor downloads besides the model: bytes as they are, and as a host sends them with gzip.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::Path;

use anyhow::Result;
use flate2::{Compression, write::GzEncoder};

use site::files::Files;

/// The aim for everything but the model, gzipped.
const AIM: u64 = 1_200_000;

/// A kind of file, by extension.
const KINDS: &[(&str, &[&str])] =
    &[("WebAssembly", &["wasm"]), ("JavaScript", &["js"]), ("CSS", &["css"]), ("HTML", &["html"])];

/// Print the table for a site's files.
pub(crate) fn print(files: &Files) -> Result<()> {
    println!("{:<12} {:>12} {:>12}", "", "bytes", "gzip");
    let mut total = (0, 0);
    for &(kind, extensions) in KINDS {
        // By build of the engine; none: what every browser fetches.
        let mut sums = BTreeMap::<_, (u64, u64)>::new();
        for (file, source) in files {
            if extensions.iter().any(|extension| has(file, extension)) && !is_later(file) {
                let bytes = fs::read(source)?;
                let build = file.strip_prefix("wasm").ok().and_then(|file| file.iter().next());
                let sum = sums.entry(build).or_default();
                *sum = (sum.0 + bytes.len() as u64, sum.1 + gzip(&bytes)?);
            }
        }
        let common = sums.remove(&None).unwrap_or_default();
        // Of the builds a browser fetches one; the largest counts.
        let build = sums.into_values().max().unwrap_or_default();
        let sum = (common.0 + build.0, common.1 + build.1);
        println!("{kind:<12} {:>12} {:>12}", grouped(sum.0), grouped(sum.1));
        total = (total.0 + sum.0, total.1 + sum.1);
    }
    println!("{:<12} {:>12} {:>12}", "together", grouped(total.0), grouped(total.1));
    if total.1 > AIM {
        println!("That is more than the aim of {} bytes gzip.", grouped(AIM));
    }
    Ok(())
}

/// What a first visit does not load: the library is for other pages, and an index and views but the first are opened later.
fn is_later(file: &Path) -> bool {
    file == Path::new("semblance.js")
        || file == Path::new("semblance-classifier.js")
        || ["index", "tables", "teach", "measure", "labels", "organise", "describe", "captioner"].iter().any(
            |part| {
                file.starts_with(Path::new("www/engine").join(part))
                    || file.starts_with(Path::new("wasm").join(part))
            },
        )
        || file.starts_with("www/views")
}

fn has(file: &Path, extension: &str) -> bool {
    file.extension().is_some_and(|found| found == extension)
}

fn gzip(bytes: &[u8]) -> Result<u64> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?.len() as u64)
}

/// `1234567` → `1,234,567`
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    #[test]
    fn digits_are_grouped() {
        for (number, text) in [(0, "0"), (999, "999"), (1000, "1,000"), (1234567, "1,234,567")] {
            assert_eq!(super::grouped(number), text);
        }
    }
}
