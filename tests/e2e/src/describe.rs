//! Descriptions and questions, as people and programs use them.

pub(crate) mod writing;

use std::fs;

use anyhow::{Context, Result};
use harness::webdriver::key;
use serde_json::{Value, json};

use crate::check::downloaded;
use crate::r#match::labels::tab_to;
use crate::organise::view::{click, saving, says};
use crate::{Page, holds, repository_file, same};

const SAMPLES: [&str; 3] =
    ["assets/samples/cat.jpg", "assets/samples/bridge.jpg", "assets/samples/coffee.jpg"];

/// Open the view on a page that is ready.
pub(crate) fn open(page: &Page) -> Result<()> {
    page.open(&page.url("#/describe"))?;
    page.browser.wait(r#"document.querySelector("[data-view=describe]")?.hidden === false"#).map(drop)
}

/// With three pictures, the first of them described.
pub(crate) fn described(page: &Page) -> Result<()> {
    open(page)?;
    let files: Vec<String> = SAMPLES.iter().map(|file| repository_file(file)).collect::<Result<_>>()?;
    page.drop(&files)?;
    phrases(page).map(drop)
}

/// With an answer, and what was compared.
pub(crate) fn asked(page: &Page) -> Result<()> {
    described(page)?;
    ask(page, "Is it an animal or a vehicle?")?;
    click(page, "question-panel .how summary")?;
    page.browser.wait(r#"document.querySelector("question-panel .how").open"#).map(drop)
}

/// The phrases of the description, once there are some and nothing is being worked out.
fn phrases(page: &Page) -> Result<Vec<String>> {
    let phrases = page.browser.wait(
        r#"(() => {
          const phrases = [...document.querySelectorAll("described-phrases li")].map(({ dataset }) => dataset.phrase);
          return phrases.length > 0 && document.querySelector("[data-view=describe] .doing").hidden && phrases;
        })()"#,
    )?;
    Ok(serde_json::from_value(phrases)?)
}

fn ask(page: &Page, question: &str) -> Result<()> {
    let before = page.text("question-panel .verdict")?;
    page.browser.value(&format!(
        r##"(() => {{ const input = document.querySelector("#question"); input.value = {}; input.form.requestSubmit(); }})()"##,
        json!(question)
    ))?;
    page.browser
        .wait(&format!(
            r#"document.querySelector("question-panel .answer").checkVisibility() && document.querySelector("[data-view=describe] .doing").hidden && document.querySelector("question-panel .verdict").textContent !== {}"#,
            json!(before)
        ))
        .with_context(|| format!("waiting for an answer to {question:?}"))
        .map(drop)
}

/// Phrases are removed, forbidden for good and allowed again; modes; phrases of one's own.
pub(crate) fn phrases_change(page: &Page) -> Result<()> {
    described(page)?;
    let first = phrases(page)?;
    let text = page.text("described-phrases .text")?;
    holds("the text has the phrases", first.iter().all(|phrase| text.contains(phrase.as_str())))?;
    holds("the cat is one", first.iter().any(|phrase| phrase.contains("cat")))?;
    // Removed here, it is back when it is asked for.
    click(page, "described-phrases .remove")?;
    let gone = format!(
        r#"!document.querySelector("described-phrases .text").textContent.includes({})"#,
        json!(first[0])
    );
    page.browser.wait(&gone).context("a removed phrase goes")?;
    phrases(page)?;
    click(page, "[data-event=describe-restore]")?;
    page.browser.wait(&format!("!({gone})")).context("and comes back")?;
    phrases(page)?;
    // Forbidden, it is gone from all, and on the next visit.
    click(page, "described-phrases .forbid")?;
    page.browser.wait(&gone).context("a forbidden phrase goes")?;
    phrases(page)?;
    open(page)?;
    let files = [repository_file(SAMPLES[0])?];
    page.drop(&files)?;
    holds("it is still forbidden", !phrases(page)?.contains(&first[0]))?;
    click(page, "[data-view=describe] .banks summary")?;
    says(page, "[data-view=describe] .forbidden", &first[0])?;
    click(page, "[data-event=phrase-allow]")?;
    page.browser.wait(&format!("!({gone})")).context("allowed again")?;
    // Each mode says something else.
    click(page, "[data-event=describe-mode][data-mode=negative]")?;
    says(page, "described-phrases .text", "Not: ")?;
    let not = phrases(page)?;
    holds("what it is not is none of what it is", !not.iter().any(|phrase| first.contains(phrase)))?;
    click(page, "[data-event=describe-mode][data-mode=best]")?;
    phrases(page)?;
    // One's own, instead.
    page.browser.value(
        r##"(() => { const own = document.querySelector("#banks-own"); own.value = "a cat\na bridge\na cup of coffee"; own.dispatchEvent(new Event("input", { bubbles: true })); })()"##,
    )?;
    click(page, "[data-event=banks-which][data-which=instead]")?;
    page.browser
        .wait(r#"document.querySelector("described-phrases .text").textContent === "a cat""#)
        .with_context(|| format!("one's own phrases: {:?}", page.text("described-phrases .text")))?;
    Ok(())
}

/// Three kinds of questions, what was compared, and what it can't do.
pub(crate) fn questions(page: &Page) -> Result<()> {
    described(page)?;
    ask(page, "Is it an animal or a vehicle?")?;
    says(page, "question-panel .verdict", "Animal, ")?;
    ask(page, "Is it a cat?")?;
    says(page, "question-panel .verdict", "Yes, ")?;
    ask(page, "How many cats are there?")?;
    says(page, "question-panel .caution", "counts badly")?;
    // A statement and answers of one's own.
    click(page, "question-panel .how summary")?;
    page.browser.value(
        r##"(() => { document.querySelector("#ask-template").value = "a photo of a {}"; document.querySelector("#ask-answers").value = "bridge\ncat"; document.querySelector(".again").click(); })()"##,
    )?;
    says(page, "question-panel .verdict", "Cat, ")?;
    says(page, "question-panel .statements", "a photo of a bridge")?;
    let answers = page.browser.value(r#"document.querySelectorAll("question-panel ol li").length"#)?;
    same("answers", &answers, &json!(2))?;
    // What is no question is said.
    page.browser.value(
        r##"(() => { const input = document.querySelector("#question"); input.value = "hello"; input.form.requestSubmit(); })()"##,
    )?;
    says(page, "question-panel .wrong", "not understood")
}

/// All of the page, and those of a library that match words; files.
pub(crate) fn batch(page: &Page) -> Result<()> {
    let downloads = saving(page)?;
    described(page)?;
    page.browser.value(
        r##"(() => { document.querySelector("#batch-prefix").value = "photo of "; document.querySelector("#batch-suffix").value = ", sharp"; })()"##,
    )?;
    page.browser.wait(r##"document.querySelector("#batch-of").textContent.includes("(3)")"##)?;
    click(page, "[data-event=batch-describe]")?;
    says(page, "batch-panel .headline", "3 pictures described")?;
    click(page, "[data-event=batch-csv]")?;
    let csv = fs::read_to_string(downloaded(&downloads.join("descriptions.csv"))?)?;
    let lines: Vec<&str> = csv.split("\r\n").collect();
    same("the head", &lines[0], &"path,text,cosine,phrases,gains")?;
    holds("a line for each", lines.len() == 5 && lines[1].starts_with("cat.jpg,\"photo of "))?;
    click(page, "[data-event=batch-json]")?;
    let json: Value = serde_json::from_slice(&fs::read(downloaded(&downloads.join("descriptions.json"))?)?)?;
    same("the model", &json["model"], &json!("pocket"))?;
    let text = json["pictures"][0]["text"].as_str().context("a text")?;
    holds("prefix and suffix", text.starts_with("photo of ") && text.ends_with(", sharp"))?;
    click(page, "[data-event=batch-txt]")?;
    let zip = fs::read(downloaded(&downloads.join("descriptions.zip"))?)?;
    let has = |text: &str| zip.windows(text.len()).any(|part| part == text.as_bytes());
    holds("a text beside each picture", has("cat.txt") && has("coffee.txt") && has(text))?;
    // A library's pictures that match.
    page.browser.run(
        r#"return (async () => {
          const { Semblance } = await import(new URL("semblance.js", location.href).href);
          const model = await Semblance.load();
          const index = await Semblance.openIndex("mine", { model });
          const names = ["bee", "cat", "citrus", "moose"];
          await index.add(await Promise.all(names.map(async (name) => ({ path: `in/${name}.jpg`, file: new File([await (await fetch(`assets/samples/${name}.jpg`)).blob()], `${name}.jpg`) }))));
          await index.close();
          model.free();
        })();"#,
        json!([]),
    )?;
    page.browser.value(r##"location.hash = "#/describe?library=mine&words=a+cat""##)?;
    page.browser.wait(r##"document.querySelector("#batch-of").value === '["mine",false]' && document.querySelector("#batch-words").value === "a cat""##)?;
    page.browser.value(r##"document.querySelector("#batch-most").value = "2""##)?;
    click(page, "[data-event=batch-describe]")?;
    says(page, "batch-panel .headline", "2 pictures described")?;
    says(page, "batch-panel .done li", "in/cat.jpg")?;
    // What a search found, and was selected there.
    page.browser.value(r##"location.hash = "#/search?library=mine&text=a+cat""##)?;
    click(page, "[data-view=search] result-grid .pick")?;
    click(page, "[data-event=selected-describe]")?;
    page.browser.wait(r##"document.querySelector("#batch-of")?.value === '["mine",true]'"##)?;
    let selected = page.browser.value(
        r##"Number(/: (\d+) selected/.exec(document.querySelector("#batch-of").selectedOptions[0].text)[1])"##,
    )?;
    click(page, "[data-event=batch-describe]")?;
    says(page, "batch-panel .headline", &format!("{selected} picture"))
}

/// The library's own interface.
pub(crate) fn library(page: &Page) -> Result<()> {
    let found = page.browser.run(
        r#"return (async () => {
          const { Semblance } = await import(new URL("semblance.js", location.href).href);
          const refusal = (promise) => promise.then(() => "nothing", ({ name, message }) => `${name}: ${message}`);
          const clip = await Semblance.load();
          const blob = await (await fetch("assets/samples/cat.jpg")).blob();
          const [vector] = await clip.embedImages([blob]);
          const progress = [];
          const first = await clip.describe(blob, { onProgress: (done, total) => progress.push([done, total]) });
          const again = await clip.describe(vector, { onProgress: () => progress.push("again") });
          const told = progress.length;
          const without = await clip.describe(vector, { without: [first.phrases[0].phrase] });
          const own = await clip.describe(vector, { banks: ["a dog", "a cat", { phrase: "watercolour painting", bank: "medium" }] });
          const negative = await clip.describe(vector, { mode: "negative", max: 3 });
          const stop = new AbortController();
          const banks = (await Semblance.phrases()).slice(0, 700).map(({ phrase }) => `${phrase} now`);
          const cancelled = await refusal(clip.describe(vector, { banks, signal: stop.signal, onProgress: () => stop.abort() }));
          const either = await clip.ask(blob, "Is it an animal or a vehicle?");
          const given = await clip.ask(vector, "What is it?", { answers: ["bridge", "cat"], template: "a photo of a {}" });
          const read = await Semblance.readQuestion("How many birds are there?");
          const refused = {
            mode: await refusal(clip.describe(vector, { mode: "all" })),
            beam: await refusal(clip.describe(vector, { beam: 0 })),
            banks: await refusal(clip.describe(vector, { banks: [{ phrase: "a", bank: "none" }] })),
            blank: await refusal(clip.describe(vector, { banks: [" "] })),
            width: await refusal(clip.describe(new Float32Array(3))),
            question: await refusal(clip.ask(vector, "hello")),
            one: await refusal(clip.ask(vector, "What is it?", { answers: ["cat"] })),
          };
          const known = (await Semblance.phrases(clip)).length;
          clip.free();
          return { first, again, progress: progress.slice(0, told), without, own, negative, cancelled, either, given, read, refused, known, all: (await Semblance.phrases()).length, freed: await refusal(clip.describe(vector)) };
        })();"#,
        json!([]),
    )?;
    same("the same picture, the same words", &found["first"], &found["again"])?;
    let progress = found["progress"].as_array().context("progress")?;
    holds("progress, once", progress.len() > 3 && !progress.contains(&json!("again")))?;
    let phrase = |of: &Value, at: usize| of["phrases"][at]["phrase"].as_str().unwrap_or_default().to_owned();
    holds("a cat", phrase(&found["first"], 0).contains("cat"))?;
    holds("not without", phrase(&found["without"], 0) != phrase(&found["first"], 0))?;
    same("one's own", &found["own"]["phrases"][0]["phrase"], &json!("a cat"))?;
    same("three at most", &found["negative"]["phrases"].as_array().map(Vec::len), &Some(3))?;
    holds("cancelled", found["cancelled"].as_str().is_some_and(|said| said.starts_with("AbortError")))?;
    same("an animal", &found["either"]["answers"][0]["answer"], &json!("animal"))?;
    same("its kind", &found["either"]["question"]["kind"], &json!("eitherOr"))?;
    same("of these two", &found["given"]["answers"][0]["answer"], &json!("cat"))?;
    same("the caution", &found["read"]["caution"], &json!("counting"))?;
    holds(
        "pocket knows some",
        found["known"].as_u64() < found["all"].as_u64() && found["all"].as_u64() > Some(5000),
    )?;
    for (what, begins) in [
        ("mode", "TypeError"),
        ("beam", "TypeError"),
        ("banks", "TypeError"),
        ("blank", "TextError"),
        ("width", "ModelError"),
        ("question", "TextError: This question is not understood"),
        ("one", "TextError: One answer"),
    ] {
        holds(what, found["refused"][what].as_str().is_some_and(|said| said.starts_with(begins)))?;
    }
    holds("freed", found["freed"].as_str().is_some_and(|said| said.starts_with("EngineError")))
}

/// By the keyboard alone: a sample is described, a phrase forbidden, a question asked.
pub(crate) fn keyboard(page: &Page) -> Result<()> {
    open(page)?;
    tab_to(page, r##"document.activeElement.matches("#samples-all")"##)?;
    page.browser.press(&[key::ENTER])?;
    let first = phrases(page)?;
    tab_to(page, r#"document.activeElement.matches(".strip li:nth-child(3) button")"#)?;
    page.browser.press(&[key::ENTER])?;
    says(page, "[data-view=describe] figcaption", "Citrus")?;
    let second = phrases(page)?;
    holds("another picture is described", first != second)?;
    tab_to(page, r#"document.activeElement.matches("described-phrases .forbid")"#)?;
    page.browser.press(&[key::ENTER])?;
    says(page, "[data-view=describe] .forbidden", &second[0])?;
    tab_to(page, r#"document.activeElement.id === "question""#)?;
    page.browser.value(r#"document.activeElement.value = "Is it a fruit?""#)?;
    page.browser.press(&[key::ENTER])?;
    page.browser.wait(r#"document.querySelector("question-panel .answer").checkVisibility()"#).map(drop)
}
