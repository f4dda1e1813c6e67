//! Which architectures there are that write texts about pictures, by the `model_type` of their `config.json`.

use serde_json::Value;

use super::blip::{self, BlipPlan};
use super::generator::Plan;
use crate::bundle::parse_json;
use crate::{Error, Result};

/// How the names of the tensors begin that these models are made of.
pub const PREFIXES: &[&str] = &blip::PREFIXES;

/// What is known of a generator by its `config.json`.
///
/// Errors: it is not JSON, of an architecture that cannot be run, or wrong.
pub fn plan(config: &str) -> Result<Box<dyn Plan>> {
    let file: Value = parse_json("config.json", config)?;
    match file["model_type"].as_str() {
        Some("blip") => Ok(Box::new(BlipPlan::new(config)?)),
        Some(kind @ ("clip" | "clip_text_model" | "clip_vision_model")) => Err(Error::Model(format!(
            "config.json describes a model of type “{kind}”, which compares pictures and texts; only “blip” writes \
             texts."
        ))),
        Some(kind) => Err(Error::Model(format!(
            "config.json describes a model of type “{kind}”; of those that write texts only “blip” can be run."
        ))),
        None => Err(Error::Model(
            "config.json does not say its model_type; of those that write texts “blip” can be run.".into(),
        )),
    }
}
