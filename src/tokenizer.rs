//! Text → token ids, by the model's own `tokenizer.json` through HF's `tokenizers`.

use serde_json::Value;
use tokenizers::models::bpe::BPE;
use tokenizers::{
    DecoderWrapper, NormalizerWrapper, PostProcessorWrapper, PreTokenizerWrapper, TokenizerImpl,
    TruncationParams,
};

use crate::bundle::config::TextConfig;
use crate::{Error, Result};

/// A text as the text tower takes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tokens {
    /// Start and end token included, never padded.
    pub ids: Vec<u32>,
    /// The text was longer than the context and was cut as HF cuts it: the end token is kept.
    pub cut: bool,
}

/// CLIP's tokenizers are all byte-pair encoding.
type HfTokenizer =
    TokenizerImpl<BPE, NormalizerWrapper, PreTokenizerWrapper, PostProcessorWrapper, DecoderWrapper>;

/// The model's tokenizer, checked against its configuration.
pub struct Tokenizer {
    inner: HfTokenizer,
    vocab_size: usize,
}

impl Tokenizer {
    /// Read `tokenizer.json`.
    ///
    /// Errors: not a tokenizer file, a pipeline that can't be run safely, or one that gives ids the model does
    /// not have.
    pub fn from_json(json: &str, config: &TextConfig) -> Result<Self> {
        let wrong = |e: &dyn std::fmt::Display| Error::Model(format!("tokenizer.json: {e}."));
        check(json).map_err(|e| wrong(&e))?;
        let mut inner = HfTokenizer::from_bytes(json).map_err(|e| wrong(&e))?;
        inner.with_padding(None);
        inner
            .with_truncation(Some(TruncationParams {
                max_length: config.max_position_embeddings,
                ..TruncationParams::default()
            }))
            .map_err(|e| wrong(&e))?;
        let tokenizer = Self { inner, vocab_size: config.vocab_size };
        // The start and the end token at least: their ids must be the model's.
        tokenizer.encode("").map_err(|e| match e {
            Error::Text(message) => Error::Model(format!("tokenizer.json: {message}")),
            other => other,
        })?;
        Ok(tokenizer)
    }

    /// The ids of a text, equal to HF's `tokenizer(text, truncation=True, max_length=context)`.
    ///
    /// Errors: an id outside the model's vocabulary, or no token at all.
    pub fn encode(&self, text: &str) -> Result<Tokens> {
        let encoding = self
            .inner
            .encode(text, true)
            .map_err(|e| Error::Text(format!("The text cannot be tokenised: {e}.")))?;
        let ids = encoding.get_ids().to_vec();
        if let Some(id) = ids.iter().find(|&&id| id as usize >= self.vocab_size) {
            return Err(Error::Text(format!(
                "The tokenizer gives the id {id}, but the model knows {} tokens.",
                self.vocab_size
            )));
        }
        if ids.is_empty() {
            return Err(Error::Text("The tokenizer gives no token for the text.".into()));
        }
        Ok(Tokens { ids, cut: !encoding.get_overflowing().is_empty() })
    }
}

/// Refuse what the `tokenizers` crate (0.23) would not survive: it panics on a `Precompiled` normaliser without its
/// table, and on merges whose result is not in the vocabulary or shorter than the subword prefix.
fn check(json: &str) -> std::result::Result<(), String> {
    let file: Value = serde_json::from_str(json).map_err(|e| e.to_string())?;
    if has_type(&file["normalizer"], "Precompiled") {
        return Err("its normaliser is “Precompiled”, which no CLIP model uses".into());
    }
    let model = &file["model"];
    let (Some(vocab), Some(merges)) = (model["vocab"].as_object(), model["merges"].as_array()) else {
        return Err("its model is not byte-pair encoding with a vocabulary and merges".into());
    };
    if !matches!(model["continuing_subword_prefix"].as_str(), None | Some("")) {
        return Err("its model has a continuing_subword_prefix, which no CLIP model uses".into());
    }
    for merge in merges {
        let pair = match merge {
            Value::String(pair) => pair.split_once(' '),
            Value::Array(pair) => match pair.as_slice() {
                [Value::String(a), Value::String(b)] => Some((a.as_str(), b.as_str())),
                _ => None,
            },
            _ => None,
        };
        match pair {
            Some((a, b)) if vocab.contains_key(&format!("{a}{b}")) => {}
            _ => return Err(format!("the merge {merge} gives no token of the vocabulary")),
        }
    }
    Ok(())
}

/// An object of this `type` stands somewhere in the value.
fn has_type(value: &Value, name: &str) -> bool {
    match value {
        Value::Object(fields) => {
            fields.get("type").is_some_and(|kind| kind == name) || fields.values().any(|v| has_type(v, name))
        }
        Value::Array(values) => values.iter().any(|v| has_type(v, name)),
        _ => false,
    }
}
