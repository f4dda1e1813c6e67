//! What JavaScript calls; the only file here that knows it. What has many fields crosses as JSON.

use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;

use crate::banks::Bank;
use crate::question::{Asked, Own};
use crate::{Error, Result, banks, describer, judgement, question};

impl From<Error> for JsValue {
    fn from(error: Error) -> Self {
        let js = js_sys::Error::new(&error.to_string());
        js.set_name(error.name());
        js.into()
    }
}

type JsResult<T> = std::result::Result<T, JsValue>;

/// `[{ phrase, bank }]`, JSON; `model`: the name of the one whose words they must be.
#[wasm_bindgen]
pub fn phrases(model: Option<String>) -> JsResult<String> {
    Ok(json(&banks::banks(model.as_deref()))?)
}

/// What is embedded of each of the phrases, `[{ phrase, bank }]`, JSON.
#[wasm_bindgen]
pub fn prompts(phrases: &str) -> JsResult<Vec<String>> {
    let lines = parsed::<Vec<Line>>(phrases)?;
    Ok(lines.iter().map(|line| line.bank.prompt(&line.phrase)).collect())
}

#[derive(Deserialize)]
struct Line {
    phrase: String,
    bank: Bank,
}

/// Phrases with their vectors.
#[wasm_bindgen]
pub struct Describer(describer::Describer);

#[wasm_bindgen]
impl Describer {
    /// `phrases`: `[{ phrase, bank }]`, JSON; `vectors`: one of `width` numbers for each.
    #[wasm_bindgen(constructor)]
    pub fn new(phrases: &str, vectors: Vec<f32>, width: u32) -> JsResult<Self> {
        let phrases =
            parsed::<Vec<Line>>(phrases)?.into_iter().map(|line| (line.bank, line.phrase)).collect();
        Ok(Self(describer::Describer::new(phrases, vectors, width as usize)?))
    }

    /// `options`: `{ mode, beam, max, without }`, JSON. `{ parts: [{ phrase, gain }], text, cosine }`, JSON.
    pub fn describe(&self, image: &[f32], options: &str) -> JsResult<String> {
        Ok(json(&self.0.describe(image, &parsed(options)?)?)?)
    }
}

/// What a question is made into, JSON; `model` as in [`phrases`].
#[wasm_bindgen]
pub fn read(
    question: &str,
    answers: Vec<String>,
    template: Option<String>,
    model: Option<String>,
) -> JsResult<String> {
    let own = Own { answers: &answers, template: template.as_deref() };
    Ok(json(&question::read(question, own, model.as_deref())?)?)
}

/// `asked`: what [`read`] gave; `statements`: the vectors of all its statements, and then of those that say nothing. JSON.
#[wasm_bindgen]
pub fn judge(asked: &str, image: &[f32], statements: &[f32], logit_scale: f32) -> JsResult<String> {
    let asked: Asked = parsed(asked)?;
    Ok(json(&judgement::judge(&asked, &judgement::cosines(image, statements)?, logit_scale)?)?)
}

fn json(what: &impl Serialize) -> Result<String> {
    serde_json::to_string(what).map_err(|error| Error::Argument(error.to_string()))
}

fn parsed<T: serde::de::DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|error| Error::Argument(error.to_string()))
}
