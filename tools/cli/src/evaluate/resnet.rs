//! ResNets (He et al., “Deep Residual Learning for Image Recognition”, 2015) that were trained on ImageNet, to compare with:
//! candle's, with torchvision's or timm's weights, and torchvision's preprocessing (`ResNet50_Weights.IMAGENET1K_V1`):
//!
//! ```text
//! the shorter side to 256, bilinear with antialiasing → the middle 224 × 224 → (value / 255 − mean) / std
//! ```
//!
//! torchvision's crop begins at `round((side − 224) / 2)`, a half to the even number, where Hugging Face's rounds down.

use std::path::Path;

use anyhow::{Context, Result, bail};
use candle_core::{DType, Device, Tensor};
use candle_nn::{Func, Module, VarBuilder};
use candle_transformers::models::resnet;
use semblance::Picture;
use semblance::bundle::PreprocessConfig;
use semblance::bundle::preprocessor::{Resample, ResizeTo};
use semblance::preprocess::resize_and_crop;
use serde::{Deserialize, Serialize};

use super::labels::IMAGENET_CLASSES;

/// `resize_size` of the weights.
const RESIZED: u32 = 256;
/// `crop_size` of them.
const SIDE: u32 = 224;
/// torchvision's `IMAGENET_MEAN` and its deviations (`transforms/_presets.py`, `ImageClassification`).
const MEAN: [f32; 3] = [0.485, 0.456, 0.406];
const STD: [f32; 3] = [0.229, 0.224, 0.225];

/// Which of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Depth {
    ResNet50,
    ResNet101,
}

impl Depth {
    pub const ALL: [Self; 2] = [Self::ResNet50, Self::ResNet101];

    pub fn name(self) -> &'static str {
        match self {
            Self::ResNet50 => "resnet50",
            Self::ResNet101 => "resnet101",
        }
    }
}

/// A ResNet with the head for ImageNet's 1,000 classes.
pub struct ResNet(Func<'static>);

impl ResNet {
    /// From a file of safetensors with torchvision's names, which timm's are.
    ///
    /// Errors: it cannot be read, or a tensor is missing or misshapen.
    pub fn open(depth: Depth, path: &Path) -> Result<Self> {
        let tensors = candle_core::safetensors::load(path, &Device::Cpu)
            .with_context(|| format!("{} is no file of safetensors that can be read", path.display()))?;
        Self::new(depth, VarBuilder::from_tensors(tensors, DType::F32, &Device::Cpu))
            .with_context(|| format!("{} has not the weights of a {}", path.display(), depth.name()))
    }

    /// Errors: a tensor is missing or misshapen.
    pub fn new(depth: Depth, weights: VarBuilder<'static>) -> Result<Self> {
        Ok(Self(match depth {
            Depth::ResNet50 => resnet::resnet50(IMAGENET_CLASSES, weights)?,
            Depth::ResNet101 => resnet::resnet101(IMAGENET_CLASSES, weights)?,
        }))
    }

    /// 1,000 logits a picture. `pixels`: as [`preprocess`] makes them, all of one size.
    ///
    /// Errors: weights with infinite numbers or NaN in them.
    pub fn logits(&self, pixels: &[Tensor]) -> Result<Vec<Vec<f32>>> {
        let logits = self.0.forward(&Tensor::stack(pixels, 0)?)?.to_vec2::<f32>()?;
        if logits.iter().flatten().any(|logit| !logit.is_finite()) {
            bail!("the baseline's logits are no numbers: its weights are damaged");
        }
        Ok(logits)
    }
}

/// The picture's normalised pixels, `[3, 224, 224]`: those of torchvision within 1/255, before they are normalised.
///
/// Errors: the picture cannot be resized.
pub fn preprocess(picture: &Picture) -> semblance::Result<Tensor> {
    let side = SIDE as usize;
    let rgb = crop(picture)?;
    let mut values = vec![0.0; rgb.len()];
    for (channel, plane) in values.chunks_exact_mut(side * side).enumerate() {
        let (mean, std) = (MEAN[channel], STD[channel]);
        let pixels = rgb.chunks_exact(3);
        plane.iter_mut().zip(pixels).for_each(|(value, rgb)| {
            *value = (f32::from(rgb[channel]) / 255.0 - mean) / std;
        });
    }
    Ok(Tensor::from_vec(values, (3, side, side), &Device::Cpu)?)
}

/// The middle of the resized picture, `224 × 224 × 3` bytes, row by row.
///
/// Errors: the picture cannot be resized.
pub fn crop(picture: &Picture) -> semblance::Result<Vec<u8>> {
    let (width, height) = picture.size();
    let (x, y) = (spare(width, height), spare(height, width));
    let config = PreprocessConfig {
        resize: Some(ResizeTo::ShortestEdge(RESIZED)),
        resample: Resample::Bilinear,
        crop: Some((SIDE + x, SIDE + y)),
        rescale: 1.0 / 255.0,
        mean: MEAN,
        std: STD,
    };
    let (rgb, wide, _) = resize_and_crop(picture, &config)?;
    let rows = rgb.chunks_exact(3 * wide as usize).skip(y as usize);
    Ok(rows.flat_map(|row| &row[3 * x as usize..]).copied().collect())
}

/// 1 where torchvision's crop begins a pixel later than the engine's, which rounds halves down: with one pixel more, that begins
/// where it did, and the first one goes.
fn spare(side: u32, other: u32) -> u32 {
    let resized = u64::from(RESIZED) * u64::from(side) / u64::from(side.min(other));
    let excess = resized.max(u64::from(RESIZED)) - u64::from(SIDE);
    u32::from(excess % 4 == 3)
}
