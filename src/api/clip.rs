//! A CLIP.

use js_sys::{Array, Float32Array, Object, Uint8Array};
use wasm_bindgen::prelude::*;

use super::shared::{JsResult, before_packing, compute, computes_here, object, products};
use crate::bundle::ClipConfig;
use crate::classify::{self, Encoder};
use crate::explain;
use crate::model::{self, Towers};
use crate::{Clip, Error, Picture, Result, preprocess, prompt};

fn towers(name: &str) -> Result<Towers> {
    let found = [Towers::Both, Towers::Vision, Towers::Text].into_iter().find(|some| some.name() == name);
    found.ok_or_else(|| Error::Model(format!("There are no towers “{name}”, only both, image and text.")))
}

/// What a model will take, from its `config.json` (or `open_clip_config.json`) alone: bytes of memory at most.
#[wasm_bindgen]
pub fn memory_needed(config: &str, dtype: &str, wanted: &str) -> JsResult<f64> {
    Ok(model::memory(&ClipConfig::from_any_json(config)?, towers(wanted)?, compute(dtype)?) as f64)
}

/// What a model is, from the same.
#[wasm_bindgen]
pub fn model_facts(config: &str) -> JsResult<Object> {
    let config = ClipConfig::from_any_json(config)?;
    let [vision, text] = model::parameters(&config);
    Ok(object(&[
        ("imageParameters", (vision as f64).into()),
        ("textParameters", (text as f64).into()),
        ("imageSize", config.vision_config.image_size.into()),
        ("embedding", config.projection_dim.into()),
        ("contextLength", config.text_config.max_position_embeddings.into()),
    ]))
}

/// A model's files, as their bytes come in.
#[wasm_bindgen]
pub struct Loader(crate::Loader);

#[wasm_bindgen]
impl Loader {
    /// `dtype` is what the model will compute in, `"int8"` or `"f32"`, and `wanted` what is kept of it, `"both"`,
    /// `"image"` or `"text"`. `logit_scale` is used where the weights have none.
    #[wasm_bindgen(constructor)]
    pub fn new(dtype: &str, wanted: &str, logit_scale: Option<f32>) -> JsResult<Self> {
        computes_here();
        let loader = crate::Loader::new(towers(wanted)?, compute(dtype)?);
        Ok(Self(match logit_scale {
            Some(scale) => loader.with_logit_scale(scale)?,
            None => loader,
        }))
    }

    /// The text files of a folder in HF or OpenCLIP layout, before the first byte of its weights.
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
        Ok(Engine { clip: self.0.finish()? })
    }
}

/// A loaded model.
#[wasm_bindgen]
pub struct Engine {
    clip: Clip,
}

/// One preprocessed picture.
#[wasm_bindgen]
pub struct Pixels(preprocess::Pixels);

/// A picture that is being explained, step by step.
#[wasm_bindgen]
pub struct Explaining(explain::Explaining);

#[wasm_bindgen]
impl Explaining {
    /// From 0 to 1.
    pub fn progress(&self) -> f64 {
        self.0.progress()
    }

    /// `{ side, cells }` after the last step, `undefined` before.
    pub fn heat(&self) -> JsValue {
        let heat = self.0.heat();
        heat.map_or(JsValue::UNDEFINED, |heat| {
            object(&[("side", heat.side.into()), ("cells", floats(&heat.cells).into())]).into()
        })
    }
}

#[wasm_bindgen]
impl Engine {
    /// RGBA, not premultiplied → what the image tower sees.
    pub fn preprocess(&self, rgba: Vec<u8>, width: u32, height: u32) -> JsResult<Pixels> {
        let picture = Picture::from_rgba(rgba, width, height)?;
        Ok(Pixels(self.clip.preprocess(&picture)?))
    }

    /// n × embedding numbers, one unit vector a picture.
    pub fn embed_images(&self, pixels: Vec<Pixels>) -> JsResult<Float32Array> {
        let pixels: Vec<_> = pixels.into_iter().map(|pixels| pixels.0).collect();
        Ok(floats(&self.clip.embed_pixels(&pixels)?.concat()))
    }

    /// One unit vector a text, one after the other, and whether each text was cut. Vectors are kept by text.
    pub fn embed_texts(&mut self, texts: Vec<String>) -> JsResult<Object> {
        let texts = self.clip.encode_texts(&texts)?;
        let vectors: Vec<f32> = texts.iter().flat_map(|text| text.vector.iter().copied()).collect();
        let cut: Vec<u8> = texts.iter().map(|text| text.cut.into()).collect();
        Ok(object(&[("vectors", floats(&vectors).into()), ("cut", Uint8Array::from(&cut[..]).into())]))
    }

    /// Those of the texts whose vectors are not kept, each once.
    pub fn uncached(&mut self, texts: Vec<String>) -> Vec<String> {
        self.clip.uncached(&texts).into_iter().cloned().collect()
    }

    /// Keep vectors that [`Engine::embed_texts`] gave before.
    pub fn put_texts(&mut self, texts: Vec<String>, vectors: &[f32], cut: &[u8]) -> JsResult<()> {
        let vectors = self.rows(vectors)?;
        if vectors.len() != texts.len() || cut.len() != texts.len() {
            return Err(Error::Text("Each text needs one vector.".into()).into());
        }
        for ((text, vector), cut) in texts.into_iter().zip(vectors).zip(cut) {
            self.clip.put_text(text, vector, *cut != 0)?;
        }
        Ok(())
    }

    /// Forget the texts whose vectors are kept.
    pub fn forget_texts(&mut self) {
        self.clip.forget_texts();
    }

    /// The texts that `labels` give in `templates`: of several, an ensemble's prompts.
    pub fn fill(&self, templates: Vec<String>, labels: Vec<String>) -> JsResult<Vec<String>> {
        Ok(prompt::fill(&templates, &labels)?)
    }

    /// Scores of one picture's embedding, in the order of the labels.
    pub fn classify(
        &mut self,
        image: Vec<f32>,
        labels: Vec<String>,
        templates: Vec<String>,
    ) -> JsResult<Array> {
        self.rows(&image)?;
        let scores = classify::classify(&mut self.clip, &image, &labels, &templates)?;
        let scores = scores.into_iter().map(|score| {
            object(&[
                ("label", score.label.into()),
                ("probability", score.probability.into()),
                ("logit", score.logit.into()),
                ("cosine", score.cosine.into()),
                ("cut", score.cut.into()),
            ])
        });
        Ok(scores.collect())
    }

    /// Begin to find out where the evidence for one of these prompts lies, which were embedded before.
    pub fn explain(
        &mut self,
        pixels: Pixels,
        texts: Vec<String>,
        label: u32,
        method: &str,
    ) -> JsResult<Explaining> {
        let method = explain::Method::of(method)?;
        Ok(Explaining(explain::Explaining::new(&mut self.clip, pixels.0, &texts, label as usize, method)?))
    }

    /// The next step of it: whether there is more to do.
    pub fn explain_more(&self, explaining: &mut Explaining) -> JsResult<bool> {
        Ok(explaining.0.step(&self.clip)?)
    }

    /// The part of a picture of so many pixels that the model sees: `[x, y, width, height]` in shares of its width and height.
    pub fn seen(&self, width: u32, height: u32) -> Vec<f64> {
        self.clip.seen(width, height).to_vec()
    }

    /// Every picture's embedding (one after the other in `images`) against every text.
    pub fn similarity(
        &mut self,
        images: Vec<f32>,
        texts: Vec<String>,
        templates: Vec<String>,
    ) -> JsResult<Object> {
        let rows = self.rows(&images)?;
        let s = classify::similarity(&mut self.clip, &rows, &texts, &templates)?;
        let cut: Array = s.cut.iter().map(|&cut| JsValue::from(cut)).collect();
        Ok(object(&[
            ("rows", s.rows.into()),
            ("cols", s.cols.into()),
            ("cosine", floats(&s.cosine).into()),
            ("logits", floats(&s.logits).into()),
            ("overTexts", floats(&s.over_texts).into()),
            ("overImages", floats(&s.over_images).into()),
            ("cut", cut.into()),
        ]))
    }

    /// What the model is, as plain data.
    pub fn info(&self) -> Object {
        let config = self.clip.config();
        object(&[
            ("parameters", (self.clip.parameters() as f64).into()),
            ("dtype", self.clip.dtype().into()),
            ("compute", self.clip.compute().name().into()),
            ("imageSize", config.vision_config.image_size.into()),
            ("patchSize", config.vision_config.patch_size.into()),
            ("embedding", config.projection_dim.into()),
            ("contextLength", config.text_config.max_position_embeddings.into()),
            ("logitScale", self.clip.logit_scale().into()),
            ("cachedTexts", self.clip.cached_texts().into()),
            ("products", products(self.clip.compute()).map_or(JsValue::NULL, JsValue::from)),
        ])
    }

    /// Embeddings that were given one after the other.
    fn rows<'a>(&self, images: &'a [f32]) -> Result<Vec<&'a [f32]>> {
        let width = self.clip.config().projection_dim;
        if !images.len().is_multiple_of(width) {
            return Err(Error::Picture(format!(
                "{} numbers are no embeddings of this model, which have {width} each.",
                images.len()
            )));
        }
        Ok(images.chunks_exact(width).collect())
    }
}

fn floats(numbers: &[f32]) -> Float32Array {
    Float32Array::from(numbers)
}
