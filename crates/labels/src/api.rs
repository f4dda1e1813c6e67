//! What JavaScript calls; the only file here that knows it. What has many fields crosses as JSON.

use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;

use crate::context::{Context, Fit};
use crate::finding::Fix;
use crate::vocabulary::Vocabulary;
use crate::{Error, Result, threshold};

impl From<Error> for JsValue {
    fn from(error: Error) -> Self {
        let js = js_sys::Error::new(&error.to_string());
        js.set_name(error.name());
        js.into()
    }
}

type JsResult<T> = std::result::Result<T, JsValue>;

/// As [`Context`], but for the cosines; `vocabulary` is a model's name.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Request {
    labels: Vec<String>,
    template: String,
    english: bool,
    vocabulary: Option<String>,
    tokens: Option<Vec<usize>>,
    context_length: Option<usize>,
    threshold: Option<f32>,
    fits: Option<Vec<Fit>>,
}

/// The findings, JSON, of a request, JSON: `{ labels, template, english, vocabulary?, tokens?, contextLength?, threshold?,
/// fits? }`. `cosines`: of the labels' prompts with one another, or empty.
#[wasm_bindgen]
pub fn check(request: &str, cosines: &[f32]) -> JsResult<String> {
    let request: Request = read(request)?;
    let vocabulary = request.vocabulary.as_deref().and_then(Vocabulary::of);
    let context = Context {
        template: &request.template,
        english: request.english,
        vocabulary: vocabulary.as_ref(),
        tokens: request.tokens.as_deref(),
        context_length: request.context_length,
        cosines: (!cosines.is_empty()).then_some(cosines),
        threshold: request.threshold,
        fits: request.fits.as_deref(),
    };
    Ok(json(&crate::check(&request.labels, &context)?)?)
}

/// The labels with a fix applied; both JSON.
#[wasm_bindgen]
pub fn apply(labels: &str, fix: &str) -> JsResult<Vec<String>> {
    let (labels, fix): (Vec<String>, Fix) = (read(labels)?, read(fix)?);
    Ok(crate::apply(&labels, &fix))
}

/// `[same, different]`, JSON: pairs of labels for [`threshold_of`].
#[wasm_bindgen]
pub fn reference_pairs() -> JsResult<String> {
    Ok(json(&threshold::reference_pairs())?)
}

/// From which cosine on two prompts of a model mean the same; none where its cosines do not tell.
#[wasm_bindgen]
pub fn threshold_of(same: &[f32], different: &[f32]) -> Option<f32> {
    threshold::threshold(same, different)
}

fn read<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T> {
    serde_json::from_str(text).map_err(|error| Error::Argument(error.to_string()))
}

fn json(what: &impl Serialize) -> Result<String> {
    serde_json::to_string(what).map_err(|error| Error::Argument(error.to_string()))
}
