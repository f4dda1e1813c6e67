//! What a bundle says of its model: the texts in its metadata, and what the manifest has of it.

use std::path::Path;

use anyhow::{Result, bail};
use semblance::bundle::{self, Weights, gguf as keys};
use semblance::model;

/// What a bundle is of.
pub struct Description {
    /// As in `general.architecture`.
    pub architecture: String,
    /// The metadata's other texts, by key.
    pub texts: Vec<(String, String)>,
    pub image_size: usize,
    /// Numbers in an embedding; 0: the model gives none.
    pub embedding: usize,
    /// How the names of the tensors begin that belong to it.
    pub prefixes: Vec<&'static str>,
    /// Of those, of the image tower and of the text's.
    pub image: &'static [&'static str],
    pub text: &'static [&'static str],
}

impl Description {
    /// A CLIP writes no texts; it is what needs a logit scale.
    pub fn is_clip(&self) -> bool {
        self.architecture == keys::CLIP
    }

    /// What a model says of itself whose tensors have been visited.
    ///
    /// Errors: its configuration is wrong, or of an architecture that cannot be run.
    pub fn of(path: &Path, weights: &mut Weights) -> Result<Self> {
        let architecture = bundle::architecture(path, weights)?;
        match architecture.filter(|architecture| architecture == "blip") {
            Some(architecture) => Self::writer(path, weights, architecture),
            None => Self::clip(path, weights),
        }
    }

    fn clip(path: &Path, weights: &mut Weights) -> Result<Self> {
        let bundle::Head { config, tokenizer, sources: [config_text, preprocessor], .. } =
            bundle::head(path, weights)?;
        let texts = [
            (keys::CONFIG_KEY, config_text),
            (keys::PREPROCESSOR_KEY, preprocessor),
            (keys::TOKENIZER_KEY, tokenizer),
        ];
        Ok(Self {
            architecture: keys::CLIP.to_owned(),
            texts: texts.map(|(key, text)| (key.to_owned(), text)).into(),
            image_size: config.vision_config.image_size,
            embedding: config.projection_dim,
            prefixes: vec![""],
            image: &["vision_model.", "visual_projection."],
            text: &["text_model.", "text_projection."],
        })
    }

    /// Of a model that writes texts.
    fn writer(path: &Path, weights: &mut Weights, architecture: String) -> Result<Self> {
        let texts = bundle::texts(path, weights)?;
        let facts = model::plan(&texts.config)?.facts();
        let Some(preprocessor) = texts.preprocessor else {
            bail!("{} has no preprocessor_config.json, which says how pictures are prepared", path.display());
        };
        let [config_key, preprocessor_key] = keys::json_keys(&architecture);
        let texts = [
            (config_key, texts.config),
            (preprocessor_key, preprocessor),
            (keys::TOKENIZER_KEY.to_owned(), texts.tokenizer),
        ];
        Ok(Self {
            architecture,
            texts: texts.into(),
            image_size: facts.image_size,
            embedding: 0,
            prefixes: model::GENERATOR_PREFIXES.to_vec(),
            image: &["vision_model."],
            text: &["text_decoder.", "text_encoder."],
        })
    }
}
