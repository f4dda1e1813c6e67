//! What JavaScript calls; the only file here that knows it. What has many fields crosses as JSON.

use js_sys::{Float32Array, Object, Reflect, Uint32Array};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::association::associate;
use crate::comparison::{self, Against, compare_all};
use crate::evaluation::Evaluated;
use crate::pointing::{Area, point};
use crate::shift::{self, Group};
use crate::statistic::Cosines;
use crate::usual::Usual;
use crate::{Error, Result, holm, known, tally, templates, unusual};

impl From<Error> for JsValue {
    fn from(error: Error) -> Self {
        let js = js_sys::Error::new(&error.to_string());
        js.set_name(error.name());
        js.into()
    }
}

type JsResult<T> = std::result::Result<T, JsValue>;

/// `logits`: `truths.length × classes`. `{ report, answers, probabilities, ranks, top, topOf }`, `report` JSON.
#[wasm_bindgen]
pub fn evaluate(logits: &[f32], classes: u32, truths: &[u32], seed: u32) -> JsResult<Object> {
    let Evaluated { evaluation, pictures } =
        tally::evaluate(logits, classes as usize, truths, u64::from(seed))?;
    Ok(object(&[
        ("report", json(&evaluation)?.into()),
        ("answers", Uint32Array::from(&pictures.answers[..]).into()),
        ("probabilities", Float32Array::from(&pictures.probabilities[..]).into()),
        ("ranks", Uint32Array::from(&pictures.ranks[..]).into()),
        ("top", Uint32Array::from(&pictures.top[..]).into()),
        ("topOf", (pictures.top_of as u32).into()),
    ]))
}

/// Of each picture whether a system is right, 0 or 1. JSON.
#[wasm_bindgen]
pub fn compare(first: &[u8], second: &[u8], seed: u32) -> JsResult<String> {
    Ok(json(&comparison::compare(&bools(first), &bools(second), u64::from(seed))?)?)
}

/// `right`: of `systems` systems one after another; each against the best one, or against the first. JSON.
#[wasm_bindgen(js_name = compareAll)]
pub fn compare_systems(right: &[u8], systems: u32, against_best: bool, seed: u32) -> JsResult<String> {
    let right = bools(right);
    let rows = rows(&right, systems as usize)?;
    let against = if against_best { Against::Best } else { Against::First };
    Ok(json(&compare_all(&rows, against, u64::from(seed))?)?)
}

/// Adjusted p-values.
#[wasm_bindgen(js_name = holm)]
pub fn adjust(p: &[f64]) -> JsResult<Vec<f64>> {
    Ok(holm::holm(p)?)
}

/// The reference, JSON: what a model's cosines look like on pictures that it knows.
#[wasm_bindgen(js_name = usual)]
pub fn reference(
    labels: &[f32],
    classes: u32,
    neutral: &[f32],
    captions: u32,
    logit_scale: f32,
) -> JsResult<String> {
    let cosines = Cosines::new(labels, classes as usize, neutral, captions as usize, logit_scale)?;
    Ok(json(&Usual::of(&cosines)?)?)
}

/// What is known of a model, by the hash of its weights: a reference, JSON.
#[wasm_bindgen]
pub fn usual_of(model: &str) -> JsResult<Option<String>> {
    Ok(known::usual_of(model).map(|usual| json(&usual)).transpose()?)
}

/// Captions that mean nothing in particular.
#[wasm_bindgen]
pub fn neutral_captions() -> Vec<String> {
    semblance_prompts::NEUTRAL.map(str::to_owned).to_vec()
}

/// The 80 templates that CLIP's authors used for ImageNet.
#[wasm_bindgen]
pub fn imagenet_templates() -> Vec<String> {
    semblance_prompts::imagenet_templates().into_iter().map(str::to_owned).collect()
}

/// How far pictures are from a reference that [`reference`] made. JSON.
#[wasm_bindgen]
pub fn domain(
    labels: &[f32],
    classes: u32,
    neutral: &[f32],
    captions: u32,
    logit_scale: f32,
    usual: &str,
    seed: u32,
) -> JsResult<String> {
    let cosines = Cosines::new(labels, classes as usize, neutral, captions as usize, logit_scale)?;
    let usual: Usual = serde_json::from_str(usual)
        .map_err(|error| Error::Argument(format!("a reference that is none ({error})")))?;
    Ok(json(&unusual::domain(&cosines, &usual, u64::from(seed))?)?)
}

/// `logits`: `count × pictures × views × classes`. JSON.
#[wasm_bindgen(js_name = templates)]
pub fn compare_templates(
    logits: &[f32],
    count: u32,
    classes: u32,
    views: u32,
    present: u32,
    seed: u32,
) -> JsResult<String> {
    let logits = rows(logits, count as usize)?;
    let (classes, views, present) = (classes as usize, views as usize, present as usize);
    Ok(json(&templates::templates(&logits, classes, views, present, u64::from(seed))?)?)
}

/// `cosines`: `groups × pictures × attributes`; `bases`: `groups × pictures`. JSON.
#[wasm_bindgen]
pub fn bias(
    cosines: &[f32],
    bases: &[f32],
    groups: u32,
    attributes: u32,
    logit_scale: f32,
    seed: u32,
) -> JsResult<String> {
    let groups = groups as usize;
    let both = rows(cosines, groups)?.into_iter().zip(rows(bases, groups)?);
    let groups: Vec<Group> = both.map(|(attributes, base)| Group { attributes, base }).collect();
    Ok(json(&shift::bias(&groups, attributes as usize, logit_scale, u64::from(seed))?)?)
}

/// `cosines`: `2 · targets × (a + b)`, of texts. JSON.
#[wasm_bindgen]
pub fn association(cosines: &[f32], targets: u32, a: u32, b: u32, seed: u32) -> JsResult<String> {
    let (targets, a, b) = (targets as usize, a as usize, b as usize);
    Ok(json(&associate(cosines, targets, a, b, u64::from(seed))?)?)
}

/// `area`: left, top, right, bottom, each 0 to 1. JSON.
#[wasm_bindgen]
pub fn pointing(heat: &[f32], rows: u32, columns: u32, area: &[f32]) -> JsResult<String> {
    let &[left, top, right, bottom] = area else {
        return Err(Error::Argument(format!("a box of {} numbers", area.len())).into());
    };
    let area = Area { left, top, right, bottom };
    Ok(json(&point(heat, rows as usize, columns as usize, area)?)?)
}

fn bools(numbers: &[u8]) -> Vec<bool> {
    numbers.iter().map(|&number| number != 0).collect()
}

/// Equal parts.
fn rows<T>(all: &[T], count: usize) -> Result<Vec<&[T]>> {
    if count == 0 || all.is_empty() || !all.len().is_multiple_of(count) {
        return Err(Error::Argument(format!("{} numbers in {count} equal parts", all.len())));
    }
    Ok(all.chunks(all.len() / count).collect())
}

fn object(fields: &[(&str, JsValue)]) -> Object {
    let object = Object::new();
    for (name, value) in fields {
        // Setting a field of a fresh plain object cannot fail.
        let _ = Reflect::set(&object, &JsValue::from_str(name), value);
    }
    object
}

fn json(what: &impl Serialize) -> Result<String> {
    serde_json::to_string(what).map_err(|error| Error::Argument(error.to_string()))
}
