//! Accuracy, confusion, what is doubtful, what is missing, what is mislabelled.

use semblance_teach::interval::wilson;
use semblance_teach::mistakes::find_mistakes;
use semblance_teach::quality::{Cell, Quality, most_doubtful};
use serde_json::Value;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::golden::{Differences, cases};

#[test]
fn quality_is_scikit_learns() {
    let mut differences = Differences::default();
    for case in cases() {
        let found = Quality::of(&case.scored());
        let (name, said) = (&case.name, &case.said["quality"]);
        let cells = found.confusion.cells().iter();
        let cells: Vec<Value> =
            cells.map(|cell| serde_json::json!([cell.truth, cell.answer, cell.count])).collect();
        differences.equal(&format!("{name}: confusion"), &Value::from(cells), &said["cells"]);
        let figures = |what: &str| -> Vec<Option<f64>> {
            let of = |class: &semblance_teach::quality::ClassQuality| match what {
                "precision" => class.precision,
                "recall" => class.recall,
                _ => class.f1,
            };
            found.classes.iter().map(of).collect()
        };
        for what in ["precision", "recall", "f1"] {
            for (class, (found, said)) in
                figures(what).into_iter().zip(said[what].as_array().unwrap()).enumerate()
            {
                let where_ = format!("{name}: {what} of {class}");
                differences.equal(&where_, &found.is_none(), &said.is_null());
                if let (Some(found), false) = (found, said.is_null()) {
                    differences.number(&where_, found, said, 1e-9);
                }
            }
        }
        let interval = [found.accuracy_interval.low, found.accuracy_interval.high];
        differences.numbers(&format!("{name}: Wilson"), &interval, &said["interval"], 1e-9);
        differences.number(&format!("{name}: balanced"), found.balanced_accuracy, &said["balanced"], 1e-9);
        let doubts = most_doubtful(&case.logits, case.classes, 10).unwrap();
        let margins: Vec<f64> = doubts.iter().map(|doubt| doubt.margin).collect();
        differences.numbers(&format!("{name}: margins"), &margins, &said["margins"], 1e-9);
        let needs: Vec<u32> = found.needs().iter().map(|need| need.class).collect();
        differences.equal(&format!("{name}: needs"), &Value::from(needs), &said["needs"]);
    }
}

#[test]
fn mistakes_are_cleanlabs() {
    let mut differences = Differences::default();
    let mut all = 0;
    for case in cases() {
        let found = find_mistakes(&case.probabilities(), case.classes, &case.labels).unwrap();
        let said = case.said["mistakes"].as_array().unwrap();
        differences.equal(&format!("{}: how many", case.name), &found.len(), &said.len());
        for (found, said) in found.iter().zip(said) {
            let place = serde_json::json!([found.example, found.given, found.likely]);
            differences.equal(&case.name, &place, &Value::from(&said.as_array().unwrap()[..3]));
            differences.number(&case.name, found.self_confidence, &said[3], 1e-9);
        }
        all += found.len();
    }
    assert!(all > 100, "{all} mistakes");
}

#[test]
fn a_thousand_classes_stay_small() {
    let (classes, examples) = (1000, 3000);
    let labels: Vec<u32> = (0..examples).map(|example| (example * 7 % classes) as u32).collect();
    let mut logits = vec![0.0; examples * classes];
    for (example, &label) in labels.iter().enumerate() {
        // Every third is taken for the next class.
        let answer = if example % 3 == 0 { (label as usize + 1) % classes } else { label as usize };
        logits[example * classes + answer] = 1.0;
    }
    let found = Quality::of(&semblance_teach::Scored::new(&logits, classes, &labels).unwrap());
    assert_eq!((found.examples, found.correct), (3000, 2000));
    assert!(found.confusion.cells().len() <= 2000, "{}", found.confusion.cells().len());
    // 0, 1000 and 2000 are of class 0.
    assert_eq!(
        found.confusion.row(0),
        [Cell { truth: 0, answer: 0, count: 2 }, Cell { truth: 0, answer: 1, count: 1 }]
    );
    assert_eq!((found.confusion.count(0, 1), found.confusion.count(0, 2)), (1, 0));
    let worst = found.confusion.most_confused(3);
    assert_eq!(worst.len(), 3);
    assert!(worst.iter().all(|cell| cell.truth != cell.answer && cell.count == 1));
}

#[test]
fn wilson_says_something_of_nothing_and_of_all() {
    assert_eq!((wilson(0, 0).low, wilson(0, 0).high), (0.0, 1.0));
    // z² / (n + z²).
    let z2 = 3.841_458_820_694_124;
    assert!((wilson(0, 10).high - z2 / (10.0 + z2)).abs() < 1e-12);
    assert!((wilson(10, 10).low - 10.0 / (10.0 + z2)).abs() < 1e-12);
}

#[test]
fn wrong_arguments_are_refused() {
    assert!(most_doubtful(&[1.0, 2.0, 3.0], 2, 1).is_err());
    assert!(most_doubtful(&[1.0], 1, 1).is_err());
    assert!(most_doubtful(&[1.0, f32::NAN], 2, 1).is_err());
    assert!(find_mistakes(&[0.5, 0.5], 2, &[2]).is_err());
    assert!(find_mistakes(&[0.5, 1.5], 2, &[0]).is_err());
    assert!(find_mistakes(&[0.5, f64::NAN], 2, &[0]).is_err());
    assert!(find_mistakes(&[], 2, &[]).is_err());
}
