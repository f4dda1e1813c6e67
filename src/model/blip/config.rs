//! `config.json` of an HF `BlipForConditionalGeneration` or `BlipForQuestionAnswering`: the sizes of its parts.

use serde::Deserialize;

use crate::bundle::config::{Activation, VisionConfig, check_sizes, check_tower};
use crate::bundle::parse_json;
use crate::model::generator::Ability;
use crate::{Error, Result};

/// `text_config`, of the decoder and of the question encoder. Fields that a file leaves out have the value of HF's
/// `BlipTextConfig`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default)]
pub struct TextConfig {
    pub vocab_size: usize,
    pub hidden_size: usize,
    pub intermediate_size: usize,
    pub num_hidden_layers: usize,
    pub num_attention_heads: usize,
    /// Longest text in tokens, the beginning included.
    pub max_position_embeddings: usize,
    pub hidden_act: Activation,
    pub layer_norm_eps: f64,
    /// `[DEC]`, which every text begins with.
    pub bos_token_id: u32,
    /// `[SEP]`, which ends every text.
    pub sep_token_id: u32,
}

impl Default for TextConfig {
    fn default() -> Self {
        Self {
            vocab_size: 30524,
            hidden_size: 768,
            intermediate_size: 3072,
            num_hidden_layers: 12,
            num_attention_heads: 8,
            max_position_embeddings: 512,
            hidden_act: Activation::Gelu,
            layer_norm_eps: 1e-12,
            bos_token_id: 30522,
            sep_token_id: 102,
        }
    }
}

/// `vision_config`, where it differs from CLIP's: what a file leaves out has the value of HF's `BlipVisionConfig`.
#[derive(Deserialize)]
#[serde(default)]
struct VisionFile {
    hidden_size: usize,
    intermediate_size: usize,
    num_hidden_layers: usize,
    num_attention_heads: usize,
    image_size: usize,
    patch_size: usize,
    hidden_act: Activation,
    layer_norm_eps: f64,
}

impl Default for VisionFile {
    fn default() -> Self {
        Self {
            hidden_size: 768,
            intermediate_size: 3072,
            num_hidden_layers: 12,
            num_attention_heads: 12,
            image_size: 384,
            patch_size: 16,
            hidden_act: Activation::Gelu,
            layer_norm_eps: 1e-5,
        }
    }
}

#[derive(Deserialize)]
struct File {
    #[serde(default)]
    architectures: Vec<String>,
    #[serde(default)]
    text_config: TextConfig,
    #[serde(default)]
    vision_config: VisionFile,
}

/// The whole configuration, checked: every size is in a sane range and heads divide widths.
#[derive(Clone, Debug, PartialEq)]
pub struct BlipConfig {
    pub ability: Ability,
    pub text: TextConfig,
    pub vision: VisionConfig,
}

impl BlipConfig {
    /// Read and check `config.json`.
    ///
    /// Errors: not JSON, a BLIP that writes no texts, a field of the wrong type, an unknown `hidden_act`, a size out
    /// of range.
    pub fn from_json(json: &str) -> Result<Self> {
        let File { architectures, text_config: text, vision_config: vision } =
            parse_json("config.json", json)?;
        let ability = match architectures.first().map(String::as_str) {
            Some("BlipForConditionalGeneration") => Ability::Captions,
            Some("BlipForQuestionAnswering") => Ability::Answers,
            other => {
                return Err(Error::Model(format!(
                    "config.json describes a BLIP of the kind “{}”; those that write texts are \
                     BlipForConditionalGeneration and BlipForQuestionAnswering.",
                    other.unwrap_or("unknown")
                )));
            }
        };
        let sizes = [
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
        for (part, width, heads, eps) in [
            ("text_config", text.hidden_size, text.num_attention_heads, text.layer_norm_eps),
            ("vision_config", vision.hidden_size, vision.num_attention_heads, vision.layer_norm_eps),
        ] {
            check_tower(part, width, heads, eps)?;
        }
        for (field, id) in [("bos_token_id", text.bos_token_id), ("sep_token_id", text.sep_token_id)] {
            if id as usize >= text.vocab_size {
                return Err(Error::Model(format!(
                    "config.json: text_config.{field} is {id}, but the model knows {} tokens.",
                    text.vocab_size
                )));
            }
        }
        // The decoder of one that answers looks at the question, through layers made for the picture's width.
        if ability == Ability::Answers && text.hidden_size != vision.hidden_size {
            return Err(Error::Model(format!(
                "config.json: a BLIP that answers questions needs parts of one width; text_config.hidden_size is {}, \
                 vision_config.hidden_size {}.",
                text.hidden_size, vision.hidden_size
            )));
        }
        let vision = VisionConfig {
            hidden_size: vision.hidden_size,
            intermediate_size: vision.intermediate_size,
            num_hidden_layers: vision.num_hidden_layers,
            num_attention_heads: vision.num_attention_heads,
            num_channels: 3,
            image_size: vision.image_size,
            patch_size: vision.patch_size,
            hidden_act: vision.hidden_act,
            layer_norm_eps: vision.layer_norm_eps,
        };
        Ok(Self { ability, text, vision })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(rest: &str) -> String {
        format!(r#"{{"model_type": "blip", "architectures": ["BlipForQuestionAnswering"]{rest}}}"#)
    }

    #[test]
    fn wrong_configurations_are_refused_with_the_field_named() {
        let cases = [
            ("{".to_owned(), "config.json"),
            ("{}".to_owned(), "unknown"),
            (r#"{"architectures": ["BlipForImageTextRetrieval"]}"#.to_owned(), "BlipForImageTextRetrieval"),
            (file(r#", "text_config": {"hidden_act": "relu"}"#), "relu"),
            (file(r#", "text_config": {"num_attention_heads": 7}"#), "7 heads"),
            (file(r#", "text_config": {"bos_token_id": 30524}"#), "bos_token_id"),
            (file(r#", "text_config": {"vocab_size": 100}"#), "knows 100 tokens"),
            (file(r#", "text_config": {"layer_norm_eps": 0}"#), "layer_norm_eps"),
            (file(r#", "text_config": {"max_position_embeddings": 0}"#), "max_position_embeddings"),
            (file(r#", "vision_config": {"patch_size": 400}"#), "vision_config.patch_size"),
            (file(r#", "vision_config": {"hidden_size": 1024, "num_attention_heads": 16}"#), "one width"),
            (file(r#", "vision_config": {"image_size": -1}"#), "config.json"),
        ];
        for (json, part) in cases {
            let message = BlipConfig::from_json(&json).unwrap_err().to_string();
            assert!(message.contains(part), "{json}: {message}");
        }
    }

    #[test]
    fn an_empty_configuration_is_the_published_base() {
        let config = BlipConfig::from_json(&file("")).unwrap();
        assert_eq!((config.vision.tokens(), config.text.vocab_size), (577, 30524));
    }
}
