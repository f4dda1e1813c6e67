//! Evaluations, against scikit-learn's.

use semblance_measure::classes::ClassEvaluation;
use semblance_measure::tally::evaluate;
use serde_json::{Value, json};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::golden::{Differences, cases, f32s, size, u32s};

/// Two bootstraps of 2,000 draws or more: an end of an interval varies by some hundredths of its width; an eighth is five times
/// that. BCa moves the ends on purpose, by its skewness: a quarter.
const BAND: f64 = 0.125;
const BCA_BAND: f64 = 0.25;

type Figure = fn(&ClassEvaluation) -> Option<f64>;

#[test]
fn ranks_and_shares_are_scikit_learns() {
    let mut differences = Differences::default();
    for case in cases("evaluate.json", "cases") {
        let (name, truths) = (case["name"].as_str().unwrap(), u32s(&case["truths"]));
        let found = evaluate(&f32s(&case["logits"]), size(&case["classes"]), &truths, 1).unwrap();
        let (evaluation, pictures) = (&found.evaluation, &found.pictures);
        differences.equal(&format!("{name}: ranks"), &pictures.ranks, &u32s(&case["ranks"]));
        differences.equal(&format!("{name}: answers"), &pictures.answers, &u32s(&case["answers"]));
        differences.equal(&format!("{name}: top"), &pictures.top, &u32s(&case["top"]));
        let probabilities: Vec<f64> = pictures.probabilities.iter().map(|&p| f64::from(p)).collect();
        differences.numbers(&format!("{name}: probability"), &probabilities, &case["probability"], 1e-7);
        // A picture more or less.
        let step = 1.0 / truths.len() as f64;
        for (share, said) in [(evaluation.top1, &case["top1"]), (evaluation.top5, &case["top5"])] {
            let name = format!("{name}: top-{}", share.k);
            differences.number(&name, share.share, &said["share"], 1e-9);
            differences.interval(&format!("{name}, Wilson"), share.wilson, &said["wilson"], 1e-9);
            differences.drawn(
                &format!("{name}, percentile"),
                share.bootstrap,
                &said["percentile"],
                BAND,
                step,
            );
            // BCa's ends are those of a skewed distribution; where all or almost all are right it has none.
            if !said["bca"][0].is_null() && (0.1..0.9).contains(&share.share) {
                differences.drawn(&format!("{name}, BCa"), share.bootstrap, &said["bca"], BCA_BAND, step);
            }
        }
    }
}

#[test]
fn classes_are_scikit_learns() {
    let mut differences = Differences::default();
    for case in cases("evaluate.json", "cases") {
        let (name, truths) = (case["name"].as_str().unwrap(), u32s(&case["truths"]));
        let found = evaluate(&f32s(&case["logits"]), size(&case["classes"]), &truths, 1).unwrap().evaluation;
        let cells = found.confusion.iter().map(|cell| json!([cell.truth, cell.answer, cell.count]));
        differences.equal(&format!("{name}: confusion"), &Value::from_iter(cells), &case["cells"]);
        differences.number(&format!("{name}: balanced"), found.balanced_accuracy, &case["balanced"], 1e-9);
        differences.equal(&format!("{name}: classes"), &found.classes.len(), &size(&case["classes"]));
        let parts: [(&str, Figure); 4] = [
            ("precision", |class| class.quality.precision),
            ("recall", |class| class.quality.recall),
            ("f1", |class| class.quality.f1),
            ("average_precision", |class| class.average_precision),
        ];
        for (class, found) in found.classes.iter().enumerate() {
            differences.equal(
                &format!("{name}: pictures of {class}"),
                &found.quality.examples,
                &size(&case["counts"][class]),
            );
            for (what, of) in parts {
                differences.maybe(&format!("{name}: {what} of {class}"), of(found), &case[what][class], 1e-9);
            }
        }
        let map = found.mean_average_precision.unwrap();
        differences.number(&format!("{name}: mAP"), map.value, &case["map"], 1e-9);
        differences.drawn(
            &format!("{name}: mAP's interval"),
            map.interval,
            &case["map_interval"],
            BAND,
            0.005,
        );
        differences.equal(&format!("{name}: draws"), &map.resamples, &2000);
    }
}

#[test]
fn losses_are_scikit_learns() {
    let mut differences = Differences::default();
    for case in cases("evaluate.json", "cases") {
        let (name, truths) = (case["name"].as_str().unwrap(), u32s(&case["truths"]));
        let found = evaluate(&f32s(&case["logits"]), size(&case["classes"]), &truths, 1).unwrap().evaluation;
        let reliability = &found.reliability;
        differences.number(&format!("{name}: log loss"), reliability.log_loss, &case["log_loss"], 1e-9);
        differences.number(&format!("{name}: Brier"), reliability.brier, &case["brier"], 1e-9);
        differences.number(&format!("{name}: confidence"), reliability.confidence, &case["confidence"], 1e-9);
        differences.number(&format!("{name}: accuracy"), reliability.accuracy, &case["top1"]["share"], 1e-9);
    }
}
