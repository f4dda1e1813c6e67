//! Loads that are shared, given up or refused: what they ask of the network, and what stays of them.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::loaded::{SLIM, library, manifest, weights};
use crate::{Page, holds, same};
use harness::faults::{Fault, Plan};
use harness::random_model::{self, gguf::Encoding};

/// Two want a model at once, and a third gives up: each piece is sent once, and no request fails.
pub(crate) fn one_load(page: &Page) -> Result<()> {
    let target = manifest(page, &random_model::bundle(&SLIM, Encoding::Q8_0)?)?;
    page.faults.take_sent();
    page.faults.plan(Some(Plan::All(Fault::Drip)));
    let answer = library(
        page,
        &target,
        "const leaving = new AbortController();
        const progress = [0, 0];
        const begin = (i, signal) => Semblance.load({ model, signal, onProgress: ({ loaded }) => {
          progress[i] = loaded;
          if (loaded > 5e6) leaving.abort();
        } });
        const loads = [begin(0), begin(1), begin(0, leaving.signal)];
        const left = await loads[2].then(() => null, ({ name }) => name);
        const [one, two] = await Promise.all(loads.slice(0, 2));
        one.free();
        const freed = await one.embedTexts(['a']).then(() => null, ({ name }) => name);
        const [vector] = await two.embedImages([image]);
        two.free();
        const failed = (await Semblance.requests()).filter(({ url, status, bytes }) => url.includes('/packed/') && (status !== 200 && status !== 206));
        return { left, freed, length: Math.hypot(...vector), progress, failed };",
    );
    page.faults.plan(None);
    let answer = answer?;
    same("the one who left", &answer["left"], &json!("AbortError"))?;
    same("the one who freed", &answer["freed"], &json!("EngineError"))?;
    crate::near("the other's vector", answer["length"].as_f64().context("a number")?, 1.0, 1e-4)?;
    same("both saw it come", &answer["progress"][0], &answer["progress"][1])?;
    same("requests that failed", &answer["failed"], &json!([]))?;
    let sent = page.faults.take_sent();
    let bytes = read(&random_model::bundle(&SLIM, Encoding::Q8_0)?)?["bytes"].as_u64();
    same("bytes that were sent", Some(weights(&sent)), bytes).with_context(|| format!("{sent:#?}"))
}

/// A newer version is given up on its way: nothing of it stays, and the older one is whole.
pub(crate) fn update_given_up(page: &Page) -> Result<()> {
    let [old, new] = [Encoding::Q8_0, Encoding::F16].map(|dtype| random_model::bundle(&SLIM, dtype));
    let (folder, new) = (copy(&old?, "updated")?, new?);
    let target = manifest(page, &folder)?;
    let look = "const { stored } = await import('/packed/page.js');
        const [model_] = (await Semblance.storedModels()).filter(({ name }) => name === 'vit-b-32-2-layers-q8_0');";
    let before = library(
        page,
        &target,
        &format!(
            "(await Semblance.load({{ model }})).free(); {look} return [model_.complete, await stored()];"
        ),
    )?;
    same("the older one is whole", &before[0], &json!(true))?;

    let mut manifest = read(&new)?;
    manifest["name"] = json!("vit-b-32-2-layers-q8_0");
    put(&new, &manifest, &folder)?;
    page.faults.plan(Some(Plan::All(Fault::Drip)));
    // What had been sent when it was given up is still being written when it is to be removed.
    let after = library(
        page,
        &target,
        &format!(
            "const leaving = new AbortController();
            const error = await Semblance.load({{ model, signal: leaving.signal, onProgress: ({{ loaded }}) => loaded > 20e6 && leaving.abort() }}).then(() => null, ({{ name }}) => name);
            const [before] = (await Semblance.storedModels()).filter(({{ name }}) => name === 'vit-b-32-2-layers-q8_0');
            const removed = [await Semblance.deleteModel(before.id, {{ unfinished: true }}), await Semblance.deleteModel(before.id, {{ unfinished: true }})];
            {look}
            return [model_.complete, await stored(), error, removed];"
        ),
    );
    page.faults.plan(None);
    let after = after?;
    same("it was given up", &after[2], &json!("AbortError"))?;
    same("there was something to remove, once", &after[3], &json!([true, false]))?;
    same("the older one is whole still", &after[0], &json!(true))?;
    same("what is in storage", &after[1], &before[1])
}

/// Pieces that are what the manifest says, and together are not: a model is not believed to be another one.
pub(crate) fn whole_hash(page: &Page) -> Result<()> {
    let folder = copy(&random_model::bundle(&SLIM, Encoding::Q8_0)?, "wrong-whole")?;
    let mut said = read(&folder)?;
    said["sha256"] = json!("0".repeat(64));
    fs::write(folder.join("manifest.json"), said.to_string())?;
    let error = library(
        page,
        &manifest(page, &folder)?,
        "return Semblance.load({ model }).then(() => null, ({ name, message }) => `${name}: ${message}`);",
    )?;
    let error = error.as_str().context("it is refused")?;
    holds(
        &format!("the description is doubted ({error})"),
        error.starts_with("ModelError: ") && error.contains("not what the model's description says"),
    )
}

/// What is loaded takes of the memory that there is.
pub(crate) fn memory_taken(page: &Page) -> Result<()> {
    let target = manifest(page, &random_model::bundle(&SLIM, Encoding::Q8_0)?)?;
    let answer = library(
        page,
        &target,
        "const limit = async () => (await Semblance.describe(model)).memoryLimit;
        const before = await limit();
        const clips = [await Semblance.load({ model }), await Semblance.load({ model })];
        const during = await limit();
        const { parameters } = clips[0].info().model;
        for (const clip of clips) clip.free();
        return { before, during, after: await limit(), parameters };",
    )?;
    let number = |name: &str| answer[name].as_f64().with_context(|| format!("{name} is a number"));
    let (taken, parameters) = (number("before")? - number("during")?, number("parameters")?);
    holds(
        &format!("two models take {taken} bytes of it"),
        taken > 2.0 * parameters && taken < 3.0 * parameters,
    )?;
    same("the limit, when they are freed", &answer["after"], &answer["before"])
}

fn read(folder: &Path) -> Result<Value> {
    Ok(serde_json::from_slice(&fs::read(folder.join("manifest.json"))?)?)
}

/// A model in a folder of its own.
fn copy(model: &Path, name: &str) -> Result<PathBuf> {
    let folder = random_model::folder().join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    put(model, &read(model)?, &folder)?;
    Ok(folder)
}

fn put(model: &Path, manifest: &Value, folder: &Path) -> Result<()> {
    for piece in manifest["pieces"].as_array().context("a manifest lists pieces")? {
        let name = piece["url"].as_str().context("a piece has an address")?;
        fs::copy(model.join(name), folder.join(name))?;
    }
    Ok(fs::write(folder.join("manifest.json"), manifest.to_string())?)
}
