//! Duplicates of a library.

use semblance_organise::duplicates::{Facts, Finder, Options, Set};
use semblance_organise::rows::Rows;

use super::vectors::vectors;
use crate::{Index, Result};

/// Sets, whose members are places among `ids`.
#[derive(Debug)]
pub struct Duplicates {
    pub ids: Vec<u32>,
    pub sets: Vec<Set>,
}

/// The same picture twice, bursts, and what is merely alike: by vectors, then by the small pictures of those that are close. One whose
/// small picture is lost or damaged is judged by its vector alone.
///
/// Errors: the library's files cannot be read.
pub fn duplicates(index: &mut Index, options: Options) -> Result<Duplicates> {
    let width = index.header().dim as usize;
    let (ids, vectors) = vectors(index)?;
    let mut facts = Vec::with_capacity(ids.len());
    for &id in &ids {
        let known = index.facts(id)?;
        facts.push(Facts {
            width: known.width,
            height: known.height,
            bytes: known.size,
            taken: known.taken,
            modified: known.modified,
            path: known.path.to_string(),
            hash: Some(known.hash),
        });
    }
    let rows = Rows::new(&vectors, width)?;
    let mut finder = Finder::new(rows, facts, options)?;
    while !finder.step(rows)?.is_over() {}
    for number in finder.wanted() {
        let small =
            index.thumbnail(ids[number as usize])?.and_then(|bytes| image::load_from_memory(&bytes).ok());
        if let Some(small) = small {
            let rgba = small.to_rgba8();
            finder.add_look(number, rgba.as_raw(), rgba.width(), rgba.height())?;
        }
    }
    while !finder.judge()?.is_over() {}
    Ok(Duplicates { ids, sets: finder.finish(rows)? })
}
