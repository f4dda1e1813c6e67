//! Temperature, vector scaling, their choice, and how reliable probabilities are.

use semblance_teach::calibration::{Calibration, Kind, calibrate};
use semblance_teach::curve::PowerLaw;
use semblance_teach::reliability::Reliability;
use semblance_teach::temperature::{Mark, fit_temperature, fit_temperature_marked};
use semblance_teach::vector_scaling::fit_vector_scaling;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::golden::{Differences, cases, numbers, whole};

#[test]
fn temperatures_are_scipys() {
    let mut differences = Differences::default();
    for case in cases() {
        let found = fit_temperature(&case.scored());
        differences.number(&case.name, found, &case.said["temperature"], 1e-5);
    }
}

#[test]
fn temperatures_of_marks_are_scipys() {
    let mut differences = Differences::default();
    for case in cases() {
        let (mut logits, mut marks) = (Vec::new(), Vec::new());
        for mark in case.said["marks"].as_array().unwrap() {
            let example = mark[0].as_u64().unwrap() as usize;
            logits.extend(&case.logits[example * case.classes..][..case.classes]);
            let class = mark[1].as_u64().unwrap() as u32;
            marks.push(if mark[2].as_bool().unwrap() { Mark::Is(class) } else { Mark::IsNot(class) });
        }
        let found = fit_temperature_marked(&logits, case.classes, &marks).unwrap();
        differences.number(&case.name, found, &case.said["marked"], 1e-5);
    }
}

#[test]
fn vector_scaling_is_scipys() {
    let mut differences = Differences::default();
    let mut fitted = 0;
    for case in cases() {
        let found = fit_vector_scaling(&case.scored(), case.said["temperature"].as_f64().unwrap());
        let said = &case.said["vector"];
        differences.equal(&format!("{}: offered", case.name), &found.is_some(), &!said.is_null());
        if let (Some(found), false) = (found, said.is_null()) {
            differences.numbers(&format!("{}: scale", case.name), &found.scale, &said["scale"], 1e-4);
            differences.numbers(&format!("{}: bias", case.name), &found.bias, &said["bias"], 1e-4);
            fitted += 1;
        }
    }
    assert_eq!(fitted, 5);
}

#[test]
fn the_calibration_with_the_least_held_out_loss_is_chosen() {
    let mut differences = Differences::default();
    for case in cases() {
        let folds: Vec<u32> = (0..case.labels.len() as u32).map(|example| example % 5).collect();
        let found = calibrate(&case.scored(), &folds).unwrap();
        let said = &case.said["calibration"];
        let kind = serde_json::to_value(found.kind).unwrap();
        differences.equal(&case.name, &kind, &said["kind"]);
        let losses = &said["losses"];
        differences.number(&format!("{}: before", case.name), found.before.log_loss, &losses["asIs"], 1e-5);
        let after = &losses[kind.as_str().unwrap()];
        differences.number(&format!("{}: after", case.name), found.after.log_loss, after, 1e-5);
        // The one that is handed out was fitted on all.
        let expected = match found.kind {
            Kind::AsIs => vec![1.0],
            Kind::Temperature => vec![1.0 / case.said["temperature"].as_f64().unwrap()],
            Kind::Vector => numbers(&case.said["vector"]["scale"]),
        };
        let scale: Vec<f64> = found.calibration.scale.iter().map(|&scale| f64::from(scale)).collect();
        differences.numbers(&format!("{}: scale", case.name), &scale, &expected.into(), 1e-4);
        found.calibration.check(case.classes).unwrap();
    }
}

#[test]
fn a_calibration_is_applied_and_checked() {
    let of = |scale: &[f32], bias: &[f32]| Calibration { scale: scale.to_vec(), bias: bias.to_vec() };
    let applied = |calibration: &Calibration| {
        let mut logits = [1.0, -2.0, 4.0];
        calibration.apply(&mut logits);
        logits
    };
    assert_eq!(applied(&Calibration::as_is()), [1.0, -2.0, 4.0]);
    assert_eq!(applied(&Calibration::temperature(2.0)), [0.5, -1.0, 2.0]);
    assert_eq!(applied(&of(&[1.0, 2.0, 3.0], &[0.5, 0.0, -1.0])), [1.5, -4.0, 11.0]);
    assert_eq!(of(&[1.0, 2.0, 3.0], &[]).check(3), Ok(()));
    for wrong in [of(&[1.0, 2.0], &[]), of(&[1.0], &[0.0]), of(&[], &[]), of(&[f32::NAN], &[])] {
        assert!(wrong.check(3).is_err(), "{wrong:?}");
    }
    let written = serde_json::to_string(&of(&[0.5], &[])).unwrap();
    assert_eq!(written, r#"{"scale":[0.5],"bias":[]}"#);
    assert_eq!(serde_json::from_str::<Calibration>(&written).unwrap(), of(&[0.5], &[]));
}

#[test]
fn what_cannot_be_calibrated_is_refused() {
    let case = &cases()[0];
    assert!(calibrate(&case.scored(), &[0, 1]).is_err());
    let one = vec![7; case.labels.len()];
    assert!(calibrate(&case.scored(), &one).unwrap_err().to_string().contains("at least two folds"));
}

#[test]
fn reliability_is_scikit_learns_and_numpys() {
    let mut differences = Differences::default();
    for case in cases() {
        let found = Reliability::of(&case.probabilities(), case.classes, &case.labels).unwrap();
        let (name, said) = (&case.name, &case.said["reliability"]);
        for (bin, said) in found.bins.iter().zip(said["bins"].as_array().unwrap()) {
            let bin = [bin.count as f64, bin.confidence, bin.accuracy];
            differences.numbers(&format!("{name}: bin"), &bin, said, 1e-9);
        }
        differences.equal(name, &found.bins.len(), &15);
        differences.number(&format!("{name}: ECE"), found.ece, &said["ece"], 1e-9);
        differences.number(&format!("{name}: Brier"), found.brier, &said["brier"], 1e-9);
        differences.number(&format!("{name}: log loss"), found.log_loss, &said["log_loss"], 1e-9);
        differences.number(&format!("{name}: accuracy"), found.accuracy, &said["accuracy"], 1e-9);
        // Of other resamples.
        let interval = [found.ece_interval.low, found.ece_interval.high];
        let width = said["interval"][1].as_f64().unwrap() - said["interval"][0].as_f64().unwrap();
        differences.numbers(&format!("{name}: interval"), &interval, &said["interval"], 0.1 * width + 1e-9);
    }
}

#[test]
fn a_power_law_is_numpys() {
    let said = &whole()["curve"];
    let points = said["points"].as_array().unwrap();
    let points: Vec<(f64, f64)> =
        points.iter().map(|point| (point[0].as_f64().unwrap(), point[1].as_f64().unwrap())).collect();
    let found = PowerLaw::fit(&points).unwrap();
    let mut differences = Differences::default();
    differences.number("a", found.a, &said["a"], 1e-9);
    differences.number("b", found.b, &said["b"], 1e-9);
    differences.number("at 256", found.error(256.0), &(found.a * 256f64.powf(-found.b)).into(), 1e-12);
    assert_eq!(PowerLaw::fit(&[(8.0, 0.5), (8.0, 0.6)]), None);
    assert_eq!(PowerLaw::fit(&[(8.0, 0.5), (16.0, 1.0)]), None);
    let flat = PowerLaw::fit(&[(8.0, 0.9), (16.0, 0.6)]).unwrap();
    differences.number("flat b", flat.b, &0.0.into(), 0.0);
    differences.number("flat", flat.error(99.0), &0.2.into(), 1e-12);
}
