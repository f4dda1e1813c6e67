//! Shifts and associations, against SciPy's and statsmodels's.

use semblance_measure::association::associate;
use semblance_measure::shift::{Bias, Group, Verdict, bias};
use semblance_teach::random::Random;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::golden::{Differences, cases, f32s, numbers, size};

fn of(cosines: &[Vec<f32>], bases: &[Vec<f32>], attributes: usize, seed: u64) -> Bias {
    let groups: Vec<Group> =
        cosines.iter().zip(bases).map(|(attributes, base)| Group { attributes, base }).collect();
    bias(&groups, attributes, 100.0, seed).unwrap()
}

#[test]
fn shifts_are_scipys() {
    let mut differences = Differences::default();
    for case in cases("bias.json", "cases") {
        let lists = |what: &str| case[what].as_array().unwrap().iter().map(f32s).collect::<Vec<_>>();
        let found = of(&lists("cosines"), &lists("bases"), size(&case["attributes"]), 1);
        let said = case["shifts"].as_array().unwrap();
        differences.equal("shifts", &found.shifts.len(), &said.len());
        for (found, said) in found.shifts.iter().zip(said) {
            let name = format!("{}: {} with {}", case["name"], said["group"], said["attribute"]);
            let place = (size(&said["group"]), size(&said["attribute"]));
            differences.equal(&name, &(found.group, found.attribute), &place);
            differences.number(&format!("{name}, mean"), found.mean, &said["mean"], 1e-5);
            differences.interval(&format!("{name}, interval"), found.interval, &said["interval"], 1e-5);
            differences.maybe(&format!("{name}, d"), found.cohens_d, &said["d"], 1e-5);
            differences.relative(&format!("{name}, p"), found.p, &said["p"], 1e-5);
            differences.relative(&format!("{name}, Holm"), found.holm, &said["holm"], 1e-5);
            differences.number(&format!("{name}, towards a"), found.towards_a, &said["towards_a"], 1e-9);
            differences.number(&format!("{name}, towards b"), found.towards_b, &said["towards_b"], 1e-9);
            differences.drawn(
                &format!("{name}, percentile"),
                found.bootstrap,
                &said["percentile"],
                0.125,
                0.0,
            );
        }
    }
}

#[test]
fn associations_are_scipys() {
    let mut differences = Differences::default();
    for case in cases("bias.json", "associations") {
        let [targets, a, b] = ["targets", "a", "b"].map(|what| size(&case[what]));
        let found = associate(&f32s(&case["cosines"]), targets, a, b, 1).unwrap();
        differences.maybe(&format!("{targets} targets: d"), found.effect_size, &case["d"], 1e-6);
        differences.relative(&format!("{targets} targets: p"), found.p, &case["p"], 1e-9);
        differences.holds("exact", found.exact);
    }
}

#[test]
fn drawn_divisions_come_close_to_all() {
    let case = &cases("bias.json", "associations")[2];
    // Each text twice is more than are gone through; the mean difference is the same, the chance of it smaller.
    let row = size(&case["a"]) + size(&case["b"]);
    let cosines: Vec<f32> = f32s(&case["cosines"]).chunks(row).flat_map(|row| [row, row].concat()).collect();
    let drawn = |seed| associate(&cosines, 12, size(&case["a"]), size(&case["b"]), seed).unwrap();
    let found = drawn(1);
    assert!(!found.exact && found.p > 0.0 && found.p <= 1.0);
    assert_eq!(found, drawn(1));
    assert_ne!(found.p, drawn(2).p);
    // Within what 100,000 draws allow.
    assert!((found.p - drawn(2).p).abs() < 5.0 * (0.25f64 / 1e5).sqrt(), "{found:?}");
    // Nothing is as far as a total division: one in C(24, 12), which is not drawn.
    let apart: Vec<f32> = (0..24).flat_map(|text| if text < 12 { [0.9, 0.1] } else { [0.1, 0.9] }).collect();
    assert_eq!(associate(&apart, 12, 1, 1, 1).unwrap().p, 1.0 / 100_001.0);
}

/// 40 pictures, each moved by `shift` and noise of mean 0.
fn moved(shift: f32, noise: f32, pictures: usize) -> Bias {
    let sign = |picture: usize| if picture.is_multiple_of(2) { noise } else { -noise };
    let a: Vec<f32> = (0..pictures).map(|picture| 0.2 + (shift + sign(picture)) / 100.0).collect();
    let still = vec![0.2; pictures];
    of(&[a, still.clone()], &[still.clone(), still], 1, 1)
}

#[test]
fn verdicts_follow_their_rule() {
    for (shift, noise, pictures, wanted) in [
        (0.3, 0.5, 40, Verdict::TowardsA),
        (-0.3, 0.5, 40, Verdict::TowardsB),
        (0.0, 0.5, 40, Verdict::NoneFound),
        // Surely there, and of no interest.
        (0.1, 0.1, 40, Verdict::NoneFound),
        // It may be 0.4, and 0.
        (0.2, 1.0, 40, Verdict::TooFew),
        (0.0, 1.0, 40, Verdict::TooFew),
        (0.5, 0.1, 8, Verdict::TooFew),
    ] {
        let found = &moved(shift, noise, pictures).shifts[0];
        assert_eq!(found.verdict, wanted, "{shift} ± {noise}: {found:?}");
    }
}

#[test]
fn groups_change_places_and_a_common_shift_is_none() {
    let mut random = Random(41);
    let mut any = |count: usize| (0..count).map(|_| random.below(200) as f32 / 512.0).collect::<Vec<f32>>();
    let (cosines, bases) = ([any(60), any(60)], [any(30), any(30)]);
    let one = of(&cosines, &bases, 2, 1);
    let [first, second] = cosines.clone();
    let [own, other] = bases.clone();
    let turned = of(&[second, first], &[other, own], 2, 1);
    for (one, turned) in one.shifts.iter().zip(&turned.shifts) {
        assert!((one.mean + turned.mean).abs() < 1e-9 && one.p == turned.p);
        assert_eq!((one.towards_a, one.towards_b), (turned.towards_b, turned.towards_a));
    }
    // All groups get the same from an attribute: nothing is left, of three groups as well.
    let base: Vec<Vec<f32>> = (0..3).map(|_| any(12)).collect();
    let with =
        |more: f32| base.iter().map(|base| base.iter().map(|c| c + more).collect()).collect::<Vec<_>>();
    let common = of(&with(0.125), &base, 1, 1);
    assert_eq!(common.shifts.len(), 3);
    assert!(common.shifts.iter().all(|one| one.mean.abs() < 1e-4), "{common:?}");
}

#[test]
fn holm_is_over_all_shifts() {
    let case = &cases("bias.json", "cases")[1];
    let lists = |what: &str| case[what].as_array().unwrap().iter().map(f32s).collect::<Vec<_>>();
    let found = of(&lists("cosines"), &lists("bases"), 2, 3);
    let p: Vec<f64> = found.shifts.iter().map(|one| one.p).collect();
    let adjusted: Vec<f64> = found.shifts.iter().map(|one| one.holm).collect();
    assert_eq!(adjusted, semblance_measure::holm::holm(&p).unwrap());
    assert_eq!(p.len(), 6);
    assert_eq!(found, of(&lists("cosines"), &lists("bases"), 2, 3));
    assert_ne!(found, of(&lists("cosines"), &lists("bases"), 2, 4));
    assert_eq!(numbers(&case["bases"][0]).len(), found.pictures);
}

#[test]
fn wrong_arguments_are_refused() {
    let group = |attributes, base| Group { attributes, base };
    let fine = group(&[0.1, 0.2][..], &[0.1, 0.2][..]);
    assert!(bias(&[fine, fine], 1, 100.0, 1).is_ok());
    assert!(bias(&[fine], 1, 100.0, 1).is_err());
    assert!(bias(&[fine, fine], 0, 100.0, 1).is_err());
    assert!(bias(&[fine, fine], 1, f32::NAN, 1).is_err());
    assert!(bias(&[fine, fine], 2, 100.0, 1).is_err());
    assert!(bias(&[fine, group(&[0.1, 0.2], &[0.1])], 1, 100.0, 1).is_err());
    assert!(bias(&[fine, group(&[0.1, f32::NAN], &[0.1, 0.2])], 1, 100.0, 1).is_err());
    assert!(bias(&[group(&[0.1], &[0.1]), group(&[0.1], &[0.1])], 1, 100.0, 1).is_err());
    assert!(
        associate(&[0.1; 8], 2, 1, 1, 1).is_ok_and(|found| found.effect_size.is_none() && found.p == 1.0)
    );
    assert!(associate(&[0.1; 4], 1, 1, 1, 1).is_err());
    assert!(associate(&[0.1; 7], 2, 1, 1, 1).is_err());
    assert!(associate(&[0.1; 4], 2, 1, 0, 1).is_err());
}
