//! Models that write texts: the library against Hugging Face's texts, and the view.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use harness::faults::{Fault, Plan};
use harness::random_model;
use serde_json::{Value, json};

use super::described;
use crate::organise::view::{click, says};
use crate::{Page, holds, repository_file, same};

/// A tiny BLIP of random numbers, as Hugging Face has it.
fn golden(kind: &str) -> Result<PathBuf> {
    Ok(Path::new(&repository_file("tests/golden/blip/caption/config.json")?)
        .ancestors()
        .nth(2)
        .context("it lies in folders")?
        .join(kind))
}

/// In the page: the picture of a golden, by its name, and what became of a promise that should fail.
const HELP: &str = r#"
    const { Semblance } = await import(new URL("semblance.js", location.href).href);
    const pictureOf = (name) => { const bytes = Uint8Array.from(atob(pictures[name]), (c) => c.charCodeAt(0)); return new Blob([bytes], { type: "image/png" }); };
    const refusal = (promise) => promise.then(() => "nothing", ({ name, message }) => `${name}: ${message}`);
"#;

/// The goldens' pictures, as text.
fn pictures() -> Result<Value> {
    use std::fmt::Write as _;
    let mut all = serde_json::Map::new();
    for entry in fs::read_dir(golden("pictures")?)? {
        let path = entry?.path();
        let name = path.file_stem().context("a name")?.to_string_lossy().into_owned();
        // `atob` takes base 64.
        const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let mut text = String::new();
        for three in fs::read(&path)?.chunks(3) {
            let bits = three.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte))
                << (8 * (3 - three.len()));
            for at in 0..4 {
                let digit = DIGITS[(bits >> (18 - 6 * at)) as usize & 63];
                let _ = write!(text, "{}", if at <= three.len() { char::from(digit) } else { '=' });
            }
        }
        all.insert(name, text.into());
    }
    Ok(Value::Object(all))
}

/// What Hugging Face writes, this writes, in f32, greedily and by three beams, with the threads and the build of this browser.
pub(crate) fn library(page: &Page) -> Result<()> {
    for kind in ["caption", "vqa"] {
        let folder = golden(kind)?;
        let id = format!("tests/blip-{kind}");
        page.faults.hub.add(&id, &folder)?;
        let golden: Value = serde_json::from_slice(&fs::read(folder.join("golden.json"))?)?;
        // A part of them: all are compared natively.
        let cases: Vec<&Value> = golden["cases"].as_array().context("cases")?.iter().step_by(5).collect();
        let found = page.browser.run(
            &format!(
                r#"const [id, cases, pictures] = arguments;
                return (async () => {{
                  {HELP}
                  const offer = await Semblance.describeCaptioner(id, {{ hub: "/hub" }});
                  const captioner = await Semblance.loadCaptioner({{ model: id, hub: "/hub", dtype: "f32" }});
                  const answers = captioner.info().model.ability === "answers";
                  const written = [];
                  for (const {{ picture, text, beams, length }} of cases) {{
                    const image = pictureOf(picture);
                    const options = {{ beams, maxTokens: length }};
                    written.push(await (answers ? captioner.answer(image, text, options) : captioner.caption(image, {{ ...options, prompt: text ?? "" }})));
                  }}
                  const info = captioner.info();
                  captioner.free();
                  return {{ offer, info, written: written.map(({{ text, beams }}) => ({{ text, ids: beams.map(({{ tokens }}) => [...tokens]), texts: beams.map((beam) => beam.text) }})), freed: await refusal(captioner.caption(pictureOf(cases[0].picture))) }};
                }})();"#
            ),
            json!([id, cases, pictures()?]),
        )?;
        let ability = if kind == "vqa" { "answers" } else { "captions" };
        same("what it can", &found["info"]["model"]["ability"], &json!(ability))?;
        same("kept and checked", &found["info"]["model"]["verified"], &json!(true))?;
        holds("memory is foretold", found["offer"]["memory"].as_u64() > Some(1_000_000))?;
        holds("the last text was timed", found["info"]["timings"]["token"].as_f64() > Some(0.0))?;
        for (case, written) in cases.iter().zip(found["written"].as_array().context("texts")?) {
            let what = format!("{kind}: {} {} beams {}", case["picture"], case["text"], case["beams"]);
            let sequences = case["sequences"].as_array().context("sequences")?;
            let texts: Vec<&Value> = sequences.iter().map(|sequence| &sequence["text"]).collect();
            let ids: Vec<&Value> = sequences.iter().map(|sequence| &sequence["ids"]).collect();
            same(&format!("{what}: texts"), &json!(texts), &written["texts"])?;
            same(&format!("{what}: ids"), &json!(ids), &written["ids"])?;
        }
        holds("freed", found["freed"].as_str().is_some_and(|said| said.starts_with("EngineError")))?;
    }
    refused(page)
}

/// Words come as they are written, writing stops, and wrong things are said.
fn refused(page: &Page) -> Result<()> {
    let found = page.browser.run(
        &format!(
            r#"const [pictures] = arguments;
            return (async () => {{
              {HELP}
              const clip = await Semblance.load();
              const captioner = await Semblance.loadCaptioner({{ model: "tests/blip-caption", hub: "/hub" }});
              const image = pictureOf("board");
              const heard = [];
              const whole = await captioner.caption(image, {{ maxTokens: 12, minTokens: 12, onToken: (text) => heard.push(text) }});
              const stop = new AbortController();
              const stopped = await refusal(captioner.caption(image, {{ minTokens: 20, signal: stop.signal, onToken: (text) => text.split(" ").length > 2 && stop.abort() }}));
              const again = await captioner.caption(image, {{ maxTokens: 12, minTokens: 12 }});
              const refused = {{
                question: await refusal(captioner.answer(image, "What is it?")),
                blank: await refusal(captioner.answer(image, " ")),
                beams: await refusal(captioner.caption(image, {{ beams: 17 }})),
                tokens: await refusal(captioner.caption(image, {{ maxTokens: 0 }})),
                image: await refusal(captioner.caption(5)),
                picture: await refusal(captioner.caption(new Blob(["no picture"]))),
                model: await refusal(Semblance.loadCaptioner({{ model: "pocket" }})),
                clip: await refusal(Semblance.load({{ model: "tests/blip-caption", hub: "/hub" }})),
                none: await refusal(Semblance.loadCaptioner({{}})),
              }};
              const beside = (await clip.embedTexts(["a cat"])).length;
              const requests = (await Semblance.requests()).filter(({{ url }}) => url.includes("/captioner-"));
              captioner.free();
              clip.free();
              return {{ whole, heard, stopped, again, refused, beside, requests: requests.length }};
            }})();"#
        ),
        json!([pictures()?]),
    )?;
    let heard = found["heard"].as_array().context("texts so far")?;
    holds("words come one after another", heard.len() > 5)?;
    same("the last is the whole", heard.last().context("one")?, &found["whole"]["text"])?;
    holds("stopped", found["stopped"].as_str().is_some_and(|said| said.starts_with("AbortError")))?;
    same("the same again", &found["again"]["text"], &found["whole"]["text"])?;
    for (what, begins) in [
        ("question", "TextError: This model describes pictures"),
        ("blank", "TextError: The question is blank"),
        ("beams", "TypeError"),
        ("tokens", "TypeError"),
        ("image", "TypeError"),
        ("picture", "PictureError"),
        ("model", "ModelError"),
        ("clip", "ModelError"),
        ("none", "TypeError"),
    ] {
        let said = found["refused"][what].as_str().unwrap_or_default();
        holds(&format!("{what}: {said}"), said.starts_with(begins))?;
    }
    same("a CLIP beside it", &found["beside"], &json!(1))?;
    holds("what its worker fetched is listed", found["requests"].as_u64() > Some(1))
}

/// In the view: foretold, paused, gone on with, written, checked by CLIP, given back.
pub(crate) fn view(page: &Page) -> Result<()> {
    described(page)?;
    offered(page)?;
    says(page, "captioner-panel .offer", "to be downloaded")?;
    page.faults.plan(Some(Plan::All(Fault::Drip)));
    click(page, "[data-event=captioner-load]")?;
    page.browser.wait(r#"document.querySelector("captioner-panel .loading").checkVisibility()"#)?;
    click(page, "[data-event=captioner-pause]")?;
    page.faults.plan(None);
    page.browser
        .wait(r#"document.querySelector("captioner-panel .offer").checkVisibility() && !document.querySelector("captioner-panel .loading").checkVisibility()"#)
        .context("it can be gone on with")?;
    click(page, "[data-event=captioner-load]")?;
    says(page, "captioner-panel .facts", "of memory")?;
    page.browser.value(r##"(() => { document.querySelector("#caption-beams").value = "3"; document.querySelector("#caption-prompt").value = "a picture of"; })()"##)?;
    click(page, "captioner-panel form.write button[type=submit]")?;
    page.browser
        .wait(r#"document.querySelectorAll("captioner-panel .beams li").length === 3"#)
        .context("three texts")?;
    says(page, "captioner-panel .sentence", "a picture of")?;
    says(page, "captioner-panel .beams", "CLIPScore")?;
    same(
        "one is marked as the best",
        &page.browser.value(r#"document.querySelectorAll("captioner-panel .beams .best").length >= 1"#)?,
        &json!(true),
    )?;
    click(page, "[data-event=captioner-free]")?;
    page.browser
        .wait(r#"document.querySelector("captioner-panel .choose").checkVisibility() && !document.querySelector("captioner-panel .there").checkVisibility()"#)
        .map(drop)
}

/// What a model would take, before anything is downloaded.
pub(crate) fn offered(page: &Page) -> Result<()> {
    let file = random_model::folder().join("blip-tiny.gguf");
    fs::copy(golden("caption-q8_0.gguf")?, &file)?;
    let address = page.url(page.faults.target(&file)?.trim_start_matches('/'));
    page.browser.value(&format!(
        r##"(() => {{ const model = document.querySelector("#captioner-model"); model.value = ""; model.dispatchEvent(new Event("change")); const own = document.querySelector("#captioner-own"); own.value = {}; own.form.requestSubmit(); }})()"##,
        json!(address)
    ))?;
    page.browser
        .wait(r#"document.querySelector("captioner-panel .offer").checkVisibility()"#)
        .with_context(|| format!("waiting for the offer: {:?}", page.text("captioner-panel .wrong")))
        .map(drop)
}

/// Loaded, with a text.
pub(crate) fn written(page: &Page) -> Result<()> {
    described(page)?;
    offered(page)?;
    click(page, "[data-event=captioner-load]")?;
    says(page, "captioner-panel .facts", "of memory")?;
    click(page, "captioner-panel form.write button[type=submit]")?;
    page.browser.wait(r#"document.querySelectorAll("captioner-panel .beams li").length === 1"#).map(drop)
}
