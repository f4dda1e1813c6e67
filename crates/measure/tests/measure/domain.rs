//! How far pictures are from what is usual, against SciPy's and against what must hold.

use semblance_measure::Error;
use semblance_measure::statistic::{Cosines, Statistic};
use semblance_measure::unusual::{LARGE, MEDIUM, Verdict, domain};
use semblance_measure::usual::Usual;
use semblance_teach::random::Random;
use serde_json::Value;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::golden::{Differences, cases, f32s, size};
use crate::made_model::normal;

fn cosines<'a>(case: &Value, labels: &'a [f32], neutral: &'a [f32]) -> Cosines<'a> {
    let scale = case["scale"].as_f64().unwrap() as f32;
    Cosines::new(labels, size(&case["classes"]), neutral, size(&case["captions"]), scale).unwrap()
}

#[test]
fn distances_are_scipys() {
    let mut differences = Differences::default();
    for case in cases("domain.json", "cases") {
        let list = |what: &str| f32s(&case[what]);
        let (known, known_neutral) = (list("known"), list("known_neutral"));
        let usual = Usual::of(&cosines(&case, &known, &known_neutral)).unwrap();
        let (labels, neutral) = (list("labels"), list("neutral"));
        let found = domain(&cosines(&case, &labels, &neutral), &usual, 1).unwrap();
        let said = case["statistics"].as_object().unwrap();
        differences.equal("statistics", &found.statistics.len(), &said.len());
        for one in &found.statistics {
            let statistic = serde_json::to_value(one.statistic).unwrap();
            let said = &said[statistic.as_str().unwrap()];
            let name = format!("{}: {statistic}", case["name"]);
            let quantiles = usual.quantiles(one.statistic).unwrap();
            differences.numbers(&format!("{name}, quantiles"), &quantiles, &said["quantiles"], 1e-6);
            let quartiles = [one.lower_quartile, one.median, one.upper_quartile];
            differences.numbers(&format!("{name}, quartiles"), &quartiles, &said["quartiles"], 1e-9);
            differences.number(&format!("{name}, place"), one.place, &said["place"], 1e-9);
            differences.number(&format!("{name}, D"), one.d, &said["d"], 1e-9);
            differences.relative(&format!("{name}, p"), one.p, &said["p"], 1e-6);
            differences.number(&format!("{name}, W₁"), one.wasserstein, &said["wasserstein"], 1e-6);
            let mut basic = one.d_interval;
            // SciPy's may be below 0.
            basic.low = if said["basic"][0].as_f64().unwrap() < 0.0 && basic.low == 0.0 {
                said["basic"][0].as_f64().unwrap()
            } else {
                basic.low
            };
            differences.drawn(&format!("{name}, basic"), basic, &said["basic"], 0.125, 0.01);
            differences.holds(
                &format!("{name}: W₁ in {:?}", one.wasserstein_interval),
                one.wasserstein_interval.low < one.wasserstein_interval.high,
            );
        }
    }
}

/// Pictures of which each knows one label by `best` more.
fn pictures(random: &mut Random, count: usize, classes: usize, best: f64) -> Vec<f32> {
    let mut cosines: Vec<f32> = Vec::new();
    for _ in 0..count {
        let own = random.below(classes);
        let more = |class: usize| if class == own { best } else { 0.0 };
        cosines.extend((0..classes).map(|class| (0.15 + 0.02 * normal(random) + more(class)) as f32));
    }
    cosines
}

fn verdict(random: &mut Random, usual: &Usual, count: usize, classes: usize, best: f64) -> Verdict {
    let labels = pictures(random, count, classes, best);
    let neutral: Vec<f32> = (0..count).map(|_| (0.15 + 0.02 * normal(random)) as f32).collect();
    let cosines = Cosines::new(&labels, classes, &neutral, 1, 100.0).unwrap();
    domain(&cosines, usual, random.below(1 << 20) as u64).unwrap().verdict
}

#[test]
fn usual_pictures_are_usual_and_others_are_not() {
    let mut random = Random(31);
    let known = pictures(&mut random, 2000, 10, 0.08);
    let neutral: Vec<f32> = (0..2000).map(|_| (0.15 + 0.02 * normal(&mut random)) as f32).collect();
    let usual = Usual::of(&Cosines::new(&known, 10, &neutral, 1, 100.0).unwrap()).unwrap();
    let mut share = |count: usize, best: f64, wanted: Verdict| {
        (0..60).filter(|_| verdict(&mut random, &usual, count, 10, best) == wanted).count()
    };
    for count in [30, 60, 200] {
        let found = share(count, 0.08, Verdict::Usual);
        assert!(found >= 57, "{count} usual pictures were usual {found} times in 60");
    }
    // By two deviations: D is 0.68.
    let found = share(60, 0.04, Verdict::Unusual);
    assert!(found >= 57, "{found}");
    // By 0.7 of one: D is 0.27, of one or another statistic more.
    let found = share(300, 0.066, Verdict::SomewhatUnusual);
    assert!(found >= 48, "{found}");
    assert_eq!(share(29, 0.04, Verdict::TooFewPictures), 60);
}

#[test]
fn other_labels_count_by_their_cosines_alone() {
    let mut random = Random(32);
    let known = pictures(&mut random, 500, 10, 0.08);
    let usual = Usual::of(&Cosines::new(&known, 10, &[], 0, 100.0).unwrap()).unwrap();
    let labels = pictures(&mut random, 200, 3, 0.08);
    let found = domain(&Cosines::new(&labels, 3, &[], 0, 100.0).unwrap(), &usual, 1).unwrap();
    let counts: Vec<Statistic> =
        found.statistics.iter().filter(|one| one.counts).map(|one| one.statistic).collect();
    assert_eq!(counts, [Statistic::BestCosine]);
    let entropy = found.statistics.iter().find(|one| one.statistic == Statistic::Entropy).unwrap();
    assert!(entropy.d_interval.low > MEDIUM && found.verdict == Verdict::Usual, "{found:?}");
}

#[test]
fn a_reference_is_small_and_comes_back_as_it_was() {
    let known = pictures(&mut Random(33), 5000, 10, 0.08);
    let neutral = vec![0.1; 5000];
    let cosines = Cosines::new(&known, 10, &neutral, 1, 100.0).unwrap();
    let usual = Usual::of(&cosines).unwrap();
    let json = serde_json::to_string(&usual).unwrap();
    assert!(json.len() < 7000, "{}", json.len());
    assert_eq!(serde_json::from_str::<Usual>(&json).unwrap(), usual);
    assert_eq!((usual.pictures, usual.classes, usual.statistics.len()), (5000, 10, 5));
    // Of itself it is nowhere further than half a part.
    let own = domain(&cosines, &usual, 1).unwrap();
    assert!(own.statistics.iter().all(|one| one.d < 0.5 / 101.0 + 1e-3), "{own:?}");
    assert_eq!(own, domain(&cosines, &usual, 1).unwrap());
    assert_ne!(own, domain(&cosines, &usual, 2).unwrap());
}

#[test]
fn the_bounds_are_cohens() {
    // 2 Φ(δ/2) − 1 = erf(δ/√8).
    let d = |delta: f64| 1.0 - semblance_measure::gaussian::erfc(delta / 8f64.sqrt());
    assert!((d(0.5) - MEDIUM).abs() < 1e-4 && (d(0.8) - LARGE).abs() < 1e-4);
}

#[test]
fn wrong_arguments_are_refused() {
    let cosines = |labels: &'static [f32], classes| Cosines::new(labels, classes, &[], 0, 100.0);
    assert_eq!(cosines(&[0.1], 1).unwrap_err(), Error::Classes(1));
    assert!(cosines(&[], 2).is_err());
    assert!(cosines(&[0.1, 0.2, 0.3], 2).is_err());
    assert!(cosines(&[0.1, 20.0], 2).is_err());
    assert!(Cosines::new(&[0.1, 0.2], 2, &[0.1], 2, 100.0).is_err());
    assert!(Cosines::new(&[0.1, 0.2], 2, &[], 0, 0.0).is_err());
    let few = [0.1; 200];
    let few = Cosines::new(&few, 2, &[], 0, 100.0).unwrap();
    assert_eq!(Usual::of(&few).unwrap_err(), Error::TooFew { pictures: 100, least: 101 });
    let enough = [0.1; 202];
    let enough = Cosines::new(&enough, 2, &[], 0, 100.0).unwrap();
    let mut usual = Usual::of(&enough).unwrap();
    usual.statistics[0].quantiles.pop();
    assert!(domain(&enough, &usual, 1).is_err());
}
