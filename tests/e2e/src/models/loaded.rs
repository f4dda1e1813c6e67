//! Models of true shapes, loaded whole: by the page as people do it, and by the library.

use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::engine::running::without_network;
use crate::r#match::pictures::{BEE, CAT};
use crate::{Page, bars, holds, same, scratch};
use harness::faults::{Fault, Plan, Sent};
use harness::memory;
use harness::random_model::{self, gguf::Encoding, shape};

/// As wide as ViT-B/32, and quickly loaded: three pieces and a bit.
pub(crate) const SLIM: shape::Shape = shape::B_32.with_layers("vit-b-32-2-layers", 2);

#[derive(Deserialize)]
pub(super) struct StoredModel {
    name: String,
    pub(super) bytes: u64,
    present: u64,
    complete: bool,
}

/// 160 MB: the tab is closed in the middle, another one goes on, and then the network is off.
pub(crate) fn resumed(page: &Page) -> Result<()> {
    let target = manifest(page, &random_model::bundle(&shape::B_32, Encoding::Q8_0)?)?;
    page.faults.take_sent();
    page.faults.plan(Some(Plan::All(Fault::Drip)));
    ask_for(page, &target)?;
    page.browser.wait(r##"document.querySelector("model-offer").dataset.state === "fits""##)?;
    let asked = page.text("model-offer")?;
    holds(&format!("the size is said before ({asked:?})"), asked.contains("Download 168.7 MB"))?;
    same("bytes of weights before the consent", weights(&page.faults.take_sent()), 0)?;
    page.browser.click("#offer-accept")?;
    let start = Instant::now();
    let percent = r##"Number(document.querySelector("#model-progress").getAttribute("aria-valuenow"))"##;
    // Three pieces are on their way at a time, and together they are 30 %.
    page.browser.wait(&format!("{percent} >= 50"))?;

    let (closed, fresh) = (page.browser.tab()?, page.browser.new_tab()?);
    page.browser.close_tab(&closed)?;
    page.browser.switch_to(&fresh)?;
    page.faults.plan(None);
    let until_killed = start.elapsed();
    page.size(1280, 900)?;
    let first = weights(&page.faults.take_sent());
    page.open(&page.url(""))?;
    let model = stored(page, "vit-b-32-q8_0")?;
    holds(
        &format!("some of it is here, and not all ({} bytes)", model.present),
        model.present > 0 && !model.complete,
    )?;
    let offered = page.text("#unfinished p")?;
    holds(&format!("the page says that it is unfinished ({offered:?})"), offered.contains(&model.name))?;

    let start = Instant::now();
    page.browser.click("#unfinished .now")?;
    runs(page, &model.name)?;
    let resumed = start.elapsed();
    let second = weights(&page.faults.take_sent());
    same("bytes that were sent to go on", second, model.bytes - model.present)?;
    holds("it is complete", stored(page, &model.name)?.complete)?;

    let start = Instant::now();
    without_network(page, || {
        page.drop_and_wait(&[CAT], 1)?;
        page.type_labels(&["cat", "ship"])?;
        bars::sound(&page.scored(&["cat", "ship"])?[0])
    })?;
    let offline = start.elapsed();
    let memory = memory::of_renderer().map_or(String::new(), |memory| {
        format!("; the renderer took {:.0} MB at most and takes {:.0} MB now", memory.most, memory.now)
    });
    println!(
        "  {} bytes: killed after {:.1} s with {first} sent and {} kept, gone on and ready in {:.1} s with {second} sent, a picture without the network in {:.1} s{memory}",
        model.bytes,
        until_killed.as_secs_f32(),
        model.present,
        resumed.as_secs_f32(),
        offline.as_secs_f32()
    );
    Ok(())
}

/// A file, a zip and a folder of this machine: nothing is asked of the network.
pub(crate) fn local(page: &Page) -> Result<()> {
    let folder = random_model::repository(&SLIM, 3)?;
    let file = random_model::single_file(&SLIM, Encoding::F16)?;
    let zip = scratch("zip")?.join("clip.zip");
    random_model::zip::write(&folder, &zip)?;
    page.drop_and_wait(&[CAT], 1)?;
    page.type_labels(&["cat", "ship"])?;
    page.scored(&["cat", "ship"])?;
    let mut results = Vec::new();
    for (what, input, path, name) in [
        ("a file", "#model-file-input", &file, "model"),
        ("a zip", "#model-file-input", &zip, "clip"),
        ("a folder", "#model-folder-input", &folder, "vit-b-32-2-layers-hf-3"),
    ] {
        page.server.take_answers();
        page.faults.take_sent();
        page.browser.click("#model-change")?;
        choose(page, input, path).with_context(|| what.to_owned())?;
        runs(page, name).with_context(|| what.to_owned())?;
        let shown = page.scored(&["cat", "ship"])?;
        bars::sound(&shown[0])?;
        results.push(bars::of(&shown[0], "cat")?.cosine);
        // Which models the site has is asked whenever the dialog opens.
        let asked: Vec<String> = page.server.take_answers().into_iter().map(|answer| answer.target).collect();
        let asked: Vec<_> = asked.into_iter().filter(|target| !target.starts_with("/models/")).collect();
        same(&format!("requests for {what}"), asked, Vec::new())?;
    }
    // All three have the same numbers.
    for cosine in &results {
        crate::near("the cosine", *cosine, results[0], 1e-6)?;
    }
    Ok(())
}

/// One that does not fit in memory is refused before anything of it is fetched.
pub(crate) fn too_large(page: &Page) -> Result<()> {
    let target = too_large_model(page)?;
    page.faults.take_sent();
    let answer = library(
        page,
        &target,
        "const { fits, memory, memoryLimit } = await Semblance.describe(model);
        const error = await Semblance.load({ model }).then(() => null, ({ name, message }) => ({ name, message }));
        return { fits, memory, memoryLimit, error };",
    )?;
    same("it fits", &answer["fits"], &json!(false))?;
    holds("the memory is more than there is", answer["memory"].as_f64() > answer["memoryLimit"].as_f64())?;
    same("the error", &answer["error"]["name"], &json!("ModelError"))?;
    let message = answer["error"]["message"].as_str().unwrap_or_default();
    holds(&format!("it says how much memory ({message})"), message.contains("GB"))?;
    same("bytes of weights", weights(&page.faults.take_sent()), 0)?;
    // The page says the same, and has nothing to accept.
    ask_for(page, &target)?;
    page.browser.wait(r##"document.querySelector("model-offer").dataset.state === "too-large""##)?;
    same(
        "the button",
        page.browser.value(r##"document.querySelector("#offer-accept").hidden"##)?,
        json!(true),
    )
}

/// The address of one whose description is all there is of it.
pub(crate) fn too_large_model(page: &Page) -> Result<String> {
    let folder = random_model::folder().join("too-large");
    std::fs::create_dir_all(&folder)?;
    let piece = json!({ "url": "0123456789abcdef.gguf-part", "bytes": 16 << 20, "sha256": "0".repeat(64) });
    let manifest_of_nothing = json!({
        "format": 1, "name": "too-large", "title": "Too large", "licence": "none", "dtype": "q8_0",
        "parameters": 5_000_000_000u64, "image_parameters": 4_000_000_000u64, "text_parameters": 1_000_000_000u64,
        "image_size": 224, "embedding": 1024,
        "bytes": 250 * (16 << 20) as u64, "sha256": "0".repeat(64), "pieces": vec![piece; 250],
    });
    std::fs::write(folder.join("manifest.json"), manifest_of_nothing.to_string())?;
    manifest(page, &folder)
}

/// Another model: pictures and labels stay, everything is computed anew.
pub(crate) fn switched(page: &Page) -> Result<()> {
    let target = manifest(page, &random_model::bundle(&SLIM, Encoding::Q8_0)?)?;
    page.drop_and_wait(&[CAT, BEE], 2)?;
    page.type_labels(&["cat", "insect", "ship"])?;
    let before = page.scored(&["cat", "insect", "ship"])?;
    ask_for(page, &target)?;
    // Less than 50 MB needs no consent.
    page.browser.wait(r##"document.querySelector("model-offer").dataset.state === "fits" || document.querySelector("#model-status").dataset.state === "ready""##)?;
    if page.browser.value(r##"!document.querySelector("model-offer").hidden"##)? == json!(true) {
        page.browser.click("#offer-accept")?;
    }
    runs(page, "vit-b-32-2-layers-q8_0")?;
    page.cards(2)?;
    same("labels", page.labels()?, ["cat", "insect", "ship"].map(str::to_owned).to_vec())?;
    let after = page.scored(&["cat", "insect", "ship"])?;
    let cosines = |cards: &[Vec<bars::Bar>]| -> Result<Vec<f64>> {
        cards.iter().map(|bars| Ok(bars::of(bars, "cat")?.cosine)).collect()
    };
    after.iter().try_for_each(|bars| bars::sound(bars))?;
    for (before, after) in cosines(&before)?.into_iter().zip(cosines(&after)?) {
        holds(&format!("the cosine is another ({before}, {after})"), (before - after).abs() > 1e-3)?;
    }
    // And back: the same as before.
    ask_for(page, "pocket")?;
    runs(page, "pocket")?;
    page.cards(2)?;
    for (before, back) in
        cosines(&before)?.into_iter().zip(cosines(&page.scored(&["cat", "insect", "ship"])?)?)
    {
        crate::near("the cosine, back again", back, before, 1e-6)?;
    }
    Ok(())
}

/// The address of a bundle's manifest on the site.
pub(crate) fn manifest(page: &Page, folder: &Path) -> Result<String> {
    page.faults.target(&folder.join("manifest.json"))
}

/// Type a model's address into the dialog, and go.
pub(crate) fn ask_for(page: &Page, model: &str) -> Result<()> {
    page.browser.click("#model-change")?;
    page.type_into("#model-url", model)?;
    page.browser.click("#model-url-load")
}

/// Wait until this model runs.
fn runs(page: &Page, name: &str) -> Result<()> {
    page.browser.wait(&format!(
        r##"(() => {{
          const status = document.querySelector("#model-status");
          if (status.dataset.state === "error") throw new Error(status.textContent.replace(/\s+/g, " "));
          return status.dataset.state === "ready" && status.textContent.includes({name:?});
        }})()"##
    ))?;
    Ok(())
}

/// Put a file or folder into one of the page's inputs.
pub(crate) fn choose(page: &Page, input: &str, path: &Path) -> Result<()> {
    let document = page.browser.cdp("DOM.getDocument", json!({}))?;
    let input = json!({ "nodeId": document["root"]["nodeId"], "selector": input });
    let input = page.browser.cdp("DOM.querySelector", input)?;
    let files = json!({ "nodeId": input["nodeId"], "files": [path] });
    page.browser.cdp("DOM.setFileInputFiles", files).map(drop)
}

/// Run the body of a function with the library, a `model` and the `image` of a cat.
pub(super) fn library(page: &Page, model: &str, body: &str) -> Result<Value> {
    with_args(page, model, body, json!([]))
}

pub(super) fn with_args(page: &Page, model: &str, body: &str, arguments: Value) -> Result<Value> {
    let script = format!(
        r#"return (async (model, args) => {{
          const {{ Semblance }} = await import(new URL("semblance.js", location.href).href);
          const image = await (await fetch("assets/samples/cat.jpg")).blob();
          {body}
        }})(arguments[0], arguments[1]);"#
    );
    page.browser.run(&script, json!([model, arguments]))
}

/// A model in storage.
pub(super) fn stored(page: &Page, name: &str) -> Result<StoredModel> {
    let models =
        library(page, name, "return (await Semblance.storedModels()).filter(({ name }) => name === model);")?;
    let mut models: Vec<StoredModel> = serde_json::from_value(models)?;
    ensure!(models.len() == 1, "{name} is in storage {} times", models.len());
    Ok(models.remove(0))
}

/// Bytes of weights that went out.
pub(super) fn weights(sent: &[Sent]) -> u64 {
    let of_weights = |sent: &&Sent| {
        let path = sent.target.split('?').next().unwrap_or_default();
        [".gguf-part", ".gguf", ".safetensors"].iter().any(|end| path.ends_with(end))
    };
    sent.iter().filter(of_weights).map(Sent::bytes).sum()
}
