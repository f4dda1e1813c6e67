//! A browser optimises code only once it has seen it run; this lets it, before anybody waits.

use std::collections::BTreeMap;

use candle_core::{Device, Tensor};

use super::block::Blocks;
use super::options::{Compute, Towers};
use super::towers::Model;
use crate::bundle::{ClipConfig, Weights};
use crate::kernels::{native, profile, team::beside};
use crate::preprocess::Pixels;
use crate::tokenizer::Tokens;
use crate::{Error, Result};

/// A CLIP whose towers have every kind of layer and next to no numbers.
const CONFIG: &str = r#"{
    "projection_dim": 64,
    "text_config": { "vocab_size": 16, "hidden_size": 64, "intermediate_size": 256, "num_hidden_layers": 2,
        "num_attention_heads": 1, "max_position_embeddings": 8, "eos_token_id": 3 },
    "vision_config": { "hidden_size": 64, "intermediate_size": 256, "num_hidden_layers": 2, "num_attention_heads": 1,
        "image_size": 48, "patch_size": 8 }
}"#;

/// Choose the integer product's route, then run a tiny model for `milliseconds` by the clock `now`; on a helper thread, where
/// there is one: what it has made the browser optimise, all threads have.
pub fn warm_up(compute: Compute, now: fn() -> f64, milliseconds: f64) {
    beside(move || {
        if compute == Compute::Int8 {
            native::choose_route(now);
        }
        // The tiny model is always the same; that it is whole, a test says.
        let _ = run(compute, now, milliseconds);
        // Its products say nothing of a real model's.
        profile::take();
    });
}

fn run(compute: Compute, now: fn() -> f64, milliseconds: f64) -> Result<()> {
    let end = now() + milliseconds;
    let config = ClipConfig::from_json(CONFIG)?;
    let side = config.vision_config.image_size;
    let pixels = Pixels(Tensor::ones((3, side, side), candle_core::DType::F32, &Device::Cpu)?);
    let texts =
        [[0, 1, 2, 3], [0, 1, 4, 3], [0, 5, 2, 3]].map(|ids| Tokens { ids: ids.to_vec(), cut: false });
    while now() < end {
        // Packing is part of what is waited for.
        let model = Model::load(weights(&config)?, Blocks::default(), &config, Towers::Both, compute)?;
        model.embed_images(std::slice::from_ref(&pixels))?;
        model.embed_texts(&texts)?;
    }
    Ok(())
}

/// Numbers of no meaning for every tensor that the towers take, in Q8_0 as most models have them.
fn weights(config: &ClipConfig) -> Result<Weights> {
    let mut tensors = BTreeMap::new();
    let mut add = |name: String, shape: &[usize]| {
        let numbers: Vec<f32> = (0..shape.iter().product()).map(|i| (i % 7) as f32 / 7.0 - 0.4).collect();
        tensors.insert(name, Tensor::from_vec(numbers, shape, &Device::Cpu)?);
        Ok::<(), Error>(())
    };
    let (text, vision, width) = (&config.text_config, &config.vision_config, config.projection_dim);
    add("logit_scale".into(), &[])?;
    for (tower, hidden, inner, layers, norms) in [
        (
            "text_model",
            text.hidden_size,
            text.intermediate_size,
            text.num_hidden_layers,
            &["final_layer_norm"][..],
        ),
        (
            "vision_model",
            vision.hidden_size,
            vision.intermediate_size,
            vision.num_hidden_layers,
            &["pre_layrnorm", "post_layernorm"][..],
        ),
    ] {
        for layer in 0..layers {
            let name = |part: &str| format!("{tower}.encoder.layers.{layer}.{part}");
            let (square, up, down) = ([hidden, hidden], [inner, hidden], [hidden, inner]);
            for (part, shape) in [
                ("self_attn.q_proj", square),
                ("self_attn.k_proj", square),
                ("self_attn.v_proj", square),
                ("self_attn.out_proj", square),
                ("mlp.fc1", up),
                ("mlp.fc2", down),
            ] {
                add(name(&format!("{part}.weight")), &shape)?;
                add(name(&format!("{part}.bias")), &shape[..1])?;
            }
            for norm in ["layer_norm1", "layer_norm2"] {
                add(name(&format!("{norm}.weight")), &[hidden])?;
                add(name(&format!("{norm}.bias")), &[hidden])?;
            }
        }
        for norm in norms {
            add(format!("{tower}.{norm}.weight"), &[hidden])?;
            add(format!("{tower}.{norm}.bias"), &[hidden])?;
        }
    }
    add("text_model.embeddings.token_embedding.weight".into(), &[text.vocab_size, text.hidden_size])?;
    add(
        "text_model.embeddings.position_embedding.weight".into(),
        &[text.max_position_embeddings, text.hidden_size],
    )?;
    add("text_projection.weight".into(), &[width, text.hidden_size])?;
    let patch = vision.patch_size;
    add("vision_model.embeddings.patch_embedding.weight".into(), &[vision.hidden_size, 3, patch, patch])?;
    add("vision_model.embeddings.class_embedding".into(), &[vision.hidden_size])?;
    add("vision_model.embeddings.position_embedding.weight".into(), &[vision.tokens(), vision.hidden_size])?;
    add("visual_projection.weight".into(), &[width, vision.hidden_size])?;
    Weights::quantised(tensors)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tiny_model_is_whole() {
        for compute in [Compute::F32, Compute::Int8] {
            thread_local!(static CALLS: std::cell::Cell<f64> = const { std::cell::Cell::new(0.0) });
            fn clock() -> f64 {
                CALLS.set(CALLS.get() + 1.0);
                CALLS.get()
            }
            run(compute, clock, 3.0).unwrap();
        }
    }
}
