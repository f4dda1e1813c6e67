//! Text → token ids, by the model's own `tokenizer.json` through HF's `tokenizers`: CLIP's byte-pair encoding here,
//! the word pieces of models that write texts in [`WordPieces`].

mod parts;
mod word_piece;

use serde::de::{SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use tokenizers::models::bpe::{BPE, Vocab};
use tokenizers::{
    AddedToken, DecoderWrapper, NormalizerWrapper, PostProcessorWrapper, PreTokenizerWrapper, TokenizerImpl,
    TruncationParams,
};

use parts::{ids_of, normaliser, post_processor as checked};
pub use word_piece::WordPieces;

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
#[derive(Debug)]
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
        let mut inner = read(json).map_err(|e| wrong(&e))?;
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
        // Browsers compile code when it first runs: that is now, and not when somebody waits for an answer.
        let _ = tokenizer.encode("This is a photo of 2 cats, isn't it?");
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
        let ids = ids_of(&encoding, self.vocab_size)?;
        Ok(Tokens { ids, cut: !encoding.get_overflowing().is_empty() })
    }
}

/// `tokenizer.json`, read once: to let `tokenizers` read it would take three times as long, and it panics on what is
/// refused here.
#[derive(Deserialize)]
struct File {
    #[serde(default)]
    added_tokens: Vec<AddedToken>,
    normalizer: Option<Value>,
    pre_tokenizer: Option<PreTokenizerWrapper>,
    post_processor: Option<Value>,
    model: BpeFile,
}

#[derive(Deserialize)]
struct BpeFile {
    r#type: Option<String>,
    dropout: Option<f32>,
    unk_token: Option<String>,
    continuing_subword_prefix: Option<String>,
    end_of_word_suffix: Option<String>,
    fuse_unk: Option<bool>,
    byte_fallback: Option<bool>,
    ignore_merges: Option<bool>,
    vocab: Vocab,
    merges: Vec<Merge>,
}

/// A merge, written `"a b"` or `["a", "b"]`.
struct Merge(String, String);

impl<'de> Deserialize<'de> for Merge {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        struct Either;
        impl<'de> Visitor<'de> for Either {
            type Value = Merge;

            fn expecting(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
                f.write_str("a merge, “a b” or [“a”, “b”]")
            }

            fn visit_str<E: serde::de::Error>(self, pair: &str) -> std::result::Result<Merge, E> {
                match pair.split_once(' ') {
                    Some((a, b)) => Ok(Merge(a.to_owned(), b.to_owned())),
                    None => Err(E::invalid_value(serde::de::Unexpected::Str(pair), &self)),
                }
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut pair: A) -> std::result::Result<Merge, A::Error> {
                match (pair.next_element()?, pair.next_element()?, pair.next_element::<String>()?) {
                    (Some(a), Some(b), None) => Ok(Merge(a, b)),
                    _ => Err(serde::de::Error::invalid_length(0, &self)),
                }
            }
        }
        deserializer.deserialize_any(Either)
    }
}

/// The tokenizer of a file. Refused is what the `tokenizers` crate (0.23) would not survive: it panics on a
/// `Precompiled` normaliser without its table, on replacing nothing by something, and on merges whose result is not in
/// the vocabulary or shorter than the subword prefix.
fn read(json: &str) -> std::result::Result<HfTokenizer, Box<dyn std::error::Error + Send + Sync>> {
    let File { added_tokens, normalizer, pre_tokenizer, post_processor, model } = serde_json::from_str(json)?;
    let normalizer = normaliser(normalizer)?;
    if model.r#type.is_some_and(|kind| kind != "BPE") {
        return Err("its model is not byte-pair encoding with a vocabulary and merges".into());
    }
    if model.continuing_subword_prefix.is_some_and(|prefix| !prefix.is_empty()) {
        return Err("its model has a continuing_subword_prefix, which no CLIP model uses".into());
    }
    let mut token = String::new();
    for Merge(a, b) in &model.merges {
        token.clear();
        token.push_str(a);
        token.push_str(b);
        if !model.vocab.contains_key(&token) {
            return Err(format!("the merge “{a} {b}” gives no token of the vocabulary").into());
        }
    }
    let merges = model.merges.into_iter().map(|Merge(a, b)| (a, b)).collect();
    let mut bpe = BPE::builder()
        .vocab_and_merges(model.vocab, merges)
        .fuse_unk(model.fuse_unk.unwrap_or(false))
        .byte_fallback(model.byte_fallback.unwrap_or(false))
        .ignore_merges(model.ignore_merges.unwrap_or(false));
    if let Some(dropout) = model.dropout {
        bpe = bpe.dropout(dropout);
    }
    if let Some(token) = model.unk_token {
        bpe = bpe.unk_token(token);
    }
    if let Some(suffix) = model.end_of_word_suffix {
        bpe = bpe.end_of_word_suffix(suffix);
    }
    let mut tokenizer = HfTokenizer::new(bpe.build()?);
    tokenizer.with_normalizer(normalizer)?;
    tokenizer.with_pre_tokenizer(pre_tokenizer).with_post_processor(checked(post_processor)?);
    tokenizer.add_tokens(added_tokens)?;
    Ok(tokenizer)
}
