//! A training's whole state in one safetensors file, so that whoever is interrupted between two epochs, or in one, loses that
//! epoch at most.
//!
//! Tensors are `weights/NAME`, `first_moment/NAME`, `second_moment/NAME` and `best/NAME`; the recipe, and where the training
//! stands, are JSON in the header's metadata: one file is whole or is not there.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use candle_core::{Device, Tensor};
use safetensors::SafeTensors;

use crate::training::{Progress, Recipe, Training};

const RECIPE: &str = "recipe";
const PROGRESS: &str = "progress";

/// Write where the training stands.
///
/// Errors: the file cannot be written; the one before it stays.
pub fn save(training: &Training, path: &Path) -> Result<()> {
    let mut tensors = BTreeMap::new();
    for (name, parameter) in &training.optimiser.parameters {
        tensors.insert(format!("weights/{name}"), parameter.var.as_detached_tensor());
        tensors.insert(format!("first_moment/{name}"), parameter.first_moment.clone());
        tensors.insert(format!("second_moment/{name}"), parameter.second_moment.clone());
    }
    for (name, tensor) in &training.best {
        tensors.insert(format!("best/{name}"), tensor.clone());
    }
    let about = HashMap::from([
        (RECIPE.to_owned(), serde_json::to_string(&training.recipe)?),
        (PROGRESS.to_owned(), serde_json::to_string(&training.progress)?),
    ]);
    // It writes beside the file and then takes its place.
    safetensors::serialize_to_file(tensors, Some(about), path)
        .with_context(|| format!("{} could not be written", path.display()))
}

/// Bring a training to where it stood when the file was written.
///
/// Errors: the file cannot be read, or is of a training with another recipe; the sentence says what is different.
pub fn restore(training: &mut Training, path: &Path) -> Result<()> {
    let bytes = fs::read(path).with_context(|| format!("{} could not be read", path.display()))?;
    let wrong = || format!("{} is no checkpoint", path.display());
    let (_, header) = SafeTensors::read_metadata(&bytes).with_context(wrong)?;
    let about = header.metadata().as_ref().with_context(wrong)?;
    let recipe: Recipe = serde_json::from_str(about.get(RECIPE).with_context(wrong)?).with_context(wrong)?;
    let progress: Progress =
        serde_json::from_str(about.get(PROGRESS).with_context(wrong)?).with_context(wrong)?;
    let different = differences(&recipe, &training.recipe)?;
    ensure!(
        different.is_empty(),
        "{} is of a training with another {}: go on with the same, or begin anew without --resume",
        path.display(),
        different.join(", ")
    );
    let mut tensors = candle_core::safetensors::load_buffer(&bytes, &Device::Cpu)?;
    let device = training.tower.device().clone();
    let mut take = |part: &str, name: &str| -> Result<Tensor> {
        let tensor = tensors.remove(&format!("{part}/{name}")).with_context(wrong)?;
        Ok(tensor.to_device(&device)?)
    };
    let mut weights = BTreeMap::new();
    let mut best = BTreeMap::new();
    for (name, parameter) in &mut training.optimiser.parameters {
        weights.insert(name.clone(), take("weights", name)?);
        best.insert(name.clone(), take("best", name)?);
        let moments = [take("first_moment", name)?, take("second_moment", name)?];
        if moments.iter().chain([&best[name]]).any(|tensor| tensor.dims() != parameter.var.dims()) {
            bail!("{} does not fit the model", path.display());
        }
        [parameter.first_moment, parameter.second_moment] = moments;
    }
    training.optimiser.set(&weights)?;
    training.optimiser.steps = progress.steps;
    training.best = best;
    training.progress = progress;
    Ok(())
}

/// The names of the fields that two recipes differ in.
fn differences(a: &Recipe, b: &Recipe) -> Result<Vec<String>> {
    let [a, b] = [serde_json::to_value(a)?, serde_json::to_value(b)?];
    let fields = a.as_object().into_iter().flatten();
    let different = fields.filter(|(name, value)| b[name.as_str()] != **value);
    Ok(different.map(|(name, _)| name.replace('_', " ")).collect())
}
