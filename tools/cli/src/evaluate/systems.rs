//! What is compared: a CLIP with a template or with a head that was taught, and baselines, which answer by themselves.

use std::collections::HashMap;

use anyhow::{Context, Result, bail, ensure};
use rayon::prelude::*;
use semblance::measure::ZeroShot;
use semblance::{Classifier, Error};

use super::settings::{Named, Settings};
use crate::model::hash;

/// Less than the probability of any class, so that its logarithm is a number.
const LEAST: f32 = f32::MIN_POSITIVE;

/// From the numbers that are kept of a picture to a logit a class.
pub struct System {
    pub name: String,
    /// In words.
    pub about: String,
    /// Whose numbers it takes, a place among the stores.
    pub eye: usize,
    pub answering: Answering,
}

pub enum Answering {
    ZeroShot(ZeroShot),
    Head(Box<Head>),
    /// What is kept are logits.
    Itself,
}

impl System {
    /// `vectors`: of the system's eye.
    ///
    /// Errors: a head cannot take a vector.
    pub fn logits(&self, vectors: Vec<Vec<f32>>) -> Result<Vec<Vec<f32>>> {
        match &self.answering {
            Answering::ZeroShot(zero_shot) => {
                Ok(vectors.par_iter().map(|vector| zero_shot.logits(vector)).collect())
            }
            Answering::Head(head) => head.logits(&vectors),
            Answering::Itself => Ok(vectors),
        }
    }
}

/// A head, and which of the classes each of its own is.
#[derive(Clone)]
pub struct Head {
    classifier: Classifier,
    places: HashMap<String, usize>,
}

impl Head {
    /// Its logarithms of probabilities, which softmax turns back into those.
    fn logits(&self, vectors: &[Vec<f32>]) -> Result<Vec<Vec<f32>>> {
        let mut rows = Vec::with_capacity(vectors.len());
        for answer in self.classifier.classify_vectors(vectors)? {
            let mut row = vec![0.0; self.places.len()];
            for score in answer.scores {
                row[self.places[score.label]] = score.probability.max(LEAST).ln();
            }
            rows.push(row);
        }
        Ok(rows)
    }
}

/// Each head with the place of the model that it was taught with.
///
/// Errors: a file is no classifier, its model is none of these, or its classes are others.
pub fn heads(settings: &Settings) -> Result<Vec<(usize, Head)>> {
    settings.classifiers.iter().map(|file| head(settings, file)).collect()
}

fn head(settings: &Settings, file: &Named) -> Result<(usize, Head)> {
    let name = file.path.display();
    for (at, model) in settings.models.iter().enumerate() {
        match Classifier::open(&file.path, hash(&model.sha256)?) {
            Ok(classifier) => {
                let places = places(&classifier.about().classes, settings)
                    .with_context(|| format!("--classifier {name} does not fit the pictures"))?;
                return Ok((at, Head { classifier, places }));
            }
            Err(Error::Teach(error)) if error.name() == "ModelError" => {}
            Err(error) => return Err(error).with_context(|| format!("--classifier {name} cannot be used")),
        }
    }
    bail!("--classifier {name} was taught with another model: name that with --model")
}

/// Of each of a head's classes the place among the pictures', by its folder's name or its label.
fn places(own: &[String], settings: &Settings) -> Result<HashMap<String, usize>> {
    let classes = &settings.pictures.classes;
    ensure!(own.len() == classes.len(), "it knows {} classes, and there are {}", own.len(), classes.len());
    let place = |name: &String| {
        let named = |class: &String| class == name || class.replace('_', " ") == *name;
        let at = classes.iter().position(named);
        let at = at.or_else(|| settings.labels.iter().position(|label| label == name));
        let at = at.with_context(|| format!("none of the pictures' classes is its “{name}”"))?;
        Ok((name.clone(), at))
    };
    let places: HashMap<String, usize> = own.iter().map(place).collect::<Result<_>>()?;
    let mut all: Vec<usize> = places.values().copied().collect();
    all.sort_unstable();
    all.dedup();
    ensure!(all.len() == classes.len(), "two of its classes are one of the pictures'");
    Ok(places)
}
