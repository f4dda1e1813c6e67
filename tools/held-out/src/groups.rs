//! Groups and a map of pictures whose kind is known, for `tests/tools/judge_groups.py`, which compares them with scikit-learn's on the
//! same vectors.

use std::fmt::Write as _;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::time::Instant;

use anyhow::{Result, ensure};
use repository::paths;
use semblance_organise::groups;
use semblance_organise::map::Mapping;
use semblance_organise::rows::Rows;

use crate::collection::Collection;

/// As many as scikit-learn's Ward takes in memory with ease.
const PICTURES: usize = 5000;
const SEED: u64 = 1;

/// Writes `vectors.npy`, `labels.npy`, `groups-K.npy` and `map.npy` below `target/`, and says where.
pub fn report(collection: &Collection) -> Result<String> {
    let kinds = &collection.table.eval_super;
    let kind = |picture: usize| {
        let mut of = kinds.iter().enumerate().filter(|(_, concept)| collection.shows(picture, **concept));
        // Of one kind alone.
        of.next().map(|(at, _)| at).filter(|_| of.next().is_none())
    };
    let known: Vec<(usize, usize)> = (0..collection.vectors.len())
        .filter_map(|picture| kind(picture).map(|kind| (picture, kind)))
        .take(PICTURES)
        .collect();
    ensure!(known.len() > 100, "there are pictures of one kind");
    let width = collection.dim();
    let vectors: Vec<f32> =
        known.iter().flat_map(|(picture, _)| collection.vectors[*picture].iter().copied()).collect();
    let rows = Rows::new(&vectors, width)?;
    let folder = paths::work("held-out").with_file_name("groups");
    fs::create_dir_all(&folder)?;
    npy(&folder.join("vectors.npy"), &vectors, &[known.len(), width])?;
    npy(
        &folder.join("labels.npy"),
        &known.iter().map(|(_, kind)| *kind as f32).collect::<Vec<_>>(),
        &[known.len()],
    )?;
    let mut said = String::new();
    let begun = Instant::now();
    let tree = groups::tree(rows, SEED)?;
    writeln!(said, "groups {:.2}", begun.elapsed().as_secs_f64())?;
    for count in [kinds.len(), 60] {
        let found: Vec<f32> = tree.cut(count).iter().map(|group| *group as f32).collect();
        npy(&folder.join(format!("groups-{count}.npy")), &found, &[known.len()])?;
    }
    let begun = Instant::now();
    let mut mapping = Mapping::new(rows, SEED)?;
    while !mapping.step(rows)?.is_over() {}
    writeln!(said, "map {:.2}", begun.elapsed().as_secs_f64())?;
    let points: Vec<f32> = mapping.points().iter().flatten().copied().collect();
    npy(&folder.join("map.npy"), &points, &[known.len(), 2])?;
    fs::write(folder.join("seconds.txt"), &said)?;
    Ok(format!("{} pictures of {} kinds are in {}\n{said}", known.len(), kinds.len(), folder.display()))
}

/// NumPy's format 1.0.
fn npy(path: &Path, numbers: &[f32], shape: &[usize]) -> Result<()> {
    let shape: String = shape.iter().map(|side| format!("{side}, ")).collect();
    let mut header = format!("{{'descr': '<f4', 'fortran_order': False, 'shape': ({shape}), }}");
    header += &" ".repeat((64 - (10 + header.len() + 1) % 64) % 64);
    header.push('\n');
    let mut file = fs::File::create(path)?;
    file.write_all(b"\x93NUMPY\x01\x00")?;
    file.write_all(&(header.len() as u16).to_le_bytes())?;
    file.write_all(header.as_bytes())?;
    file.write_all(&numbers.iter().flat_map(|number| number.to_le_bytes()).collect::<Vec<u8>>())?;
    Ok(())
}
