//! The cases of `tests/golden/organise/groups/`.

use include_dir::{Dir, include_dir};
use semblance_organise::rows::Rows;
use serde_json::Value;

static GOLDEN: Dir = include_dir!("$CARGO_MANIFEST_DIR/../../tests/golden/organise/groups");
/// Of `vectors.i8`.
pub const WIDTH: usize = 48;

pub fn whole(file: &str) -> Value {
    serde_json::from_slice(GOLDEN.get_file(file).unwrap().contents()).unwrap()
}

/// The vectors, each divided by its length.
pub fn vectors() -> Vec<f32> {
    let bytes = GOLDEN.get_file("vectors.i8").unwrap().contents();
    let numbers: Vec<f64> = bytes.iter().map(|&byte| f64::from(byte as i8)).collect();
    unit(&numbers, WIDTH)
}

pub fn unit(numbers: &[f64], width: usize) -> Vec<f32> {
    let length = |row: &[f64]| row.iter().map(|number| number * number).sum::<f64>().sqrt();
    numbers
        .chunks_exact(width)
        .flat_map(|row| row.iter().map(|number| (number / length(row)) as f32).collect::<Vec<_>>())
        .collect()
}

/// The first rows of some.
pub fn first(numbers: &[f32], rows: usize) -> Rows<'_> {
    Rows::new(&numbers[..rows * WIDTH], WIDTH).unwrap()
}

pub fn numbers(list: &Value) -> Vec<f64> {
    list.as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect()
}

pub fn u32s(list: &Value) -> Vec<u32> {
    numbers(list).into_iter().map(|number| number as u32).collect()
}

pub fn size(number: &Value) -> usize {
    number.as_u64().unwrap() as usize
}

pub fn near(what: &str, found: f64, said: f64, tolerance: f64) {
    let most = tolerance * found.abs().max(said.abs()).max(1.0);
    assert!((found - said).abs() <= most, "{what}: {found} instead of {said}");
}

/// Groups numbered in the order in which they first come, so that equal partitions are equal.
pub fn renamed(groups: &[u32]) -> Vec<u32> {
    let mut names = std::collections::BTreeMap::new();
    groups
        .iter()
        .map(|&group| {
            let next = names.len() as u32;
            *names.entry(group).or_insert(next)
        })
        .collect()
}

/// Normalised mutual information, by the arithmetic mean of the entropies, as scikit-learn has it.
pub fn nmi(one: &[u32], other: &[u32]) -> f64 {
    let n = one.len() as f64;
    let counts = |list: Vec<(u32, u32)>| {
        let mut counts = std::collections::BTreeMap::new();
        list.into_iter().for_each(|pair| *counts.entry(pair).or_insert(0.0) += 1.0 / n);
        counts
    };
    let entropy = |counts: &std::collections::BTreeMap<(u32, u32), f64>| -> f64 {
        counts.values().map(|part| -part * part.ln()).sum()
    };
    let ones = counts(one.iter().map(|&group| (group, 0)).collect());
    let others = counts(other.iter().map(|&group| (group, 0)).collect());
    let both = counts(one.iter().zip(other).map(|(&one, &other)| (one, other)).collect());
    let (a, b) = (entropy(&ones), entropy(&others));
    (a + b - entropy(&both)) / ((a + b) / 2.0)
}

/// Σ |x − mean of its group|².
pub fn inertia(rows: Rows, groups: &[u32]) -> f64 {
    let count = *groups.iter().max().unwrap() as usize + 1;
    let (mut sums, mut sizes) = (vec![0.0; count * rows.width()], vec![0.0; count]);
    for (row, &group) in rows.iter().zip(groups) {
        sizes[group as usize] += 1.0;
        row.iter().enumerate().for_each(|(i, &x)| sums[group as usize * rows.width() + i] += f64::from(x));
    }
    let squares: f64 = rows.numbers().iter().map(|&x| f64::from(x).powi(2)).sum();
    let of_means: f64 = sums
        .iter()
        .enumerate()
        .filter(|(at, _)| sizes[at / rows.width()] > 0.0)
        .map(|(at, sum)| sum * sum / sizes[at / rows.width()])
        .sum();
    squares - of_means
}

/// SplitMix64 and the sum of twelve: made-up vectors, clustered, of length 1.
pub fn made(rows: usize, width: usize, classes: usize, noise: f64, seed: u64) -> (Vec<f32>, Vec<u32>) {
    let mut state = seed;
    let mut unit_number = || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    };
    let mut gaussian = || (0..12).map(|_| unit_number()).sum::<f64>() - 6.0;
    let centres: Vec<f64> = (0..classes * width).map(|_| gaussian()).collect();
    let mut numbers = Vec::with_capacity(rows * width);
    for row in 0..rows {
        let centre = &centres[row % classes * width..][..width];
        numbers.extend(centre.iter().map(|number| number + noise * gaussian()));
    }
    (unit(&numbers, width), (0..rows).map(|row| (row % classes) as u32).collect())
}
