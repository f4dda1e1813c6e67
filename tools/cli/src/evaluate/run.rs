//! All systems on all pictures, and what is written of it.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use semblance::measure::{Against, Evaluated, Tally, compare_all};

use super::collection::{Collection, Labelled};
use super::eyes::{Looked, look};
use super::predictions;
use super::settings::Settings;
use super::table::{self, Row, Table};
use crate::pictures::Failure;
use crate::progress::Progress;
use crate::written;

/// The pictures that could not be read, and why.
pub const FAILED: &str = "failed.csv";
/// Pictures whose logits stand in memory together.
const ROWS: usize = 512;

/// Do what is not done yet in `out`, write the table there, and give it back.
///
/// Errors: as [`look`]; no picture can be read by all models; nothing can be written.
pub fn run(settings: &Settings, collection: &Collection, out: &Path) -> Result<Table> {
    let mut looked = look(settings, collection, out)?;
    let everywhere = |one: &&Labelled| looked.stores.iter().all(|store| store.has(&one.path));
    let pictures: Vec<&Labelled> = collection.pictures.iter().filter(everywhere).collect();
    ensure!(!pictures.is_empty(), "none of the {} pictures can be read", collection.pictures.len());
    let mut evaluated = Vec::with_capacity(looked.systems.len());
    for system in 0..looked.systems.len() {
        evaluated.push(evaluate(&mut looked, system, &pictures, settings)?);
    }
    let right = |one: &Evaluated| one.pictures.ranks.iter().map(|&rank| rank == 0).collect();
    let right: Vec<Vec<bool>> = evaluated.iter().map(right).collect();
    let right: Vec<&[bool]> = right.iter().map(Vec::as_slice).collect();
    let ranked = compare_all(&right, Against::Best, settings.seed)?;
    let mut rows = Vec::with_capacity(ranked.len());
    for ((system, evaluated), ranked) in looked.systems.iter().zip(evaluated).zip(ranked) {
        predictions::write(out, &system.name, &pictures, &settings.pictures.classes, &evaluated.pictures)?;
        let (name, about) = (system.name.clone(), system.about.clone());
        rows.push(Row { name, about, evaluation: evaluated.evaluation, ranked });
    }
    failed(out, &looked.failures.into_iter().collect::<Vec<_>>())?;
    let table = Table {
        rows,
        pictures: pictures.len(),
        left_out: collection.pictures.len() - pictures.len(),
        classes: collection.classes.len(),
    };
    written::whole(&out.join(table::CSV), table.csv()?.as_bytes())?;
    written::whole(&out.join(table::MARKDOWN), table.markdown().as_bytes())?;
    Ok(table)
}

fn evaluate(
    looked: &mut Looked,
    system: usize,
    pictures: &[&Labelled],
    settings: &Settings,
) -> Result<Evaluated> {
    let Looked { stores, systems, .. } = looked;
    let system = &systems[system];
    let store = &mut stores[system.eye];
    let mut tally = Tally::new(settings.pictures.classes.len(), true)?;
    tally.reserve(pictures.len());
    let mut progress = Progress::new(system.name.as_str(), "answers", 0, pictures.len());
    for some in pictures.chunks(ROWS) {
        let mut vectors = Vec::with_capacity(some.len());
        for one in some {
            vectors.push(store.vector(&one.path)?.context("a picture's vector is kept")?);
        }
        for (row, one) in system.logits(vectors)?.iter().zip(some) {
            tally.push(row, one.class)?;
        }
        progress.at(tally.len());
    }
    Ok(tally.finish(settings.seed)?)
}

/// Those that could not be read this time; no file where there are none.
fn failed(out: &Path, failures: &[Failure]) -> Result<()> {
    let path = out.join(FAILED);
    if failures.is_empty() {
        // One of an earlier run.
        return match path.exists() {
            true => {
                fs::remove_file(&path).with_context(|| format!("{} could not be removed", path.display()))
            }
            false => Ok(()),
        };
    }
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(["path", "reason"])?;
    for Failure { path, reason } in failures {
        writer.write_record([path, reason])?;
    }
    written::whole(&path, &writer.into_inner()?)
}
