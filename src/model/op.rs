//! Between candle's tensors and the slices of `kernels`.

use candle_core::{CpuStorage, CustomOp1, Layout, Result as CandleResult, Shape};

use crate::kernels::attention::{Span, attention};
use crate::kernels::norm::LayerNorm;
use crate::kernels::profile::time;

/// The numbers of a contiguous f32 tensor.
pub fn slice<'a>(storage: &'a CpuStorage, layout: &Layout) -> CandleResult<&'a [f32]> {
    match layout.contiguous_offsets() {
        Some((start, end)) => Ok(&storage.as_slice::<f32>()?[start..end]),
        None => candle_core::bail!("the kernels need contiguous tensors"),
    }
}

/// Layer norm over the last dimension.
pub struct Normalise<'a>(pub &'a LayerNorm);

impl CustomOp1 for Normalise<'_> {
    fn name(&self) -> &'static str {
        "layer-norm"
    }

    fn cpu_fwd(&self, storage: &CpuStorage, layout: &Layout) -> CandleResult<(CpuStorage, Shape)> {
        let x = slice(storage, layout)?;
        let mut out = vec![0.0; x.len()];
        time("layer norm", 0, || self.0.apply(x, &mut out));
        Ok((CpuStorage::F32(out), layout.shape().clone()))
    }
}

/// As [`Attend`], of the values alone: they are queries, scaled by 1/√width as those are, keys and values.
pub struct AttendValues<'a> {
    pub heads: usize,
    pub spans: &'a [Span],
}

impl CustomOp1 for AttendValues<'_> {
    fn name(&self) -> &'static str {
        "attention of values"
    }

    // candle's own ops for this would be 50 kB of WebAssembly.
    fn cpu_fwd(&self, storage: &CpuStorage, layout: &Layout) -> CandleResult<(CpuStorage, Shape)> {
        let (rows, width) = layout.shape().dims2()?;
        let hidden = width / 3;
        let scale = ((hidden / self.heads) as f32).powf(-0.5);
        let mut values = Vec::with_capacity(rows * width);
        for row in slice(storage, layout)?.chunks_exact(width) {
            let row = &row[2 * hidden..];
            values.extend(row.iter().map(|value| value * scale));
            values.extend_from_slice(row);
            values.extend_from_slice(row);
        }
        let mut out = vec![0.0; rows * hidden];
        attention(&values, self.heads, hidden / self.heads, self.spans, &mut out);
        Ok((CpuStorage::F32(out), (rows, hidden).into()))
    }
}

/// `[rows, 3 · hidden]`, queries, keys and values, → `[rows, hidden]`; rows that no span asks for are 0.
pub struct Attend<'a> {
    pub heads: usize,
    pub spans: &'a [Span],
}

impl CustomOp1 for Attend<'_> {
    fn name(&self) -> &'static str {
        "attention"
    }

    fn cpu_fwd(&self, storage: &CpuStorage, layout: &Layout) -> CandleResult<(CpuStorage, Shape)> {
        let (rows, width) = layout.shape().dims2()?;
        let hidden = width / 3;
        let mut out = vec![0.0; rows * hidden];
        let operations: usize = self.spans.iter().map(|s| 4 * s.keys.len() * s.queries.len() * hidden).sum();
        let qkv = slice(storage, layout)?;
        time("attention", operations, || {
            attention(qkv, self.heads, hidden / self.heads, self.spans, &mut out)
        });
        Ok((CpuStorage::F32(out), (rows, hidden).into()))
    }
}
