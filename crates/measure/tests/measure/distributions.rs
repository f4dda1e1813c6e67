//! Distributions and distances, against SciPy's.

use semblance_measure::gaussian::{chi_squared_tail, erfc};
use semblance_measure::mean::Mean;
use semblance_measure::resampling::resamples;
use semblance_measure::student::{two_sided, two_sided_quantile};
use semblance_measure::two_samples::TwoSamples;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::golden::{Differences, cases, numbers};

#[test]
fn tails_are_scipys() {
    let mut differences = Differences::default();
    for point in cases("statistics.json", "erfc") {
        let x = point[0].as_f64().unwrap();
        // The goldens have ten digits.
        differences.relative(&format!("erfc({x})"), erfc(x), &point[1], 1e-9);
        differences.relative(&format!("χ² of {x}"), chi_squared_tail(2.0 * x * x), &point[1], 1e-9);
    }
    for point in cases("statistics.json", "t") {
        let (t, freedom) = (point[0].as_f64().unwrap(), point[1].as_f64().unwrap());
        differences.relative(&format!("t {t} of {freedom}"), two_sided(t, freedom), &point[2], 1e-9);
        differences.relative(&format!("t −{t} of {freedom}"), two_sided(-t, freedom), &point[2], 1e-9);
    }
    for point in cases("statistics.json", "quantiles") {
        let (p, freedom) = (point[0].as_f64().unwrap(), point[1].as_f64().unwrap());
        differences.relative(&format!("{p} of {freedom}"), two_sided_quantile(p, freedom), &point[2], 1e-9);
    }
}

#[test]
fn distances_are_scipys() {
    let mut differences = Differences::default();
    for case in cases("statistics.json", "cases") {
        let name = case["name"].as_str().unwrap();
        let samples = TwoSamples::new(&numbers(&case["one"]), &numbers(&case["other"])).unwrap();
        let found = samples.distance();
        differences.number(&format!("{name}: D"), found.d, &case["d"], 1e-9);
        differences.number(&format!("{name}: W₁"), found.wasserstein, &case["wasserstein"], 1e-9);
        differences.relative(&format!("{name}: p"), samples.p(found), &case["p"], 1e-6);
    }
}

#[test]
fn a_draw_is_the_sample_that_it_stands_for() {
    let (one, other) = ([0.5, 1.0, 1.0, 3.0], [0.0, 1.0, 2.0]);
    let samples = TwoSamples::new(&one, &other).unwrap();
    for (times, drawn) in
        [([1, 1, 1, 1], one), ([0, 2, 2, 0], [1.0; 4]), ([3, 0, 0, 1], [0.5, 0.5, 0.5, 3.0])]
    {
        let said = TwoSamples::new(&drawn, &other).unwrap().distance();
        assert_eq!(samples.distance_of(&times), said, "{times:?}");
    }
    assert!(TwoSamples::new(&[], &other).is_err());
    assert!(TwoSamples::new(&[f64::NAN], &other).is_err());
}

#[test]
fn means_of_what_does_not_vary() {
    let still = Mean::of(&[0.5; 4]).unwrap();
    assert_eq!((still.mean, still.deviation, still.cohens_d, still.p), (0.5, 0.0, None, 0.0));
    assert_eq!(Mean::of(&[0.0; 4]).unwrap().p, 1.0);
    assert!(Mean::of(&[1.0]).is_err());
}

#[test]
fn draws_grow_fewer_as_stated() {
    // Numbers gone through in each: of few pictures, of 300 with 100 classes, of 2,000, of ImageNet.
    assert_eq!([1, 30_000, 200_000, 50_000_000].map(resamples), [2000, 2000, 300, 100]);
}
