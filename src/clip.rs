//! The whole: a loaded model with the verbs of the public API.

mod text_cache;

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::path::Path;
use std::rc::Rc;

#[cfg(not(target_arch = "wasm32"))]
use rayon::prelude::*;
use text_cache::TextCache;

use crate::bundle::{self, Bundle, ClipConfig, PreprocessConfig, Weights};
use crate::classify::{self, Encoder, Score, Similarity, TextEmbedding};
use crate::explain::{Explaining, Heat, Looker, Method};
use crate::kernels::{profile::time, team::with_team};
use crate::model::{Blocks, Compute, Model, Towers};
use crate::preprocess::{self, Pixels};
use crate::prompt::Templates;
use crate::tokenizer::{Tokenizer, Tokens};
use crate::{Error, Picture, Result, prompt};

/// Pictures that are prepared before they go through the image tower together. Outside the browser on several threads: so many
/// that none of them waits long for the last one.
const BATCH: usize = if cfg!(target_arch = "wasm32") { 8 } else { 64 };

/// A CLIP model, ready to compare pictures and texts.
pub struct Clip {
    config: ClipConfig,
    preprocess: PreprocessConfig,
    tokenizer: Option<Tokenizer>,
    model: Model,
    texts: TextCache,
    parameters: usize,
    dtype: String,
    compute: Compute,
}

/// Without the numbers.
impl fmt::Debug for Clip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Clip")
            .field("config", &self.config)
            .field("parameters", &self.parameters)
            .field("dtype", &self.dtype)
            .field("compute", &self.compute)
            .finish_non_exhaustive()
    }
}

/// All of a model but its weights, ready to use: made while they are still on their way.
pub struct Head {
    config: ClipConfig,
    preprocess: PreprocessConfig,
    /// Where the text tower is wanted: it takes time and memory.
    tokenizer: Option<Tokenizer>,
}

/// Without the numbers.
impl fmt::Debug for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Head").field("config", &self.config).finish_non_exhaustive()
    }
}

impl Head {
    /// Errors: the tokenizer is wrong or does not fit the configuration.
    pub fn new(head: bundle::Head, towers: Towers) -> Result<Self> {
        let bundle::Head { config, preprocess, tokenizer, .. } = head;
        let tokenizer = match towers {
            Towers::Vision => None,
            Towers::Both | Towers::Text => Some(Tokenizer::from_json(&tokenizer, &config.text_config)?),
        };
        Ok(Self { tokenizer, config, preprocess })
    }

    pub fn config(&self) -> &ClipConfig {
        &self.config
    }
}

impl Clip {
    /// Load a model from a `.gguf` bundle, a folder that holds one, or a folder in HF layout. It computes in f32.
    ///
    /// Errors: a file is missing, unreadable or wrong; a tensor is missing or misshapen.
    pub fn load(path: impl AsRef<Path>) -> Result<Self> {
        Self::from_bundle(Bundle::open(path)?, Towers::Both, Compute::F32)
    }

    /// A model from a bundle, with one tower or both.
    ///
    /// Errors: a tensor is missing or misshapen, or the tokenizer is wrong or does not fit the configuration.
    pub fn from_bundle(bundle: Bundle, towers: Towers, compute: Compute) -> Result<Self> {
        Self::new(Head::new(bundle.head, towers)?, bundle.weights, Blocks::default(), towers, compute)
    }

    /// A model from what stood before its weights, the weights, and layers that were packed before.
    ///
    /// Errors: a tensor is missing or misshapen.
    pub fn new(
        head: Head,
        weights: Weights,
        layers: Blocks,
        towers: Towers,
        compute: Compute,
    ) -> Result<Self> {
        let Head { config, preprocess, tokenizer } = head;
        Ok(Self {
            tokenizer,
            parameters: weights.parameters,
            dtype: weights.dtype.clone(),
            model: Model::load(weights, layers, &config, towers, compute)?,
            config,
            preprocess,
            texts: TextCache::default(),
            compute,
        })
    }

    /// Scores of a picture for labels, in their order, without a template.
    ///
    /// Errors: there are no labels, or one cannot be tokenised.
    pub fn classify(&mut self, picture: &Picture, labels: &[impl AsRef<str>]) -> Result<Vec<Score>> {
        self.classify_with_template(picture, labels, prompt::PLAIN)
    }

    /// Scores of a picture for labels put into a template such as `a photo of a {}`, or into several, whose vectors are
    /// averaged.
    ///
    /// Errors: as [`Clip::classify`], and a template has no `{}`.
    pub fn classify_with_template<'a>(
        &mut self,
        picture: &Picture,
        labels: &[impl AsRef<str>],
        templates: impl Into<Templates<'a>>,
    ) -> Result<Vec<Score>> {
        let pixels = self.preprocess(picture)?;
        let image = self.embed_pixels(&[pixels])?.remove(0);
        classify::classify(self, &image, labels, templates)
    }

    /// One unit vector a picture.
    ///
    /// Errors: a picture cannot be prepared, or the image tower was freed.
    pub fn embed_images(&self, pictures: &[Picture]) -> Result<Vec<Vec<f32>>> {
        let (preprocess, side) = (&self.preprocess, self.config.vision_config.image_size);
        let mut vectors = Vec::new();
        for pictures in pictures.chunks(BATCH) {
            let pixels = each(pictures, |picture| preprocess::preprocess(picture, preprocess, side))?;
            vectors.extend(self.embed_pixels(&pixels)?);
        }
        Ok(vectors)
    }

    /// One unit vector a picture file, as [`Clip::embed_images`] of each; files are decoded on all threads of rayon's pool.
    ///
    /// Errors: a file cannot be read or decoded (the first such one's error), or as [`Clip::embed_images`].
    #[cfg(not(target_arch = "wasm32"))]
    pub fn embed_files(&self, files: &[impl AsRef<Path> + Sync]) -> Result<Vec<Vec<f32>>> {
        let (preprocess, side) = (&self.preprocess, self.config.vision_config.image_size);
        let mut vectors = Vec::with_capacity(files.len());
        for files in files.chunks(BATCH) {
            let pixels = each(files, |file| preprocess::preprocess(&Picture::open(file)?, preprocess, side))?;
            vectors.extend(self.embed_pixels(&pixels)?);
        }
        Ok(vectors)
    }

    /// One unit vector a text. Vectors are kept, so a text costs its work once.
    ///
    /// Errors: a text cannot be tokenised, or the text tower was freed.
    pub fn embed_texts(&mut self, texts: &[impl AsRef<str>]) -> Result<Vec<Vec<f32>>> {
        let texts: Vec<String> = texts.iter().map(|text| text.as_ref().to_owned()).collect();
        Ok(self.encode_texts(&texts)?.iter().map(|text| text.vector.to_vec()).collect())
    }

    /// Pictures' embeddings against texts put into a template.
    ///
    /// Errors: as [`Clip::classify_with_template`].
    pub fn similarity<'a>(
        &mut self,
        images: &[&[f32]],
        texts: &[impl AsRef<str>],
        templates: impl Into<Templates<'a>>,
    ) -> Result<Similarity> {
        classify::similarity(self, images, texts, templates)
    }

    /// The pixels that the image tower sees.
    ///
    /// Errors: the picture cannot be resized.
    pub fn preprocess(&self, picture: &Picture) -> Result<Pixels> {
        preprocess::preprocess(picture, &self.preprocess, self.config.vision_config.image_size)
    }

    /// One unit vector for each preprocessed picture.
    ///
    /// Errors: the image tower was freed.
    pub fn embed_pixels(&self, pixels: &[Pixels]) -> Result<Vec<Vec<f32>>> {
        self.model.embed_images(pixels)
    }

    /// Where in a picture the evidence for `labels[label]` lies, against the other labels; of a single one, against captions
    /// that mean nothing in particular.
    ///
    /// Errors: as [`Clip::classify_with_template`]; there is no such label.
    pub fn explain<'a>(
        &mut self,
        picture: &Picture,
        labels: &[impl AsRef<str>],
        label: usize,
        templates: impl Into<Templates<'a>>,
        method: Method,
    ) -> Result<Heat> {
        let pixels = self.preprocess(picture)?;
        let mut explaining = Explaining::new(self, pixels, &prompt::fill(templates, labels)?, label, method)?;
        loop {
            explaining.step(self)?;
            if let Some(heat) = explaining.heat() {
                return Ok(heat.clone());
            }
        }
    }

    /// The part of a picture of so many pixels that the model sees ([`crate::preprocess::seen`]).
    pub fn seen(&self, width: u32, height: u32) -> [f64; 4] {
        preprocess::seen(width, height, &self.preprocess)
    }

    /// The token ids of a text.
    ///
    /// Errors: the text cannot be tokenised, or the text tower is not loaded.
    pub fn tokenize(&self, text: &str) -> Result<Tokens> {
        let tokenizer = self.tokenizer.as_ref().ok_or_else(|| Error::not_loaded("text"))?;
        tokenizer.encode(text)
    }

    /// The towers, to free one of them.
    pub fn model_mut(&mut self) -> &mut Model {
        &mut self.model
    }

    pub fn config(&self) -> &ClipConfig {
        &self.config
    }

    /// Numbers in all tensors of the weights.
    pub fn parameters(&self) -> usize {
        self.parameters
    }

    /// The encoding of most of the weights in their file: `q8_0`, `f16` …
    pub fn dtype(&self) -> &str {
        &self.dtype
    }

    /// What the blocks' products are computed in.
    pub fn compute(&self) -> Compute {
        self.compute
    }

    /// Texts whose vectors are kept.
    pub fn cached_texts(&self) -> usize {
        self.texts.len()
    }

    /// Texts whose vectors are not kept, each once, in their order.
    pub fn uncached<'a>(&mut self, texts: &'a [String]) -> Vec<&'a String> {
        let mut seen = HashSet::new();
        texts.iter().filter(|text| self.texts.get(text).is_none() && seen.insert(*text)).collect()
    }

    /// Keep a text's unit vector that was computed before.
    ///
    /// Errors: it is no unit vector of this model.
    pub fn put_text(&mut self, text: String, vector: &[f32], cut: bool) -> Result<()> {
        let length = vector.iter().map(|x| x * x).sum::<f32>().sqrt();
        let unit = (length - 1.0).abs() < 1e-3;
        if vector.len() != self.config.projection_dim || !unit {
            return Err(Error::Text(format!(
                "The kept vector of “{text}” has {} numbers and length {length}; this model's have {} and length 1.",
                vector.len(),
                self.config.projection_dim
            )));
        }
        self.texts.put(text, TextEmbedding { vector: Rc::from(vector), cut });
        Ok(())
    }

    /// Forget the texts whose vectors are kept.
    pub fn forget_texts(&mut self) {
        self.texts = TextCache::default();
    }
}

impl Encoder for Clip {
    /// Vectors are kept by text, so the same text costs its work once.
    fn encode_texts(&mut self, texts: &[String]) -> Result<Vec<TextEmbedding>> {
        let mut known: HashMap<&String, TextEmbedding> =
            texts.iter().filter_map(|text| Some((text, self.texts.get(text)?))).collect();
        let mut missing: Vec<&String> = texts.iter().filter(|text| !known.contains_key(text)).collect();
        missing.sort();
        missing.dedup();
        let prompts = missing.iter().flat_map(|text| text.split(prompt::WITH));
        // The helpers come while texts are tokenised.
        let (tokens, vectors) = with_team(|| {
            let tokens = time("tokenise", 0, || {
                prompts.map(|prompt| self.tokenize(prompt)).collect::<Result<Vec<_>>>()
            })?;
            let vectors = self.model.embed_texts(&tokens)?;
            Ok::<_, Error>((tokens, vectors))
        })?;
        let mut vectors = vectors.into_iter().zip(tokens);
        for text in missing {
            let of_text = vectors.by_ref().take(text.split(prompt::WITH).count());
            let (vectors, cut): (Vec<_>, Vec<_>) =
                of_text.map(|(vector, tokens)| (vector, tokens.cut)).unzip();
            let embedding = TextEmbedding { vector: mean(text, vectors)?, cut: cut.contains(&true) };
            self.texts.put(text.clone(), embedding.clone());
            known.insert(text, embedding);
        }
        Ok(texts.iter().map(|text| known[text].clone()).collect())
    }

    fn logit_scale(&self) -> f32 {
        self.model.logit_scale()
    }
}

impl Looker for Clip {
    fn embed_pixels(&self, pixels: &[Pixels]) -> Result<Vec<Vec<f32>>> {
        self.model.embed_images(pixels)
    }

    fn embed_patches(&self, pixels: &Pixels) -> Result<Vec<Vec<f32>>> {
        self.model.embed_patches(pixels)
    }

    fn sizes(&self) -> (usize, usize) {
        let vision = &self.config.vision_config;
        (vision.image_size, vision.patch_size)
    }
}

/// The pixels of each, in their order, on all threads of rayon's pool; the first one's error that has one.
#[cfg(not(target_arch = "wasm32"))]
fn each<T: Sync>(all: &[T], pixels: impl Fn(&T) -> Result<Pixels> + Sync + Send) -> Result<Vec<Pixels>> {
    all.par_iter().map(pixels).collect::<Vec<_>>().into_iter().collect()
}

/// The pixels of each, in their order.
#[cfg(target_arch = "wasm32")]
fn each<T>(all: &[T], pixels: impl Fn(&T) -> Result<Pixels>) -> Result<Vec<Pixels>> {
    all.iter().map(pixels).collect()
}

/// `Σ vᵢ / ‖Σ vᵢ‖` of unit vectors, in their order; a single one stays as it is.
fn mean(text: &str, vectors: Vec<Vec<f32>>) -> Result<Rc<[f32]>> {
    let mut vectors = vectors.into_iter();
    let mut sum = vectors.next().unwrap_or_default();
    let mut several = false;
    for vector in vectors {
        several = true;
        sum.iter_mut().zip(vector).for_each(|(sum, x)| *sum += x);
    }
    let length = if several { sum.iter().map(|x| x * x).sum::<f32>().sqrt() } else { 1.0 };
    if length < 1e-6 {
        let text = text.replace(prompt::WITH, " / ");
        return Err(Error::Text(format!("The vectors of “{text}” cancel each other: they have no mean.")));
    }
    Ok(sum.into_iter().map(|x| if several { x / length } else { x }).collect())
}
