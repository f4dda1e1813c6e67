//! The image tower (HF `CLIPVisionTransformer` and `visual_projection`) on candle's plain ops, which have a backward.
//!
//! ```text
//! x ← pre_layrnorm([class; conv(pixels)] + positions)
//! block(q, x) = y + fc2(act(fc1(layer_norm2(y))))
//!           y = q + out_proj(attention(layer_norm1(q), layer_norm1(x)))
//! embedding = u / ‖u‖₂,  u = visual_projection · post_layernorm(block(x[class], x))
//! ```
//! 1. A block is asked for the tokens q that go on; in the last one that is the class token alone, as in the engine.
//! 2. Nothing is packed and nothing smoothed: tensors are those of the checkpoint, by its names.

use std::collections::BTreeMap;

use candle_core::{D, DType, Device, Result as CandleResult, Tensor};
use candle_nn::ops::{layer_norm_slow, sigmoid, softmax};
use semblance::bundle::config::{Activation, VisionConfig};
use semblance::bundle::{ClipConfig, Weights};

const EMBEDDINGS: &str = "vision_model.embeddings";
const NORMS: [&str; 2] = ["layer_norm1", "layer_norm2"];
const ATTENTION: [&str; 4] =
    ["self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.out_proj"];

/// Pixels → unit vector, in two parts of which the second can be trained.
pub struct Tower {
    tensors: BTreeMap<String, Tensor>,
    config: VisionConfig,
}

impl Tower {
    /// Take the tower's tensors. Training is in f32; the test of the gradients is in f64.
    ///
    /// Errors: one is missing or misshapen.
    pub fn load(
        weights: &mut Weights,
        clip: &ClipConfig,
        dtype: DType,
        device: &Device,
    ) -> semblance::Result<Self> {
        let config = clip.vision_config.clone();
        let mut tensors = BTreeMap::new();
        for (name, shape) in shapes(&config, clip.projection_dim) {
            let tensor = weights.take(&name, &shape)?.to_dtype(dtype)?.to_device(device)?;
            tensors.insert(name, tensor);
        }
        Ok(Self { tensors, config })
    }

    /// Blocks that are not trained, when the last `blocks` are.
    pub fn frozen(&self, blocks: usize) -> usize {
        self.config.num_hidden_layers.saturating_sub(blocks)
    }

    /// What is trained: the tensors of all blocks after the first `frozen`, of the last norm and of the projection, by
    /// name.
    pub fn trained(&self, frozen: usize) -> BTreeMap<String, Tensor> {
        let is_trained = |name: &str| match name.strip_prefix("vision_model.encoder.layers.") {
            Some(rest) => {
                let layer = rest.split('.').next().and_then(|layer| layer.parse::<usize>().ok());
                layer.is_some_and(|layer| layer >= frozen)
            }
            None => {
                name.starts_with("vision_model.post_layernorm.") || name.starts_with("visual_projection.")
            }
        };
        let trained = self.tensors.iter().filter(|(name, _)| is_trained(name));
        trained.map(|(name, tensor)| (name.clone(), tensor.clone())).collect()
    }

    /// Put a tensor of the same name and shape in another's place.
    pub fn put(&mut self, name: &str, tensor: Tensor) {
        self.tensors.insert(name.to_owned(), tensor);
    }

    pub fn device(&self) -> &Device {
        self.tensors.values().next().map_or(&Device::Cpu, Tensor::device)
    }

    pub fn dtype(&self) -> DType {
        self.tensors.values().next().map_or(DType::F32, Tensor::dtype)
    }

    /// Side of the square picture in pixels.
    pub fn side(&self) -> usize {
        self.config.image_size
    }

    /// `[batch, 3, side, side]` normalised pixels → `[batch, tokens, hidden]` after the first `frozen` blocks. Where no block
    /// comes after them, the class token alone.
    pub fn freeze(&self, pixels: &Tensor, frozen: usize) -> CandleResult<Tensor> {
        let (batch, hidden) = (pixels.dim(0)?, self.config.hidden_size);
        let kernel = self.get(&format!("{EMBEDDINGS}.patch_embedding.weight"))?;
        let patches =
            pixels.conv2d(kernel, 0, self.config.patch_size, 1, 1)?.flatten_from(2)?.transpose(1, 2)?;
        let class = self.get(&format!("{EMBEDDINGS}.class_embedding"))?.broadcast_as((batch, 1, hidden))?;
        let positions = self.get(&format!("{EMBEDDINGS}.position_embedding.weight"))?;
        let x = Tensor::cat(&[&class, &patches.contiguous()?], 1)?.broadcast_add(positions)?;
        self.blocks(&self.norm("vision_model.pre_layrnorm", &x)?, 0..frozen)
    }

    /// What [`Tower::freeze`] gave → `[batch, embedding]` unit vectors.
    pub fn finish(&self, x: &Tensor, frozen: usize) -> CandleResult<Tensor> {
        let x = self.blocks(x, frozen..self.config.num_hidden_layers)?;
        let x = self.norm("vision_model.post_layernorm", &x.narrow(1, 0, 1)?.squeeze(1)?)?;
        let u = x.matmul(&self.get("visual_projection.weight")?.t()?)?;
        u.broadcast_div(&u.sqr()?.sum_keepdim(D::Minus1)?.sqrt()?)
    }

    fn blocks(&self, x: &Tensor, layers: std::ops::Range<usize>) -> CandleResult<Tensor> {
        let mut x = x.clone();
        for layer in layers {
            let last = layer + 1 == self.config.num_hidden_layers;
            let queries = if last { x.narrow(1, 0, 1)? } else { x.clone() };
            x = self.block(&format!("vision_model.encoder.layers.{layer}"), &queries, &x)?;
        }
        Ok(x)
    }

    fn block(&self, name: &str, queries: &Tensor, x: &Tensor) -> CandleResult<Tensor> {
        let [norm1, norm2] = NORMS.map(|part| format!("{name}.{part}"));
        let mixed = self.attention(name, &self.norm(&norm1, queries)?, &self.norm(&norm1, x)?)?;
        let y = (queries + mixed)?;
        let inner = self.linear(&format!("{name}.mlp.fc1"), &self.norm(&norm2, &y)?)?;
        let inner = activate(self.config.hidden_act, &inner)?;
        y + self.linear(&format!("{name}.mlp.fc2"), &inner)?
    }

    /// `softmax(q · kᵀ / √d) · v` in every head, and the projection after it.
    fn attention(&self, name: &str, queries: &Tensor, x: &Tensor) -> CandleResult<Tensor> {
        let heads = self.config.num_attention_heads;
        let width = self.config.hidden_size / heads;
        let [q, k, v, out] = ATTENTION.map(|part| format!("{name}.{part}"));
        // [batch, tokens, hidden] → [batch, heads, tokens, width]
        let split = |x: Tensor| {
            let (batch, tokens, _) = x.dims3()?;
            x.reshape((batch, tokens, heads, width))?.transpose(1, 2)?.contiguous()
        };
        let q = (split(self.linear(&q, queries)?)? * (width as f64).powf(-0.5))?;
        let (k, v) = (split(self.linear(&k, x)?)?, split(self.linear(&v, x)?)?);
        let weights = softmax(&q.matmul(&k.t()?)?, D::Minus1)?;
        let mixed = weights.matmul(&v)?.transpose(1, 2)?.contiguous()?.reshape(queries.shape())?;
        self.linear(&out, &mixed)
    }

    /// `x · Wᵀ + b`
    fn linear(&self, name: &str, x: &Tensor) -> CandleResult<Tensor> {
        let (batch, tokens, inputs) = x.dims3()?;
        let weight = self.get(&format!("{name}.weight"))?;
        // One product of all rows: candle's product of three dimensions with two is one per picture.
        let y = x.reshape((batch * tokens, inputs))?.matmul(&weight.t()?)?;
        y.broadcast_add(self.get(&format!("{name}.bias"))?)?.reshape((batch, tokens, weight.dim(0)?))
    }

    fn norm(&self, name: &str, x: &Tensor) -> CandleResult<Tensor> {
        let (gain, bias) = (self.get(&format!("{name}.weight"))?, self.get(&format!("{name}.bias"))?);
        layer_norm_slow(x, gain, bias, self.config.layer_norm_eps as f32)
    }

    fn get(&self, name: &str) -> CandleResult<&Tensor> {
        match self.tensors.get(name) {
            Some(tensor) => Ok(tensor),
            None => candle_core::bail!("the tower has no tensor “{name}”"),
        }
    }
}

fn activate(activation: Activation, x: &Tensor) -> CandleResult<Tensor> {
    match activation {
        Activation::QuickGelu => x * sigmoid(&(x * 1.702)?)?,
        Activation::Gelu => x.gelu_erf(),
        Activation::GeluNew => x.gelu(),
    }
}

/// The names and shapes of the tower's tensors, as in HF's checkpoints.
fn shapes(config: &VisionConfig, embedding: usize) -> Vec<(String, Vec<usize>)> {
    let (hidden, inner, patch) = (config.hidden_size, config.intermediate_size, config.patch_size);
    let mut shapes = vec![
        (format!("{EMBEDDINGS}.class_embedding"), vec![hidden]),
        (format!("{EMBEDDINGS}.patch_embedding.weight"), vec![hidden, config.num_channels, patch, patch]),
        (format!("{EMBEDDINGS}.position_embedding.weight"), vec![config.tokens(), hidden]),
        ("visual_projection.weight".to_owned(), vec![embedding, hidden]),
    ];
    let mut add = |name: String, shape: &[usize]| {
        shapes.push((format!("{name}.weight"), shape.to_vec()));
        shapes.push((format!("{name}.bias"), shape[..1].to_vec()));
    };
    // HF's checkpoints spell it `pre_layrnorm`.
    for norm in ["pre_layrnorm", "post_layernorm"] {
        add(format!("vision_model.{norm}"), &[hidden]);
    }
    for layer in 0..config.num_hidden_layers {
        let part = |part: &str| format!("vision_model.encoder.layers.{layer}.{part}");
        NORMS.iter().for_each(|norm| add(part(norm), &[hidden]));
        ATTENTION.iter().for_each(|name| add(part(name), &[hidden, hidden]));
        add(part("mlp.fc1"), &[inner, hidden]);
        add(part("mlp.fc2"), &[hidden, inner]);
    }
    shapes
}
