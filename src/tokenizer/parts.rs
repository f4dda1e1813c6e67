//! Parts of a `tokenizer.json` on which `tokenizers` (0.23) panics where they are wrong, and which are therefore
//! looked at first.

use serde_json::Value;
use tokenizers::{NormalizerWrapper, PostProcessorWrapper};

type Error = Box<dyn std::error::Error + Send + Sync>;

/// The normaliser, if there is one.
///
/// Errors: it is none that `tokenizers` knows, or “Precompiled”, which panics without its table.
pub fn normaliser(value: Option<Value>) -> Result<Option<NormalizerWrapper>, Error> {
    if value.as_ref().is_some_and(|normaliser| has_type(normaliser, "Precompiled")) {
        return Err("its normaliser is “Precompiled”, which none of these models uses".into());
    }
    Ok(value.map(serde_json::from_value).transpose()?)
}

/// What puts tokens around a text, if there is something.
///
/// Errors: it is nothing that `tokenizers` knows, or a template with a token in it that it doesn't define.
pub fn post_processor(value: Option<Value>) -> Result<Option<PostProcessorWrapper>, Error> {
    if let Some(name) = value.as_ref().and_then(undefined) {
        return Err(
            format!("its post-processor puts “{name}” in, and does not say which token that is").into()
        );
    }
    Ok(value.map(serde_json::from_value).transpose()?)
}

/// A token that a template puts in without saying what it is, on which `tokenizers` panics.
fn undefined(post_processor: &Value) -> Option<&str> {
    match post_processor {
        Value::Object(fields) => {
            let known = fields.get("special_tokens");
            let pieces =
                ["single", "pair"].into_iter().filter_map(|part| fields.get(part)?.as_array()).flatten();
            let mut names = pieces.filter_map(|piece| piece["SpecialToken"]["id"].as_str());
            let wrong = names.find(|name| known.is_none_or(|known| known.get(name).is_none()));
            wrong.or_else(|| fields.values().find_map(undefined))
        }
        Value::Array(values) => values.iter().find_map(undefined),
        _ => None,
    }
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
