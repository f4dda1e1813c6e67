//! What Hugging Face's `transformers` computes for the sample pictures, from `tests/golden/pocket/`.

use std::collections::HashMap;
use std::fs;

use anyhow::{Context, Result};
use serde::Deserialize;

use repository::paths;

/// Pictures × labels, as the reference has them.
pub(crate) struct Golden {
    pub(crate) pictures: Vec<String>,
    pub(crate) template: String,
    pub(crate) labels: Vec<String>,
    /// Row-major.
    probabilities: Vec<f32>,
}

#[derive(Deserialize)]
struct Description {
    pictures: Vec<String>,
    sets: Vec<Set>,
}

#[derive(Deserialize)]
struct Set {
    name: String,
    template: String,
    labels: Vec<String>,
}

/// A tensor's entry in a safetensors header.
#[derive(Deserialize)]
struct Tensor {
    dtype: String,
    data_offsets: (usize, usize),
}

impl Golden {
    /// The set of that name, for the weights as the bundle holds them.
    pub(crate) fn read(name: &str) -> Result<Self> {
        let folder = paths::root().join("tests/golden/pocket");
        let description = fs::read(folder.join("golden.json"))
            .context("tests/golden/pocket/golden.json could not be read")?;
        let Description { pictures, sets } = serde_json::from_slice(&description)?;
        let Set { template, labels, .. } = sets
            .into_iter()
            .find(|set| set.name == name)
            .with_context(|| format!("there is no golden set {name}"))?;
        let tensors = fs::read(folder.join("golden.safetensors"))
            .context("tests/golden/pocket/golden.safetensors could not be read")?;
        let probabilities = floats(&tensors, &format!("q8_0/{name}/probabilities"))?;
        super::same("golden numbers", probabilities.len(), pictures.len() * labels.len())?;
        Ok(Self { pictures, template, labels, probabilities })
    }

    /// A picture's probabilities, in the order of the labels.
    pub(crate) fn row(&self, picture: usize) -> &[f32] {
        let width = self.labels.len();
        &self.probabilities[picture * width..][..width]
    }

    /// The number of a picture's most probable label.
    pub(crate) fn best(&self, picture: usize) -> usize {
        let row = self.row(picture);
        (0..row.len()).max_by(|a, b| row[*a].total_cmp(&row[*b])).unwrap_or_default()
    }
}

/// An f32 tensor of a safetensors file.
fn floats(file: &[u8], name: &str) -> Result<Vec<f32>> {
    let length = file.first_chunk().map(|bytes| u64::from_le_bytes(*bytes)).context("not safetensors")?;
    let (header, data) = file[8..].split_at_checked(usize::try_from(length)?).context("not safetensors")?;
    let header: HashMap<String, serde_json::Value> = serde_json::from_slice(header)?;
    let tensor = header.get(name).with_context(|| format!("there is no tensor {name}"))?;
    let Tensor { dtype, data_offsets: (from, to) } = serde_json::from_value(tensor.clone())?;
    super::same("the tensor's type", dtype.as_str(), "F32")?;
    let bytes = data.get(from..to).context("the tensor lies outside of the file")?;
    Ok(bytes.as_chunks().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect())
}
