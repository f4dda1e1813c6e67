//! What can be said of a model on pictures whose classes are known.

use semblance_teach::interval::{Interval, percentile, wilson};
use semblance_teach::quality::Cell;
use semblance_teach::random::Random;
use semblance_teach::reliability::{Outcome, Reliability};
use serde::Serialize;

use crate::error::{Result, wrong};
use crate::evaluating::average_precision::{MeanAveragePrecision, average_precisions};
use crate::evaluating::classes::{ClassEvaluation, class_evaluations, confusion, most_confused};
use crate::evaluating::pictures::Pictures;
use crate::statistics::resampling::resamples;

/// As many mistakes are named.
const MOST_CONFUSED: usize = 20;

/// A share of the pictures, and between what that of all such pictures lies 95 times in 100.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Share {
    /// Pictures whose truth is among the first `k` classes.
    pub k: usize,
    pub correct: usize,
    /// `correct` / pictures.
    pub share: f64,
    pub wilson: Interval,
    /// The percentile interval over draws of pictures.
    pub bootstrap: Interval,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Evaluation {
    pub pictures: usize,
    pub top1: Share,
    /// Of all classes where there are fewer than five.
    pub top5: Share,
    /// The mean recall of the classes that have pictures.
    pub balanced_accuracy: f64,
    /// `None` where probabilities were not kept.
    pub mean_average_precision: Option<MeanAveragePrecision>,
    pub classes: Vec<ClassEvaluation>,
    /// Sparse, sorted by truth, then by answer.
    pub confusion: Vec<Cell>,
    /// Up to 20, the most frequent first.
    pub most_confused: Vec<Cell>,
    /// With the log loss in nats, and how sure the model is on average (`confidence`).
    pub reliability: Reliability,
    /// Of the intervals of `top1` and `top5`.
    pub resamples: usize,
    pub seed: u64,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Evaluated {
    pub evaluation: Evaluation,
    pub pictures: Pictures,
}

/// `outcomes`, `truths` and all in `pictures`: one a picture; `log_probabilities`: `pictures × classes`.
///
/// Errors: no picture.
pub(crate) fn conclude(
    classes: usize,
    truths: &[u32],
    pictures: Pictures,
    outcomes: &[Outcome],
    log_probabilities: Option<&[f32]>,
    seed: u64,
) -> Result<Evaluated> {
    if truths.is_empty() {
        return wrong("an evaluation on no picture");
    }
    let precisions = log_probabilities.map(|log_p| average_precisions(log_p, classes, truths, seed));
    let confusion = confusion(truths, &pictures.answers);
    let own = precisions.as_ref().map_or(&[][..], |precisions| &precisions.classes);
    let classes = class_evaluations(&confusion, classes, own);
    let recalls: Vec<f64> = classes.iter().filter_map(|class| class.quality.recall).collect();
    let [top1, top5] = shares(&pictures.ranks, [1, pictures.top_of], seed);
    let evaluation = Evaluation {
        pictures: truths.len(),
        top1,
        top5,
        balanced_accuracy: recalls.iter().sum::<f64>() / recalls.len() as f64,
        mean_average_precision: precisions.map(|precisions| precisions.mean),
        classes,
        most_confused: most_confused(&confusion, MOST_CONFUSED),
        confusion,
        reliability: Reliability::of_outcomes(outcomes)?,
        resamples: resamples(truths.len()),
        seed,
    };
    Ok(Evaluated { evaluation, pictures })
}

/// The shares of pictures whose truth is among the first k, for two k, on the same draws.
fn shares(ranks: &[u32], k: [usize; 2], seed: u64) -> [Share; 2] {
    let n = ranks.len();
    let among: Vec<[u32; 2]> = ranks.iter().map(|&rank| k.map(|k| u32::from((rank as usize) < k))).collect();
    let sum = |sum: [u32; 2], one: &[u32; 2]| [sum[0] + one[0], sum[1] + one[1]];
    let correct = among.iter().fold([0; 2], sum);
    let mut random = Random(seed);
    let mut drawn = |_| (0..n).map(|_| &among[random.below(n)]).fold([0; 2], sum);
    let drawn: Vec<[u32; 2]> = (0..resamples(n)).map(&mut drawn).collect();
    [0, 1].map(|at| {
        let correct = correct[at] as usize;
        let resampled = drawn.iter().map(|counts| f64::from(counts[at]) / n as f64).collect();
        Share {
            k: k[at],
            correct,
            share: correct as f64 / n as f64,
            wilson: wilson(correct, n),
            bootstrap: percentile(resampled),
        }
    })
}
