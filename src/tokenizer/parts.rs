//! Parts of a `tokenizer.json` on which `tokenizers` (0.23) panics where they are wrong, and which are therefore
//! looked at first.

use serde_json::Value;
use tokenizers::{NormalizerWrapper, PostProcessorWrapper};

type Error = Box<dyn std::error::Error + Send + Sync>;

/// The normaliser, if there is one.
///
/// Errors: it is none that `tokenizers` knows, “Precompiled”, which panics without its table, or one that replaces nothing
/// by something, after which the next one panics.
pub fn normaliser(value: Option<Value>) -> Result<Option<NormalizerWrapper>, Error> {
    let mut steps = Vec::new();
    value.iter().for_each(|normaliser| find(normaliser, &mut steps));
    if steps.iter().any(|step| step["type"] == "Precompiled") {
        return Err("its normaliser is “Precompiled”, which none of these models uses".into());
    }
    if let Some(step) = steps.iter().find(|step| step["type"] == "Replace" && !matches_something(step)) {
        return Err(
            format!("its normaliser replaces {}, which may be nothing at all", step["pattern"]).into()
        );
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

/// Every object in a value that has a `type`, however deep.
fn find<'a>(value: &'a Value, found: &mut Vec<&'a Value>) {
    match value {
        Value::Object(fields) => {
            if fields.contains_key("type") {
                found.push(value);
            }
            fields.values().for_each(|value| find(value, found));
        }
        Value::Array(values) => values.iter().for_each(|value| find(value, found)),
        _ => {}
    }
}

/// What a `Replace` looks for is at least a character long, wherever it is found.
fn matches_something(replace: &Value) -> bool {
    let pattern = &replace["pattern"];
    match (pattern["String"].as_str(), pattern["Regex"].as_str()) {
        (Some(text), None) => !text.is_empty(),
        (None, Some(regex)) => regex_syntax::parse(regex)
            .is_ok_and(|regex| regex.properties().minimum_len().is_some_and(|least| least > 0)),
        _ => false,
    }
}

/// The ids of an encoded text.
///
/// Errors: an id outside the model's vocabulary, or no token at all.
pub fn ids_of(encoding: &tokenizers::Encoding, vocabulary: usize) -> crate::Result<Vec<u32>> {
    let wrong = |message: String| Err(crate::Error::Text(message));
    let ids = encoding.get_ids().to_vec();
    if let Some(id) = ids.iter().find(|&&id| id as usize >= vocabulary) {
        return wrong(format!("The tokenizer gives the id {id}, but the model knows {vocabulary} tokens."));
    }
    if ids.is_empty() {
        return wrong("The tokenizer gives no token for the text.".into());
    }
    Ok(ids)
}
