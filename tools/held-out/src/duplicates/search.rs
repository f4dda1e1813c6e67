//! What the search by cells leaves out, and how long the searches take.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::time::Instant;

use anyhow::Result;
use semblance_organise::duplicates::candidates::{Candidates, Closeness, Pair};
use semblance_organise::rows::Rows;
use semblance_teach::random::Random;

use crate::duplicates::changes::chance;

const LARGE: usize = 100_000;
const DIM: usize = 512;
/// Of the large library, so many pictures lie around each of its scenes.
const AROUND: usize = 20;
/// As the finder has it by default.
const NEAREST: usize = 24;
const DISTANCE: f32 = 0.5;

/// `vectors`: of the pictures above.
pub fn report(vectors: &[f32], width: usize) -> Result<String> {
    let mut text = String::from(
        "\n## Looking for pairs\n\nUp to 10,000 pictures all pairs are looked at, beyond that the pictures of near cells. *Found*: of the pairs that a search of all of them finds, by how close they are, in shares of the usual distance. On one thread.\n\n| pictures | numbers | way | pairs | found, up to 0.1 | to 0.3 | to 0.5 | seconds |\n|--:|--:|---|--:|--:|--:|--:|--:|\n",
    );
    let made = made(20_000);
    for (vectors, width) in [(vectors, width), (&made[..], DIM)] {
        let rows = Rows::new(vectors, width)?;
        let (exact, seconds) = search(rows, usize::MAX)?;
        line(&mut text, rows, "all", &exact, &exact, seconds)?;
        let (cells, seconds) = search(rows, 0)?;
        line(&mut text, rows, "cells", &cells, &exact, seconds)?;
    }
    let large = self::made(LARGE);
    let rows = Rows::new(&large, DIM)?;
    let (cells, seconds) = search(rows, 0)?;
    writeln!(text, "| {LARGE} | {DIM} | cells | {} | | | | {seconds:.1} |", cells.len())?;
    text += "\nThe first are the pictures above, the others made: around each of many directions lie 20 vectors at all distances.\n";
    Ok(text)
}

fn search(rows: Rows<'_>, exact_up_to: usize) -> Result<(Vec<Pair>, f64)> {
    let all: Vec<u32> = (0..rows.len() as u32).collect();
    let usual = Candidates::usual(rows, &all, 1);
    let at_least = 1.0 - DISTANCE * (1.0 - usual);
    let begun = Instant::now();
    let mut candidates =
        Candidates::new(rows, all, Closeness { at_least, nearest: NEAREST, exact_up_to }, 1)?;
    while !candidates.step(rows)?.is_over() {}
    Ok((candidates.pairs(), begun.elapsed().as_secs_f64()))
}

fn line(
    text: &mut String,
    rows: Rows<'_>,
    way: &str,
    found: &[Pair],
    exact: &[Pair],
    seconds: f64,
) -> Result<()> {
    let all: Vec<u32> = (0..rows.len() as u32).collect();
    let usual = Candidates::usual(rows, &all, 1);
    let known: BTreeSet<(u32, u32)> = found.iter().map(|pair| (pair.first, pair.second)).collect();
    let share = |distance: f32| {
        let near = exact.iter().filter(|pair| 1.0 - pair.cosine <= distance * (1.0 - usual));
        let (mut there, mut both) = (0_usize, 0_usize);
        for pair in near {
            there += 1;
            both += usize::from(known.contains(&(pair.first, pair.second)));
        }
        both as f64 / there.max(1) as f64
    };
    writeln!(
        text,
        "| {} | {} | {way} | {} | {:.3} | {:.3} | {:.3} | {seconds:.1} |",
        rows.len(),
        rows.width(),
        found.len(),
        share(0.1),
        share(0.3),
        share(0.5)
    )?;
    Ok(())
}

/// Unit vectors around directions by chance, at distances of 0.02 to 1 of that between two directions.
fn made(count: usize) -> Vec<f32> {
    let mut random = Random(9);
    let mut vectors = Vec::with_capacity(count * DIM);
    let mut middle = Vec::new();
    for at in 0..count {
        if at % AROUND == 0 {
            middle = noise(&mut random);
        }
        let off = 0.1 + chance(&mut random);
        let added = noise(&mut random);
        let row: Vec<f32> = middle.iter().zip(added).map(|(a, b)| a + off * b).collect();
        let length = row.iter().map(|value| value * value).sum::<f32>().sqrt();
        vectors.extend(row.iter().map(|value| value / length));
    }
    vectors
}

fn noise(random: &mut Random) -> Vec<f32> {
    (0..DIM).map(|_| chance(random) - 0.5).collect()
}
