//! How large a model is, from its configuration alone: known before its weights are.

use super::options::{Compute, Towers};
use super::prefixes::PASS_ROWS;
use crate::bundle::ClipConfig;

/// The numbers of a tower: those of its blocks' products, of its table of tokens, and all others.
struct Numbers {
    products: u64,
    /// Of one block.
    block: u64,
    table: u64,
    rest: u64,
    /// In a row (token) as it goes through a block.
    row: u64,
}

impl Numbers {
    fn new(hidden: usize, inner: usize, layers: usize, table: usize, rest: usize) -> Self {
        let [hidden, inner, layers, table, rest] = [hidden, inner, layers, table, rest].map(|n| n as u64);
        let block = 4 * hidden * hidden + 2 * hidden * inner;
        let (biases, norms) = (5 * hidden + inner, 4 * hidden);
        let rest = rest + layers * (biases + norms);
        Self { products: layers * block, block, table, rest, row: 8 * hidden + 2 * inner }
    }

    fn all(&self) -> u64 {
        self.products + self.table + self.rest
    }
}

/// What the engine itself takes, a picture with its pixels, and the texts’ vectors.
const ENGINE_MEMORY: u64 = 24 << 20;

fn vision_numbers(config: &ClipConfig) -> Numbers {
    let vision = &config.vision_config;
    let (hidden, patch) = (vision.hidden_size, vision.patch_size);
    let embeddings = hidden * (1 + vision.num_channels * patch * patch + vision.tokens());
    let rest = embeddings + 4 * hidden + hidden * config.projection_dim;
    Numbers::new(hidden, vision.intermediate_size, vision.num_hidden_layers, 0, rest)
}

fn text_numbers(config: &ClipConfig) -> Numbers {
    let text = &config.text_config;
    let hidden = text.hidden_size;
    let rest = hidden * (text.max_position_embeddings + 2 + config.projection_dim);
    let table = hidden * text.vocab_size;
    Numbers::new(hidden, text.intermediate_size, text.num_hidden_layers, table, rest)
}

/// Numbers in the tensors of the image and of the text tower, their projections included.
pub fn parameters(config: &ClipConfig) -> [u64; 2] {
    [vision_numbers(config).all(), text_numbers(config).all()]
}

/// Bytes that these towers take at most, from the first byte of their file on: the packed weights, the largest block as
/// its file has it in f32, and the rows of a pass. `cargo xtask bench --family` measures beside it.
pub fn memory(config: &ClipConfig, towers: Towers, compute: Compute) -> u64 {
    let (vision, text) = (vision_numbers(config), text_numbers(config));
    let wanted: &[&Numbers] = match towers {
        Towers::Both => &[&vision, &text],
        Towers::Vision => &[&vision],
        Towers::Text => &[&text],
    };
    let packed = |numbers: &&Numbers| match compute {
        Compute::F32 => 4 * numbers.all(),
        // The table in blocks of 32 numbers and a step, where its rows are whole blocks.
        Compute::Int8 if config.text_config.hidden_size.is_multiple_of(32) => {
            numbers.products + numbers.table * 34 / 32 + 4 * numbers.rest
        }
        Compute::Int8 => numbers.products + 4 * (numbers.table + numbers.rest),
    };
    let passing = |numbers: &&Numbers| 4 * (numbers.block + PASS_ROWS as u64 * numbers.row);
    let packed: u64 = wanted.iter().map(packed).sum();
    packed + wanted.iter().map(passing).max().unwrap_or(0) + ENGINE_MEMORY
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_counted_as_published() {
        // OpenAI's ViT-B/32 has 151,277,313 (HF `model.num_parameters()`), one of them the logit scale.
        let [vision, text] = parameters(&ClipConfig::from_json("{}").unwrap());
        assert_eq!(vision + text + 1, 151_277_313);
    }
}
