//! Which settings are tried, and which one is chosen.

use ndarray::Array2;
use semblance_teach::method::Grid;
use semblance_teach::scored::{Scored, best};
use semblance_teach::temperature::fit_temperature;
use semblance_teach::trial::{Trial, choose, choose_trial};
use semblance_teach::{Method, Setting};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::any::given;
use super::golden::Wrong;

#[test]
fn what_is_tried_of_a_setting_is_what_it_makes() {
    let mut wrong = Wrong::default();
    let (examples, words) = given(1, &[5, 7, 3], 8, 30.0);
    let (others, _) = given(1, &[9, 9, 9], 8, 30.0);
    for grid in [Grid::Fine, Grid::Coarse] {
        for method in Method::ALL {
            for words in [Some(&words), None] {
                if method == Method::ZeroShot && words.is_none() {
                    continue;
                }
                let settings = grid.settings(method, words.is_some());
                let tried = grid.held_out(method, &examples, words, &others).unwrap();
                let what = format!("{grid:?}, {method:?}, words {}", words.is_some());
                wrong.unless(settings.len() == tried.len(), || format!("{what}: {} tried", tried.len()));
                for (setting, tried) in settings.iter().zip(&tried) {
                    // A probe goes on from the one before, and not nearly as far.
                    let close = if method == Method::LinearProbe { 0.05 } else { 1e-6 };
                    let made = setting.fit(&examples, words).unwrap().logits(others.vectors());
                    let made: Vec<f32> = made.iter().copied().collect();
                    wrong.unless(setting.method() == method, || format!("{what}: {setting:?}"));
                    wrong.numbers(&format!("{what}, {setting:?}"), tried, &made, close);
                }
            }
        }
    }
}

/// Of class 0 all, with a margin where they are right and the same where not.
fn logits(right: &[bool], margin: f32) -> Array2<f32> {
    Array2::from_shape_fn(
        (right.len(), 2),
        |(row, class)| if right[row] == (class == 0) { margin } else { 0.0 },
    )
}

/// Twelve rows of fold 0, four of fold 1 and of fold 2: one setting is right three times of four everywhere; the other always
/// on fold 0, and half of the time elsewhere, which is more often in all.
struct Two {
    folds: Vec<u32>,
    labels: Vec<u32>,
    steady: Array2<f32>,
    lucky: Array2<f32>,
}

fn two() -> Two {
    let folds: Vec<u32> = [vec![0; 12], vec![1; 4], vec![2; 4]].concat();
    let steady: Vec<bool> = (0..20).map(|row| row % 4 != 0).collect();
    let lucky: Vec<bool> = (0..20).map(|row| row < 12 || row % 2 == 0).collect();
    Two { folds, labels: vec![0; 20], steady: logits(&steady, 2.0), lucky: logits(&lucky, 3.0) }
}

/// That the rows of fold 0 are those of the first, and all others those of the second.
fn each_by_the_other_folds(folds: &[u32], found: &Array2<f32>, steady: &Array2<f32>, lucky: &Array2<f32>) {
    for (row, &fold) in folds.iter().enumerate() {
        let expected = if fold == 0 { steady.row(row) } else { lucky.row(row) };
        assert_eq!(found.row(row), expected, "row {row} of fold {fold}");
    }
}

fn over_temperature(logits: &Array2<f32>, labels: &[u32]) -> Array2<f32> {
    let flat: Vec<f32> = logits.iter().copied().collect();
    let temperature = fit_temperature(&Scored::new(&flat, 2, labels).unwrap());
    logits.mapv(|logit| (f64::from(logit) / temperature) as f32)
}

#[test]
fn no_fold_has_a_say_in_what_answers_it() {
    let Two { folds, labels, steady, lucky } = two();
    let found = choose(vec![steady.clone(), lucky.clone()], &labels, &folds).unwrap();
    assert_eq!(found.chosen, 1, "it is right more often");
    assert_eq!(found.raw, lucky);
    let (steady, lucky) = (over_temperature(&steady, &labels), over_temperature(&lucky, &labels));
    each_by_the_other_folds(&folds, &found.logits, &steady, &lucky);
    for (row, loss) in found.losses.iter().enumerate() {
        let [own, other] = [found.logits[[row, 0]], found.logits[[row, 1]]].map(f64::from);
        let expected = (1.0 + (other - own).exp()).ln();
        assert!((loss - expected).abs() < 1e-6, "row {row}: {loss} instead of {expected}");
    }
}

#[test]
fn no_fold_has_a_say_in_the_method_that_answers_it() {
    let Two { folds, labels, steady, lucky } = two();
    let alone = |logits: &Array2<f32>| choose(vec![logits.clone()], &labels, &folds).unwrap();
    let trials: [Trial; 2] = [alone(&steady), alone(&lucky)];
    let (chosen, logits) = choose_trial(&trials, &folds);
    assert_eq!(chosen, 1, "it is right more often");
    each_by_the_other_folds(&folds, &logits, &trials[0].logits, &trials[1].logits);
}

#[test]
fn keys_trained_in_several_batches_answer_their_examples_better() {
    let (examples, words) = given(3, &[150, 160, 170], 16, 10.0);
    let loss = |setting: Setting| {
        let logits = setting.fit(&examples, Some(&words)).unwrap().logits(examples.vectors());
        let flat: Vec<f32> = logits.iter().copied().collect();
        let scored = Scored::new(&flat, 3, examples.labels()).unwrap();
        let wrong = scored.rows().filter(|(row, label)| best(row) != *label).count();
        let losses = scored.rows().map(|(row, label)| {
            let logs = row.iter().map(|&logit| f64::from(logit));
            semblance_teach::scored::log_sum_exp(logs) - f64::from(row[label])
        });
        (losses.sum::<f64>(), wrong)
    };
    let before = loss(Setting::TipAdapter { alpha: 1.0, beta: 5.5 });
    let after = loss(Setting::TipAdapterF { alpha: 1.0, beta: 5.5 });
    assert!(after.0 < 0.97 * before.0 && after.1 <= before.1, "{after:?} after {before:?}");
}
