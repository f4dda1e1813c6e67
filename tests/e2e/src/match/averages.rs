//! Words of one label, and templates of one set, are averaged.

use std::fs;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::r#match::pictures::{CAT, allow};
use crate::{Page, bars, check, holds, near, same, scratch};

/// Cosines of the cat with texts, by the library itself.
const COSINES: &str = r#"return (async (texts, template) => {
  const { Semblance } = await import(new URL("semblance.js", location.href).href);
  globalThis.theirs ??= await Semblance.load({ model: "pocket" });
  const templates = template === "imagenet" ? await Semblance.imagenetTemplates() : template;
  const [image] = await theirs.embedImages([await (await fetch("assets/samples/cat.jpg")).blob()]);
  const vectors = await theirs.embedTexts(texts, { template: templates });
  return vectors.map((vector) => vector.reduce((sum, x, i) => sum + x * image[i], 0));
})(...arguments);"#;

fn cosines(page: &Page, texts: Value, template: &str) -> Result<Vec<f64>> {
    Ok(serde_json::from_value(page.browser.run(COSINES, json!([texts, template]))?)?)
}

pub(crate) fn words(page: &Page) -> Result<()> {
    const LABELS: [&str; 2] = ["cat | kitty", "ship"];
    page.drop_and_wait(&[CAT], 1)?;
    page.type_labels(&LABELS)?;
    let cards = page.scored(&LABELS)?;
    bars::sound(&cards[0])?;
    let found = bars::of(&cards[0], LABELS[0])?.cosine;
    let of = cosines(page, json!([["cat", "kitty"], "cat", "cat | kitty"]), "a photo of a {}")?;
    near("the cosine with the average", found, of[0], 1e-6)?;
    holds(
        &format!("neither that of one word nor that of the text as typed: {found}, {of:?}"),
        of[1..].iter().all(|other| (other - found).abs() > 1e-4),
    )?;

    // In another order it is the same label.
    page.browser.keys("Kitty|cat,")?;
    same("labels", page.labels()?, LABELS.map(String::from).to_vec())?;

    // A link keeps it as typed.
    allow(page, &["clipboardReadWrite", "clipboardSanitizedWrite"])?;
    page.browser.click("#share")?;
    let link = page.browser.wait("location.hash.length > 1 && location.href")?;
    page.browser.goto("about:blank")?;
    page.open(link.as_str().context("a link")?)?;
    same("labels of the link", page.labels()?, LABELS.map(String::from).to_vec())
}

pub(crate) fn templates(page: &Page) -> Result<()> {
    let folder = scratch("downloads")?;
    page.browser
        .cdp("Browser.setDownloadBehavior", json!({ "behavior": "allow", "downloadPath": folder }))?;
    page.drop_and_wait(&[CAT], 1)?;
    page.type_labels(&["cat", "ship"])?;
    let before = page.scored(&["cat", "ship"])?;
    page.browser.click("#template-presets option[value=imagenet]")?;
    page.browser.wait(&format!(
        r#"document.querySelector(".bar[data-label=cat]").dataset.cosine !== "{}""#,
        bars::of(&before[0], "cat")?.cosine
    ))?;
    let shown = r##"document.querySelector("#template").value"##;
    same("the field", page.browser.value(shown)?, json!("80 ImageNet templates"))?;
    same(
        "the field is valid",
        page.browser.value(r##"document.querySelector("#template").getAttribute("aria-invalid")"##)?,
        json!("false"),
    )?;
    let cards = page.scored(&["cat", "ship"])?;
    let of = cosines(page, json!(["cat", "ship"]), "imagenet")?;
    for (label, cosine) in ["cat", "ship"].iter().zip(of) {
        near(label, bars::of(&cards[0], label)?.cosine, cosine, 1e-6)?;
    }

    page.browser.click("#export-json")?;
    let file = fs::read_to_string(check::downloaded(&folder.join("semblance.json"))?)?;
    let all: Value = serde_json::from_str(&file)?;
    same("templates in the JSON", all["template"].as_array().map(Vec::len), Some(80))?;

    page.browser.click("#share")?;
    let link = page.browser.wait("location.hash.length > 1 && location.href")?;
    let link = link.as_str().context("a link")?;
    holds("the link names it", link.contains("template=imagenet"))?;
    page.browser.goto("about:blank")?;
    page.open(link)?;
    same("the link's field", page.browser.value(shown)?, json!("80 ImageNet templates"))?;

    // Whoever types into it begins anew.
    page.browser.run(r##"document.querySelector("#template").focus();"##, json!([]))?;
    page.browser.keys("a {}")?;
    same("typed", page.browser.value(shown)?, json!("a {}"))
}
