//! Templates, against SciPy's entropies and bootstrap.

use semblance_measure::templates::{Fit, templates};
use semblance_teach::random::Random;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::golden::{Differences, cases, f32s, size};
use crate::made_model::normal;

#[test]
fn entropies_are_scipys() {
    let mut differences = Differences::default();
    for case in cases("templates.json", "cases") {
        let logits: Vec<Vec<f32>> = case["logits"].as_array().unwrap().iter().map(f32s).collect();
        let logits: Vec<&[f32]> = logits.iter().map(|logits| &logits[..]).collect();
        let found = templates(&logits, size(&case["classes"]), size(&case["views"]), 0, 1).unwrap();
        differences.equal("templates", &found.ranked.len(), &logits.len());
        differences.holds(
            &format!("{}: order", case["name"]),
            found.ranked.is_sorted_by(|one, other| one.mutual_information >= other.mutual_information),
        );
        for one in &found.ranked {
            let name = format!("{}: template {}", case["name"], one.template);
            let entropies = [one.mean_entropy, one.marginal_entropy];
            differences.numbers(&name, &entropies, &case["entropies"][one.template], 1e-6);
            if one.template == 0 {
                differences.equal(&name, &one.fit, &Fit::Present);
                differences.equal(&name, &(one.interval.low, one.interval.high), &(0.0, 0.0));
            } else {
                let said = &case["intervals"][one.template - 1];
                differences.drawn(&name, one.interval, said, 0.125, 0.0);
            }
        }
    }
}

/// Logits with `more` at the true class, the noise of the same `seed` the same.
fn logits(seed: u64, more: f64) -> Vec<f32> {
    let mut random = Random(seed);
    let mut logits = Vec::new();
    for _ in 0..150 {
        let truth = random.below(6);
        logits.extend(
            (0..6).map(|class| (normal(&mut random) + if class == truth { more } else { 0.0 }) as f32),
        );
    }
    logits
}

#[test]
fn a_better_template_is_found_and_a_like_one_is_not() {
    let [present, better, worse, alike] =
        [(1, 3.0), (2, 4.5), (3, 1.5), (4, 3.0)].map(|(seed, more)| logits(seed, more));
    let found = templates(&[&present, &better, &worse, &alike], 6, 1, 0, 9).unwrap();
    let mut fits: Vec<(usize, Fit)> = found.ranked.iter().map(|one| (one.template, one.fit)).collect();
    assert_eq!((fits[0].0, fits[3].0), (1, 2));
    fits.sort_by_key(|one| one.0);
    let fits: Vec<Fit> = fits.into_iter().map(|one| one.1).collect();
    assert_eq!(fits, [Fit::Present, Fit::Better, Fit::Worse, Fit::NoClearDifference]);
    assert_eq!(found, templates(&[&present, &better, &worse, &alike], 6, 1, 0, 9).unwrap());
    assert_ne!(found, templates(&[&present, &better, &worse, &alike], 6, 1, 0, 8).unwrap());
}

#[test]
fn information_has_its_bounds() {
    // Each picture surely another class: log 4; all surely the same one: 0; nothing known: 0.
    let sure: Vec<f32> = (0..16).map(|at| if at / 4 == at % 4 { 200.0 } else { 0.0 }).collect();
    let same: Vec<f32> = (0..16).map(|at| if at % 4 == 2 { 200.0 } else { 0.0 }).collect();
    let found = templates(&[&sure, &same, &[0.5; 16]], 4, 1, 0, 1).unwrap();
    assert_eq!(found.ranked[0].template, 0);
    let information: Vec<f64> = found.ranked.iter().map(|one| one.mutual_information).collect();
    assert!((information[0] - 4f64.ln()).abs() < 1e-9, "{information:?}");
    assert!(information[1].abs() < 1e-7 && information[2].abs() < 1e-7, "{information:?}");
}

#[test]
fn wrong_arguments_are_refused() {
    assert!(templates(&[], 2, 1, 0, 1).is_err());
    assert!(templates(&[&[]], 2, 1, 0, 1).is_err());
    assert!(templates(&[&[0.0, 1.0]], 2, 1, 1, 1).is_err());
    assert!(templates(&[&[0.0, 1.0]], 1, 1, 0, 1).is_err());
    assert!(templates(&[&[0.0, 1.0]], 2, 0, 0, 1).is_err());
    assert!(templates(&[&[0.0, 1.0, 2.0]], 2, 1, 0, 1).is_err());
    assert!(templates(&[&[0.0, 1.0], &[0.0]], 2, 1, 0, 1).is_err());
    assert!(templates(&[&[0.0, f32::INFINITY]], 2, 1, 0, 1).is_err());
}
