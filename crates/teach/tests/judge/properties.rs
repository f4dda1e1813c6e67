//! What holds of any numbers.

use semblance_teach::Scored;
use semblance_teach::calibration::calibrate;
use semblance_teach::mistakes::find_mistakes;
use semblance_teach::open_set::{auroc, choose_threshold, coverage_risk};
use semblance_teach::quality::{Quality, most_doubtful};
use semblance_teach::random::Random;
use semblance_teach::reliability::{Outcome, Reliability};
use semblance_teach::scored::{log_sum_exp, softmax};
use semblance_teach::temperature::{LEAST, MOST, Mark, fit_temperature, fit_temperature_marked};
use semblance_teach::vector_scaling::fit_vector_scaling;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

struct Any {
    classes: usize,
    logits: Vec<f32>,
    labels: Vec<u32>,
}

impl Any {
    /// 2 to 7 classes, up to `most` examples, right more often than not, logits up to ±`scale`.
    fn new(random: &mut Random, most: usize, scale: f32) -> Self {
        let classes = 2 + random.below(6);
        let examples = 2 + random.below(most - 1);
        let labels: Vec<u32> = (0..examples).map(|_| random.below(classes) as u32).collect();
        let mut number = || random.below(2001) as f32 / 1000.0 - 1.0;
        let mut logits: Vec<f32> = (0..examples * classes).map(|_| scale * number()).collect();
        for (row, &label) in logits.chunks_mut(classes).zip(&labels) {
            row[label as usize] += 0.7 * scale;
        }
        Self { classes, logits, labels }
    }

    fn scored(&self) -> Scored<'_> {
        Scored::new(&self.logits, self.classes, &self.labels).unwrap()
    }
}

fn loss(scored: &Scored, temperature: f64) -> f64 {
    let at = |logit: f32| f64::from(logit) / temperature;
    scored.rows().map(|(row, label)| log_sum_exp(row.iter().map(|&one| at(one))) - at(row[label])).sum()
}

fn wrong(scored: &Scored) -> usize {
    scored.len() - Quality::of(scored).correct
}

#[test]
fn a_temperature_is_a_minimum_and_undoes_a_scale() {
    let mut random = Random(11);
    for round in 0..200 {
        let scale = [0.1, 1.0, 30.0][round % 3];
        let any = Any::new(&mut random, 60, scale);
        let found = fit_temperature(&any.scored());
        assert!((LEAST..=MOST).contains(&found), "{found}");
        if wrong(&any.scored()) > 0 && found > LEAST && found < MOST {
            let least = loss(&any.scored(), found);
            for other in [found * 0.99, found * 1.01] {
                assert!(loss(&any.scored(), other) > least, "round {round}: {other} is better than {found}");
            }
        }
        let twice: Vec<f32> = any.logits.iter().map(|logit| logit * 2.0).collect();
        let twice = fit_temperature(&Scored::new(&twice, any.classes, &any.labels).unwrap());
        if found > LEAST && twice < MOST {
            assert!((twice / found - 2.0).abs() < 1e-6, "round {round}: {twice} of {found}");
        }
    }
}

#[test]
fn what_is_always_right_is_not_made_quite_sure() {
    for examples in [1, 2, 10, 100] {
        let logits: Vec<f32> = (0..examples).flat_map(|_| [2.0, 0.0]).collect();
        let labels = vec![0; examples];
        let found = fit_temperature(&Scored::new(&logits, 2, &labels).unwrap());
        // Laplace's rule: (n + 1) / (n + 2).
        let sure = 1.0 / (1.0 + (-2.0 / found).exp());
        let n = examples as f64;
        assert!((sure - (n + 1.0) / (n + 2.0)).abs() < 1e-6, "{examples}: {sure}");
    }
    let flat = [1.0; 6];
    assert_eq!(fit_temperature(&Scored::new(&flat, 3, &[0, 2]).unwrap()), 1.0);
    assert_eq!(fit_temperature(&Scored::new(&flat[..2], 1, &[0, 0]).unwrap()), 1.0);
}

#[test]
fn marks_move_a_temperature_as_they_should() {
    let fit = |marks: &[Mark]| {
        let logits: Vec<f32> = marks.iter().flat_map(|_| [3.0, 1.0, 0.0]).collect();
        fit_temperature_marked(&logits, 3, marks).unwrap()
    };
    assert_eq!(fit(&[]), 1.0);
    let (is, not) = (Mark::Is(0), Mark::IsNot(0));
    assert!(fit(&[is]) < 1.0 && fit(&[is; 8]) < fit(&[is]), "{} {}", fit(&[is]), fit(&[is; 8]));
    assert!(fit(&[not]) > 1.0 && fit(&[not; 8]) > fit(&[not]), "{} {}", fit(&[not]), fit(&[not; 8]));
    // Of two classes, not one is the other; and many marks outweigh the prior.
    let mut random = Random(12);
    let any = Any::new(&mut random, 40, 6.0);
    let labelled: Vec<Mark> = any.labels.iter().map(|&label| Mark::Is(label)).collect();
    let times = |count: usize| {
        let found = fit_temperature_marked(&any.logits.repeat(count), any.classes, &labelled.repeat(count));
        (found.unwrap() - fit_temperature(&any.scored())).abs()
    };
    assert!(
        wrong(&any.scored()) > 0 && times(100) < times(1) && times(100) < 1e-2,
        "{} {}",
        times(1),
        times(100)
    );
    let two = [2.0, -1.0, 0.5, 1.0];
    let is = fit_temperature_marked(&two, 2, &[Mark::Is(1), Mark::Is(0)]).unwrap();
    let not = fit_temperature_marked(&two, 2, &[Mark::IsNot(0), Mark::IsNot(1)]).unwrap();
    assert!((is - not).abs() < 1e-6, "{is} {not}");
    assert!(fit_temperature_marked(&two, 2, &[Mark::Is(2), Mark::Is(0)]).is_err());
    assert!(fit_temperature_marked(&two, 2, &[Mark::Is(1)]).is_err());
    assert!(fit_temperature_marked(&[1.0], 1, &[Mark::IsNot(0)]).is_err());
}

#[test]
fn vector_scaling_wants_enough_of_every_class() {
    let of = |counts: &[usize]| {
        let labels: Vec<u32> = counts.iter().zip(0..).flat_map(|(&n, class)| vec![class; n]).collect();
        let logits: Vec<f32> = (0..labels.len() * counts.len()).map(|at| (at * 37 % 17) as f32).collect();
        fit_vector_scaling(&Scored::new(&logits, counts.len(), &labels).unwrap(), 3.0).is_some()
    };
    assert_eq!([of(&[35, 5]), of(&[36, 4]), of(&[34, 5]), of(&[20, 20, 20])], [true, false, false, true]);
}

#[test]
fn figures_stay_in_their_ranges() {
    let mut random = Random(13);
    for round in 0..100 {
        let any = Any::new(&mut random, 50, [0.5, 5.0, 400.0][round % 3]);
        let rows = any.logits.chunks(any.classes);
        let probabilities: Vec<f64> =
            rows.flat_map(|row| softmax(row.iter().map(|&logit| f64::from(logit)))).collect();
        for row in probabilities.chunks(any.classes) {
            assert!((row.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        }
        let found = Reliability::of(&probabilities, any.classes, &any.labels).unwrap();
        let quality = Quality::of(&any.scored());
        assert_eq!(found.bins.iter().map(|bin| bin.count).sum::<usize>(), any.labels.len());
        assert_eq!(found.accuracy, quality.accuracy);
        assert!((0.0..=1.0).contains(&found.ece) && (0.0..=2.0).contains(&found.brier));
        assert!(found.log_loss.is_finite() && found.ece_interval.low <= found.ece_interval.high);
        // |accuracy − confidence| is what all bins in one would say.
        assert!(found.ece >= (found.accuracy - found.confidence).abs() - 1e-12);
        let interval = quality.accuracy_interval;
        assert!(interval.low <= quality.accuracy && quality.accuracy <= interval.high);
        let all = quality.confusion.cells().iter().map(|cell| cell.count).sum::<usize>();
        assert_eq!(all, any.labels.len());
        let doubts = most_doubtful(&any.logits, any.classes, usize::MAX).unwrap();
        assert!(doubts.windows(2).all(|pair| pair[0].margin <= pair[1].margin));
        assert!(doubts.iter().all(|one| one.margin >= 0.0 && one.answer != one.second));
        for mistake in find_mistakes(&probabilities, any.classes, &any.labels).unwrap() {
            assert_eq!(mistake.given, any.labels[mistake.example]);
            assert_ne!(mistake.given, mistake.likely);
        }
    }
}

#[test]
fn a_bins_upper_edge_is_its_own() {
    let sure = |confidence: f64| Outcome { confidence, correct: true, brier: 0.0, log_loss: 0.0 };
    let a_digit_above = 1.0 / 3.0 + 1e-15;
    let outcomes = [0.0, 1.0 / 15.0, 0.0667, a_digit_above, 1.0].map(sure);
    let bins = Reliability::of_outcomes(&outcomes).unwrap().bins;
    assert_eq!([0, 1, 4, 5, 14].map(|bin| bins[bin].count), [2, 1, 1, 0, 1]);
    assert!(Reliability::of_outcomes(&[]).is_err());
}

#[test]
fn calibrating_never_costs_held_out_loss() {
    let mut random = Random(14);
    let mut gained = 0;
    for round in 0..60 {
        let any = Any::new(&mut random, 120, [1.0, 5.0, 25.0][round % 3]);
        let folds: Vec<u32> = (0..any.labels.len()).map(|example| (example % 2) as u32 * 9).collect();
        let found = calibrate(&any.scored(), &folds).unwrap();
        assert!(found.after.log_loss <= found.before.log_loss);
        gained += usize::from(found.after.log_loss < 0.9 * found.before.log_loss);
    }
    assert!(gained > 20, "{gained}");
}

#[test]
fn scores_of_any_kind() {
    let mut random = Random(16);
    for _ in 0..100 {
        let count = 1 + random.below(400);
        let mut scores = || -> Vec<f64> { (0..count).map(|_| random.below(60) as f64 / 8.0).collect() };
        let (known, unknown) = (scores(), scores());
        let correct: Vec<bool> = known.iter().map(|&score| score * 37.0 % 5.0 > 1.0).collect();
        let points = coverage_risk(&known, &correct).unwrap();
        let last = points.last().unwrap();
        let errors = correct.iter().filter(|&&right| !right).count() as f64 / count as f64;
        assert_eq!((last.coverage, last.risk), (1.0, errors));
        assert!(points.windows(2).all(|pair| pair[0].coverage < pair[1].coverage));
        assert!(points.windows(2).all(|pair| pair[0].threshold > pair[1].threshold));
        // How often one is above the other, pair by pair.
        let pairs = known.iter().flat_map(|one| unknown.iter().map(move |other| (one, other)));
        let wins: f64 =
            pairs.map(|(one, other)| f64::from(one > other) + f64::from(one == other) / 2.0).sum();
        assert!((auroc(&known, &unknown) - wins / (count * count) as f64).abs() < 1e-12);
        assert!((auroc(&known, &unknown) + auroc(&unknown, &known) - 1.0).abs() < 1e-12);
        let found = choose_threshold(&known, &correct, &unknown).unwrap();
        let accepted = known.iter().filter(|&&score| score >= found.threshold).count() as f64 / count as f64;
        let refused = unknown.iter().filter(|&&score| score < found.threshold).count() as f64 / count as f64;
        assert_eq!((found.coverage, found.background_refused), (accepted, Some(refused)));
        assert!(accepted >= 0.9);
    }
}
