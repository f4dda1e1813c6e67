//! The view `teach`, as people use it.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use harness::webdriver::key;
use image::imageops::FilterType;
use semblance_teach::Classifier;
use serde_json::{Value, json};

use crate::check::downloaded;
use crate::r#match::labels::tab_to;
use crate::models::loaded::choose;
use crate::search::view::holds_pictures;
use crate::{Page, holds, near, repository_file, same, scratch};

/// A picture of each class, of which crops are taught.
const CLASSES: [(&str, &str); 3] = [("boats", "boats"), ("cat", "cat"), ("fruit", "citrus")];
const CROPS: u32 = 7;
/// Natively and in the browser products are summed in other orders.
const TOLERANCE: f64 = 1e-4;

/// A folder of folders: crops of three pictures, and one of the fruit among the cats.
pub(crate) fn folder() -> Result<PathBuf> {
    let folder = scratch("taught")?.join("three");
    for (class, sample) in CLASSES {
        let picture = image::open(repository_file(&format!("assets/samples/{sample}.jpg"))?)?;
        let side = picture.width().min(picture.height()) * 7 / 10;
        fs::create_dir_all(folder.join(class))?;
        for crop in 0..CROPS {
            let [x, y] = [(picture.width(), crop % 3), (picture.height(), crop / 3)]
                .map(|(all, at)| (all - side) * at / 2);
            let small = picture.crop_imm(x, y, side, side).resize(160, 160, FilterType::Triangle);
            let wrong = class == "fruit" && crop == 4;
            let name = if wrong { "cat/misplaced.png".into() } else { format!("{class}/{crop}.png") };
            small.save(folder.join(name))?;
        }
    }
    Ok(folder)
}

/// Open the view on a page that is ready.
pub(crate) fn open(page: &Page) -> Result<()> {
    page.open(&page.url("#/teach"))?;
    page.browser
        .wait(r#"document.querySelector(".results library-sources")?.hidden === false"#)
        .context("waiting for the empty library")
        .map(drop)
}

/// Wait until it is taught with so many pictures, and nothing is under way.
fn taught(page: &Page, pictures: usize) -> Result<()> {
    let said = format!(
        r#"(() => {{ const said = document.querySelector("method-panel .state").textContent; return said.includes("from {pictures} pictures") && said.includes("taught in"); }})()"#
    );
    page.browser
        .wait(&said)
        .with_context(|| {
            format!("waiting for {pictures} pictures to be taught: {:?}", page.text("method-panel"))
        })
        .map(drop)
}

/// Three classes of a folder of folders.
pub(crate) fn three(page: &Page) -> Result<()> {
    open(page)?;
    let folder = folder()?.to_str().context("paths are readable text")?.to_owned();
    page.drop(&[folder])?;
    holds_pictures(page, CLASSES.len() * CROPS as usize)?;
    page.browser.wait(r#"!document.querySelector("class-board .folders").hidden"#)?;
    page.browser.click("class-board .folders")?;
    taught(page, CLASSES.len() * CROPS as usize)?;
    page.browser.wait(r#"!document.querySelector("quality-panel").hidden"#).map(drop)
}

pub(crate) fn tab(page: &Page, name: &str) -> Result<()> {
    page.browser.click(&format!("#tab-{name}"))?;
    page.browser.wait(&format!(r##"!document.querySelector("#quality-{name}").hidden"##)).map(drop)
}

/// The matrix's cells: truth, answer, how many.
fn cells(page: &Page) -> Result<Vec<(u64, u64, u64)>> {
    let cells = page.browser.value(
        r##"Array.from(document.querySelectorAll("#quality-matrix td button"), ({ dataset, textContent }) => [Number(dataset.truth), Number(dataset.answer), Number(textContent)])"##,
    )?;
    Ok(serde_json::from_value(cells)?)
}

/// Taught, a mistake found and mended, calibrated, exported, opened again, run by the library and natively.
pub(crate) fn whole(page: &Page) -> Result<()> {
    let downloads = scratch("downloads")?;
    page.browser
        .cdp("Browser.setDownloadBehavior", json!({ "behavior": "allow", "downloadPath": downloads }))?;
    three(page)?;
    let all = u64::from(CROPS) * CLASSES.len() as u64;
    let names = page
        .browser
        .value(r#"Array.from(document.querySelectorAll("class-board .name"), ({ value }) => value)"#)?;
    same("the classes", &names, &json!(["boats", "cat", "fruit"]))?;
    same("every picture is in the matrix", cells(page)?.iter().map(|cell| cell.2).sum::<u64>(), all)?;
    holds("the misplaced one is in a cell", cells(page)?.contains(&(1, 2, 1)))?;
    // A cell opens its pictures.
    page.browser.click(r##"#quality-matrix [data-truth="1"][data-answer="2"]"##)?;
    page.browser
        .wait(r#"document.querySelector("pictures-dialog .grid button")?.getAttribute("aria-label") === "misplaced.png""#)
        .context("the cell's picture")?;
    page.browser.press(&[key::ESCAPE])?;
    // The mistake is found, and mended by a click.
    tab(page, "doubts")?;
    let found = r##"Array.from(document.querySelectorAll("#quality-doubts .mistakes p"), ({ textContent }) => textContent)"##;
    let mistakes: Vec<String> = serde_json::from_value(page.browser.value(found)?)?;
    holds(
        &format!("the mistake comes first: {mistakes:?}"),
        mistakes.first().is_some_and(|first| first.contains("In cat") && first.contains("looks like fruit")),
    )?;
    page.browser.click("#quality-doubts .mistakes [data-event=mistake-move]")?;
    page.browser
        .wait(r#"document.querySelectorAll("class-board .count")[2].textContent === "7 pictures""#)
        .context("it is in the other class")?;
    page.browser.wait(r##"!document.querySelector("#quality-doubts .no-mistakes").hidden"##)?;
    tab(page, "matrix")?;
    page.browser
        .wait(r##"document.querySelector('#quality-matrix [data-truth="2"][data-answer="2"]')?.textContent === "7""##)
        .context("all of its class are right")?;
    // Calibrated, and so said.
    tab(page, "calibration")?;
    let plots = r##"document.querySelectorAll("#quality-calibration figure svg .bar").length"##;
    holds("both diagrams have bars", page.browser.value(plots)?.as_u64() >= Some(2))?;
    let said = page.text("#quality-calibration .kind")?;
    holds(&said, said.contains("before") && said.contains("now"))?;
    // The threshold is dragged until nothing is answered.
    tab(page, "openset")?;
    page.browser.run(r##"const range = document.querySelector("#open-threshold"); range.value = range.max; range.dispatchEvent(new Event("input"));"##, json!([]))?;
    page.browser.wait(r##"!document.querySelector("#quality-openset .reset").hidden"##)?;
    page.browser.click("#quality-openset .reset")?;
    page.browser.wait(r##"document.querySelector("#quality-openset .reset").hidden"##)?;
    // The learning curve.
    tab(page, "learning")?;
    page.browser.click("#quality-learning .run")?;
    page.browser.wait(r##"document.querySelectorAll("#quality-learning li").length >= 3"##)?;

    // A picture is tried, and what the page says is what the file says, in the library and natively.
    choose(page, "try-panel [type=file]", repository_file("assets/samples/citrus.jpg")?.as_ref())?;
    page.browser.wait(r#"document.querySelector("try-panel .answer")?.textContent === "fruit""#)?;
    page.browser.click("[data-event=keep-export]")?;
    let file = downloaded(&downloads.join("My pictures.classifier.safetensors"))?;
    compare(page, &file)?;

    // Everything is there when the page is opened again.
    page.open(&page.url("#/teach"))?;
    taught(page, all as usize)?;
    same(
        "the mended class",
        page.browser.value(r#"document.querySelectorAll("class-board .count")[2].textContent"#)?,
        json!("7 pictures"),
    )?;
    // A classifier from a file answers until it is put away.
    choose(page, ".keep [type=file]", &file)?;
    page.browser
        .wait(r#"document.querySelector("method-panel .state").textContent.includes("My pictures.classifier.safetensors")"#)
        .context("the file is open")?;
    choose(page, "try-panel [type=file]", repository_file("assets/samples/boats.jpg")?.as_ref())?;
    page.browser.wait(r#"document.querySelector("try-panel .answer")?.textContent === "boats""#)?;
    page.browser.click("method-panel .back")?;
    taught(page, all as usize)?;
    // What is none says so, and nothing is lost.
    choose(page, ".keep [type=file]", repository_file("assets/samples/cat.jpg")?.as_ref())?;
    page.browser
        .wait(r##"document.querySelector("#notice").textContent.includes("not a classifier")"##)
        .map(drop)
}

/// The numbers of a classifier's file, in the library and natively; and what the library refuses.
fn compare(page: &Page, file: &std::path::Path) -> Result<()> {
    let bytes = fs::read(file)?;
    let answer = page.browser.run(
        r#"return (async (bytes) => {
          const { Semblance } = await import(new URL("semblance.js", location.href).href);
          const clip = await Semblance.load();
          const [vector] = await clip.embedImages([await (await fetch("assets/samples/citrus.jpg")).blob()]);
          const file = new File([Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0))], "a.classifier.safetensors");
          const classifier = await Semblance.loadClassifier(file, { model: clip });
          const { probabilities, known } = await classifier.classifyEmbeddings(vector);
          const [{ label, scores }] = await classifier.classify([vector]);
          const refused = [];
          for (const call of [() => classifier.classifyEmbeddings(vector.slice(1)), () => Semblance.loadClassifier(new Blob(["x"])), () => classifier.learningCurve()]) {
            refused.push(await call().then(() => "no error", ({ name }) => name));
          }
          classifier.free();
          refused.push(await classifier.classify([vector]).then(() => "no error", ({ name }) => name));
          return { vector: [...vector], probabilities: [...probabilities], known: known[0], label, best: scores[0].label, refused };
        })(arguments[0]);"#,
        json!([base64(&bytes)]),
    )?;
    let classifier = Classifier::from_bytes(&bytes)?;
    let vector: Vec<f32> = serde_json::from_value(answer["vector"].clone())?;
    let natively = classifier.classify(vector)?;
    for (at, expected) in natively.probabilities.iter().enumerate() {
        near("a probability", number(&answer["probabilities"][at])?, f64::from(*expected), TOLERANCE)?;
    }
    near("how well known", number(&answer["known"])?, f64::from(natively.known[0]), 10.0 * TOLERANCE)?;
    same("the answer", &answer["best"], &json!("fruit"))?;
    same(
        "what is refused",
        &answer["refused"],
        &json!(["TypeError", "ModelError", "EngineError", "EngineError"]),
    )?;
    ensure!(
        classifier.about.classes == ["boats", "cat", "fruit"],
        "its classes: {:?}",
        classifier.about.classes
    );
    Ok(())
}

fn base64(bytes: &[u8]) -> String {
    use base64::prelude::{BASE64_STANDARD, Engine};
    BASE64_STANDARD.encode(bytes)
}

fn number(value: &Value) -> Result<f64> {
    value.as_f64().context("a number")
}

/// Without a mouse: two classes are made and named, get pictures from the library, and are told apart.
pub(crate) fn keyboard(page: &Page) -> Result<()> {
    open(page)?;
    tab_to(page, r#"document.activeElement.matches(".results .samples")"#)?;
    page.browser.press(&[key::ENTER])?;
    holds_pictures(page, 8)?;
    for name in ["cat", "bridge"] {
        tab_to(page, r#"document.activeElement.matches("class-board .add")"#)?;
        page.browser.press(&[key::ENTER])?;
        page.browser
            .wait(r#"document.activeElement.matches("class-board .name")"#)
            .context("the new class's name has the focus")?;
        page.browser.keys(name)?;
        page.browser.press(&[key::ENTER])?;
        page.browser.wait(&format!(
            r#"[...document.querySelectorAll("class-board .name")].some(({{ value }}) => value === "{name}")"#
        ))?;
    }
    tab_to(page, r#"document.activeElement.matches("[data-event=class-pick]")"#)?;
    page.browser.press(&[key::ENTER])?;
    page.browser
        .wait(r#"document.querySelector("pictures-dialog .grid button")?.getAttribute("aria-label") === "bridge.jpg""#)
        .context("the bridge is found for its class")?;
    tab_to(page, r#"document.activeElement.matches("pictures-dialog .grid button")"#)?;
    page.browser.press(&[key::ENTER])?;
    page.browser
        .wait(r#"document.querySelectorAll("class-board .count")[1].textContent === "1 picture""#)
        .context("it is in the class")?;
    page.browser.press(&[key::ESCAPE])?;
    page.browser
        .wait(r#"document.querySelector("method-panel .state").textContent.startsWith("2 classes from 1 picture,")"#)
        .map(drop)
}
