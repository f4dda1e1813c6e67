//! The model and the engine: stored, offline, and said.

use std::sync::atomic::Ordering;

use anyhow::{Context, Result};
use serde_json::json;

use crate::r#match::pictures::{BEE, CAT};
use crate::{Page, bars, holds, same};

/// Take the network away from the page, or give it back. The browser's own switch leaves its workers connected:
/// for them the server is gone.
fn offline(page: &Page, offline: bool) -> Result<()> {
    page.server.gone.store(offline, Ordering::Relaxed);
    let conditions =
        json!({ "offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 });
    page.browser.cdp("Network.enable", json!({}))?;
    page.browser.cdp("Network.emulateNetworkConditions", conditions).map(drop)
}

pub(crate) fn cancelled(page: &Page) -> Result<()> {
    page.begin_loading()?;
    page.drop_and_see(&[CAT])?;
    page.browser.wait(r##"document.querySelector("#work-progress").dataset.state === "waiting""##)?;
    holds("the card says that it waits", page.text(".card .status")?.contains("Waiting"))?;
    let bar = r##"Number(document.querySelector("#model-progress").getAttribute("aria-valuenow"))"##;
    page.browser.wait(&format!("{bar} >= 40"))?;
    let half = page.browser.value(bar)?.as_u64().context("a number")?;
    holds(&format!("half of it is here (the bar says {half})"), half < 60)?;
    page.browser.click("#model-cancel")?;
    page.browser.wait(r##"document.querySelector("#model-status").dataset.state === "idle""##)?;
    page.server.gate.shut(false);
    page.browser.click("#model-load")?;
    page.ready()?;
    page.cards(1)?;
    page.shows_a_cat()
}

/// Do this with the network off.
pub(crate) fn without_network(page: &Page, work: impl FnOnce() -> Result<()>) -> Result<()> {
    offline(page, true)?;
    let result = page
        .browser
        .value("navigator.onLine")
        .and_then(|online| same("the browser thinks that it is online", online, json!(false)))
        .and_then(|()| work());
    offline(page, false)?;
    result
}

pub(crate) fn network_off(page: &Page) -> Result<()> {
    page.drop_and_wait(&[CAT], 1)?;
    page.server.take_answers();
    without_network(page, || {
        page.type_labels(&["cat", "insect", "flower"])?;
        bars::sound(&page.scored(&["cat", "insect", "flower"])?[0])?;
        page.drop_and_wait(&[BEE], 2)?;
        page.bars()?.iter().try_for_each(|bars| bars::sound(bars))
    })?;
    let asked: Vec<String> = page.server.take_answers().into_iter().map(|answer| answer.target).collect();
    same("requests made meanwhile", asked, Vec::new())
}

/// The page is open and the storage full: the model is loaded once more, by its address.
pub(crate) fn loaded_without_network(page: &Page) -> Result<()> {
    without_network(page, || {
        page.browser.click("#model-change")?;
        page.type_into("#model-url", "models/pocket/manifest.json")?;
        page.browser.click("#model-url-load")?;
        let notes = r##"document.querySelector("#engine-notes").textContent"##;
        page.browser.wait(&format!(r#"{notes}.includes("The stored model is used")"#))?;
        page.ready()?;
        let facts = page.text("#engine-facts")?;
        holds(&format!("the model came from storage (it says {facts:?})"), facts.contains("storage"))?;
        page.drop_and_wait(&[CAT], 1)?;
        page.shows_a_cat()
    })
}

pub(crate) fn stored(page: &Page) -> Result<()> {
    let of_weights = |page: &Page| {
        page.server.take_answers().iter().filter(|answer| answer.target.contains(".gguf")).count()
    };
    // What `begin` fetched is on the list that it emptied; here the storage is already full.
    page.open(&page.url("?again"))?;
    of_weights(page);
    page.open(&page.url("?once-more"))?;
    same("requests for weights", of_weights(page), 0)?;
    page.browser.click("#status summary")?;
    page.browser.wait(r##"document.querySelectorAll("#requests tbody tr").length > 5"##)?;
    let cached = r##"Array.from(document.querySelectorAll("#requests tbody tr"), (row) => row.textContent).filter((line) => /\b0 kB|\b300 /.test(line))"##;
    same("cached files with a size", page.browser.value(cached)?, json!([]))?;
    let source = page.browser.value(r##"document.querySelector("#engine-facts").textContent"##)?;
    let source = source.as_str().context("text")?;
    holds(
        &format!("the page says that it came from storage (it says {source:?})"),
        source.contains("storage"),
    )?;
    page.drop_and_wait(&[CAT], 1)?;
    page.shows_a_cat()
}

pub(crate) fn requests(page: &Page) -> Result<()> {
    page.drop_and_wait(&[CAT], 1)?;
    page.browser.click("#status summary")?;
    let own = page.url("");
    page.browser.wait(r##"document.querySelectorAll("#requests tbody tr").length > 5"##)?;
    let addresses = page.browser.value(
        r##"Array.from(document.querySelectorAll("#requests tbody td:first-child"), (cell) => cell.title)"##,
    )?;
    let addresses: Vec<String> = serde_json::from_value(addresses)?;
    for wanted in ["semblance_bg.wasm", ".gguf", "worker.js"] {
        holds(&format!("{wanted} is listed"), addresses.iter().any(|address| address.contains(wanted)))?;
    }
    for address in &addresses {
        holds(
            &format!("{address} is of this site"),
            address.starts_with(&own) || address.starts_with("blob:"),
        )?;
    }
    holds(
        "no picture is listed",
        !addresses.iter().any(|address| address.contains("cat.jpg") && !address.contains("samples")),
    )
}

pub(crate) fn facts(page: &Page) -> Result<()> {
    page.drop_and_wait(&[CAT], 1)?;
    page.browser.click("#status summary")?;
    for (selector, words) in [
        ("#engine-facts", ["pocket", "checked", "int8"].as_slice()),
        ("#timings", &["Decode, waited for", "Preprocess", "Image tower", "Scoring", "ms"]),
    ] {
        let text = page.text(selector)?;
        for word in words {
            holds(&format!("{selector} says {word} (it says {text:?})"), text.contains(word))?;
        }
    }
    Ok(())
}

pub(crate) fn library(page: &Page) -> Result<()> {
    let answer = page.browser.run(
        r#"return (async () => {
          const { Semblance } = await import(new URL("semblance.js", location.href).href);
          const stages = new Set();
          const clip = await Semblance.load({ model: "pocket", onProgress: ({ stage }) => stages.add(stage) });
          const image = await (await fetch("assets/samples/cat.jpg")).blob();
          const scores = await clip.classify(image, ["cat", "dog", "ship"], { template: "a photo of a {}" });
          const [vector] = await clip.embedImages([image]);
          const [text] = await clip.embedTexts(["a photo of a cat"]);
          const dot = vector.reduce((sum, value, i) => sum + value * text[i], 0);
          const { rows, cols, cosine } = await clip.similarity([image, vector], ["a photo of a cat"]);
          const info = clip.info();
          const named = (await clip.classify(vector, ["cat", " dog", "cat ", "dog"])).map(({ label }) => label);
          const blank = await Promise.all([clip.classify(vector, ["cat", "  "]), clip.embedTexts(["a", ""]), clip.similarity([vector], ["\t"])].map((call) => call.then(() => "no error", ({ name, message }) => `${name}: ${message}`)));
          clip.free();
          const after = await clip.embedTexts(["x"]).then(() => "no error", (error) => error.name);
          const absent = await Semblance.load({ model: "absent" }).then(() => "no error", (error) => error.name);
          return { scores, length: Math.hypot(...vector), dot, rows, cols, cosine: [...cosine], build: info.build, named, blank, after, absent, stages: [...stages] };
        })();"#,
        json!([]),
    )?;
    let scores: Vec<serde_json::Value> = serde_json::from_value(answer["scores"].clone())?;
    let number = |value: &serde_json::Value| value.as_f64().context("a number");
    crate::near("the sum", scores.iter().filter_map(|score| score["probability"].as_f64()).sum(), 1.0, 1e-5)?;
    same("labels keep their order", &scores[0]["label"], &json!("cat"))?;
    holds(
        "rather a cat than a ship",
        number(&scores[0]["probability"])? > number(&scores[2]["probability"])?,
    )?;
    crate::near("the vector's length", number(&answer["length"])?, 1.0, 1e-5)?;
    crate::near("the cosine", number(&answer["dot"])?, number(&scores[0]["cosine"])?, 1e-5)?;
    crate::near("the cosine again", number(&answer["cosine"][1])?, number(&answer["dot"])?, 1e-5)?;
    same("rows and columns", (&answer["rows"], &answer["cols"]), (&json!(2), &json!(1)))?;
    let build = answer["build"].as_str().unwrap_or_default();
    holds(&format!("a build is named ({build})"), ["simd", "relaxed", "threads"].contains(&build))?;
    same("equal labels, once", &answer["named"], &json!(["cat", "dog"]))?;
    for (error, place) in
        answer["blank"].as_array().context("a list")?.iter().zip(["labels[1]", "texts[1]", "texts[0]"])
    {
        let begins = format!("TextError: {place} is blank");
        holds(
            &format!("a blank one is named ({error})"),
            error.as_str().is_some_and(|error| error.starts_with(&begins)),
        )?;
    }
    same("after free", &answer["after"], &json!("EngineError"))?;
    holds(
        &format!("a model that is not there is an error ({})", answer["absent"]),
        answer["absent"] != json!("no error"),
    )?;
    holds("progress was reported", answer["stages"].as_array().is_some_and(|stages| !stages.is_empty()))
}
