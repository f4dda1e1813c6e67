//! A model that writes texts about pictures.

use js_sys::{Array, Object, Uint32Array};
use wasm_bindgen::prelude::*;

use super::shared::{JsResult, before_packing, compute, computes_here, object, products};
use crate::captioner::{self, Ability, CaptionOptions, Captioner, CaptionerLoader, Limits};
use crate::{Picture, preprocess};

/// What a model will take, from its `config.json` alone: bytes of memory at most. It has no towers to choose from.
#[wasm_bindgen]
pub fn memory_needed(config: &str, dtype: &str, _wanted: &str) -> JsResult<f64> {
    Ok(captioner::memory(config, compute(dtype)?)? as f64)
}

/// What a model is, from the same: its parts are not told apart.
#[wasm_bindgen]
pub fn model_facts(config: &str) -> JsResult<Object> {
    let parameters = captioner::parameters(config)?;
    Ok(object(&[("imageParameters", (parameters as f64).into()), ("textParameters", 0.0.into())]))
}

/// A model's files, as their bytes come in.
#[wasm_bindgen]
pub struct Loader(CaptionerLoader);

#[wasm_bindgen]
impl Loader {
    /// `dtype` is what the model will compute in, `"int8"` or `"f32"`.
    #[wasm_bindgen(constructor)]
    pub fn new(dtype: &str) -> JsResult<Self> {
        computes_here();
        Ok(Self(CaptionerLoader::new(compute(dtype)?)))
    }

    /// The text files of a folder in HF layout, before the first byte of its weights.
    pub fn files(&mut self, names: Vec<String>, texts: Vec<String>) -> JsResult<()> {
        Ok(self.0.files(&names.into_iter().zip(texts).collect())?)
    }

    /// One of several files of weights is complete: the next byte is the first of the next.
    pub fn next_file(&mut self) -> JsResult<()> {
        Ok(self.0.next_file()?)
    }

    /// Bytes of memory that the model will take at most, once that is known.
    #[wasm_bindgen(getter)]
    pub fn memory(&self) -> Option<f64> {
        self.0.memory().map(|bytes| bytes as f64)
    }

    /// Take the next bytes. Throws as soon as they cannot be a model's.
    pub fn push(&mut self, chunk: &[u8]) -> JsResult<()> {
        before_packing(self.0.compute());
        Ok(self.0.push(chunk)?)
    }

    /// The model, once every byte has come.
    pub fn finish(self) -> JsResult<Engine> {
        Ok(Engine(self.0.finish()?))
    }
}

/// A loaded model.
#[wasm_bindgen]
pub struct Engine(Captioner);

/// One preprocessed picture.
#[wasm_bindgen]
pub struct Pixels(preprocess::Pixels);

/// A text that is being written.
#[wasm_bindgen]
pub struct Captioning(captioner::Captioning);

#[wasm_bindgen]
impl Captioning {
    /// From 0 to 1, of the tokens that there may be.
    pub fn progress(&self) -> f64 {
        self.0.progress()
    }
}

#[wasm_bindgen]
impl Engine {
    /// RGBA, not premultiplied → what the image tower sees.
    pub fn preprocess(&self, rgba: Vec<u8>, width: u32, height: u32) -> JsResult<Pixels> {
        Ok(Pixels(self.0.preprocess(&Picture::from_rgba(rgba, width, height)?)?))
    }

    /// Begin to say what is in a picture; consumes it.
    pub fn caption(
        &self,
        pixels: Pixels,
        prompt: String,
        beams: u32,
        max_tokens: u32,
        min_tokens: u32,
    ) -> JsResult<Captioning> {
        let Limits { beams, max_tokens, min_tokens } = limits(beams, max_tokens, min_tokens);
        let options = CaptionOptions { prompt, beams, max_tokens, min_tokens };
        Ok(Captioning(captioner::Captioning::caption(&self.0, pixels.0, &options)?))
    }

    /// Begin to answer a question about a picture; consumes it.
    pub fn answer(
        &self,
        pixels: Pixels,
        question: &str,
        beams: u32,
        max_tokens: u32,
        min_tokens: u32,
    ) -> JsResult<Captioning> {
        let limits = limits(beams, max_tokens, min_tokens);
        Ok(Captioning(captioner::Captioning::answer(&self.0, pixels.0, question, limits)?))
    }

    /// The next step of it, a token of each beam at most: whether there is more to do.
    pub fn step(&self, captioning: &mut Captioning) -> JsResult<bool> {
        Ok(captioning.0.step(&self.0)?)
    }

    /// The best text so far.
    pub fn so_far(&self, captioning: &Captioning) -> JsResult<String> {
        Ok(captioning.0.so_far(&self.0)?)
    }

    /// `{ text, tokens, logProbability, beams: [{ text, tokens, logProbability, score }] }` after the last step, best first;
    /// `undefined` before.
    pub fn whole(&self, captioning: &Captioning) -> JsResult<JsValue> {
        let Some(caption) = captioning.0.whole(&self.0)? else { return Ok(JsValue::UNDEFINED) };
        let beams: Array = caption
            .beams
            .iter()
            .map(|beam| {
                object(&[
                    ("text", beam.text.as_str().into()),
                    ("tokens", Uint32Array::from(&beam.tokens[..]).into()),
                    ("logProbability", beam.log_probability.into()),
                    ("score", beam.score.into()),
                ])
            })
            .collect();
        Ok(object(&[
            ("text", caption.text.into()),
            ("tokens", Uint32Array::from(&caption.tokens[..]).into()),
            ("logProbability", caption.log_probability.into()),
            ("beams", beams.into()),
        ])
        .into())
    }

    /// What the model is, as plain data.
    pub fn info(&self) -> Object {
        let facts = self.0.facts();
        let ability = match facts.ability {
            Ability::Captions => "captions",
            Ability::Answers => "answers",
        };
        object(&[
            ("parameters", (self.0.parameters() as f64).into()),
            ("dtype", self.0.dtype().into()),
            ("compute", self.0.compute().name().into()),
            ("ability", ability.into()),
            ("imageSize", facts.image_size.into()),
            ("contextLength", facts.context.into()),
            ("products", products(self.0.compute()).map_or(JsValue::NULL, JsValue::from)),
        ])
    }
}

fn limits(beams: u32, max_tokens: u32, min_tokens: u32) -> Limits {
    Limits { beams: beams as usize, max_tokens: max_tokens as usize, min_tokens: min_tokens as usize }
}
