//! Each method against what scikit-learn, SciPy, PyTorch or the formula of its paper makes of the same examples.

use ndarray::Array2;
use semblance_teach::scored::{best, softmax};
use semblance_teach::{Examples, Setting};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::golden::{Wrong, cases};

fn answers(rows: &Array2<f32>) -> Vec<u32> {
    rows.rows().into_iter().map(|row| best(&row.to_vec()) as u32).collect()
}

fn right(answers: &[u32], of: &Examples) -> usize {
    answers.iter().zip(of.labels()).filter(|(answer, label)| answer == label).count()
}

fn probabilities(mut logits: Array2<f32>) -> Array2<f32> {
    for mut row in logits.rows_mut() {
        let sums = softmax(row.iter().map(|&logit| f64::from(logit)));
        row.iter_mut().zip(sums).for_each(|(to, from)| *to = from as f32);
    }
    logits
}

#[test]
fn a_linear_probe_without_words_is_that_of_scikit_learn() {
    let mut wrong = Wrong::default();
    for case in cases() {
        let (examples, test) = (case.examples(), case.test());
        for said in &case.probe {
            let what = format!("{}, C = {}", case.name, said.strength);
            let setting = Setting::LinearProbe { strength: said.strength, ensemble: 1.0 };
            let found = probabilities(setting.fit(&examples, None).unwrap().logits(test.vectors()));
            wrong.numbers(&what, &found, &said.probabilities, 1e-3);
            let theirs = Array2::from_shape_vec(found.raw_dim(), said.probabilities.clone()).unwrap();
            let (ours, theirs) = (answers(&found), answers(&theirs));
            let other = ours.iter().zip(&theirs).filter(|(ours, theirs)| ours != theirs).count();
            wrong.unless(1000 * other <= ours.len(), || format!("{what}: {other} other answers"));
            // Two in a thousand.
            let apart = right(&ours, &test).abs_diff(right(&theirs, &test));
            wrong.unless(500 * apart <= ours.len(), || format!("{what}: {apart} more or fewer right"));
        }
    }
}

#[test]
fn a_linear_probe_from_words_is_that_of_scipy_and_so_is_what_is_drawn_back_to_them() {
    let mut wrong = Wrong::default();
    for case in cases() {
        let (examples, words, test) = (case.examples(), case.words(), case.test());
        for said in &case.probe_from_words {
            let what = format!("{}, C = {}, a = {}", case.name, said.strength, said.ensemble);
            let setting = Setting::LinearProbe { strength: said.strength, ensemble: said.ensemble };
            let head = setting.fit(&examples, Some(&words)).unwrap();
            wrong.unless(head.bias.iter().all(|&bias| bias == 0.0), || format!("{what}: a bias"));
            wrong.numbers(&what, &head.logits(test.vectors()), &said.logits, 1e-3);
        }
    }
}

#[test]
fn the_nearest_class_mean_is_that_of_scikit_learn() {
    let mut wrong = Wrong::default();
    for case in cases() {
        let (examples, words, test) = (case.examples(), case.words(), case.test());
        let said = &case.nearest_mean;
        let of = |words| Setting::NearestClassMean.fit(&examples, words).unwrap().logits(test.vectors());
        let found = of(Some(&words));
        wrong.numbers(&case.name, &found, &said.logits, 1e-5);
        for (what, said) in [("directions", Some(&said.directions)), ("means", said.centroids.as_ref())] {
            let same = |said: &Vec<u32>| *said == answers(&found) && *said == answers(&of(None));
            wrong.unless(said.is_none_or(same), || format!("{}: other answers by {what}", case.name));
        }
    }
}

#[test]
fn tip_adapter_is_the_formula_of_its_paper_and_its_keys_are_trained_as_by_pytorch() {
    let mut wrong = Wrong::default();
    for case in cases() {
        let (examples, words, test) = (case.examples(), case.words(), case.test());
        for said in &case.tip_adapter {
            let (alpha, beta) = (said.alpha, said.beta);
            let (setting, tolerance) = match said.keys {
                None => (Setting::TipAdapter { alpha, beta }, 1e-5),
                Some(_) => (Setting::TipAdapterF { alpha, beta }, 1e-4),
            };
            let what = format!("{}, {setting:?}, words {}", case.name, said.words);
            let head = setting.fit(&examples, said.words.then_some(&words)).unwrap();
            wrong.numbers(&what, &head.logits(test.vectors()), &said.logits, tolerance);
            let (Some(said), Some(found)) = (&said.keys, &head.cache) else { continue };
            wrong.numbers(&format!("{what}, keys"), &found.keys, said, 1e-5);
            let moved = (&found.keys - &examples.vectors()).fold(0.0, |most: f32, by| most.max(by.abs()));
            wrong.unless(moved > 1e-3, || format!("{what}: keys that moved by {moved} at most"));
        }
    }
}
