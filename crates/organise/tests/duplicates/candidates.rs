//! Pairs by all cosines against a double loop, pairs by cells against pairs by all.

use semblance_organise::Error;
use semblance_organise::duplicates::candidates::{Candidates, Closeness, Pair};
use semblance_organise::rows::Rows;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::made::{Dice, near, noise, unit};

const ALL: Closeness = Closeness { at_least: 0.5, nearest: 1000, exact_up_to: usize::MAX };

/// Groups of vectors at all distances around directions.
fn library(count: usize, dim: usize, seed: u64) -> Vec<f32> {
    let mut dice = Dice(seed);
    let mut middle = Vec::new();
    let mut all = Vec::new();
    for at in 0..count {
        if at % 6 == 0 {
            middle = unit(noise(&mut dice, dim, 1.0));
        }
        let off = dice.between(0.05, 1.0);
        all.extend(near(&mut dice, &middle, off));
    }
    all
}

fn numbers(rows: Rows<'_>) -> Vec<u32> {
    (0..rows.len() as u32).collect()
}

fn pairs(rows: Rows<'_>, closeness: Closeness) -> Vec<Pair> {
    let mut candidates = Candidates::new(rows, numbers(rows), closeness, 1).unwrap();
    let mut before = candidates.progress().done;
    loop {
        let progress = candidates.step(rows).unwrap();
        assert!(progress.done <= progress.total && progress.done >= before, "{progress:?} after {before}");
        before = progress.done;
        if progress.is_over() {
            return candidates.pairs();
        }
    }
}

#[test]
fn all_pairs_are_those_of_a_double_loop() {
    // Around the 32 rows of a step.
    for count in [0, 1, 2, 31, 32, 33, 65, 200] {
        let numbers = library(count, 16, 3);
        let rows = Rows::new(&numbers, 16).unwrap();
        let mut expected = Vec::new();
        for a in 0..count {
            for b in a + 1..count {
                let cosine: f64 =
                    rows.row(a).iter().zip(rows.row(b)).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum();
                assert!((cosine - 0.5).abs() > 1e-6, "another seed: {cosine} is on the line");
                if cosine > 0.5 {
                    expected.push((a as u32, b as u32));
                }
            }
        }
        let found: Vec<(u32, u32)> = pairs(rows, ALL).iter().map(|pair| (pair.first, pair.second)).collect();
        assert_eq!(found, expected, "{count} pictures");
    }
}

#[test]
fn only_some_rows_are_looked_at() {
    let numbers = library(60, 16, 4);
    let rows = Rows::new(&numbers, 16).unwrap();
    let some: Vec<u32> = (0..60).filter(|one| one % 2 == 1).collect();
    let mut candidates = Candidates::new(rows, some, ALL, 1).unwrap();
    while !candidates.step(rows).unwrap().is_over() {}
    let expected: Vec<Pair> =
        pairs(rows, ALL).into_iter().filter(|pair| pair.first % 2 == 1 && pair.second % 2 == 1).collect();
    assert!(!expected.is_empty());
    assert_eq!(candidates.pairs(), expected);
}

#[test]
fn each_picture_keeps_its_nearest() {
    let numbers = library(120, 16, 5);
    let rows = Rows::new(&numbers, 16).unwrap();
    let all = pairs(rows, ALL);
    let most = 2;
    let found = pairs(rows, Closeness { nearest: most, ..ALL });
    let nearest = |one: u32| {
        let mut own: Vec<&Pair> = all.iter().filter(|pair| pair.first == one || pair.second == one).collect();
        own.sort_by(|a, b| b.cosine.total_cmp(&a.cosine));
        own.into_iter().take(most).copied().collect::<Vec<_>>()
    };
    let mut expected: Vec<Pair> = (0..120).flat_map(nearest).collect();
    expected.sort_by_key(|pair| (pair.first, pair.second));
    expected.dedup();
    assert!(expected.len() < all.len());
    assert_eq!(found, expected);
}

#[test]
fn cells_find_nearly_all() {
    let numbers = library(3000, 32, 6);
    let rows = Rows::new(&numbers, 32).unwrap();
    let closeness = Closeness { at_least: 0.7, ..ALL };
    let exact = pairs(rows, closeness);
    let found = pairs(rows, Closeness { exact_up_to: 0, ..closeness });
    assert!(found.iter().all(|pair| exact.contains(pair)), "nothing that is not close");
    for (cosine, least) in [(0.95, 0.999), (0.9, 0.99), (0.7, 0.88)] {
        let near = |pairs: &[Pair]| pairs.iter().filter(|pair| pair.cosine >= cosine).count();
        let recall = near(&found) as f64 / near(&exact) as f64;
        assert!(recall > least, "{recall} of {} pairs from {cosine}", near(&exact));
    }
    // A handful of pictures has fewer cells than a picture is compared with.
    let few = Rows::new(&numbers[..7 * 32], 32).unwrap();
    assert_eq!(pairs(few, Closeness { exact_up_to: 0, ..closeness }), pairs(few, closeness));
}

#[test]
fn the_usual_cosine_is_the_median() {
    let numbers = library(300, 64, 8);
    let rows = Rows::new(&numbers, 64).unwrap();
    let usual = Candidates::usual(rows, &self::numbers(rows), 1);
    assert!(usual.abs() < 0.05, "{usual}");
    // Pictures of one thing are not what is usual.
    let mut dice = Dice(1);
    let one = unit(noise(&mut dice, 64, 1.0));
    let copies: Vec<f32> = (0..20).flat_map(|_| near(&mut dice, &one, 0.1)).collect();
    let copies = Rows::new(&copies, 64).unwrap();
    assert_eq!(Candidates::usual(copies, &self::numbers(copies), 1), 0.6);
    assert_eq!(Candidates::usual(rows, &[1, 2, 3], 1), 0.6);
}

#[test]
fn what_is_wrong_is_said() {
    let numbers = library(9, 16, 7);
    let rows = Rows::new(&numbers, 16).unwrap();
    let new = |pictures: Vec<u32>, closeness| Candidates::new(rows, pictures, closeness, 1).err();
    let argument = |error: Option<Error>| matches!(error, Some(Error::Argument(_)));
    assert!(argument(new(vec![9], ALL)));
    assert!(argument(new(vec![0], Closeness { at_least: f32::NAN, ..ALL })));
    assert!(argument(new(vec![0], Closeness { at_least: 1.5, ..ALL })));
    assert!(argument(new(vec![0], Closeness { nearest: 0, ..ALL })));
    let mut candidates = Candidates::new(rows, vec![0, 1], ALL, 1).unwrap();
    assert!(argument(candidates.step(Rows::new(&numbers[..16], 16).unwrap()).err()));
}
