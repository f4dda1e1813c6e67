//! Text → ids → text by word pieces (Wu et al. 2016), as BERT has them and models that write texts about pictures.

use serde::Deserialize;
use serde_json::Value;
use tokenizers::decoders::wordpiece::WordPiece as Decoder;
use tokenizers::models::bpe::Vocab;
use tokenizers::models::wordpiece::WordPiece;
use tokenizers::{AddedToken, NormalizerWrapper, PostProcessorWrapper, PreTokenizerWrapper, TokenizerImpl};

use super::parts::{ids_of, normaliser, post_processor as checked};
use crate::{Error, Result};

type HfTokenizer =
    TokenizerImpl<WordPiece, NormalizerWrapper, PreTokenizerWrapper, PostProcessorWrapper, Decoder>;

/// A model's tokenizer of word pieces, checked against its vocabulary.
#[derive(Debug)]
pub struct WordPieces {
    inner: HfTokenizer,
    vocabulary: usize,
}

impl WordPieces {
    /// Read `tokenizer.json`, for a model that knows so many tokens.
    ///
    /// Errors: not a tokenizer file, a pipeline that can't be run safely, or one that gives ids the model does not
    /// have.
    pub fn from_json(json: &str, vocabulary: usize) -> Result<Self> {
        let inner = read(json).map_err(|e| Error::Model(format!("tokenizer.json: {e}.")))?;
        let tokenizer = Self { inner, vocabulary };
        // What stands around every text: its ids must be the model's.
        tokenizer.encode("").map_err(|e| Error::Model(format!("tokenizer.json: {e}")))?;
        Ok(tokenizer)
    }

    /// The ids of a text, equal to HF's `tokenizer(text)`: `[CLS]` and `[SEP]` included, never cut.
    ///
    /// Errors: an id outside the model's vocabulary, or no token at all.
    pub fn encode(&self, text: &str) -> Result<Vec<u32>> {
        let encoding = self
            .inner
            .encode(text, true)
            .map_err(|e| Error::Text(format!("The text cannot be tokenised: {e}.")))?;
        ids_of(&encoding, self.vocabulary)
    }

    /// The text of some ids, without those that stand for no text, equal to HF's `tokenizer.decode(ids,
    /// skip_special_tokens=True)`. Ids that the tokenizer doesn't know are passed over.
    ///
    /// Errors: the file's decoder refuses its own tokens.
    pub fn decode(&self, ids: &[u32]) -> Result<String> {
        self.inner.decode(ids, true).map_err(|e| Error::Model(format!("tokenizer.json: {e}.")))
    }
}

/// `tokenizer.json`, as far as it is of use.
#[derive(Deserialize)]
struct File {
    #[serde(default)]
    added_tokens: Vec<AddedToken>,
    normalizer: Option<Value>,
    pre_tokenizer: Option<PreTokenizerWrapper>,
    post_processor: Option<Value>,
    /// Read as any of `tokenizers`' decoders, a wrong one would panic.
    decoder: Option<Value>,
    model: WordPieceFile,
}

#[derive(Deserialize)]
struct WordPieceFile {
    r#type: Option<String>,
    unk_token: String,
    continuing_subword_prefix: Option<String>,
    max_input_chars_per_word: Option<usize>,
    vocab: Vocab,
}

/// The tokenizer of a file. A word that can't be put together is the unknown token, which therefore has to be there.
fn read(json: &str) -> std::result::Result<HfTokenizer, Box<dyn std::error::Error + Send + Sync>> {
    let File { added_tokens, normalizer, pre_tokenizer, post_processor, decoder, model } =
        serde_json::from_str(json)?;
    if model.r#type.is_some_and(|kind| kind != "WordPiece") {
        return Err("its model is not of word pieces".into());
    }
    if !model.vocab.contains_key(&model.unk_token) {
        return Err(
            format!("its vocabulary has no “{}”, which it has for unknown words", model.unk_token).into()
        );
    }
    let decoder = match decoder {
        Some(decoder) if decoder["type"] != "WordPiece" => {
            return Err("its decoder is not of word pieces".into());
        }
        Some(decoder) => Some(serde_json::from_value::<Decoder>(decoder)?),
        None => None,
    };
    let mut pieces = WordPiece::builder().vocab(model.vocab).unk_token(model.unk_token);
    if let Some(prefix) = model.continuing_subword_prefix {
        pieces = pieces.continuing_subword_prefix(prefix);
    }
    if let Some(most) = model.max_input_chars_per_word {
        pieces = pieces.max_input_chars_per_word(most);
    }
    let mut tokenizer = HfTokenizer::new(pieces.build()?);
    tokenizer.with_normalizer(normaliser(normalizer)?)?;
    tokenizer
        .with_pre_tokenizer(pre_tokenizer)
        .with_post_processor(checked(post_processor)?)
        .with_decoder(decoder);
    tokenizer.add_tokens(added_tokens)?;
    Ok(tokenizer)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(model: &str, rest: &str) -> String {
        format!(r#"{{"model": {model}{rest}}}"#)
    }

    #[test]
    fn wrong_files_are_refused_and_nothing_panics() {
        let good = r#"{"type": "WordPiece", "unk_token": "[UNK]", "vocab": {"[UNK]": 0, "a": 1, "b": 2}}"#;
        let around =
            r#", "post_processor": {"type": "BertProcessing", "sep": ["[SEP]", 4], "cls": ["[CLS]", 3]}"#;
        let bert = r#", "pre_tokenizer": {"type": "BertPreTokenizer"}"#;
        assert!(WordPieces::from_json(&file(good, &format!("{bert}{around}")), 5).is_ok());
        for (json, vocabulary) in [
            ("{".into(), 5),
            (file(good, ""), 5),
            (file(good, around), 3),
            (
                file(
                    good,
                    r#", "post_processor": {"type": "TemplateProcessing", "pair": [], "special_tokens": {},
                        "single": [{"SpecialToken": {"id": "[CLS]", "type_id": 0}}]}"#,
                ),
                5,
            ),
            (file(r#"{"type": "BPE", "unk_token": "a", "vocab": {"a": 0}}"#, around), 5),
            (file(r#"{"unk_token": "[UNK]", "vocab": {"a": 0}}"#, around), 5),
            (file(r#"{"vocab": {"a": 0}}"#, around), 5),
            (file(r#"{"unk_token": "a", "vocab": {"a": -1}}"#, around), 5),
            (file(good, &format!(r#"{around}, "normalizer": {{"type": "Precompiled"}}"#)), 5),
            (file(good, &format!(r#"{around}, "decoder": {{"type": "Nothing"}}"#)), 5),
        ] {
            assert!(WordPieces::from_json(&json, vocabulary).is_err(), "{json}");
        }
    }

    #[test]
    fn awkward_texts_and_ids_do_not_panic() {
        for prefix in ["##", "", "é", "\u{1F600}"] {
            let model = format!(
                r#"{{"unk_token": "[UNK]", "continuing_subword_prefix": "{prefix}", "max_input_chars_per_word": 3,
                    "vocab": {{"[UNK]": 0, "a": 1, "{prefix}b": 2}}}}"#
            );
            let around = r#", "post_processor": {"type": "BertProcessing", "sep": ["[UNK]", 0], "cls": ["[UNK]", 0]},
                "decoder": {"type": "WordPiece", "prefix": "b", "cleanup": true}"#;
            let tokenizer = WordPieces::from_json(&file(&model, around), 9).unwrap();
            for text in ["", "a", "ab", "abbbbbb", "é\u{301}", "\u{0}", "狗a", "\u{1F600}b"] {
                tokenizer.encode(text).unwrap();
            }
            tokenizer.decode(&[0, 1, 2, 2, 7, u32::MAX]).unwrap();
            tokenizer.decode(&[2, 1]).unwrap();
            tokenizer.decode(&[]).unwrap();
        }
    }
}
