//! OpenCLIP's `open_clip_config.json`, as Hugging Face's `config.json` and `preprocessor_config.json`.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::{Error, Result};

#[derive(Deserialize)]
struct File {
    model_cfg: Model,
    #[serde(default)]
    preprocess_cfg: Preprocess,
}

#[derive(Deserialize)]
struct Model {
    embed_dim: u64,
    #[serde(default)]
    quick_gelu: bool,
    vision_cfg: Vision,
    text_cfg: Text,
    #[serde(flatten)]
    other: Map<String, Value>,
}

/// Settings that change what is computed, and the values with which it is CLIP; `null`, and to be left out, is as good.
const PLAIN: [(&str, Value); 16] = [
    ("pool_type", Value::Null),
    ("final_ln_after_pool", Value::Bool(false)),
    ("attentional_pool", Value::Bool(false)),
    ("no_ln_pre", Value::Bool(false)),
    ("ls_init_value", Value::Null),
    ("pos_embed_type", Value::Null),
    ("act_kwargs", Value::Null),
    ("norm_kwargs", Value::Null),
    ("no_causal_mask", Value::Bool(false)),
    ("embed_cls", Value::Bool(false)),
    ("proj_bias", Value::Bool(false)),
    ("proj_type", Value::Null),
    ("block_type", Value::Null),
    ("qk_norm", Value::Bool(false)),
    ("multimodal_cfg", Value::Null),
    ("init_logit_bias", Value::Null),
];

/// The same, for settings that are said by a word.
const PLAIN_WORDS: [(&str, &[&str]); 4] = [
    ("pool_type", &["tok", "argmax"]),
    ("pos_embed_type", &["learnable"]),
    ("proj_type", &["linear"]),
    ("block_type", &["default"]),
];

/// A setting with which the model is another than CLIP.
fn unknown(settings: &Map<String, Value>) -> Option<String> {
    let plain = |name: &str, value: &Value| {
        let word = PLAIN_WORDS.iter().find(|(known, _)| *known == name);
        let by_word =
            word.is_some_and(|(_, words)| value.as_str().is_some_and(|value| words.contains(&value)));
        let empty = value.as_object().is_some_and(Map::is_empty);
        let known = PLAIN.iter().find(|(known, _)| *known == name);
        known.is_none_or(|(_, plain)| value.is_null() || value == plain || empty || by_word)
    };
    let (name, value) = settings.iter().find(|(name, value)| !plain(name, value))?;
    Some(format!("{name} is {value}, which only CLIP's relatives have; it cannot be run"))
}

/// What is left out has the value of OpenCLIP's `CLIPVisionCfg`.
#[derive(Deserialize)]
#[serde(default)]
struct Vision {
    /// A list: a ResNet.
    layers: Value,
    width: u64,
    head_width: u64,
    mlp_ratio: f64,
    patch_size: u64,
    image_size: Value,
    timm_model_name: Option<String>,
    #[serde(flatten)]
    other: Map<String, Value>,
}

impl Default for Vision {
    fn default() -> Self {
        Self {
            layers: json!(12),
            width: 768,
            head_width: 64,
            mlp_ratio: 4.0,
            patch_size: 16,
            image_size: json!(224),
            timm_model_name: None,
            other: Map::new(),
        }
    }
}

/// What is left out has the value of OpenCLIP's `CLIPTextCfg`.
#[derive(Deserialize)]
#[serde(default)]
struct Text {
    context_length: u64,
    vocab_size: u64,
    width: u64,
    heads: u64,
    layers: u64,
    mlp_ratio: f64,
    hf_model_name: Option<String>,
    #[serde(flatten)]
    other: Map<String, Value>,
}

impl Default for Text {
    fn default() -> Self {
        Self {
            context_length: 77,
            vocab_size: 49408,
            width: 512,
            heads: 8,
            layers: 12,
            mlp_ratio: 4.0,
            hf_model_name: None,
            other: Map::new(),
        }
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Preprocess {
    mean: Option<[f32; 3]>,
    std: Option<[f32; 3]>,
    interpolation: Option<String>,
    resize_mode: Option<String>,
}

/// `config.json` and `preprocessor_config.json` of the same model.
///
/// Errors: it is not OpenCLIP's file, or describes a model of another architecture.
pub fn convert(json: &str) -> Result<[String; 2]> {
    let wrong = |what: String| Error::Model(format!("open_clip_config.json: {what}."));
    let File { model_cfg: model, preprocess_cfg: preprocess } =
        super::json::parse("open_clip_config.json", json)?;
    let (vision, text) = (model.vision_cfg, model.text_cfg);
    if let Some(what) = [&model.other, &vision.other, &text.other].into_iter().find_map(unknown) {
        return Err(wrong(what));
    }
    if let Some(name) = vision.timm_model_name.or(text.hf_model_name) {
        return Err(wrong(format!("a tower is a “{name}”; only CLIP's own transformers can be run")));
    }
    let Some(layers) = vision.layers.as_u64() else {
        return Err(wrong("the image tower is a ResNet; only vision transformers can be run".into()));
    };
    let side = match &vision.image_size {
        Value::Array(sides) if sides.len() == 2 && sides[0] == sides[1] => sides[0].as_u64(),
        side => side.as_u64(),
    };
    let side =
        side.ok_or_else(|| wrong(format!("image_size is {}; expected a square", vision.image_size)))?;
    let inner = |width: u64, ratio: f64| (width as f64 * ratio) as u64;
    let activation = if model.quick_gelu { "quick_gelu" } else { "gelu" };
    let config = json!({
        "model_type": "clip",
        "projection_dim": model.embed_dim,
        "vision_config": {
            "hidden_size": vision.width, "intermediate_size": inner(vision.width, vision.mlp_ratio),
            "num_hidden_layers": layers, "num_attention_heads": vision.width / vision.head_width.max(1),
            "image_size": side, "patch_size": vision.patch_size, "hidden_act": activation,
        },
        "text_config": {
            "hidden_size": text.width, "intermediate_size": inner(text.width, text.mlp_ratio),
            "num_hidden_layers": text.layers, "num_attention_heads": text.heads,
            "max_position_embeddings": text.context_length, "vocab_size": text.vocab_size,
            // The highest id in the text is its end, as OpenCLIP pools.
            "hidden_act": activation, "eos_token_id": 2,
        },
    });
    let size = match preprocess.resize_mode.as_deref() {
        None | Some("shortest") => json!({ "shortest_edge": side }),
        Some("squash") => json!({ "height": side, "width": side }),
        Some(other) => return Err(wrong(format!("resize_mode “{other}” is not known"))),
    };
    let resample = match preprocess.interpolation.as_deref() {
        None | Some("bicubic" | "random") => 3,
        Some("bilinear") => 2,
        Some(other) => return Err(wrong(format!("interpolation “{other}” is not known"))),
    };
    let mut preprocessor = json!({
        "size": size, "crop_size": { "height": side, "width": side }, "resample": resample,
    });
    for (field, values) in [("image_mean", preprocess.mean), ("image_std", preprocess.std)] {
        if let Some(values) = values {
            preprocessor[field] = json!(values);
        }
    }
    Ok([config.to_string(), preprocessor.to_string()])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bundle::{ClipConfig, PreprocessConfig};

    /// `laion/CLIP-ViT-H-14-laion2B-s32B-b79K`, as its page shows it.
    const H_14: &str = r#"{"model_cfg":{"embed_dim":1024,"vision_cfg":{"image_size":224,"layers":32,"width":1280,
        "head_width":80,"patch_size":14},"text_cfg":{"context_length":77,"vocab_size":49408,"width":1024,"heads":16,
        "layers":24}},"preprocess_cfg":{"mean":[0.48145466,0.4578275,0.40821073],
        "std":[0.26862954,0.26130258,0.27577711]}}"#;

    #[test]
    fn settings_that_change_nothing_are_accepted() {
        let json = r#"{"model_cfg":{"embed_dim":512,"custom_text":true,"init_logit_bias":null,
            "vision_cfg":{"pool_type":"tok","patch_dropout":0.5,"norm_kwargs":{}},"text_cfg":{"pool_type":"argmax"}}}"#;
        assert!(convert(json).is_ok());
    }

    #[test]
    fn vit_h_14_is_understood() {
        let [config, preprocessor] = convert(H_14).unwrap();
        let config = ClipConfig::from_json(&config).unwrap();
        let vision = &config.vision_config;
        assert_eq!((vision.num_attention_heads, vision.intermediate_size, vision.tokens()), (16, 5120, 257));
        assert_eq!((config.text_config.num_hidden_layers, config.projection_dim), (24, 1024));
        PreprocessConfig::from_json(&preprocessor).unwrap().check_square(224).unwrap();
    }

    #[test]
    fn what_is_no_clip_is_refused() {
        for (json, part) in [
            (r#"{"model_cfg":{"embed_dim":1024,"vision_cfg":{"layers":[3,4,6,3]},"text_cfg":{}}}"#, "ResNet"),
            (
                r#"{"model_cfg":{"embed_dim":1,"vision_cfg":{"timm_model_name":"convnext"},"text_cfg":{}}}"#,
                "convnext",
            ),
            (r#"{"model_cfg":{"embed_dim":1,"vision_cfg":{"image_size":[1,2]},"text_cfg":{}}}"#, "square"),
            (r#"{"model_cfg":{"embed_dim":1,"vision_cfg":{"pool_type":"avg"},"text_cfg":{}}}"#, "pool_type"),
            (
                r#"{"model_cfg":{"embed_dim":1,"vision_cfg":{},"text_cfg":{"no_causal_mask":true}}}"#,
                "no_causal_mask",
            ),
            (
                r#"{"model_cfg":{"embed_dim":1,"vision_cfg":{},"text_cfg":{},"multimodal_cfg":{"a":1}}}"#,
                "multimodal",
            ),
            ("{}", "open_clip_config.json"),
        ] {
            let message = convert(json).unwrap_err().to_string();
            assert!(message.contains(part), "{message}");
        }
    }
}
