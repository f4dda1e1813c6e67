//! The labelled pictures that a model was not trained on, from the shards that `tools/pocket/prepare.py` writes.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{BufReader, Cursor, Read};
use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

/// The concepts of `table.json`.
#[derive(Deserialize)]
pub struct Table {
    /// Of each concept, the first one is its name.
    pub names: Vec<Vec<String>>,
    /// Of each concept, those above it.
    pub up: Vec<Vec<usize>>,
    /// The wide kinds that evaluations tell apart.
    #[allow(dead_code, reason = "the example that unpacks them does not group them")]
    pub eval_super: Vec<usize>,
}

pub struct HeldOut {
    /// In all shards.
    pub row: usize,
    pub concept: usize,
    /// JPEG.
    pub picture: Vec<u8>,
}

/// Rows that stand in the external test as well.
#[derive(Deserialize)]
struct Excluded {
    rows: BTreeSet<usize>,
}

/// Every held-out picture that has a concept.
pub fn read(folder: &Path) -> Result<(Table, Vec<HeldOut>)> {
    let json = |name: &str| {
        fs::read_to_string(folder.join(name)).with_context(|| format!("{name} in {}", folder.display()))
    };
    let table: Table = serde_json::from_str(&json("table.json")?)?;
    let excluded: Excluded = serde_json::from_str(&json("exclude.json")?)?;
    let mut shards: Vec<_> = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
    shards.retain(|path| path.to_string_lossy().ends_with(".npz.xz"));
    shards.sort();
    ensure!(!shards.is_empty(), "there is no shard in {}", folder.display());
    let mut found = Vec::new();
    let mut row = 0;
    for shard in shards {
        let mut npz = Vec::new();
        lzma_rs::xz_decompress(&mut BufReader::new(File::open(&shard)?), &mut npz)?;
        let mut npz = zip::ZipArchive::new(Cursor::new(npz))?;
        let mut column = |name: &str| -> Result<Vec<u8>> {
            let mut bytes = Vec::new();
            npz.by_name(&format!("{name}.npy"))?.read_to_end(&mut bytes)?;
            // NumPy's format 1.0: a magic number of 8 bytes, the length of a text, the text, the numbers.
            let header = bytes.get(8..10).context("a column is cut off")?;
            bytes.drain(..10 + usize::from(u16::from_le_bytes([header[0], header[1]])));
            Ok(bytes)
        };
        let (offsets, concepts, test, data) =
            (column("off")?, column("cid")?, column("test")?, column("data")?);
        let offsets: Vec<usize> =
            offsets.as_chunks().0.iter().map(|b| i64::from_le_bytes(*b) as usize).collect();
        let concepts = concepts.as_chunks().0.iter().map(|b| i16::from_le_bytes(*b));
        for ((concept, test), place) in concepts.zip(test).zip(offsets.windows(2)) {
            if test != 0
                && !excluded.rows.contains(&row)
                && let Ok(concept) = usize::try_from(concept)
            {
                found.push(HeldOut { row, concept, picture: data[place[0]..place[1]].to_vec() });
            }
            row += 1;
        }
    }
    Ok((table, found))
}
