//! How well what is the same, a burst, or merely alike is told apart, over pictures that were made of others.

mod changes;
mod library;
mod scenes;
mod scores;
mod search;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Result;
use semblance_organise::duplicates::{Evidence, Finder, Kind, Options, Set};
use semblance_organise::rows::Rows;

use library::{Made, Role, changes};
use scores::{Scores, percent};

/// What came of one half.
pub struct Found {
    pub pictures: Vec<Made>,
    pub ties: BTreeMap<(u32, u32), Evidence>,
    pub sets: Vec<Set>,
    pub usual: f32,
    pub looks: usize,
    pub judging: Duration,
    pub pairs: u64,
}

/// None where there are no held-out pictures.
pub fn report(data: &Path) -> Result<Option<String>> {
    library::read(data)?.map(of).transpose()
}

pub fn of(library: Vec<Made>) -> Result<String> {
    let vectors: Vec<f32> = library.iter().flat_map(|one| one.vector.clone()).collect();
    let (tuned, reported) = library.into_iter().partition(|one: &Made| one.family.is_multiple_of(2));
    let (tuned, reported) = (found(tuned)?, found(reported)?);
    let mut text = String::from(
        "# How well copies, bursts and alike pictures are told apart\n\nWritten by `cargo run --release -p held-out -- duplicates`, with pocket's 8-bit vectors. Each of 500 pictures is a family: the picture, up to 19 files made of it, and pictures that are not. Half of the families chose the thresholds of `crates/organise/src/duplicates/kind.rs`; the tables are of the other half, as one library, in which all pictures may be taken for each other.\n\n- 290 are photographs that pocket was not trained on, of 64 × 64 pixels; beside each lies the photograph of the same class whose vector is nearest, of about 3,700. Some of those are shots of one heap of fruit.\n- 9 are the repository's own photographs, and 201 are scenes of about 600 × 500 pixels, which are put together from eight such photographs, a tint, a fine texture and noise; beside each lie three other shots of the scene (a camera that has moved, turned and come nearer by a few per cent, two things that have moved, other light and noise) some seconds later, and a scene of the same photographs that lie elsewhere.\n- Two of three have a time; a half of what is made of them keeps it, and shots without a time have names that count up.\n- Small pictures are JPEGs of at most 256 pixels a side, as libraries keep them.\n",
    );
    writeln!(text, "\n## The same picture\n")?;
    writeln!(
        text,
        "*Recall*: of the changed files, those that stand in one set with their original. *Thrown away*: all of a set but the kept picture, which is often the one of 200 %. *Precision*: of those, the ones whose kept picture is of the same family and no other shot; a wrong one is a loss.\n"
    )?;
    text += &Scores::of(&reported).same(&changes())?;
    writeln!(text, "\n## The three kinds\n")?;
    text += &Scores::of(&reported).kinds(&reported)?;
    writeln!(text, "\nThe half that chose the thresholds, for comparison:\n")?;
    text += &Scores::of(&tuned).kinds(&tuned)?;
    writeln!(
        text,
        "\nOf {} pictures {} ({}) had a pair whose small pictures had to be looked at; {} pairs were judged, {:.2} ms each. The usual cosine, which distances are measured by, was {:.2}.",
        reported.pictures.len(),
        reported.looks,
        percent(reported.looks as f64 / reported.pictures.len() as f64),
        reported.pairs,
        1000.0 * reported.judging.as_secs_f64() / reported.pairs.max(1) as f64,
        reported.usual
    )?;
    text += &search::report(&vectors, vectors.len() / (tuned.pictures.len() + reported.pictures.len()))?;
    text += LIMITS;
    Ok(text)
}

const LIMITS: &str = "
## What this does not say

- The bursts are made, not photographed: people and leaves do not move like this, and a tripod moves less. Where neither a time nor a name tells that there were two shots, two that differ in little are taken for one picture with something over it.
- Most families are tiny or composed, so that absolute numbers on a library of photographs will differ; the vectors are pocket's, and distances are measured by each model's usual cosine in the hope that they carry over.
- Pictures that are turned, mirrored, cropped by more than 12 % off a side, or put into another picture are not looked for.
- What is merely alike has no truth: a pair counts as wrong where the two are the same picture, or a burst by their times or names.
- The originals that were thrown away for one of 200 % would have been the better ones to keep: pixels cannot tell whether they were made up.
";

/// All of the way, over one half.
pub fn found(pictures: Vec<Made>) -> Result<Found> {
    let width = pictures.first().map_or(1, |one| one.vector.len());
    let vectors: Vec<f32> = pictures.iter().flat_map(|one| one.vector.clone()).collect();
    let rows = Rows::new(&vectors, width)?;
    let facts = pictures.iter().map(|one| one.facts.clone()).collect();
    let mut finder = Finder::new(rows, facts, Options::default())?;
    while !finder.step(rows)?.is_over() {}
    let wanted = finder.wanted();
    for &number in &wanted {
        let (rgba, width, height) = pictures[number as usize].rgba()?;
        finder.add_look(number, &rgba, width, height)?;
    }
    let begun = Instant::now();
    while !finder.judge()?.is_over() {}
    let judging = begun.elapsed();
    let (pairs, usual, ties) = (finder.progress().total, finder.usual(), finder.ties().clone());
    let sets = finder.finish(rows)?;
    Ok(Found { pictures, ties, sets, usual, looks: wanted.len(), judging, pairs })
}

impl Found {
    pub fn role(&self, picture: u32) -> Role {
        self.pictures[picture as usize].role
    }

    pub fn family(&self, picture: u32) -> usize {
        self.pictures[picture as usize].family
    }

    /// Whether times or names tell two shots of one scene.
    pub fn tells_two_shots(&self, a: u32, b: u32) -> bool {
        let [first, second] = [a, b].map(|one| &self.pictures[one as usize].facts);
        let told = match first.apart(second) {
            Some(apart) => apart > 0,
            None => first.taken.is_none() && second.taken.is_none() && first.counts_up(second),
        };
        told && self.truth(a, b) == Some(Kind::Burst)
    }

    /// What two pictures are in truth; none: they have nothing to do with each other, as far as anybody knows.
    pub fn truth(&self, a: u32, b: u32) -> Option<Kind> {
        if self.family(a) != self.family(b) {
            return None;
        }
        let made = |role: Role| matches!(role, Role::Original | Role::Changed(_));
        match (self.role(a), self.role(b)) {
            (a, b) if made(a) && made(b) => Some(Kind::Same),
            (Role::Alike, _) | (_, Role::Alike) => Some(Kind::Alike),
            _ => Some(Kind::Burst),
        }
    }
}
