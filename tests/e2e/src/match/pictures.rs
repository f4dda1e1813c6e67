//! Pictures on their way in: dropped, picked, pasted, taken, by address; good and bad.

use std::fs;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::golden::Golden;
use crate::{Page, bars, holds, near, repository_file, same, scratch};
use harness::webdriver::key;
use repository::paths;

pub(crate) const CAT: &str = "assets/samples/cat.jpg";
pub(crate) const BEE: &str = "assets/samples/bee.jpg";
pub(crate) const BOATS: &str = "assets/samples/boats.jpg";

/// How far a probability may be from the reference's: the browser decodes JPEG a little differently from Pillow, and the
/// page computes in int8, where the reference computes in f32.
const TOLERANCE: f64 = 4e-2;

pub(crate) fn recognised(page: &Page) -> Result<()> {
    let golden = Golden::read("everyday")?;
    page.type_labels(&golden.labels.iter().map(String::as_str).collect::<Vec<_>>())?;
    page.type_into("#template", &golden.template)?;
    as_the_reference(page, &golden).map(|_| ())
}

/// The sample pictures with the labels that a visitor finds: how many are right, and that these are as many as the
/// reference has right. pocket is a small model; that it gets all of them right is nothing to hold it to.
pub(crate) fn samples_match(page: &Page) -> Result<()> {
    let golden = Golden::read("samples")?;
    same("the page's first labels", page.labels()?, golden.labels.clone())?;
    // Label i is the one that belongs to picture i.
    same("labels for the sample pictures", golden.labels.len(), golden.pictures.len())?;
    let template = page.browser.value(r##"document.querySelector("#template").value"##)?;
    same("the page's first template", template, json!(golden.template))?;
    let found = as_the_reference(page, &golden)?;
    let reference = (0..golden.pictures.len()).map(|picture| golden.best(picture)).collect::<Vec<_>>();
    let right = |best: &[usize]| best.iter().enumerate().filter(|(picture, label)| picture == *label).count();
    println!(
        "  {} of {} sample pictures right; the reference has {} right",
        right(&found),
        found.len(),
        right(&reference)
    );
    for (picture, label) in found.iter().enumerate().filter(|(picture, label)| picture != *label) {
        println!("  {} is taken for {}", golden.pictures[picture], golden.labels[*label]);
    }
    holds("some of the sample pictures are right", right(&found) > 0)
}

/// Drops the golden's pictures on the page, whose labels and template are the golden's, and compares: every probability,
/// and the best label of each, whose number is returned.
fn as_the_reference(page: &Page, golden: &Golden) -> Result<Vec<usize>> {
    let labels: Vec<&str> = golden.labels.iter().map(String::as_str).collect();
    let files: Vec<String> = golden.pictures.iter().map(|file| format!("assets/samples/{file}")).collect();
    page.drop_and_wait(&files.iter().map(String::as_str).collect::<Vec<_>>(), files.len())?;
    page.show_all_labels()?;
    let cards = page.scored(&labels)?;
    same("cards", cards.len(), golden.pictures.len())?;
    let mut found = Vec::new();
    for (picture, (name, bars)) in golden.pictures.iter().zip(&cards).enumerate() {
        bars::sound(bars).with_context(|| name.clone())?;
        let expected = golden.row(picture);
        for (label, expected) in labels.iter().zip(expected) {
            near(
                &format!("{name}, {label}"),
                bars::of(bars, label)?.probability,
                f64::from(*expected),
                TOLERANCE,
            )?;
        }
        let first =
            labels.iter().position(|label| *label == bars[0].label).context("the best label is ours")?;
        // Two labels closer to each other than the tolerance may change places.
        let best = golden.best(picture);
        let lead = f64::from(expected[best]) - f64::from(expected[first]);
        holds(
            &format!("{name}: the best label is {}, or as good as that ({})", labels[best], labels[first]),
            lead < TOLERANCE,
        )?;
        found.push(first);
    }
    Ok(found)
}

pub(crate) fn bad_files(page: &Page) -> Result<()> {
    let folder = paths::root().join("tests/pictures/bad");
    let mut bad = fs::read_dir(&folder)?
        .map(|entry| Ok(entry?.path().to_str().context("paths are readable text")?.to_owned()))
        .collect::<Result<Vec<_>>>()?;
    bad.sort_unstable();
    same("bad files", bad.len(), 10)?;
    page.drop(&[&bad[..5], &[repository_file(CAT)?], &bad[5..]].concat())?;
    page.cards(11)?;
    let messages = page.browser.value(
        r#"Array.from(document.querySelectorAll(".card[data-status=failed]"), (card) => {
          const error = card.querySelector(".error");
          return [card.querySelector(".name").textContent, error.checkVisibility() ? error.textContent : ""];
        })"#,
    )?;
    let messages: Vec<(String, String)> = serde_json::from_value(messages)?;
    same("cards that say what is wrong", messages.len(), 10)?;
    for (name, message) in messages {
        let sentence = message.len() > 10 && message.contains(' ') && message.ends_with('.');
        holds(
            &format!("the card of {name} has a sentence on what is wrong (it says {message:?})"),
            sentence,
        )?;
    }
    let good = page.bars()?;
    same("good pictures", good.len(), 1)?;
    page.shows_a_cat()
}

pub(crate) fn kinds(page: &Page) -> Result<()> {
    let expected = fs::read(paths::root().join("tests/pictures/expected.json"))
        .context("tests/pictures/expected.json")?;
    let expected: Value = serde_json::from_slice(&expected)?;
    let good = expected["good"].as_array().context("expected.json lists good pictures")?;
    let names: Vec<&str> = good
        .iter()
        .filter_map(|picture| picture["file"].as_str())
        .filter(|name| *name != "hostile.svg")
        .collect();
    let files: Vec<String> = names.iter().map(|name| format!("tests/pictures/{name}")).collect();
    page.drop_and_wait(&files.iter().map(String::as_str).collect::<Vec<_>>(), files.len())?;
    let failed = page.browser.value(
        r#"Array.from(document.querySelectorAll(".card[data-status=failed]"), (card) => card.textContent)"#,
    )?;
    same("pictures that could not be read", &failed, &json!([]))?;
    page.show_all_labels()?;
    let cards = page.bars()?;
    for (name, bars) in names.iter().zip(&cards) {
        bars::sound(bars).with_context(|| name.to_string())?;
    }
    // The same scene turned eight ways, each with the EXIF note that turns it back.
    let turned: Vec<_> = names.iter().zip(&cards).filter(|(name, _)| name.starts_with("exif-")).collect();
    same("orientations", turned.len(), 8)?;
    for (name, bars) in &turned {
        for bar in *bars {
            let upright = bars::of(turned[0].1, &bar.label)?;
            near(&format!("{name}, {}", bar.label), bar.probability, upright.probability, 0.05)?;
        }
    }
    Ok(())
}

pub(crate) fn folder(page: &Page) -> Result<()> {
    let folder = scratch("folder")?;
    fs::create_dir_all(folder.join("deep/er"))?;
    for (from, to) in [
        (CAT, "cat.jpg"),
        (BEE, "deep/bee.jpg"),
        (BOATS, "deep/er/boats.jpg"),
        ("Cargo.toml", "deep/notes.txt"),
    ] {
        fs::copy(repository_file(from)?, folder.join(to))?;
    }
    page.drop(&[folder.to_str().context("paths are readable text")?.to_owned()])?;
    page.cards(3)?;
    same("pictures of the folder", page.bars()?.len(), 3)?;
    holds("that a file was left out is said", page.text("#notice")?.contains("left out"))
}

pub(crate) fn picked(page: &Page) -> Result<()> {
    let document = page.browser.cdp("DOM.getDocument", json!({}))?;
    let input = json!({ "nodeId": document["root"]["nodeId"], "selector": "#file-input" });
    let input = page.browser.cdp("DOM.querySelector", input)?;
    let files = json!({ "nodeId": input["nodeId"], "files": [repository_file(CAT)?, repository_file(BEE)?] });
    page.browser.cdp("DOM.setFileInputFiles", files)?;
    page.cards(2)?;
    page.bars()?.iter().try_for_each(|bars| bars::sound_best(bars))
}

pub(crate) fn pasted(page: &Page) -> Result<()> {
    allow(page, &["clipboardReadWrite", "clipboardSanitizedWrite"])?;
    page.browser.click("h1")?;
    page.browser.run(
        r#"return fetch(arguments[0]).then((response) => response.blob()).then(createImageBitmap).then((bitmap) => {
          const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
          canvas.getContext("2d").drawImage(bitmap, 0, 0);
          return canvas.convertToBlob({ type: "image/png" });
        }).then((png) => navigator.clipboard.write([new ClipboardItem({ "image/png": png })]));"#,
        json!([page.url(CAT)]),
    )?;
    page.browser.press_with(key::CONTROL, 'v')?;
    page.cards(1)?;
    page.shows_a_cat()
}

pub(crate) fn camera(page: &Page) -> Result<()> {
    allow(page, &["videoCapture"])?;
    page.browser.click("#open-camera")?;
    page.browser.wait(r##"!document.querySelector("#camera-take").disabled"##)?;
    page.browser.click("#camera-take")?;
    page.cards(1)?;
    bars::sound_best(&page.bars()?[0])
}

pub(crate) fn address(page: &Page) -> Result<()> {
    let enter = |address: &str| -> Result<()> {
        page.browser.click("#open-url")?;
        page.browser.keys(address)?;
        page.browser.press(&[key::ENTER])
    };
    enter(&page.url(CAT))?;
    page.cards(1)?;
    page.shows_a_cat()?;
    // The other server is another origin, and says nothing of CORS.
    enter(&format!("http://{}{}{CAT}", page.plain.address, crate::SUB_PATH))?;
    page.cards(2)?;
    let message = page.text(".card[data-status=failed] .error")?;
    holds(
        &format!("it is said that the other site must allow it (it says {message:?})"),
        message.contains("CORS"),
    )
}

pub(crate) fn samples(page: &Page) -> Result<()> {
    page.browser.wait(r#"document.querySelector("sample-strip .sample")"#)?;
    page.browser.click("sample-strip li:first-child .sample")?;
    page.cards(1)?;
    page.browser.click("#samples-all")?;
    let all = page.browser.value(r#"document.querySelectorAll("sample-strip .sample").length"#)?;
    let all = all.as_u64().context("a number of samples")?;
    holds("there are several samples", all >= 4)?;
    page.cards(usize::try_from(all)? + 1)?;
    page.bars()?.iter().try_for_each(|bars| bars::sound_best(bars))
}

pub(crate) fn removed(page: &Page) -> Result<()> {
    page.drop_and_wait(&[CAT, BEE, BOATS], 3)?;
    page.browser.click(".card:nth-child(2) .remove")?;
    page.cards(2)?;
    let names = page
        .browser
        .value(r#"Array.from(document.querySelectorAll(".card .name"), (name) => name.textContent)"#)?;
    same("the pictures left", &names, &json!(["cat.jpg", "boats.jpg"]))?;
    page.browser.click("#clear-pictures")?;
    page.cards(0)?;
    // The page goes on as if nothing had been there.
    page.drop_and_wait(&[BEE], 1)?;
    bars::sound_best(&page.bars()?[0])
}

/// Answer the browser's question for a permission beforehand.
pub(crate) fn allow(page: &Page, permissions: &[&str]) -> Result<()> {
    let grant = json!({ "origin": format!("http://{}", page.server.address), "permissions": permissions });
    page.browser.cdp("Browser.grantPermissions", grant).map(drop)
}
