//! What is known of a classifier once it was taught: which methods were tried and how they did, how good the chosen one is and
//! where not, how far its scores can be believed. All of it by held-out examples, each answered by what was taught without it.

use ndarray::Array2;
use serde::Serialize;

use crate::calibration::{Calibrated, Calibration, Kind, calibrate};
use crate::classifier::{About, Captions, Classifier, known};
use crate::error::Result;
use crate::examples::unit_rows;
use crate::interval::{Interval, wilson};
use crate::method::{Method, Setting};
use crate::mistakes::{Mistake, find_mistakes};
use crate::open_set::{Point, Threshold, auroc, choose_threshold, coverage_risk};
use crate::quality::{Doubt, Need, Quality, most_doubtful};
use crate::reliability::Reliability;
use crate::scored::{Scored, best, softmax};
use crate::teaching::{Skipped, Taught};

/// Fewer held-out examples say nothing of calibration.
const CALIBRATED_FROM: usize = 4;
const DOUBTFUL_AT_MOST: usize = 100;

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    pub examples: usize,
    /// Of each class.
    pub counts: Vec<usize>,
    /// How many times examples were held out; as many as there are examples: one at a time.
    pub folds: usize,
    pub methods: Vec<MethodReport>,
    pub setting: Setting,
    /// Whose learning curve there is: [`Taught::learner`].
    pub learner: Setting,
    /// None where no example was held out.
    pub judged: Option<Judged>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MethodReport {
    pub method: Method,
    /// What its setting would be; none where it was skipped.
    pub setting: Option<Setting>,
    pub skipped: Option<Skipped>,
    pub accuracy: Option<f64>,
    pub interval: Option<Interval>,
    /// Mean log loss, by which methods are compared.
    pub log_loss: Option<f64>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Judged {
    /// Which examples were held out, and what was answered: their places, answers and the answer's calibrated probability.
    pub places: Vec<usize>,
    pub answers: Vec<u32>,
    pub confidences: Vec<f64>,
    pub quality: Quality,
    pub needs: Vec<Need>,
    pub doubtful: Vec<Doubt>,
    pub mistakes: Vec<Mistake>,
    pub kind: Kind,
    pub before: Reliability,
    pub after: Reliability,
    pub open_set: OpenSet,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OpenSet {
    pub threshold: Threshold,
    pub curve: Vec<Point>,
    /// How often one of the examples is better known than one of the background; none where there is no background.
    pub auroc: Option<f64>,
    /// Scores of the background, in order.
    pub background: Vec<f64>,
}

/// What is of no class: vectors of captions that mean nothing in particular, with the model's logit scale, and of pictures. Both one after
/// another, and either may be empty.
#[derive(Clone, Debug, Default)]
pub struct Background {
    pub captions: Vec<f32>,
    pub pictures: Vec<f32>,
}

/// The classifier, and what is known of it. `names`: the classes'; `prompts`: their words, or none; `model`: the hash of its
/// weights.
///
/// Errors: vectors of the background that do not fit.
pub fn conclude(
    taught: &Taught,
    background: Background,
    names: Vec<String>,
    prompts: Vec<String>,
    model: String,
) -> Result<(Classifier, Report)> {
    let (examples, words) = (&taught.examples, taught.words.as_ref());
    let head = taught.setting.fit(examples, words)?;
    let captions = match words {
        Some(words) if !background.captions.is_empty() => Some(Captions {
            vectors: unit_rows(background.captions, examples.dim())?,
            scale: words.logit_scale() / taught.temperature as f32,
        }),
        _ => None,
    };
    let mut about = About {
        classes: names,
        model,
        prompts,
        setting: taught.setting,
        examples: examples.len(),
        accuracy: None,
        threshold: None,
        calibration: Calibration::temperature(taught.temperature),
    };
    let mut judged = None;
    let mut classifier = Classifier { about: about.clone(), head, captions };
    if taught.labels.len() >= CALIBRATED_FROM {
        let pictures = match background.pictures.is_empty() {
            true => Array2::zeros((0, examples.dim())),
            false => unit_rows(background.pictures, examples.dim())?,
        };
        let found = judge(taught, &mut classifier, &pictures)?;
        about = classifier.about.clone();
        judged = Some(found);
    }
    classifier.about = about;
    let report = Report {
        examples: examples.len(),
        counts: examples.counts(),
        folds: taught.folds,
        methods: methods(taught)?,
        setting: taught.setting,
        learner: taught.learner(),
        judged,
    };
    Ok((classifier, report))
}

fn methods(taught: &Taught) -> Result<Vec<MethodReport>> {
    let mut all = Vec::new();
    for tried in &taught.tried {
        let count = tried.trial.losses.len();
        let logits = &tried.trial.logits;
        let right = logits.rows().into_iter().zip(&taught.labels);
        let right = right.filter(|(row, label)| best(&row.to_vec()) == **label as usize).count();
        let some = count > 0;
        all.push(MethodReport {
            method: tried.setting.method(),
            setting: Some(tried.setting),
            skipped: None,
            accuracy: some.then(|| right as f64 / count as f64),
            interval: some.then(|| wilson(right, count)),
            log_loss: some.then(|| tried.trial.losses.iter().sum::<f64>() / count as f64),
        });
    }
    for &(method, why) in &taught.skipped {
        let skipped = Some(why);
        all.push(MethodReport {
            method,
            setting: None,
            skipped,
            accuracy: None,
            interval: None,
            log_loss: None,
        });
    }
    Ok(all)
}

/// Calibrate by what was held out, and say all that it says.
fn judge(taught: &Taught, classifier: &mut Classifier, pictures: &Array2<f32>) -> Result<Judged> {
    let classes = taught.examples.classes();
    let flat: Vec<f32> = taught.logits.iter().copied().collect();
    let scored = Scored::new(&flat, classes, &taught.labels)?;
    let Calibrated { calibration, kind, after, .. } = calibrate(&scored, &taught.turns)?;
    // A temperature was found for every setting that was tried: that one is enough.
    let kind = if kind == Kind::AsIs { Kind::Temperature } else { kind };
    let before = Reliability::of(&probabilities(&taught.raw), classes, &taught.labels)?;

    let mut logits = taught.logits.clone();
    for mut row in logits.rows_mut() {
        if let Some(row) = row.as_slice_mut() {
            calibration.apply(row);
        }
    }
    let probabilities = probabilities(&logits);
    let calibrated: Vec<f32> = logits.iter().copied().collect();
    let scored = Scored::new(&calibrated, classes, &taught.labels)?;
    let answers: Vec<u32> = scored.rows().map(|(row, _)| best(row) as u32).collect();
    let confidences = probabilities.chunks(classes).zip(&answers).map(|(row, &answer)| row[answer as usize]);
    let correct: Vec<bool> =
        answers.iter().zip(&taught.labels).map(|(answer, label)| answer == label).collect();
    let quality = Quality::of(&scored);

    // The classifier's own calibration takes logits as its head gives them.
    let scale = (1.0 / taught.temperature) as f32;
    classifier.about.calibration = Calibration {
        scale: calibration.scale.iter().map(|own| own * scale).collect(),
        bias: calibration.bias,
    };
    let held_out = taught.examples.select(&taught.places);
    let known = known(held_out.vectors(), &logits, classifier.captions.as_ref());
    let mut unknown = Vec::new();
    if pictures.nrows() > 0 {
        let mut logits = classifier.head.logits(pictures.view());
        unknown = classifier.finish(pictures.view(), &mut logits)?;
        unknown.sort_by(f64::total_cmp);
    }
    let threshold = choose_threshold(&known, &correct, &unknown)?;
    classifier.about.threshold = Some(threshold.threshold);
    classifier.about.accuracy = Some(quality.accuracy);
    let in_examples = |row: usize| taught.places[row];
    let mut doubtful = most_doubtful(&calibrated, classes, DOUBTFUL_AT_MOST)?;
    doubtful.iter_mut().for_each(|doubt| doubt.example = in_examples(doubt.example));
    let mut mistakes = find_mistakes(&probabilities, classes, &taught.labels)?;
    mistakes.iter_mut().for_each(|mistake| mistake.example = in_examples(mistake.example));
    Ok(Judged {
        confidences: confidences.collect(),
        needs: quality.needs(),
        open_set: OpenSet {
            threshold,
            curve: coverage_risk(&known, &correct)?,
            auroc: (!unknown.is_empty()).then(|| auroc(&known, &unknown)),
            background: unknown,
        },
        places: taught.places.clone(),
        answers,
        quality,
        doubtful,
        mistakes,
        kind,
        before,
        after,
    })
}

/// Row after row.
fn probabilities(logits: &Array2<f32>) -> Vec<f64> {
    let rows = logits.rows().into_iter();
    rows.flat_map(|row| softmax(row.iter().map(|&logit| f64::from(logit)))).collect()
}
