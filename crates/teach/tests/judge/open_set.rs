//! Known or not.

use semblance_teach::open_set::{auroc, choose_threshold, coverage_risk, energy, max_logit};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::golden::{Case, Differences, cases, numbers};

fn scores(logits: &[f32], classes: usize, score: impl Fn(&[f32]) -> f64) -> Vec<f64> {
    logits.chunks(classes).map(score).collect()
}

fn background(case: &Case) -> Vec<f32> {
    numbers(&case.said["background"]).into_iter().map(|logit| logit as f32).collect()
}

fn correct(case: &Case) -> Vec<bool> {
    case.scored().rows().map(|(row, label)| semblance_teach::scored::best(row) == label).collect()
}

#[test]
fn scores_are_scipys_and_areas_scikit_learns() {
    let mut differences = Differences::default();
    for case in cases() {
        let (name, said) = (&case.name, &case.said["open_set"]);
        let known = scores(&case.logits, case.classes, |row| energy(row, 1.0));
        let unknown = scores(&background(&case), case.classes, |row| energy(row, 1.0));
        differences.numbers(&format!("{name}: energy"), &known, &said["energy"], 1e-9);
        let warm = scores(&case.logits, case.classes, |row| energy(row, 2.0));
        differences.numbers(
            &format!("{name}: at 2"),
            &warm[..20.min(warm.len())],
            &said["energy_at_2"],
            1e-9,
        );
        differences.number(&format!("{name}: AUROC"), auroc(&known, &unknown), &said["auroc"], 1e-9);
        let most = [&case.logits, &background(&case)].map(|logits| scores(logits, case.classes, max_logit));
        let area = auroc(&most[0], &most[1]);
        differences.number(&format!("{name}: by MaxLogit"), area, &said["auroc_max_logit"], 1e-9);
    }
}

#[test]
fn risks_are_numpys() {
    let mut differences = Differences::default();
    for case in cases() {
        let known = scores(&case.logits, case.classes, |row| energy(row, 1.0));
        let found = coverage_risk(&known, &correct(&case)).unwrap();
        let said = case.said["open_set"]["curve"].as_array().unwrap();
        assert!(found.len() <= 200);
        assert_eq!(found.len(), said.len().min(200), "{}", case.name);
        for (at, point) in found.iter().enumerate() {
            // Of many, evenly.
            let said = &said[at * (said.len() - 1) / (found.len() - 1)];
            differences.numbers(&case.name, &[point.coverage, point.risk], said, 1e-9);
        }
    }
}

#[test]
fn lines_are_scikit_learns() {
    let mut differences = Differences::default();
    for case in cases() {
        let (name, said) = (&case.name, &case.said["open_set"]);
        let known = scores(&case.logits, case.classes, |row| energy(row, 1.0));
        let unknown = scores(&background(&case), case.classes, |row| energy(row, 1.0));
        let found = choose_threshold(&known, &correct(&case), &unknown).unwrap();
        let line = &said["line"];
        differences.number(&format!("{name}: coverage"), found.coverage, &line["coverage"], 1e-9);
        let refused = found.background_refused.unwrap();
        differences.number(&format!("{name}: refused"), refused, &line["refused"], 1e-9);
        // Half way to the next score below.
        let least = line["least"].as_f64().unwrap();
        let below = known.iter().chain(&unknown).filter(|&&score| score < least - 1e-6);
        let below = below.fold(f64::NEG_INFINITY, |most, &score| most.max(score));
        let middle = if below.is_finite() { (least + below) / 2.0 } else { least };
        differences.number(&format!("{name}: line"), found.threshold, &middle.into(), 1e-9);
        let alone = choose_threshold(&known, &correct(&case), &[]).unwrap();
        let found = [alone.threshold, alone.coverage, alone.risk];
        differences.numbers(&format!("{name}: alone"), &found, &said["line_alone"], 1e-9);
        assert_eq!(alone.background_refused, None);
    }
}

#[test]
fn no_more_than_a_tenth_of_the_known_is_refused() {
    // The best line by J alone would be at 5 and refuse half of the known.
    let known = [1.0, 1.1, 1.2, 1.3, 1.4, 6.0, 6.1, 6.2, 6.3, 6.4];
    let unknown = [0.5, 1.02, 1.05, 3.1, 3.2, 3.3, 3.4, 3.5, 3.6, 3.7];
    let found = choose_threshold(&known, &[true; 10], &unknown).unwrap();
    assert_eq!((found.coverage, found.background_refused), (0.9, Some(0.3)));
    assert!((found.threshold - 1.075).abs() < 1e-12, "{}", found.threshold);
    // Of two lines with the same J, 1 + 0.1 and 0.9 + 0.2, the lower one.
    let unknown = [0.5, 1.05, 3.0, 3.1, 3.2, 3.3, 3.4, 3.5, 3.6, 3.7];
    let found = choose_threshold(&known, &[true; 10], &unknown).unwrap();
    assert_eq!((found.threshold, found.coverage, found.background_refused), (0.75, 1.0, Some(0.1)));
}

#[test]
fn wrong_scores_are_refused() {
    assert!(choose_threshold(&[], &[], &[]).is_err());
    assert!(choose_threshold(&[1.0], &[true, false], &[]).is_err());
    assert!(choose_threshold(&[1.0], &[true], &[f64::NAN]).is_err());
    assert!(coverage_risk(&[f64::INFINITY], &[true]).is_err());
    assert!(auroc(&[], &[1.0]).is_nan());
}
