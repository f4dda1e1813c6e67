//! What a rule says of a picture.

use semblance_organise::judging::Mark;
use semblance_organise::rows::Rows;
use semblance_organise::rules::{Action, Least, Rule, Words, advice, facets, report, score};
use semblance_teach::interval::wilson;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::golden::{cases, f32s, near};

#[test]
fn scores_are_the_labels_share_in_the_softmax() {
    for case in cases("rules.json") {
        let width = case["width"].as_u64().unwrap() as usize;
        let [pictures, labels, against] = ["pictures", "labels", "against"].map(|name| f32s(&case[name]));
        let rows = |numbers| Rows::new(numbers, width).unwrap();
        let scale = case["scale"].as_f64().unwrap();
        let words = Words { labels: rows(&labels), against: rows(&against) };
        let found = score(rows(&pictures), words, scale).unwrap();
        near("score", &found.iter().map(|one| one.score).collect::<Vec<_>>(), &case["scores"], 1e-4);
        near("label", &found.iter().map(|one| one.label as f64).collect::<Vec<_>>(), &case["best"], 0.0);
        near("against", &found.iter().map(|one| one.against as f64).collect::<Vec<_>>(), &case["rival"], 0.0);
        let shares = facets(rows(&pictures), rows(&labels), scale).unwrap();
        near("share", &shares.iter().map(|one| one.probability).collect::<Vec<_>>(), &case["shares"], 1e-5);
        near("facet", &shares.iter().map(|one| one.label as f64).collect::<Vec<_>>(), &case["best"], 0.0);
    }
}

#[test]
fn what_does_not_fit_is_refused() {
    let (two, three) = ([0.6, 0.8], [0.0, 0.6, 0.8]);
    let (narrow, wide) = (Rows::new(&two, 2).unwrap(), Rows::new(&three, 3).unwrap());
    let none = Rows::new(&[], 2).unwrap();
    assert!(score(narrow, Words { labels: narrow, against: none }, 1.0).is_err());
    assert!(score(narrow, Words { labels: none, against: narrow }, 1.0).is_err());
    assert!(score(narrow, Words { labels: wide, against: narrow }, 1.0).is_err());
    assert!(score(narrow, Words { labels: narrow, against: narrow }, 0.0).is_err());
    assert!(score(narrow, Words { labels: narrow, against: narrow }, f64::NAN).is_err());
    assert!(facets(narrow, none, 1.0).is_err() && facets(narrow, wide, 1.0).is_err());
    assert!(
        Rows::new(&[1.0], 2).is_err() && Rows::new(&[f32::NAN], 1).is_err() && Rows::new(&[], 0).is_err()
    );
}

#[test]
fn a_report_counts_what_was_marked() {
    let mark = |score, right| Mark { score, right };
    // Far from the centre, which hardly moves.
    let marks = [
        mark(8.0, true),
        mark(7.0, true),
        mark(9.0, true),
        mark(8.5, false),
        mark(-8.0, true),
        mark(-9.0, false),
    ];
    let found = report(&marks, 0.5).unwrap();
    assert_eq!((found.marked, found.found, found.right, found.missed), (6, 4, 3, 1));
    assert_eq!((found.precision, found.interval), (Some(0.75), Some(wilson(3, 4))));
    let nothing = report(&[], 0.5).unwrap();
    assert_eq!((nothing.found, nothing.precision, nothing.interval), (0, None, None));
    assert!(report(&marks, 0.0).is_err() && report(&marks, 1.0).is_err());
}

/// They load, and say what is known of them: that they are right is not claimed.
#[test]
fn the_advisory_rules_say_what_they_are() {
    let all = advice();
    assert_eq!(all.len(), 6);
    for advice in &all {
        let Rule { name, labels, against, .. } = &advice.rule;
        assert!(!labels.is_empty() && !against.is_empty(), "{name}");
        assert!(
            labels.iter().chain(against).all(|word| !word.trim().is_empty() && word.trim() == word),
            "{name}"
        );
        assert!(!labels.iter().any(|label| against.contains(label)), "{name}");
        assert!(advice.evidence.ends_with('.') && advice.evidence.len() > 80, "{name}");
    }
    let names: std::collections::BTreeSet<&str> =
        all.iter().map(|advice| advice.rule.name.as_str()).collect();
    assert_eq!(names.len(), all.len());
}

/// As pages keep them.
#[test]
fn a_rule_is_json_and_back() {
    let rule = Rule {
        name: "cards".into(),
        labels: vec!["a card".into()],
        against: vec![],
        template: "{}".into(),
        least: Least::Precision(0.9),
        action: Action::Blur,
    };
    let text = serde_json::to_value(&rule).unwrap();
    assert_eq!((&text["precision"], &text["action"]), (&0.9.into(), &"blur".into()));
    assert_eq!(serde_json::from_value::<Rule>(text).unwrap(), rule);
}
