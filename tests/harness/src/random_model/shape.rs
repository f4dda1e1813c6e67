//! The shapes of the CLIP models that people mean by the name, and everything that follows from them: tensors, configuration.

use serde_json::{Value, json};

use super::gguf::Tensor;

/// One tower's transformer. What lies inside of its blocks is four times as wide.
#[derive(Clone, Copy)]
struct Tower {
    hidden: usize,
    layers: usize,
    heads: usize,
}

#[derive(Clone, Copy)]
pub struct Shape {
    /// As a file's name.
    pub name: &'static str,
    /// As people write it.
    pub title: &'static str,
    pub side: usize,
    patch: usize,
    pub embedding: usize,
    activation: &'static str,
    text: Tower,
    vision: Tower,
}

const VOCABULARY: usize = 49408;
const CONTEXT: usize = 77;

// Numbers as in each repository's config.json.

/// `openai/clip-vit-base-patch32`
pub const B_32: Shape = Shape {
    name: "vit-b-32",
    title: "ViT-B/32",
    side: 224,
    patch: 32,
    embedding: 512,
    activation: "quick_gelu",
    text: Tower { hidden: 512, layers: 12, heads: 8 },
    vision: Tower { hidden: 768, layers: 12, heads: 12 },
};

/// `openai/clip-vit-base-patch16`
pub const B_16: Shape = Shape { name: "vit-b-16", title: "ViT-B/16", patch: 16, ..B_32 };

/// `openai/clip-vit-large-patch14`
pub const L_14: Shape = Shape {
    name: "vit-l-14",
    title: "ViT-L/14",
    patch: 14,
    embedding: 768,
    text: Tower { hidden: 768, layers: 12, heads: 12 },
    vision: Tower { hidden: 1024, layers: 24, heads: 16 },
    ..B_32
};

/// `openai/clip-vit-large-patch14-336`
pub const L_14_336: Shape = Shape { name: "vit-l-14-336", title: "ViT-L/14, 336 px", side: 336, ..L_14 };

/// `laion/CLIP-ViT-H-14-laion2B-s32B-b79K`
pub const H_14: Shape = Shape {
    name: "vit-h-14",
    title: "ViT-H/14",
    patch: 14,
    embedding: 1024,
    activation: "gelu",
    text: Tower { hidden: 1024, layers: 24, heads: 16 },
    vision: Tower { hidden: 1280, layers: 32, heads: 16 },
    ..B_32
};

pub const ALL: [Shape; 5] = [B_32, B_16, L_14, L_14_336, H_14];

impl Shape {
    /// As wide as ever, with fewer layers: everything is as it is in the whole model, and there is less of it.
    pub const fn with_layers(mut self, name: &'static str, layers: usize) -> Self {
        self.name = name;
        self.text.layers = layers;
        self.vision.layers = layers;
        self
    }

    /// `config.json`. Sizes that are not said are those of Hugging Face's defaults.
    pub fn config(&self, eos_token_id: &Value) -> Value {
        let Self { side, patch, embedding, activation, text, vision, .. } = self;
        json!({
            "model_type": "clip",
            "architectures": ["CLIPModel"],
            "projection_dim": embedding,
            "text_config": {
                "vocab_size": VOCABULARY, "hidden_size": text.hidden, "intermediate_size": 4 * text.hidden,
                "num_hidden_layers": text.layers, "num_attention_heads": text.heads,
                "max_position_embeddings": CONTEXT, "hidden_act": activation, "eos_token_id": eos_token_id,
            },
            "vision_config": {
                "hidden_size": vision.hidden, "intermediate_size": 4 * vision.hidden,
                "num_hidden_layers": vision.layers, "num_attention_heads": vision.heads,
                "image_size": side, "patch_size": patch, "hidden_act": activation,
            },
        })
    }

    /// `preprocessor_config.json`, with OpenAI's mean and deviation.
    pub fn preprocessor(&self) -> Value {
        let Self { side, .. } = self;
        json!({
            "image_processor_type": "CLIPImageProcessor",
            "do_convert_rgb": true,
            "do_resize": true, "size": { "shortest_edge": side }, "resample": 3,
            "do_center_crop": true, "crop_size": { "height": side, "width": side },
            "do_rescale": true, "rescale_factor": 1.0 / 255.0,
            "do_normalize": true,
            "image_mean": [0.48145466, 0.4578275, 0.40821073],
            "image_std": [0.26862954, 0.26130258, 0.27577711],
        })
    }

    /// Every tensor of a Hugging Face `CLIPModel` of this shape.
    pub fn tensors(&self) -> Vec<Tensor> {
        let Self { side, patch, embedding, text, vision, .. } = *self;
        let mut tensors = vec![tensor("logit_scale".into(), &[1])];
        blocks(&mut tensors, "text_model", text, &["final_layer_norm"]);
        blocks(&mut tensors, "vision_model", vision, &["pre_layrnorm", "post_layernorm"]);
        let patches = (side / patch).pow(2);
        tensors.extend([
            tensor("text_model.embeddings.token_embedding.weight".into(), &[VOCABULARY, text.hidden]),
            tensor("text_model.embeddings.position_embedding.weight".into(), &[CONTEXT, text.hidden]),
            tensor("text_projection.weight".into(), &[embedding, text.hidden]),
            tensor("vision_model.embeddings.class_embedding".into(), &[vision.hidden]),
            tensor(
                "vision_model.embeddings.patch_embedding.weight".into(),
                &[vision.hidden, 3, patch, patch],
            ),
            tensor("vision_model.embeddings.position_embedding.weight".into(), &[1 + patches, vision.hidden]),
            tensor("visual_projection.weight".into(), &[embedding, vision.hidden]),
        ]);
        tensors
    }
}

fn tensor(name: String, shape: &[usize]) -> Tensor {
    Tensor { name, shape: shape.into() }
}

/// A tower's transformer: its blocks, and the norms around them.
fn blocks(tensors: &mut Vec<Tensor>, tower: &str, Tower { hidden, layers, .. }: Tower, norms: &[&str]) {
    let mut add = |name: String, shape: &[usize]| tensors.push(tensor(name, shape));
    for layer in 0..layers {
        let part = |part: &str, end: &str| format!("{tower}.encoder.layers.{layer}.{part}.{end}");
        for (matrix, rows, columns) in [
            ("self_attn.q_proj", hidden, hidden),
            ("self_attn.k_proj", hidden, hidden),
            ("self_attn.v_proj", hidden, hidden),
            ("self_attn.out_proj", hidden, hidden),
            ("mlp.fc1", 4 * hidden, hidden),
            ("mlp.fc2", hidden, 4 * hidden),
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
        add(format!("{tower}.{norm}.weight"), &[hidden]);
        add(format!("{tower}.{norm}.bias"), &[hidden]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_have_the_parameters_of_clip() {
        // As `sum(p.numel() for p in CLIPModel(config).parameters())` counts each.
        let counts = [151_277_313, 149_620_737, 427_616_513, 427_944_193, 986_109_441];
        for (shape, count) in ALL.iter().zip(counts) {
            assert_eq!(shape.tensors().iter().map(Tensor::numbers).sum::<usize>(), count, "{}", shape.name);
        }
    }

    #[test]
    fn fewer_layers_change_nothing_else() {
        let (whole, slim) = (B_32.tensors(), B_32.with_layers("slim", 1).tensors());
        assert_eq!(whole.len() - slim.len(), 2 * 11 * 16);
        for tensor in slim {
            assert!(whole.iter().any(|same| same.name == tensor.name && same.shape == tensor.shape));
        }
    }
}
