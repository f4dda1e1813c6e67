//! The second oracle: `candle_transformers`' own CLIP and BLIP on the same weights.
//!
//! Its CLIP knows quick GELU only and pools at the highest id, so it is asked where the configuration is of that kind.

// A test that cannot read its golden has failed.
#![allow(clippy::unwrap_used)]
#![cfg(not(target_arch = "wasm32"))]

use std::path::Path;

use candle_core::{DType, Device, Tensor};
use candle_nn::VarBuilder;
use candle_transformers::models::blip::BlipForConditionalGeneration;
use candle_transformers::models::clip::text_model::{Activation as TheirActivation, ClipTextConfig};
use candle_transformers::models::clip::vision_model::ClipVisionConfig;
use candle_transformers::models::clip::{ClipConfig as TheirConfig, ClipModel};
use semblance::bundle::config::Activation;
use semblance::captioner::Teller;
use semblance::model::generator::Next;
use semblance::{Bundle, Captioner, Clip, Picture};

const FOLDERS: [&str; 2] = ["tests/golden/models/quick-gelu-p32", "tests/golden/models/quick-gelu-p8"];

#[test]
fn candle_transformers_agrees() {
    for folder in FOLDERS {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        let config = Bundle::open(&folder).unwrap().head.config;
        assert_eq!(config.vision_config.hidden_act, Activation::QuickGelu);
        let theirs = their_model(&folder, &config);
        let mut clip = Clip::load(&folder).unwrap();

        let rgba =
            (0..64 * 48).flat_map(|i: u32| [(i % 251) as u8, (i * 7 % 256) as u8, (i / 12) as u8, 255]);
        let pixels = clip.preprocess(&Picture::from_rgba(rgba.collect(), 64, 48).unwrap()).unwrap();
        let ours = clip.embed_pixels(std::slice::from_ref(&pixels)).unwrap().remove(0);
        let side = config.vision_config.image_size;
        let batch = Tensor::from_vec(pixels.rows().concat(), (1, 3, side, side), &Device::Cpu).unwrap();
        let image = unit(&theirs.get_image_features(&batch).unwrap());
        assert!(
            difference(&ours, &image) < 1e-4,
            "{}: image {}",
            folder.display(),
            difference(&ours, &image)
        );

        let ids = clip.tokenize("a photo of a cat").unwrap().ids;
        let ours = clip.embed_texts(&["a photo of a cat"]).unwrap().remove(0);
        let length = ids.len();
        let ids = Tensor::from_vec(ids, (1, length), &Device::Cpu).unwrap();
        let text = unit(&theirs.get_text_features(&ids).unwrap());
        assert!(difference(&ours, &text) < 1e-4, "{}: text", folder.display());
    }
}

fn their_model(folder: &Path, config: &semblance::bundle::ClipConfig) -> ClipModel {
    let (text, vision) = (&config.text_config, &config.vision_config);
    let their_config = TheirConfig {
        text_config: ClipTextConfig {
            vocab_size: text.vocab_size,
            embed_dim: text.hidden_size,
            activation: TheirActivation::QuickGelu,
            intermediate_size: text.intermediate_size,
            max_position_embeddings: text.max_position_embeddings,
            pad_with: None,
            num_hidden_layers: text.num_hidden_layers,
            num_attention_heads: text.num_attention_heads,
            projection_dim: config.projection_dim,
        },
        vision_config: ClipVisionConfig {
            embed_dim: vision.hidden_size,
            activation: TheirActivation::QuickGelu,
            intermediate_size: vision.intermediate_size,
            num_hidden_layers: vision.num_hidden_layers,
            num_attention_heads: vision.num_attention_heads,
            projection_dim: config.projection_dim,
            num_channels: vision.num_channels,
            image_size: vision.image_size,
            patch_size: vision.patch_size,
        },
        logit_scale_init_value: 2.6592,
        image_size: vision.image_size,
    };
    let weights = std::fs::read(folder.join("model.safetensors")).unwrap();
    let builder = VarBuilder::from_buffered_safetensors(weights, DType::F32, &Device::Cpu).unwrap();
    ClipModel::new(builder, &their_config).unwrap()
}

fn unit(features: &Tensor) -> Vec<f32> {
    let vector = features.flatten_all().unwrap().to_vec1::<f32>().unwrap();
    let length = vector.iter().map(|x| x * x).sum::<f32>().sqrt();
    vector.into_iter().map(|x| x / length).collect()
}

fn difference(a: &[f32], b: &[f32]) -> f32 {
    assert_eq!(a.len(), b.len());
    a.iter().zip(b).map(|(x, y)| (x - y).abs()).fold(0.0, f32::max)
}

/// Every step's logits of `candle_transformers`' own BLIP along a caption of the goldens.
#[test]
fn candle_transformers_agrees_on_captions() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/blip/caption");
    let config: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(folder.join("config.json")).unwrap()).unwrap();
    let weights = std::fs::read(folder.join("model.safetensors")).unwrap();
    let tensors = candle_core::safetensors::load_buffer(&weights, &Device::Cpu).unwrap();
    // They want the matrix under both of its names.
    let table = tensors["text_decoder.bert.embeddings.word_embeddings.weight"].clone();
    let shared = [("text_decoder.cls.predictions.decoder.weight".to_owned(), table)];
    let builder =
        VarBuilder::from_tensors(tensors.into_iter().chain(shared).collect(), DType::F32, &Device::Cpu);
    let theirs =
        &mut BlipForConditionalGeneration::new(&serde_json::from_value(config).unwrap(), builder).unwrap();

    let captioner = Captioner::load(&folder).unwrap();
    let rgba = (0..64 * 48).flat_map(|i: u32| [(i % 251) as u8, (i * 7 % 256) as u8, (i / 12) as u8, 255]);
    let pixels = captioner.preprocess(&Picture::from_rgba(rgba.collect(), 64, 48).unwrap()).unwrap();
    let batch = Tensor::from_vec(pixels.rows().concat(), (1, 3, 32, 32), &Device::Cpu).unwrap();
    let image = candle_nn::Module::forward(theirs.vision_model(), &batch).unwrap();
    let ours = captioner.generator().see(&pixels).unwrap();
    let flat = |tensor: &Tensor| tensor.flatten_all().unwrap().to_vec1::<f32>().unwrap();
    assert!(difference(&ours.rows().concat(), &flat(&image)) < 1e-3);

    let mut state = captioner.generator().look(&ours, None).unwrap();
    let ids = [123, 5, 53, 8, 18, 10, 7];
    let mut place = None;
    for (step, id) in ids.iter().enumerate() {
        let next = Next { after: place, tokens: std::slice::from_ref(id) };
        let reading = captioner.generator().read(&mut state, &[next]).unwrap().remove(0);
        place = Some(reading.place);
        let input = Tensor::from_slice(&ids[..=step], (1, step + 1), &Device::Cpu).unwrap();
        theirs.reset_kv_cache();
        let logits = theirs.text_decoder().forward(&input, &image).unwrap().get_on_dim(1, step).unwrap();
        let worst = difference(&reading.logits, &flat(&logits));
        assert!(worst < 1e-3, "step {step}: {worst}");
    }
}
