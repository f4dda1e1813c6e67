//! What is held out together.

use semblance_teach::folds::{deal, folds, rest};
use semblance_teach::random::Random;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::golden::Wrong;

/// Some classes many times as large as others, some empty.
fn labels(random: &mut Random, count: usize, classes: usize) -> Vec<u32> {
    let label = |_| {
        let below = 1 + random.below(classes);
        random.below(below) as u32
    };
    (0..count).map(label).collect()
}

fn of_class(fold: &[usize], labels: &[u32], class: usize) -> usize {
    fold.iter().filter(|&&place| labels[place] as usize == class).count()
}

/// That no two of some numbers are more than 1 apart.
fn even(numbers: &[usize]) -> bool {
    numbers.iter().max().zip(numbers.iter().min()).is_none_or(|(most, least)| most - least <= 1)
}

#[test]
fn every_example_is_held_out_once_and_every_class_is_dealt_evenly() {
    let mut wrong = Wrong::default();
    let mut random = Random(1);
    for round in 0..300 {
        let count = [0, 1, 2, 39, 40, 41].get(round).copied().unwrap_or_else(|| random.below(400));
        let classes = 1 + random.below(12);
        let labels = labels(&mut random, count, classes);
        for (what, found, by) in [
            (
                "folds",
                folds(&labels, classes),
                match count {
                    ..=20 => count,
                    21..=100 => 10,
                    _ => 5,
                },
            ),
            ("three", deal(&labels, classes, 3), count.min(3)),
            ("seven", deal(&labels, classes, 7), count.min(7)),
        ] {
            let what = format!("round {round}, {count} of {classes} classes, {what}");
            wrong.unless(found.len() == by, || format!("{what}: {} folds", found.len()));
            let mut all = found.concat();
            all.sort_unstable();
            wrong.unless(all == (0..count).collect::<Vec<_>>(), || format!("{what}: {all:?}"));
            let sizes: Vec<usize> = found.iter().map(Vec::len).collect();
            wrong.unless(even(&sizes), || format!("{what}: {sizes:?}"));
            for class in 0..classes {
                let shares: Vec<usize> = found.iter().map(|fold| of_class(fold, &labels, class)).collect();
                wrong.unless(even(&shares), || format!("{what}, class {class}: {shares:?}"));
            }
            for fold in &found {
                let mut whole = [rest(fold, count), fold.clone()].concat();
                whole.sort_unstable();
                wrong.unless(whole == all, || format!("{what}: what is left of {fold:?}"));
            }
        }
    }
}

#[test]
fn of_very_many_some_are_held_out_once() {
    for (count, expected) in [(3999, None), (4000, Some(800)), (7000, Some(1400)), (20_000, Some(1500))] {
        let labels: Vec<u32> = (0..count).map(|place| u32::from(place % 10 == 0)).collect();
        let found = folds(&labels, 2);
        let Some(expected) = expected else {
            assert_eq!(found.len(), 5, "{count}");
            continue;
        };
        assert_eq!(found.iter().map(Vec::len).collect::<Vec<_>>(), [expected], "{count}");
        assert!(
            found[0].is_sorted_by(|a, b| a < b) && found[0].iter().all(|&place| place < count),
            "{count}"
        );
        let share = of_class(&found[0], &labels, 1) as f64 / expected as f64;
        assert!((share - 0.1).abs() < 0.03, "{count}: {share} of the rare class");
    }
}
