//! clip.cpp's GGUF files: its keys, as Hugging Face's configuration files. They have no logit scale.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use super::header::Value;
use super::vocabulary;
use crate::{Error, Result};

const SIDE: &str = "clip.vision.image_size";
const TOKENS: &str = "tokenizer.ggml.tokens";

/// Is this the metadata of such a file?
pub fn is(metadata: &BTreeMap<String, Value>) -> bool {
    metadata.contains_key(SIDE) && metadata.contains_key(TOKENS)
}

/// `config.json`, `preprocessor_config.json` and `tokenizer.json`, as texts.
///
/// Errors: a key is missing, or has a value that no model has.
pub fn convert(metadata: &BTreeMap<String, Value>) -> Result<[String; 3]> {
    let wrong = |key: &str| Error::Model(format!("This clip.cpp file has no usable “{key}”."));
    let number = |key: &str| match metadata.get(key) {
        Some(Value::Number(number)) => Ok(*number),
        _ => Err(wrong(key)),
    };
    let whole = |key: &str| match number(key)? {
        x if x >= 0.0 && x.fract() == 0.0 && x < 1e9 => Ok(x as u64),
        _ => Err(wrong(key)),
    };
    let Some(Value::Texts(tokens)) = metadata.get(TOKENS) else { return Err(wrong(TOKENS)) };
    let gelu = matches!(metadata.get("clip.use_gelu"), Some(Value::Number(x)) if *x != 0.0);
    let tower = |tower: &str| -> Result<Json> {
        let key = |key: &str| format!("clip.{tower}.{key}");
        Ok(json!({
            "hidden_size": whole(&key("embedding_length"))?,
            "intermediate_size": whole(&key("feed_forward_length"))?,
            "num_hidden_layers": whole(&key("block_count"))?,
            "num_attention_heads": whole(&key("attention.head_count"))?,
            "layer_norm_eps": number(&key("attention.layer_norm_epsilon"))?,
            "hidden_act": if gelu { "gelu" } else { "quick_gelu" },
        }))
    };
    let (mut vision, mut text) = (tower("vision")?, tower("text")?);
    let side = whole(SIDE)?;
    vision["image_size"] = json!(side);
    vision["patch_size"] = json!(whole("clip.vision.patch_size")?);
    text["max_position_embeddings"] = json!(whole("clip.text.context_length")?);
    text["vocab_size"] = json!(tokens.len());
    // The highest id in the text is its end, as clip.cpp pools.
    text["eos_token_id"] = json!(2);
    let config = json!({
        "model_type": "clip", "projection_dim": whole("clip.vision.projection_dim")?,
        "vision_config": vision, "text_config": text,
    });
    let mut preprocessor = json!({ "size": side, "crop_size": side });
    for (field, key) in [("image_mean", "clip.vision.image_mean"), ("image_std", "clip.vision.image_std")] {
        if let Some(Value::Numbers(values)) = metadata.get(key) {
            preprocessor[field] = json!(values);
        }
    }
    Ok([config.to_string(), preprocessor.to_string(), vocabulary::from_tokens(tokens)?])
}
