//! Comparisons, against statsmodels's.

use semblance_measure::comparison::{Against, compare, compare_all};
use semblance_measure::holm::holm;
use semblance_measure::mcnemar::{Form, mcnemar};
use semblance_measure::newcombe::newcombe;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::golden::{Differences, cases, numbers, size};

/// Of each cell so many pictures.
fn systems([a, b, c, d]: [usize; 4]) -> (Vec<bool>, Vec<bool>) {
    let cells = [(a, (true, true)), (b, (true, false)), (c, (false, true)), (d, (false, false))];
    cells.into_iter().flat_map(|(count, pair)| std::iter::repeat_n(pair, count)).unzip()
}

#[test]
fn comparisons_are_statsmodels() {
    let mut differences = Differences::default();
    let mut exact = 0;
    for case in cases("compare.json", "cases") {
        let cells: [usize; 4] = [0, 1, 2, 3].map(|at| size(&case["cells"][at]));
        let (first, second) = systems(cells);
        let name = format!("{cells:?}");
        let found = compare(&first, &second, 1).unwrap();
        let counts = [found.both_right, found.only_first, found.only_second, found.both_wrong];
        differences.equal(&name, &counts, &cells);
        let is_exact = found.mcnemar.form == Form::Exact;
        differences.equal(&name, &is_exact, &case["exact"].as_bool().unwrap());
        differences.relative(
            &format!("{name}: statistic"),
            found.mcnemar.statistic,
            &case["statistic"],
            1e-9,
        );
        differences.relative(&format!("{name}: p"), found.mcnemar.p, &case["p"], 1e-9);
        differences.interval(&format!("{name}: Newcombe"), found.interval, &case["interval"], 1e-9);
        let step = 1.0 / first.len() as f64;
        differences.drawn(&format!("{name}: percentile"), found.bootstrap, &case["percentile"], 0.125, step);
        exact += usize::from(is_exact);
    }
    assert!(exact >= 5, "{exact}");
}

#[test]
fn newcombe_is_as_printed() {
    // Complete responses before and after a therapy, in Fagerland, Lydersen and Laake, “Statistical Analysis of Contingency
    // Tables”, 2017, chapter 8; without the correction of φ it would be −0.1174 to −0.0059.
    let found = newcombe([59, 6, 16, 80]);
    assert!((found.low + 0.1186).abs() < 5e-5 && (found.high + 0.0046).abs() < 5e-5, "{found:?}");
}

#[test]
fn adjusted_p_values_are_statsmodels() {
    let mut differences = Differences::default();
    for case in cases("compare.json", "holm") {
        let p = numbers(&case["p"]);
        differences.numbers(&format!("{p:?}"), &holm(&p).unwrap(), &case["adjusted"], 1e-9);
    }
    assert!(holm(&[]).unwrap().is_empty());
    assert!(holm(&[0.5, 1.5]).is_err());
    assert!(holm(&[f64::NAN]).is_err());
}

#[test]
fn changing_places_turns_a_comparison_around() {
    let (first, second) = systems([40, 22, 9, 29]);
    let (one, other) = (compare(&first, &second, 4).unwrap(), compare(&second, &first, 4).unwrap());
    assert_eq!((one.difference, one.mcnemar), (-other.difference, other.mcnemar));
    assert!((one.interval.low + other.interval.high).abs() < 1e-12);
    assert!((one.bootstrap.low + other.bootstrap.high).abs() < 1e-12);
    assert_eq!(one, compare(&first, &second, 4).unwrap());
    assert_ne!(one.bootstrap, compare(&first, &second, 5).unwrap().bootstrap);
    // Both forms on either side of their border.
    assert_eq!((mcnemar(12, 12).form, mcnemar(12, 13).form), (Form::Exact, Form::ChiSquared));
}

#[test]
fn several_are_compared_with_the_first_or_the_best() {
    let right = |wrong: usize| (0..60).map(|picture| picture >= wrong).collect::<Vec<bool>>();
    let systems = [right(20), right(10), right(40), right(10)];
    let systems: Vec<&[bool]> = systems.iter().map(|system| &system[..]).collect();
    let first = compare_all(&systems, Against::First, 1).unwrap();
    let best = compare_all(&systems, Against::Best, 1).unwrap();
    let missing = |of: &[semblance_measure::comparison::Ranked]| -> Vec<usize> {
        of.iter().filter(|one| one.comparison.is_none() && one.holm.is_none()).map(|one| one.system).collect()
    };
    assert_eq!((missing(&first), missing(&best)), (vec![0], vec![1]));
    let differences = |of: &[semblance_measure::comparison::Ranked]| -> Vec<f64> {
        of.iter().filter_map(|one| Some((60.0 * one.comparison?.difference).round())).collect()
    };
    assert_eq!(differences(&first), [10.0, -20.0, 10.0]);
    assert_eq!(differences(&best), [-10.0, -30.0, 0.0]);
    let p: Vec<f64> = best.iter().filter_map(|one| Some(one.comparison?.mcnemar.p)).collect();
    let adjusted: Vec<f64> = best.iter().filter_map(|one| one.holm).collect();
    assert_eq!(adjusted, holm(&p).unwrap());
    assert_eq!((best[3].correct, best[3].accuracy), (50, 50.0 / 60.0));
}

#[test]
fn wrong_arguments_are_refused() {
    assert!(compare(&[], &[], 1).is_err());
    assert!(compare(&[true], &[true, false], 1).is_err());
    assert!(compare_all(&[], Against::Best, 1).is_err());
    assert!(compare_all(&[&[]], Against::First, 1).is_err());
    assert!(compare_all(&[&[true], &[true, false]], Against::First, 1).is_err());
}
