//! The patch embedding: a convolution whose stride is its size, which is a dense layer over each patch.

use candle_core::{CpuStorage, CustomOp1, Layout, Result as CandleResult, Shape};

use super::op::slice;
use crate::bundle::Weights;
use crate::bundle::config::VisionConfig;
use crate::kernels::float::{self, Rows};
use crate::kernels::gemm::End;
use crate::kernels::profile::time;
use crate::{Error, Result};

/// Take the convolution's weight, `[hidden, channels, patch, patch]`, packed, in f32, and its bias where it has one,
/// as BLIP's.
///
/// Errors: it is missing or misshapen, or has infinite numbers or NaN.
pub fn load_kernel(weights: &mut Weights, config: &VisionConfig, bias: bool) -> Result<float::Weights> {
    let name = "vision_model.embeddings.patch_embedding.weight";
    let bias = match bias {
        true => {
            Some(weights.take_vector("vision_model.embeddings.patch_embedding.bias", config.hidden_size)?)
        }
        false => None,
    };
    let shape = [config.hidden_size, config.num_channels, config.patch_size, config.patch_size];
    let kernel = weights.take_matrix(name, &shape)?;
    let packed = float::Weights::pack(kernel.rows(), kernel.columns(), bias.as_deref(), |n, to| {
        kernel.read_row(n, 1.0, to)
    });
    packed.ok_or_else(|| Error::not_finite(name))
}

/// `[batch, 3, side, side]` → `[batch · patches, hidden]`, row by row over the grid. No patch is copied: the product
/// reads its lines where they are.
pub struct EmbedPatches<'a> {
    pub weight: &'a float::Weights,
    pub config: &'a VisionConfig,
}

impl CustomOp1 for EmbedPatches<'_> {
    fn name(&self) -> &'static str {
        "patch-embedding"
    }

    fn cpu_fwd(&self, storage: &CpuStorage, layout: &Layout) -> CandleResult<(CpuStorage, Shape)> {
        let (batch, channels, height, width) = layout.shape().dims4()?;
        let (grid, patch) = (self.config.grid(), self.config.patch_size);
        let starts: Vec<usize> = (0..batch * grid * grid)
            .map(|i| {
                let (picture, row, column) = (i / (grid * grid), i / grid % grid, i % grid);
                (picture * channels * height + row * patch) * width + column * patch
            })
            .collect();
        let offsets: Vec<usize> =
            (0..channels * patch).map(|i| (i / patch * height + i % patch) * width).collect();
        let hidden = self.weight.outputs();
        let rows =
            Rows { numbers: slice(storage, layout)?, starts: &starts, offsets: &offsets, length: patch };
        let operations = 2 * starts.len() * offsets.len() * patch * hidden;
        let out = time("patch embedding", operations, || self.weight.product(rows, End::default()));
        Ok((CpuStorage::F32(out), (starts.len(), hidden).into()))
    }
}
