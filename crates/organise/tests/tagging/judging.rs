//! How corrections move a threshold.

use semblance_organise::judging::{Mark, centre, cut, probability, score_of};
use semblance_teach::random::Random;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::golden::{cases, f32s, numbers};

#[test]
fn the_centre_is_the_posteriors_maximum() {
    for case in cases("centres.json") {
        let right = case["right"].as_array().unwrap().iter().map(|right| right.as_bool().unwrap());
        let marks: Vec<Mark> = numbers(&case["scores"])
            .into_iter()
            .zip(right)
            .map(|(score, right)| Mark { score, right })
            .collect();
        let found = centre(case["first"].as_f64().unwrap(), &marks).unwrap();
        let said = case["centre"].as_f64().unwrap();
        assert!((found - said).abs() < 1e-4, "{} marks: {found} instead of {said}", marks.len());
    }
}

/// Whatever was marked before, wherever the score lies.
#[test]
fn a_rejection_raises_the_threshold_and_an_acceptance_lowers_it() {
    let mut random = Random(7);
    let mut score = || random.below(2000) as f64 / 100.0 - 10.0;
    let mut marks: Vec<Mark> = Vec::new();
    for round in 0..200 {
        let (score, first) = (score(), score() / 10.0);
        let before = centre(first, &marks).unwrap();
        let after = |right| {
            let all: Vec<Mark> = marks.iter().copied().chain([Mark { score, right }]).collect();
            centre(first, &all).unwrap()
        };
        let (up, down) = (after(false), after(true));
        // A mark that was expected moves next to nothing, which rounding may hide.
        assert!(up >= before - 1e-6 && down <= before + 1e-6, "round {round}: {down} {before} {up}");
        let surprise = |right: bool| (probability(score, before) - f64::from(u8::from(right))).abs();
        if surprise(false) > 1e-3 {
            assert!(up > before, "round {round}");
            assert!(score_of(0.8, up) > score_of(0.8, before));
            assert!(probability(score, up) < probability(score, before));
        }
        if surprise(true) > 1e-3 {
            assert!(down < before, "round {round}");
        }
        marks.push(Mark { score, right: round % 3 == 0 });
    }
}

#[test]
fn marks_in_another_order_say_the_same() {
    let marks: Vec<Mark> = (0..9).map(|i| Mark { score: f64::from(i) / 2.0, right: i % 2 == 0 }).collect();
    let back: Vec<Mark> = marks.iter().rev().copied().collect();
    assert!((centre(0.3, &marks).unwrap() - centre(0.3, &back).unwrap()).abs() < 1e-6);
    assert_eq!(centre(0.3, &[]).unwrap(), 0.3);
}

#[test]
fn a_score_and_its_probability_are_each_others_inverse() {
    for share in [0.01, 0.5, 0.8, 0.999] {
        assert!((probability(score_of(share, -1.25), -1.25) - share).abs() < 1e-12);
    }
}

#[test]
fn a_cut_takes_as_many_as_reach_the_aim() {
    for case in cases("cuts.json") {
        let mut probabilities = f32s(&case["probabilities"]);
        let aim = case["aim"].as_f64().unwrap();
        let found = cut(&mut probabilities, aim);
        match found {
            None => assert!(case["cut"].is_null(), "{aim}: nothing instead of {}", case["cut"]),
            Some(cut) => {
                let said = numbers(&case["cut"]);
                assert_eq!(f64::from(cut.least), said[0], "of {} at {aim}", probabilities.len());
                assert!((cut.expected - said[1]).abs() < 1e-9);
                assert_eq!(cut.taken as f64, said[2]);
            }
        }
    }
}

#[test]
fn what_is_no_number_is_refused() {
    assert!(centre(f64::NAN, &[]).is_err());
    assert!(centre(0.0, &[Mark { score: f64::INFINITY, right: true }]).is_err());
}
