//! The JSON files of a model, from untrusted text.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::{Error, Result};

/// Read one of the JSON files, which must hold an object (serde would take a list for a struct as well).
pub fn parse<T: DeserializeOwned>(file: &str, json: &str) -> Result<T> {
    let object: Map<String, Value> =
        serde_json::from_str(json).map_err(|e| Error::Model(format!("{file}: {e}.")))?;
    serde_json::from_value(Value::Object(object)).map_err(|e| Error::Model(format!("{file}: {e}.")))
}
