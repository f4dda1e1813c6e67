//! What must hold of any evaluation.

use semblance_measure::average_precision::MeanAveragePrecision;
use semblance_measure::tally::{Tally, evaluate};
use semblance_measure::{Error, ranking};
use semblance_teach::Scored;
use semblance_teach::quality::Quality;
use semblance_teach::random::Random;
use semblance_teach::reliability::Reliability;
use semblance_teach::scored::softmax;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::made_model::normal;

/// Without ties: each logit of a row has a last digit of its own.
fn any(random: &mut Random, pictures: usize, classes: usize) -> (Vec<f32>, Vec<u32>) {
    let truths: Vec<u32> = (0..pictures).map(|_| random.below(classes) as u32).collect();
    let mut logits: Vec<f32> = (0..pictures * classes)
        .map(|at| (random.below(64) * classes + at % classes) as f32 / (16 * classes) as f32)
        .collect();
    for (row, &truth) in logits.chunks_mut(classes).zip(&truths) {
        row[truth as usize] += 2.0;
    }
    (logits, truths)
}

#[test]
fn without_ties_it_is_what_teaching_says() {
    let mut random = Random(21);
    for round in 0..60 {
        let classes = 2 + random.below(9);
        let pictures = 1 + random.below(80);
        let (logits, truths) = any(&mut random, pictures, classes);
        let found = evaluate(&logits, classes, &truths, 3).unwrap().evaluation;
        let quality = Quality::of(&Scored::new(&logits, classes, &truths).unwrap());
        assert_eq!(found.confusion, quality.confusion.cells(), "round {round}");
        assert_eq!(found.most_confused, quality.confusion.most_confused(20), "round {round}");
        assert_eq!(found.top1.wilson, quality.accuracy_interval, "round {round}");
        let own: Vec<_> = found.classes.iter().map(|class| class.quality).collect();
        assert_eq!(own, quality.classes, "round {round}");
        let rows = logits.chunks(classes);
        let probabilities: Vec<f64> =
            rows.flat_map(|row| softmax(row.iter().map(|&logit| f64::from(logit)))).collect();
        let said = Reliability::of(&probabilities, classes, &truths).unwrap();
        let counts =
            |reliability: &Reliability| reliability.bins.iter().map(|bin| bin.count).collect::<Vec<_>>();
        assert_eq!(counts(&found.reliability), counts(&said), "round {round}");
        assert!((found.reliability.ece - said.ece).abs() < 1e-9, "round {round}");
    }
}

#[test]
fn a_rank_is_a_place_in_the_top() {
    let mut random = Random(22);
    for _ in 0..500 {
        let classes = 1 + random.below(12);
        let logits: Vec<f32> = (0..classes).map(|_| random.below(4) as f32).collect();
        let mut sorted: Vec<u32> = (0..classes as u32).collect();
        sorted.sort_by(|&one, &other| {
            logits[other as usize].total_cmp(&logits[one as usize]).then(other.cmp(&one))
        });
        let mut places = [99; ranking::TOP];
        let filled = ranking::top(&logits, &mut places);
        assert_eq!(filled, classes.min(5));
        assert_eq!(places[..filled], sorted[..filled], "{logits:?}");
        for (rank, &class) in sorted.iter().enumerate() {
            assert_eq!(ranking::rank(&logits, class as usize), rank as u32, "{logits:?}: {class}");
        }
    }
}

#[test]
fn a_seed_decides_the_intervals_and_nothing_else() {
    let (logits, truths) = any(&mut Random(23), 200, 6);
    let of = |seed| evaluate(&logits, 6, &truths, seed).unwrap();
    let (one, same, other) = (of(7), of(7), of(8));
    assert_eq!(one, same);
    let (one, other) = (one.evaluation, other.evaluation);
    assert!(one.top1.bootstrap != other.top1.bootstrap || one.top5.bootstrap != other.top5.bootstrap);
    let (map, other_map) = (one.mean_average_precision.unwrap(), other.mean_average_precision.unwrap());
    assert!(map.interval != other_map.interval && map.value == other_map.value);
    assert_eq!((one.top1.share, &one.classes), (other.top1.share, &other.classes));
    for (of, interval) in [(one.top1.share, one.top1.bootstrap), (map.corrected, map.interval)] {
        assert!(interval.low < of && of < interval.high, "{of}: {interval:?}");
    }
}

#[test]
fn intervals_of_map_hold_that_of_many_pictures() {
    let mut random = Random(26);
    let mut map = |pictures: usize, seed: u64| {
        let truths: Vec<u32> = (0..pictures).map(|_| random.below(10) as u32).collect();
        let mut logits: Vec<f32> = (0..pictures * 10).map(|_| 2.0 * normal(&mut random) as f32).collect();
        logits.chunks_mut(10).zip(&truths).for_each(|(row, &truth)| row[truth as usize] += 2.0);
        evaluate(&logits, 10, &truths, seed).unwrap().evaluation.mean_average_precision.unwrap()
    };
    let truth = map(50_000, 0).value;
    let few: Vec<_> = (0..100).map(|seed| map(200, seed)).collect();
    // 93 in a long trial; of percentile intervals 60.
    let held = few.iter().filter(|map| map.interval.low <= truth && truth <= map.interval.high).count();
    assert!((84..=99).contains(&held), "{held} times in 100");
    let mean = |of: fn(&MeanAveragePrecision) -> f64| few.iter().map(of).sum::<f64>() / 100.0;
    let (value, corrected) = (mean(|map| map.value), mean(|map| map.corrected));
    let (bias, left) = (value - truth, (corrected - truth).abs());
    assert!(bias > 0.02 && left < bias * 2.0 / 3.0, "{value}, {corrected} of {truth}");
}

#[test]
fn a_tally_without_probabilities_says_the_rest() {
    let (logits, truths) = any(&mut Random(24), 90, 7);
    let mut tally = Tally::new(7, false).unwrap();
    for (row, &truth) in logits.chunks(7).zip(&truths) {
        tally.push(row, truth).unwrap();
    }
    assert_eq!(tally.len(), 90);
    let (found, mut said) = (tally.finish(5).unwrap(), evaluate(&logits, 7, &truths, 5).unwrap());
    assert!(said.evaluation.mean_average_precision.take().is_some());
    said.evaluation.classes.iter_mut().for_each(|class| class.average_precision = None);
    assert_eq!(found, said);
}

#[test]
fn what_is_almost_certain_keeps_its_order() {
    // Probabilities of 1 − e⁻⁶⁰, 1 − e⁻⁵⁰ and 1 − e⁻⁴⁰, all of them 1 in f64 as well; the least sure is wrong.
    let logits = [60.0, 0.0, 50.0, 0.0, 40.0, 0.0, 0.0, 1.0];
    let found = evaluate(&logits, 2, &[0, 0, 1, 1], 1).unwrap();
    assert_eq!(found.pictures.probabilities[..3], [1.0; 3]);
    assert_eq!(found.evaluation.classes[0].average_precision, Some(1.0));
    let logits = [40.0, 0.0, 50.0, 0.0, 60.0, 0.0, 0.0, 1.0];
    let found = evaluate(&logits, 2, &[0, 0, 1, 1], 1).unwrap();
    // Precision 1/2 and 2/3.
    let ap = found.evaluation.classes[0].average_precision.unwrap();
    assert!((ap - (0.5 + 2.0 / 3.0) / 2.0).abs() < 1e-12, "{ap}");
    // Far apart as well: nothing becomes infinite.
    let far = evaluate(&[-5000.0, 5000.0], 2, &[0], 1).unwrap().evaluation;
    assert_eq!((far.reliability.log_loss, far.top1.correct), (10_000.0, 0));
}

#[test]
fn json_has_these_names() {
    let (logits, truths) = any(&mut Random(25), 30, 3);
    let json = serde_json::to_value(evaluate(&logits, 3, &truths, 1).unwrap().evaluation).unwrap();
    for name in [
        "/pictures",
        "/top1/k",
        "/top1/correct",
        "/top5/wilson/low",
        "/top5/bootstrap/high",
        "/balancedAccuracy",
        "/meanAveragePrecision/interval/low",
        "/classes/0/examples",
        "/classes/0/answered",
        "/classes/0/recallInterval/high",
        "/classes/0/averagePrecision",
        "/confusion/0/truth",
        "/reliability/logLoss",
        "/reliability/eceInterval/low",
        "/seed",
    ] {
        assert!(json.pointer(name).is_some_and(|value| value.is_number()), "{name} in {json}");
    }
}

#[test]
fn wrong_arguments_are_refused() {
    assert_eq!(evaluate(&[1.0], 1, &[0], 1).unwrap_err(), Error::Classes(1));
    assert!(evaluate(&[], 2, &[], 1).is_err());
    assert!(evaluate(&[1.0, 2.0, 3.0], 2, &[0], 1).is_err());
    assert!(evaluate(&[1.0, f32::NAN], 2, &[0], 1).is_err());
    assert!(evaluate(&[1.0, 2.0], 2, &[2], 1).is_err());
    assert!(Tally::new(3, true).unwrap().push(&[1.0, 2.0], 0).is_err());
    assert!(Tally::new(3, true).unwrap().finish(1).is_err());
}
