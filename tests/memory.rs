//! A model never stands in memory twice: the bytes of a ViT-B/32, and of a BLIP of the published size, made up as
//! they are asked for, go through the loader, and what is allocated stays below what was announced before the first
//! byte came.

// A test that cannot make its model has failed.
#![allow(clippy::unwrap_used)]
#![cfg(not(target_arch = "wasm32"))]

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Mutex;

use peak_alloc::PeakAlloc;
use semblance::bundle::ClipConfig;
use semblance::captioner::{self, CaptionerLoader};
use semblance::model::{Towers, memory, parameters};
use semblance::{Compute, Loader};

#[global_allocator]
static ALLOCATED: PeakAlloc = PeakAlloc;

/// One test at a time: all allocations count.
static ALONE: Mutex<()> = Mutex::new(());

const CHUNK: usize = 1 << 20;
const CONFIG: &str = r#"{"model_type": "clip"}"#;

/// Names and shapes of ViT-B/32's tensors, in the order in which safetensors writes them.
fn tensors() -> BTreeMap<String, Vec<usize>> {
    let mut tensors = BTreeMap::new();
    let mut add = |name: String, shape: &[usize]| {
        tensors.insert(name, shape.to_vec());
    };
    add("logit_scale".into(), &[]);
    for (tower, hidden, norms) in
        [("text", 512, &["final_layer_norm"][..]), ("vision", 768, &["pre_layrnorm", "post_layernorm"])]
    {
        let inner = 4 * hidden;
        let mut pair = |name: String, outputs: usize, inputs: Option<usize>| {
            add(format!("{name}.weight"), &[&[outputs][..], inputs.as_slice()].concat());
            add(format!("{name}.bias"), &[outputs]);
        };
        for norm in norms {
            pair(format!("{tower}_model.{norm}"), hidden, None);
        }
        for layer in 0..12 {
            let layer = format!("{tower}_model.encoder.layers.{layer}");
            for part in ["q", "k", "v", "out"] {
                pair(format!("{layer}.self_attn.{part}_proj"), hidden, Some(hidden));
            }
            pair(format!("{layer}.mlp.fc1"), inner, Some(hidden));
            pair(format!("{layer}.mlp.fc2"), hidden, Some(inner));
            pair(format!("{layer}.layer_norm1"), hidden, None);
            pair(format!("{layer}.layer_norm2"), hidden, None);
        }
    }
    add("text_model.embeddings.token_embedding.weight".into(), &[49408, 512]);
    add("text_model.embeddings.position_embedding.weight".into(), &[77, 512]);
    add("vision_model.embeddings.class_embedding".into(), &[768]);
    add("vision_model.embeddings.patch_embedding.weight".into(), &[768, 3, 32, 32]);
    add("vision_model.embeddings.position_embedding.weight".into(), &[50, 768]);
    add("text_projection.weight".into(), &[512, 512]);
    add("visual_projection.weight".into(), &[512, 768]);
    tensors
}

/// The beginning of a safetensors file of these tensors, and the bytes that follow it.
fn header(tensors: &BTreeMap<String, Vec<usize>>, dtype: &str, size: usize) -> (Vec<u8>, usize) {
    let (mut json, mut at) = (String::from("{"), 0);
    for (name, shape) in tensors {
        let end = at + size * shape.iter().product::<usize>();
        let comma = if at == 0 { "" } else { "," };
        write!(
            json,
            r#"{comma}"{name}":{{"dtype":"{dtype}","shape":{shape:?},"data_offsets":[{at},{end}]}}"#
        )
        .unwrap();
        at = end;
    }
    json.push('}');
    ([&(json.len() as u64).to_le_bytes()[..], json.as_bytes()].concat(), at)
}

#[test]
fn no_model_takes_more_than_was_announced() {
    let _alone = ALONE.lock();
    let config = ClipConfig::from_json(CONFIG).unwrap();
    let tensors = tensors();
    let counted: u64 = tensors.values().map(|shape| shape.iter().product::<usize>() as u64).sum();
    assert_eq!(parameters(&config).iter().sum::<u64>() + 1, counted);
    let tokenizer = include_str!("golden/models/b-32/tokenizer.json");
    let files: BTreeMap<_, _> = [("config.json", CONFIG), ("tokenizer.json", tokenizer)]
        .map(|(name, text)| (name.to_owned(), text.to_owned()))
        .into();
    let (wide, narrow) = (("F32", 4, &0.01f32.to_le_bytes()[..]), ("BF16", 2, &[0x24, 0x3c][..]));
    for ((dtype, size, number), compute, some) in [
        (wide, Compute::Int8, &[Towers::Both, Towers::Vision, Towers::Text][..]),
        (narrow, Compute::Int8, &[Towers::Both, Towers::Vision, Towers::Text]),
        (wide, Compute::F32, &[Towers::Both]),
        (narrow, Compute::F32, &[Towers::Text]),
    ] {
        for &towers in some {
            let (head, rest) = header(&tensors, dtype, size);
            let chunk = number.repeat(CHUNK / size);
            ALLOCATED.reset_peak_usage();
            let before = ALLOCATED.current_usage();
            let mut loader = Loader::new(towers, compute);
            loader.files(&files).unwrap();
            loader.push(&head).unwrap();
            for at in (0..rest).step_by(CHUNK) {
                loader.push(&chunk[..CHUNK.min(rest - at)]).unwrap();
            }
            let clip = loader.finish().unwrap();
            let peak = (ALLOCATED.peak_usage() - before) as u64;
            let announced = memory(&config, towers, compute);
            println!("{dtype} → {compute:?}, {towers:?}: peak {peak} bytes, announced {announced}");
            assert!(
                peak <= announced,
                "{dtype} → {compute:?}, {towers:?}: {peak} bytes, announced {announced}"
            );
            drop(clip);
        }
    }
}

/// Names and shapes of a base-size BLIP that answers questions or writes captions.
fn blip_tensors(answers: bool) -> BTreeMap<String, Vec<usize>> {
    let (hidden, inner, tokens, words) = (768, 3072, 577, 30524);
    let mut tensors = BTreeMap::new();
    let mut add = |name: String, shape: &[usize]| {
        tensors.insert(name, shape.to_vec());
    };
    add("vision_model.embeddings.class_embedding".into(), &[1, 1, hidden]);
    add("vision_model.embeddings.position_embedding".into(), &[1, tokens, hidden]);
    add("vision_model.embeddings.patch_embedding.weight".into(), &[hidden, 3, 16, 16]);
    add("vision_model.embeddings.patch_embedding.bias".into(), &[hidden]);
    let mut pair = |name: String, outputs: usize, inputs: Option<usize>| {
        add(format!("{name}.weight"), &[&[outputs][..], inputs.as_slice()].concat());
        add(format!("{name}.bias"), &[outputs]);
    };
    pair("vision_model.post_layernorm".into(), hidden, None);
    for layer in 0..12 {
        let layer = format!("vision_model.encoder.layers.{layer}");
        for (part, outputs, inputs) in [
            ("self_attn.qkv", 3 * hidden, Some(hidden)),
            ("self_attn.projection", hidden, Some(hidden)),
            ("mlp.fc1", inner, Some(hidden)),
            ("mlp.fc2", hidden, Some(inner)),
            ("layer_norm1", hidden, None),
            ("layer_norm2", hidden, None),
        ] {
            pair(format!("{layer}.{part}"), outputs, inputs);
        }
    }
    let stacks = ["text_decoder.bert", "text_encoder"];
    for stack in &stacks[..1 + usize::from(answers)] {
        pair(format!("{stack}.embeddings.LayerNorm"), hidden, None);
        for layer in 0..12 {
            let layer = format!("{stack}.encoder.layer.{layer}");
            for attention in ["attention", "crossattention"] {
                for part in ["self.query", "self.key", "self.value", "output.dense"] {
                    pair(format!("{layer}.{attention}.{part}"), hidden, Some(hidden));
                }
                pair(format!("{layer}.{attention}.output.LayerNorm"), hidden, None);
            }
            pair(format!("{layer}.intermediate.dense"), inner, Some(hidden));
            pair(format!("{layer}.output.dense"), hidden, Some(inner));
            pair(format!("{layer}.output.LayerNorm"), hidden, None);
        }
    }
    pair("text_decoder.cls.predictions.transform.dense".into(), hidden, Some(hidden));
    pair("text_decoder.cls.predictions.transform.LayerNorm".into(), hidden, None);
    add("text_decoder.cls.predictions.bias".into(), &[words]);
    for stack in &stacks[..1 + usize::from(answers)] {
        add(format!("{stack}.embeddings.word_embeddings.weight"), &[words, hidden]);
        add(format!("{stack}.embeddings.position_embeddings.weight"), &[512, hidden]);
    }
    tensors
}

#[test]
fn no_captioner_takes_more_than_was_announced() {
    let _alone = ALONE.lock();
    let tokenizer = include_str!("golden/blip/vqa/tokenizer.json");
    for (kind, answers, compute) in [
        ("BlipForConditionalGeneration", false, Compute::Int8),
        ("BlipForQuestionAnswering", true, Compute::Int8),
        ("BlipForConditionalGeneration", false, Compute::F32),
    ] {
        let config = format!(
            r#"{{"model_type": "blip", "architectures": ["{kind}"], "text_config": {{"num_attention_heads": 12}}}}"#
        );
        let tensors = blip_tensors(answers);
        let counted: u64 = tensors.values().map(|shape| shape.iter().product::<usize>() as u64).sum();
        assert_eq!(semblance::model::plan(&config).unwrap().parameters(), counted, "{kind}");
        let files: BTreeMap<_, _> = [("config.json", config.as_str()), ("tokenizer.json", tokenizer)]
            .map(|(name, text)| (name.to_owned(), text.to_owned()))
            .into();
        let (head, rest) = header(&tensors, "F32", 4);
        let chunk = 0.01f32.to_le_bytes().repeat(CHUNK / 4);
        ALLOCATED.reset_peak_usage();
        let before = ALLOCATED.current_usage();
        let mut loader = CaptionerLoader::new(compute);
        loader.files(&files).unwrap();
        loader.push(&head).unwrap();
        for at in (0..rest).step_by(CHUNK) {
            loader.push(&chunk[..CHUNK.min(rest - at)]).unwrap();
        }
        let captioner = loader.finish().unwrap();
        let peak = (ALLOCATED.peak_usage() - before) as u64;
        let announced = captioner::memory(&config, compute).unwrap();
        println!("{kind} → {compute:?}: peak {peak} bytes, announced {announced}");
        assert!(peak <= announced, "{kind} → {compute:?}: {peak} bytes, announced {announced}");
        drop(captioner);
    }
}
