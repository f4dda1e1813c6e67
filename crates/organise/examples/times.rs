//! How long groups and a map take, on made-up clustered vectors.
//!
//! ```text
//! cargo run --release -p semblance-organise --example times -- 10000 100000
//! cargo run --release -p semblance-organise --example times -- vectors.f32:512
//! ```
//!
//! The second form takes a file of `f32`s, vectors of so many numbers.

use std::time::Instant;

use semblance_organise::groups::Grouping;
use semblance_organise::groups::central::central;
use semblance_organise::map::Mapping;
use semblance_organise::map::neighbours::Neighbours;
use semblance_organise::map::pca::Pca;
use semblance_organise::map::quality::quality;
use semblance_organise::rows::{Rows, dot};

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

const WIDTH: usize = 512;
/// Classes, in kinds.
const CLASSES: usize = 200;
const KINDS: usize = 20;
/// Directions in which each class spreads more than in the rest.
const OWN: usize = 8;
/// Pictures that the map's quality is asked of.
const ASKED: usize = 1000;

fn main() -> Result<()> {
    for argument in std::env::args().skip(1) {
        let (numbers, width) = match argument.split_once(':') {
            Some((path, width)) => (read(path)?, width.parse()?),
            None => (made(argument.parse()?), WIDTH),
        };
        let rows = Rows::new(&numbers, width)?;
        println!(
            "\n| {} pictures of {width} numbers | seconds | longest step, ms |\n|---|---|---|",
            rows.len()
        );
        groups(rows)?;
        map(rows)?;
    }
    Ok(())
}

fn groups(rows: Rows) -> Result<()> {
    let mut grouping = Grouping::new(rows, 1)?;
    let mut clock = Clock::default();
    while !clock.take("k-means, Ward's method", || grouping.step(rows))?.is_over() {}
    let tree = grouping.finish()?;
    let suggested = clock.take("suggested count", || tree.suggested());
    let groups = clock.take("a cut", || tree.cut(suggested));
    clock.take("central pictures", || central(rows, &groups, 4))?;
    clock.print();
    println!("suggested: {suggested} groups");
    Ok(())
}

fn map(rows: Rows) -> Result<()> {
    let mut mapping = Mapping::new(rows, 1)?;
    let mut clock = Clock::default();
    while !clock.take(mapping.stage(), || mapping.step(rows))?.is_over() {}
    clock.print();
    let asked: Vec<u32> = (0..rows.len() as u32).step_by((rows.len() / ASKED).max(1)).collect();
    let plane = Pca::fit(rows, 2, 1)?.project(rows)?;
    let plane: Vec<[f32; 2]> = plane.chunks_exact(2).map(|row| [row[0], row[1]]).collect();
    for (what, points) in [("map", mapping.points()), ("two principal components", plane)] {
        let found = quality(rows, &points, 10, &asked)?;
        println!("{what}: trustworthiness {:.4}, {:.4} of 10 kept", found.trustworthiness, found.kept);
    }
    let (k, coordinates) = (45, Pca::fit(rows, 50, 1)?.project(rows)?);
    let coordinates = Rows::new(&coordinates, 50.min(rows.width()))?;
    let found = Neighbours::new(coordinates, k, 1)?;
    let right: usize = asked.iter().map(|&row| right(coordinates, &found, row as usize)).sum();
    println!("recall of {k} neighbours: {:.4}", right as f64 / (k * asked.len()) as f64);
    if let Some(folder) = std::env::var_os("POINTS") {
        let points: Vec<u8> =
            mapping.points().as_flattened().iter().flat_map(|number| number.to_le_bytes()).collect();
        std::fs::write(std::path::Path::new(&folder).join(format!("{}.f32", rows.len())), points)?;
    }
    Ok(())
}

/// How many of a row's neighbours are among the nearest.
fn right(rows: Rows, found: &Neighbours, row: usize) -> usize {
    let square = |row: usize| dot(rows.row(row), rows.row(row));
    let apart = |other: usize| square(other) - 2.0 * dot(rows.row(row), rows.row(other));
    let mut all: Vec<f32> = (0..rows.len()).filter(|&other| other != row).map(apart).collect();
    all.select_nth_unstable_by(found.k - 1, f32::total_cmp);
    let last = all[found.k - 1];
    found.of(row).filter(|&(other, _)| apart(other as usize) <= last).count()
}

/// Numbers of four bytes each, the least first.
fn read(path: &str) -> Result<Vec<f32>> {
    let bytes = std::fs::read(path)?;
    Ok(bytes.chunks_exact(4).map(|four| f32::from_le_bytes([four[0], four[1], four[2], four[3]])).collect())
}

/// Seconds of each stage.
#[derive(Default)]
struct Clock(Vec<(&'static str, f64, f64)>);

impl Clock {
    fn take<T>(&mut self, stage: &'static str, work: impl FnOnce() -> T) -> T {
        let start = Instant::now();
        let made = work();
        let took = start.elapsed().as_secs_f64();
        match self.0.iter_mut().find(|(name, ..)| *name == stage) {
            Some((_, sum, longest)) => (*sum, *longest) = (*sum + took, longest.max(took)),
            None => self.0.push((stage, took, took)),
        }
        made
    }

    fn print(&self) {
        for (stage, seconds, longest) in &self.0 {
            println!("| {stage} | {seconds:.2} | {:.0} |", longest * 1000.0);
        }
    }
}

/// Unit vectors: classes of unequal sizes in kinds, each with directions of its own.
fn made(count: usize) -> Vec<f32> {
    let mut random = Random(7);
    let mut gaussian =
        |scale: f32, len: usize| -> Vec<f32> { (0..len).map(|_| scale * random.gaussian()).collect() };
    let kinds = gaussian(1.0, KINDS * WIDTH);
    let classes = gaussian(0.8, CLASSES * WIDTH);
    let own = gaussian(0.3, CLASSES * OWN * WIDTH);
    let mut numbers = Vec::with_capacity(count * WIDTH);
    let mut choice = Random(8);
    for _ in 0..count {
        let class = ((choice.unit() * choice.unit()) * CLASSES as f32) as usize;
        let noise = gaussian(0.6, WIDTH);
        let along = gaussian(1.0, OWN);
        let at = |list: &[f32], row: usize, i: usize| list[row * WIDTH + i];
        let vector: Vec<f32> = (0..WIDTH)
            .map(|i| {
                let spread: f32 =
                    along.iter().zip(0..).map(|(part, k)| part * at(&own, class * OWN + k, i)).sum();
                at(&kinds, class % KINDS, i) + at(&classes, class, i) + spread + noise[i]
            })
            .collect();
        let length = vector.iter().map(|number| number * number).sum::<f32>().sqrt();
        numbers.extend(vector.iter().map(|number| number / length));
    }
    numbers
}

/// SplitMix64 (Steele, Lea and Flood 2014), and Box and Muller's transform.
struct Random(u64);

impl Random {
    fn unit(&mut self) -> f32 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) >> 40) as f32 / (1_u64 << 24) as f32
    }

    fn gaussian(&mut self) -> f32 {
        let (one, other) = (1.0 - self.unit(), self.unit());
        (-2.0 * one.ln()).sqrt() * (std::f32::consts::TAU * other).cos()
    }
}
