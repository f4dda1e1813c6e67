//! How large a BLIP is, from its configuration alone: known before its weights are.

use super::config::BlipConfig;
use crate::model::generator::Ability;
use crate::model::options::Compute;

/// Numbers of some part of the model.
#[derive(Clone, Copy)]
struct Numbers {
    /// In matrices that become packed weights.
    products: u64,
    /// In tables of tokens.
    tables: u64,
    rest: u64,
}

impl Numbers {
    fn all(self) -> u64 {
        self.products + self.tables + self.rest
    }
}

/// What the engine itself takes, and a picture with its pixels.
const ENGINE_MEMORY: u64 = 24 << 20;
/// Rows of all beams' tokens that a text is foretold with.
const TEXT_ROWS: u64 = 256;

/// As large as they become by `config`, in which every size is within its limits.
pub struct Size {
    image: Numbers,
    /// The decoder or the question encoder.
    stack: Numbers,
    head: Numbers,
    /// The largest layer's numbers.
    layer: u64,
    /// Whether the head's matrix is a tensor of its own is not known before; then it is one more of the table's size.
    stacks: u64,
    /// Keys and values of the picture, in all layers of the decoder; rows that pass.
    state: u64,
    passing: u64,
}

impl Size {
    pub fn new(config: &BlipConfig) -> Self {
        let [v, vi, vl, tokens] = [
            config.vision.hidden_size,
            config.vision.intermediate_size,
            config.vision.num_hidden_layers,
            config.vision.tokens(),
        ]
        .map(|n| n as u64);
        let [t, ti, tl, vocabulary, positions] = [
            config.text.hidden_size,
            config.text.intermediate_size,
            config.text.num_hidden_layers,
            config.text.vocab_size,
            config.text.max_position_embeddings,
        ]
        .map(|n| n as u64);
        let patch = 3 * (config.vision.patch_size as u64).pow(2);
        let image_layer = 4 * v * v + 2 * v * vi;
        let image_rest = vl * (9 * v + vi) + v * (patch + 1 + 1 + tokens + 2);
        // Queries, keys, values and the output twice, of which two have the picture's width.
        let text_layer = 6 * t * t + 2 * t * v + 2 * t * ti;
        let text_rest = tl * (8 * t + ti + t + 6 * t) + t * (positions + 2);
        let stacks = 1 + u64::from(config.ability == Ability::Answers);
        Self {
            image: Numbers { products: vl * image_layer, tables: 0, rest: image_rest },
            stack: Numbers { products: tl * text_layer, tables: vocabulary * t, rest: text_rest },
            head: Numbers { products: t * t, tables: 0, rest: 3 * t + vocabulary },
            layer: image_layer.max(text_layer),
            stacks,
            state: tl * 2 * t * tokens + tl * 3 * t * TEXT_ROWS,
            passing: tokens * (8 * v + 2 * vi).max(4 * t),
        }
    }

    /// Numbers in all tensors, the head's matrix counted as the table that it mostly is.
    pub fn parameters(&self) -> u64 {
        self.image.all() + self.stacks * self.stack.all() + self.head.all()
    }

    /// Bytes at most: the packed weights, the largest layer or the table once more as its file has it in f32, and the
    /// rows of a picture and of a text.
    pub fn memory(&self, compute: Compute) -> u64 {
        let products =
            self.image.products + self.stacks * self.stack.products + self.head.products + self.stack.tables;
        let tables = self.stacks * self.stack.tables;
        let rest = self.image.rest + self.stacks * self.stack.rest + self.head.rest;
        let (packed, once) = match compute {
            Compute::F32 => (4 * (products + tables + rest), 4 * self.stack.tables),
            Compute::Int8 => (products + tables * 34 / 32 + 4 * rest, 4 * self.stack.tables),
        };
        packed + once.max(4 * self.layer) + 4 * (self.state + self.passing) + ENGINE_MEMORY
    }
}
