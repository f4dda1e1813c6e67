//! A bundle with ViT-B/32's shapes and random numbers: speed depends on shapes, and this one needs no network, no
//! Python and no candle.

use std::f32::consts::LN_10;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::bundle;
use super::gguf::{self, Encoding, Tensor};
use crate::paths;

/// Where the tokenizer is taken from: the model that comes with the site.
const POCKET: &str = "models/pocket/pocket-q8_0.gguf";
const CONFIG: &str = "clip.huggingface.config";
const PREPROCESSOR: &str = "clip.huggingface.preprocessor_config";
const TOKENIZER: &str = "tokenizer.huggingface.json";

/// 2⁻¹² · (1 + 132 / 1024) in f16, about 0.035 / 127: uniform integers of 8 bits then spread as widely as the normal
/// distribution of deviation 0.02 that CLIP begins its training with, so that activations stay sane.
const SCALE: u16 = 0x0c84;
/// The widest of those numbers.
const WIDEST: f32 = 0.035;

/// The shapes of one tower.
struct Tower {
    name: &'static str,
    hidden: usize,
    inner: usize,
    layers: usize,
    norms: &'static [&'static str],
}

const TEXT: Tower =
    Tower { name: "text_model", hidden: 512, inner: 2048, layers: 12, norms: &["final_layer_norm"] };
const VISION: Tower = Tower {
    name: "vision_model",
    hidden: 768,
    inner: 3072,
    layers: 12,
    norms: &["pre_layrnorm", "post_layernorm"],
};
const VOCABULARY: usize = 49408;
const CONTEXT: usize = 77;
const SIDE: usize = 224;
const PATCH: usize = 32;
const EMBEDDING: usize = 512;

/// The bundle's folder below `folder`. It is written when it isn't there, or was written otherwise.
pub(crate) fn make(folder: &Path) -> Result<PathBuf> {
    let folder = folder.join("vit-b-32");
    let pocket = paths::root().join(POCKET);
    let pocket = fs::read(&pocket).with_context(|| format!("{} could not be read", pocket.display()))?;
    let texts = gguf::texts(&pocket).with_context(|| format!("{POCKET} cannot be used"))?;
    let text = |key| texts.get(key).with_context(|| format!("{POCKET} has no {key}"));
    let tokenizer = text(TOKENIZER)?;
    let their: Value = serde_json::from_str(text(CONFIG)?)?;
    let config = config(&their["text_config"]["eos_token_id"]).to_string();

    let recipe = [
        include_bytes!("random_model.rs"),
        &include_bytes!("gguf.rs")[..],
        config.as_bytes(),
        tokenizer.as_bytes(),
    ];
    let recipe = bundle::sha256(&recipe.concat());
    let stamp = folder.join("recipe");
    if fs::read_to_string(&stamp).is_ok_and(|made| made == recipe) {
        return Ok(folder);
    }
    println!("Writing a random model with ViT-B/32's shapes into {}.", folder.display());
    let preprocessor = preprocessor().to_string();
    let texts = [
        ("general.architecture", "clip"),
        (CONFIG, &config),
        (PREPROCESSOR, &preprocessor),
        (TOKENIZER, tokenizer.as_str()),
    ];
    let tensors = tensors();
    let about = json!({
        "name": "vit-b-32-random",
        "title": "ViT-B/32, random numbers",
        "licence": "none",
        "dtype": "q8_0",
        "parameters": tensors.iter().map(Tensor::numbers).sum::<usize>(),
        "image_size": SIDE,
        "embedding": EMBEDDING,
    });
    bundle::write(&folder, about, &file(&texts, &tensors))?;
    fs::write(&stamp, recipe).with_context(|| format!("{} could not be written", stamp.display()))?;
    Ok(folder)
}

/// `config.json`. Sizes that are not said are ViT-B/32's by Hugging Face's defaults.
fn config(eos_token_id: &Value) -> Value {
    json!({
        "model_type": "clip",
        "projection_dim": EMBEDDING,
        "text_config": {
            "vocab_size": VOCABULARY, "hidden_size": TEXT.hidden, "intermediate_size": TEXT.inner,
            "num_hidden_layers": TEXT.layers, "num_attention_heads": 8, "max_position_embeddings": CONTEXT,
            "hidden_act": "quick_gelu", "eos_token_id": eos_token_id,
        },
        "vision_config": {
            "hidden_size": VISION.hidden, "intermediate_size": VISION.inner, "num_hidden_layers": VISION.layers,
            "num_attention_heads": 12, "image_size": SIDE, "patch_size": PATCH, "hidden_act": "quick_gelu",
        },
    })
}

/// `preprocessor_config.json`, with OpenAI's mean and deviation.
fn preprocessor() -> Value {
    json!({
        "image_processor_type": "CLIPImageProcessor",
        "do_convert_rgb": true,
        "do_resize": true, "size": { "shortest_edge": SIDE }, "resample": 3,
        "do_center_crop": true, "crop_size": { "height": SIDE, "width": SIDE },
        "do_rescale": true, "rescale_factor": 1.0 / 255.0,
        "do_normalize": true,
        "image_mean": [0.48145466, 0.4578275, 0.40821073],
        "image_std": [0.26862954, 0.26130258, 0.27577711],
    })
}

/// Every tensor of a Hugging Face `CLIPModel` of these shapes.
fn tensors() -> Vec<Tensor> {
    let mut tensors = Vec::new();
    let mut add = |name: String, shape: &[usize]| tensors.push(Tensor { name, shape: shape.into() });
    add("logit_scale".into(), &[1]);
    for Tower { name, hidden, inner, layers, norms } in [TEXT, VISION] {
        for layer in 0..layers {
            let part = |part: &str, end: &str| format!("{name}.encoder.layers.{layer}.{part}.{end}");
            for (matrix, rows, columns) in [
                ("self_attn.q_proj", hidden, hidden),
                ("self_attn.k_proj", hidden, hidden),
                ("self_attn.v_proj", hidden, hidden),
                ("self_attn.out_proj", hidden, hidden),
                ("mlp.fc1", inner, hidden),
                ("mlp.fc2", hidden, inner),
            ] {
                add(part(matrix, "weight"), &[rows, columns]);
                add(part(matrix, "bias"), &[rows]);
            }
            for norm in ["layer_norm1", "layer_norm2"] {
                add(part(norm, "weight"), &[hidden]);
                add(part(norm, "bias"), &[hidden]);
            }
        }
        for norm in norms {
            add(format!("{name}.{norm}.weight"), &[hidden]);
            add(format!("{name}.{norm}.bias"), &[hidden]);
        }
    }
    let grid = SIDE / PATCH;
    add("text_model.embeddings.token_embedding.weight".into(), &[VOCABULARY, TEXT.hidden]);
    add("text_model.embeddings.position_embedding.weight".into(), &[CONTEXT, TEXT.hidden]);
    add("text_projection.weight".into(), &[EMBEDDING, TEXT.hidden]);
    add("vision_model.embeddings.class_embedding".into(), &[VISION.hidden]);
    add("vision_model.embeddings.patch_embedding.weight".into(), &[VISION.hidden, 3, PATCH, PATCH]);
    add("vision_model.embeddings.position_embedding.weight".into(), &[1 + grid * grid, VISION.hidden]);
    add("visual_projection.weight".into(), &[EMBEDDING, VISION.hidden]);
    tensors
}

fn file(texts: &[(&str, &str)], tensors: &[Tensor]) -> Vec<u8> {
    let mut bytes = gguf::header(texts, tensors);
    bytes.reserve_exact(tensors.iter().map(Tensor::padded_len).sum());
    let mut random = Random(1);
    for tensor in tensors {
        let end = bytes.len() + tensor.padded_len();
        match tensor.encoding() {
            Encoding::Q8_0 => {
                for _ in 0..tensor.numbers() / Encoding::BLOCK {
                    bytes.extend(SCALE.to_le_bytes());
                    for _ in 0..Encoding::BLOCK / 8 {
                        bytes.extend(random.next().to_le_bytes().map(symmetric));
                    }
                }
            }
            Encoding::F32 => {
                let (middle, widest) = spread(&tensor.name);
                for _ in 0..tensor.numbers() {
                    bytes.extend((middle + widest * random.within_one()).to_le_bytes());
                }
            }
        }
        bytes.resize(end, 0);
    }
    bytes
}

/// Middle of a tensor's numbers, and how far they lie around it at most.
fn spread(name: &str) -> (f32, f32) {
    match name {
        // The temperature 100 that CLIP's training ends with.
        "logit_scale" => (2.0 * LN_10, 0.0),
        gain if gain.contains("norm") && gain.ends_with(".weight") => (1.0, 0.1),
        _ => (0.0, WIDEST),
    }
}

/// −128 is in no block of Q8_0, whose largest number has ±127.
fn symmetric(byte: u8) -> u8 {
    if byte == 0x80 { 0 } else { byte }
}

/// SplitMix64.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// −1..1
    fn within_one(&mut self) -> f32 {
        (self.next() >> 40) as f32 / (1 << 23) as f32 - 1.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_has_the_parameters_of_clip() {
        // As Hugging Face counts openai/clip-vit-base-patch32.
        assert_eq!(tensors().iter().map(Tensor::numbers).sum::<usize>(), 151_277_313);
    }

    #[test]
    fn numbers_fill_the_file() {
        let tensors = [
            Tensor { name: "visual_projection.weight".into(), shape: vec![3, 64] },
            Tensor { name: "x.layer_norm1.weight".into(), shape: vec![50] },
        ];
        let bytes = file(&[], &tensors);
        let start = gguf::header(&[], &tensors).len();
        assert_eq!(bytes.len(), start + 224 + 224);
        assert_eq!(bytes[start..][..2], SCALE.to_le_bytes());
        let gains = bytes[start + 224..][..200].chunks_exact(4);
        for gain in gains.map(|gain| f32::from_le_bytes(gain.try_into().unwrap())) {
            assert!((0.9..=1.1).contains(&gain), "{gain}");
        }
    }

    #[test]
    fn random_numbers_are_those_of_splitmix64() {
        // The first of seed 1234567, as in the algorithm's published test.
        assert_eq!(Random(1_234_567).next(), 6_457_827_717_110_365_317);
        let mut random = Random(1);
        assert!((0..1000).all(|_| (-1.0..1.0).contains(&random.within_one())));
    }
}
