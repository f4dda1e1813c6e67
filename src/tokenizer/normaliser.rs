//! The normaliser of a `tokenizer.json`.

use serde_json::Value;
use tokenizers::NormalizerWrapper;

type Error = Box<dyn std::error::Error + Send + Sync>;

/// The normaliser, if there is one.
///
/// Errors: it is none that `tokenizers` knows, or “Precompiled”, on which that crate (0.23) panics where its table is missing.
pub fn normaliser(value: Option<Value>) -> Result<Option<NormalizerWrapper>, Error> {
    if value.as_ref().is_some_and(|normaliser| has_type(normaliser, "Precompiled")) {
        return Err("its normaliser is “Precompiled”, which none of these models uses".into());
    }
    Ok(value.map(serde_json::from_value).transpose()?)
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
