//! What JavaScript calls; the only file here that knows it. What has many fields crosses as JSON.

use js_sys::{Float32Array, Object, Reflect};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::classifier;
use crate::examples::{Examples, Words};
use crate::learning::{expected, learning_point, shots};
use crate::method::{Method, Setting};
use crate::report::{Background, conclude};
use crate::teaching;
use crate::temperature::{Mark, fit_temperature_marked};
use crate::{Error, Result};

impl From<Error> for JsValue {
    fn from(error: Error) -> Self {
        let js = js_sys::Error::new(&error.to_string());
        js.set_name(error.name());
        js.into()
    }
}

type JsResult<T> = std::result::Result<T, JsValue>;

/// Teaching that is under way.
#[wasm_bindgen]
pub struct Teaching {
    under_way: Option<teaching::Teaching>,
    names: Vec<String>,
    wanted: Option<Method>,
}

#[wasm_bindgen]
impl Teaching {
    /// `vectors`: of the examples, one after another; `words`: of the classes, or none at all; `method`: a name, or empty for
    /// the best.
    #[wasm_bindgen(constructor)]
    pub fn new(
        vectors: Vec<f32>,
        dim: u32,
        labels: Vec<u32>,
        names: Vec<String>,
        words: Vec<f32>,
        logit_scale: f32,
        method: &str,
    ) -> JsResult<Self> {
        let (dim, classes) = (dim as usize, names.len());
        let examples = Examples::new(vectors, dim, labels, classes)?;
        let words = if words.is_empty() { None } else { Some(Words::new(words, dim, classes, logit_scale)?) };
        let wanted = if method.is_empty() { None } else { Some(Method::of(method)?) };
        let under_way = Some(teaching::Teaching::new(examples, words, wanted, &names)?);
        Ok(Self { under_way, names, wanted })
    }

    /// Whether there is more to do.
    pub fn step(&mut self) -> JsResult<bool> {
        Ok(self.under_way.as_mut().ok_or_else(over)?.step()?)
    }

    /// From 0 to 1.
    pub fn progress(&self) -> f64 {
        self.under_way.as_ref().map_or(1.0, teaching::Teaching::progress)
    }

    /// After all steps. `captions` and `pictures`: vectors of what is of no class; `prompts`: of the classes, or none.
    pub fn finish(
        &mut self,
        captions: Vec<f32>,
        pictures: Vec<f32>,
        prompts: Vec<String>,
        model: String,
    ) -> JsResult<Taught> {
        let taught = self.under_way.take().ok_or_else(over)?.finish(self.wanted)?;
        let background = Background { captions, pictures };
        let (classifier, report) = conclude(&taught, background, self.names.clone(), prompts, model)?;
        let report = json(&report)?;
        Ok(Taught {
            classifier: Some(Classifier(classifier)),
            report,
            learner: taught.learner(),
            examples: taught.examples,
            words: taught.words,
        })
    }
}

fn over() -> Error {
    Error::Argument("this teaching is over".into())
}

/// What came of it, and what it came of.
#[wasm_bindgen]
pub struct Taught {
    classifier: Option<Classifier>,
    report: String,
    examples: Examples,
    words: Option<Words>,
    learner: Setting,
}

#[wasm_bindgen]
impl Taught {
    /// Once.
    pub fn classifier(&mut self) -> Option<Classifier> {
        self.classifier.take()
    }

    /// JSON.
    pub fn report(&self) -> String {
        self.report.clone()
    }

    /// The numbers of examples a class that the learning curve has points for.
    pub fn shots(&self) -> Vec<u32> {
        shots(&self.examples).into_iter().map(|shots| shots as u32).collect()
    }

    /// A point of it, JSON.
    pub fn learning_point(&self, shots: u32) -> JsResult<String> {
        let words = self.words.as_ref();
        Ok(json(&learning_point(&self.examples, words, self.learner, shots as usize)?)?)
    }
}

/// What twice as many examples as in the last point may bring; `accuracies` of so many `shots`.
#[wasm_bindgen]
pub fn expected_accuracy(shots: &[u32], accuracies: &[f64]) -> Option<f64> {
    let points = shots.iter().zip(accuracies).map(|(&shots, &accuracy)| (shots as usize, accuracy));
    expected(&points.collect::<Vec<_>>())
}

/// A classifier that was taught.
#[wasm_bindgen]
pub struct Classifier(classifier::Classifier);

#[wasm_bindgen]
impl Classifier {
    pub fn from_bytes(bytes: &[u8]) -> JsResult<Self> {
        Ok(Self(classifier::Classifier::from_bytes(bytes)?))
    }

    pub fn to_bytes(&self) -> JsResult<Vec<u8>> {
        Ok(self.0.to_bytes()?)
    }

    /// JSON.
    pub fn about(&self) -> JsResult<String> {
        Ok(json(&self.0.about)?)
    }

    pub fn dim(&self) -> u32 {
        self.0.dim() as u32
    }

    /// Below it `known` is none of the classes; none refuses nothing.
    pub fn set_threshold(&mut self, threshold: Option<f64>) {
        self.0.about.threshold = threshold.filter(|threshold| threshold.is_finite());
    }

    /// `{ probabilities, known }`.
    pub fn classify(&self, vectors: Vec<f32>) -> JsResult<Object> {
        let answers = self.0.classify(vectors)?;
        let object = Object::new();
        for (name, numbers) in [("probabilities", &answers.probabilities), ("known", &answers.known)] {
            // Setting a field of a fresh plain object cannot fail.
            let _ = Reflect::set(&object, &JsValue::from_str(name), &Float32Array::from(&numbers[..]).into());
        }
        Ok(object)
    }
}

/// The temperature for logits that people have marked: of each row a class, and whether that is right.
#[wasm_bindgen]
pub fn temperature_of_marks(logits: &[f32], classes: u32, marked: &[u32], right: &[u8]) -> JsResult<f64> {
    let marks = marked
        .iter()
        .zip(right)
        .map(|(&class, &right)| if right != 0 { Mark::Is(class) } else { Mark::IsNot(class) });
    Ok(fit_temperature_marked(logits, classes as usize, &marks.collect::<Vec<_>>())?)
}

fn json(what: &impl Serialize) -> Result<String> {
    serde_json::to_string(what).map_err(|error| Error::Argument(error.to_string()))
}
