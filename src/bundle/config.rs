//! `config.json` of an HF `CLIPModel`: the sizes of both towers.

use serde::Deserialize;

use super::{json, open_clip};
pub use crate::kernels::gemm::Activation;
use crate::{Error, Result};

/// `text_config`. Fields that a file leaves out have the value of HF's `CLIPTextConfig`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default)]
pub struct TextConfig {
    pub vocab_size: usize,
    pub hidden_size: usize,
    pub intermediate_size: usize,
    pub num_hidden_layers: usize,
    pub num_attention_heads: usize,
    /// Longest text in tokens, start and end included.
    pub max_position_embeddings: usize,
    pub hidden_act: Activation,
    pub layer_norm_eps: f64,
    /// The token whose output is the text's embedding. `2` marks configurations from before HF knew the
    /// real id: there the highest id in the text is the end token (HF `CLIPTextTransformer.forward`).
    pub eos_token_id: u32,
}

impl Default for TextConfig {
    fn default() -> Self {
        Self {
            vocab_size: 49408,
            hidden_size: 512,
            intermediate_size: 2048,
            num_hidden_layers: 12,
            num_attention_heads: 8,
            max_position_embeddings: 77,
            hidden_act: Activation::QuickGelu,
            layer_norm_eps: 1e-5,
            eos_token_id: 49407,
        }
    }
}

/// `vision_config`. Fields that a file leaves out have the value of HF's `CLIPVisionConfig`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default)]
pub struct VisionConfig {
    pub hidden_size: usize,
    pub intermediate_size: usize,
    pub num_hidden_layers: usize,
    pub num_attention_heads: usize,
    pub num_channels: usize,
    /// Side of the square picture in pixels.
    pub image_size: usize,
    /// Side of a square patch in pixels.
    pub patch_size: usize,
    pub hidden_act: Activation,
    pub layer_norm_eps: f64,
}

impl Default for VisionConfig {
    fn default() -> Self {
        Self {
            hidden_size: 768,
            intermediate_size: 3072,
            num_hidden_layers: 12,
            num_attention_heads: 12,
            num_channels: 3,
            image_size: 224,
            patch_size: 32,
            hidden_act: Activation::QuickGelu,
            layer_norm_eps: 1e-5,
        }
    }
}

impl VisionConfig {
    /// Patches along one side. A remainder of the picture is not seen, as in a convolution of that stride.
    pub fn grid(&self) -> usize {
        self.image_size / self.patch_size
    }

    /// Tokens of a picture: the class token and one a patch.
    pub fn tokens(&self) -> usize {
        1 + self.grid() * self.grid()
    }
}

/// The whole configuration, checked: every size is in a sane range and heads divide widths.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct ClipConfig {
    #[serde(default)]
    pub text_config: TextConfig,
    #[serde(default)]
    pub vision_config: VisionConfig,
    /// Numbers in an embedding.
    #[serde(default = "default_projection_dim")]
    pub projection_dim: usize,
    #[serde(default)]
    model_type: Option<String>,
}

fn default_projection_dim() -> usize {
    512
}

/// Does this `config.json` say that it is a CLIP model's? Fields that are left out have defaults, so anything could pass.
pub fn is_clip(json: &str) -> bool {
    let file = serde_json::from_str::<serde_json::Value>(json).unwrap_or_default();
    file["model_type"] == "clip" || file["text_config"].is_object() || file["vision_config"].is_object()
}

impl ClipConfig {
    /// Read and check `config.json`, or `open_clip_config.json`.
    ///
    /// Errors: as [`ClipConfig::from_json`].
    pub fn from_any_json(json: &str) -> Result<Self> {
        if serde_json::from_str::<serde_json::Value>(json).is_ok_and(|file| file.get("model_cfg").is_some()) {
            let [config, _] = open_clip::convert(json)?;
            return Self::from_json(&config);
        }
        Self::from_json(json)
    }

    /// Read and check `config.json`.
    ///
    /// Errors: not JSON, another `model_type` than `clip`, a field of the wrong type, an unknown `hidden_act`,
    /// a size out of range.
    pub fn from_json(json: &str) -> Result<Self> {
        let config: Self = json::parse("config.json", json)?;
        if let Some(kind) = config.model_type.as_deref().filter(|kind| *kind != "clip") {
            return Err(Error::Model(format!(
                "config.json describes a model of type “{kind}”; only “clip” can be run."
            )));
        }
        let (text, vision) = (&config.text_config, &config.vision_config);
        let sizes = [
            ("projection_dim", config.projection_dim, 8192),
            ("text_config.vocab_size", text.vocab_size, 1 << 20),
            ("text_config.max_position_embeddings", text.max_position_embeddings, 4096),
            ("text_config.hidden_size", text.hidden_size, 8192),
            ("text_config.intermediate_size", text.intermediate_size, 65536),
            ("text_config.num_hidden_layers", text.num_hidden_layers, 128),
            ("text_config.num_attention_heads", text.num_attention_heads, 256),
            ("vision_config.hidden_size", vision.hidden_size, 8192),
            ("vision_config.intermediate_size", vision.intermediate_size, 65536),
            ("vision_config.num_hidden_layers", vision.num_hidden_layers, 128),
            ("vision_config.num_attention_heads", vision.num_attention_heads, 256),
            ("vision_config.image_size", vision.image_size, 2048),
            ("vision_config.patch_size", vision.patch_size, vision.image_size),
        ];
        check_sizes(&sizes)?;
        if vision.num_channels != 3 {
            return Err(Error::Model(format!(
                "config.json: vision_config.num_channels is {}; only 3 (RGB) can be run.",
                vision.num_channels
            )));
        }
        for (tower, width, heads, eps) in [
            ("text_config", text.hidden_size, text.num_attention_heads, text.layer_norm_eps),
            ("vision_config", vision.hidden_size, vision.num_attention_heads, vision.layer_norm_eps),
        ] {
            check_tower(tower, width, heads, eps)?;
        }
        Ok(config)
    }
}

/// Sizes of a `config.json`, each with its field and the most that it may be.
///
/// Errors: one is 0 or more than that.
pub fn check_sizes(sizes: &[(&str, usize, usize)]) -> Result<()> {
    match sizes.iter().find(|(_, found, most)| *found == 0 || found > most) {
        Some((field, found, most)) => {
            Err(Error::Model(format!("config.json: {field} is {found}; expected 1 to {most}.")))
        }
        None => Ok(()),
    }
}

/// A transformer's width in a `config.json`, its heads, and what its layer norms add.
///
/// Errors: heads of no whole width, or a number that isn't between 0 and 1.
pub fn check_tower(part: &str, width: usize, heads: usize, eps: f64) -> Result<()> {
    if !width.is_multiple_of(heads) {
        return Err(Error::Model(format!(
            "config.json: {part}.hidden_size {width} cannot be divided into {heads} heads."
        )));
    }
    if !(eps > 0.0 && eps < 1.0) {
        return Err(Error::Model(format!(
            "config.json: {part}.layer_norm_eps is {eps}; expected a number between 0 and 1."
        )));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrong_configurations_are_refused_with_the_field_named() {
        let cases = [
            ("{", "config.json"),
            (r#"{"model_type":"siglip"}"#, "siglip"),
            (r#"{"text_config":{"hidden_act":"relu"}}"#, "relu"),
            (r#"{"text_config":{"hidden_size":100,"num_attention_heads":7}}"#, "7 heads"),
            (r#"{"vision_config":{"patch_size":0}}"#, "vision_config.patch_size"),
            (r#"{"vision_config":{"num_channels":1}}"#, "num_channels"),
            (r#"{"projection_dim":-1}"#, "config.json"),
            (r#"{"text_config":{"layer_norm_eps":0}}"#, "layer_norm_eps"),
        ];
        for (json, part) in cases {
            let message = ClipConfig::from_json(json).unwrap_err().to_string();
            assert!(message.contains(part), "{json}: {message}");
        }
    }

    #[test]
    fn an_empty_configuration_is_openais_vit_b_32() {
        let config = ClipConfig::from_json("{}").unwrap();
        assert_eq!(config.vision_config.tokens(), 50);
        assert_eq!(config.text_config.max_position_embeddings, 77);
    }
}
