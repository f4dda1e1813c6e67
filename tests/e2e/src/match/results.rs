//! Results that leave the page: files, the clipboard, a link.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::r#match::pictures::{BEE, CAT, allow};
use crate::{Page, bars, check, holds, near, same, scratch};

const LABELS: [&str; 3] = ["cat", "bee, or wasp", "ship"];

/// Two pictures and three labels, of which one has a comma in it.
fn prepare(page: &Page) -> Result<Vec<Vec<bars::Bar>>> {
    page.open(&page.url("#label=cat&label=bee%2C+or+wasp&label=ship&template=a+photo+of+a+%7B%7D"))?;
    page.drop_and_wait(&[CAT, BEE], 2)?;
    page.scored(&LABELS)
}

pub(crate) fn exported(page: &Page) -> Result<()> {
    let folder = scratch("downloads")?;
    page.browser
        .cdp("Browser.setDownloadBehavior", json!({ "behavior": "allow", "downloadPath": folder }))?;
    let cards = prepare(page)?;
    page.browser.click("#export-csv")?;
    let csv = downloaded(&folder, "semblance.csv")?;
    let mut lines = csv.split("\r\n");
    same("the CSV's header", lines.next(), Some("picture,label,probability,logit,cosine,cut"))?;
    for (name, card) in ["cat.jpg", "bee.jpg"].iter().zip(&cards) {
        for label in LABELS {
            let line = lines.next().context("a line a picture and label")?;
            let quoted = if label.contains(',') { format!("\"{label}\"") } else { label.to_owned() };
            let numbers = line
                .strip_prefix(&format!("{name},{quoted},"))
                .with_context(|| format!("{line} is not of {name}, {label}"))?;
            let bar = bars::of(card, label)?;
            let values: Vec<&str> = numbers.split(',').collect();
            same("cut", values.get(3), Some(&"false"))?;
            for (value, shown) in values.iter().zip([bar.probability, bar.logit, bar.cosine]) {
                near(line, value.parse()?, shown, 1e-5)?;
            }
        }
    }
    same("the CSV's end", lines.collect::<Vec<_>>(), vec![""])?;

    page.browser.click("#export-json")?;
    let all: Value = serde_json::from_str(&downloaded(&folder, "semblance.json")?)?;
    same("labels", &all["labels"], &json!(LABELS))?;
    same("template", &all["template"], &json!("a photo of a {}"))?;
    same("model", &all["model"]["name"], &json!("pocket"))?;
    for (picture, card) in cards.iter().enumerate() {
        for (place, label) in LABELS.iter().enumerate() {
            let score = &all["pictures"][picture]["scores"][place];
            same("label", score["label"].as_str(), Some(*label))?;
            near(
                label,
                score["probability"].as_f64().context("a number")?,
                bars::of(card, label)?.probability,
                1e-5,
            )?;
        }
    }
    Ok(())
}

/// The text of a file that the browser is about to finish.
fn downloaded(folder: &Path, name: &str) -> Result<String> {
    Ok(fs::read_to_string(check::downloaded(&folder.join(name))?)?)
}

pub(crate) fn copied(page: &Page) -> Result<()> {
    allow(page, &["clipboardReadWrite", "clipboardSanitizedWrite"])?;
    let cards = prepare(page)?;
    page.browser.click("#copy")?;
    page.browser.wait(r##"document.querySelector("#notice").textContent.includes("clipboard")"##)?;
    let table = page.browser.run("return navigator.clipboard.readText();", json!([]))?;
    let lines: Vec<Vec<&str>> =
        table.as_str().context("text")?.lines().map(|line| line.split('\t').collect()).collect();
    same("the first line", &lines[0], &vec!["", "cat", "bee, or wasp", "ship"])?;
    same("lines", lines.len(), 3)?;
    for (line, card) in lines[1..].iter().zip(&cards) {
        for (value, label) in line[1..].iter().zip(LABELS) {
            near(label, value.parse()?, bars::of(card, label)?.probability, 1e-5)?;
        }
    }
    Ok(())
}

pub(crate) fn shared(page: &Page) -> Result<()> {
    allow(page, &["clipboardReadWrite", "clipboardSanitizedWrite"])?;
    page.type_labels(&["cat", "猫", "a=b&c"])?;
    page.type_into("#template", "a drawing of a {}")?;
    page.drop_and_wait(&[CAT], 1)?;
    page.browser.click("#share")?;
    let link = page.browser.wait(r#"location.hash.length > 1 && location.href"#)?;
    let link = link.as_str().context("a link")?.to_owned();
    holds("no picture is in it", !link.contains("cat.jpg") && link.len() < 500)?;
    page.browser.goto("about:blank")?;
    page.open(&link)?;
    same("labels", page.labels()?, vec!["cat".to_owned(), "猫".into(), "a=b&c".into()])?;
    same(
        "template",
        page.browser.value(r##"document.querySelector("#template").value"##)?,
        json!("a drawing of a {}"),
    )
}
