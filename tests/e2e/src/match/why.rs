//! A card that is asked why: the evidence for a label lies over its photo.

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::r#match::labels::tab_to;
use crate::r#match::pictures::{BEE, CAT};
use crate::{Page, holds, near, same};
use harness::webdriver::key;

/// The first stands in the right half of the pictures that are made here, the second in the left one.
const LABELS: [&str; 3] = ["cat", "fruit", "bridge"];
const TEMPLATE: &str = "a photo of a {}";

/// A landscape and a portrait, of which the model sees the middle alone, and the card another part.
const SIZES: [(u32, u32); 2] = [(480, 360), (360, 480)];

/// Two of the samples side by side, picked as a file; `composites` keeps it.
const COMPOSITE: &str = r##"return (async (width, height) => {
  const canvas = new OffscreenCanvas(width, height);
  const half = width / 2;
  for (const [at, name] of ["citrus", "cat"].entries()) {
    const image = await createImageBitmap(await (await fetch(`assets/samples/${name}.jpg`)).blob());
    const side = Math.min(image.width, image.height);
    canvas.getContext("2d").drawImage(image, (image.width - side) / 2, (image.height - side) / 2, side, side, at * half, (height - half) / 2, half, half);
  }
  const file = new File([await canvas.convertToBlob()], `${width}.png`, { type: "image/png" });
  (globalThis.composites ??= []).push(file);
  const picked = new DataTransfer();
  picked.items.add(file);
  const input = document.querySelector("#file-input");
  input.files = picked.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
})(...arguments);"##;

/// Where the map is strongest, in shares of the picture; and how far it is from what the library says of the same picture.
const COMPARED: &str = r#"return (async (card, label, labels, template, method) => {
  const { Semblance } = await import(new URL("semblance.js", location.href).href);
  globalThis.theirs ??= await Semblance.load({ model: "pocket" });
  const answer = await theirs.explain(composites[card - 1], label, { labels, template, method });
  const canvas = document.querySelector(`.card:nth-child(${card}) canvas`);
  const alphas = (image) => image.data.filter((_, at) => at % 4 === 3);
  // The page's own canvas is not made to be read.
  const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d", { willReadFrequently: true });
  copy.drawImage(canvas, 0, 0);
  const [shown, expected] = [alphas(copy.getImageData(0, 0, canvas.width, canvas.height)), alphas(answer.overlay({ width: canvas.width }))];
  const strongest = shown.indexOf(Math.max(...shown));
  return {
    x: (strongest % canvas.width) / canvas.width,
    y: Math.floor(strongest / canvas.width) / canvas.height,
    strength: shown[strongest],
    away: shown.length === expected.length ? Math.max(...shown.map((alpha, at) => Math.abs(alpha - expected[at]))) : "another size",
  };
})(...arguments);"#;

pub(crate) fn shown(page: &Page) -> Result<()> {
    page.type_labels(&LABELS)?;
    for (at, (width, height)) in SIZES.into_iter().enumerate() {
        page.browser.run(COMPOSITE, json!([width, height]))?;
        page.cards(at + 1)?;
    }
    page.scored(&LABELS)?;
    for card in 1..=SIZES.len() {
        ask(page, card)?;
        lies_over_the_photo(page, card)?;
        for method in ["patches", "occlusion"] {
            choose(page, card, &format!("[value={method}]"))?;
            for (place, label) in LABELS[..2].iter().enumerate() {
                choose(page, card, &format!("option:nth-child({})", place + 1))?;
                let map = page.browser.run(COMPARED, json!([card, label, LABELS, TEMPLATE, method]))?;
                let about = format!("{label} by {method} on card {card}: {map}");
                let number = |name: &str| map[name].as_f64().with_context(|| about.clone());
                holds(&about, number("away")? <= 2.0 && number("strength")? > 200.0)?;
                holds(&about, (number("x")? > 0.5) == (*label == "cat"))?;
                let said = said(page, card)?;
                let other_side = if *label == "cat" { "left" } else { "right" };
                holds(
                    &format!("{about}: it says {said:?}"),
                    said.starts_with("Strongest ") && !said.contains(other_side),
                )?;
            }
        }
    }
    Ok(())
}

/// Photo and map are cut to the card in the same way: their boxes, their proportions, and what is cut off are the same.
fn lies_over_the_photo(page: &Page, card: usize) -> Result<()> {
    let geometry = page.browser.value(&format!(
        r#"["img", "canvas"].map((name) => {{
          const element = document.querySelector(`.card:nth-child({card}) .photo ${{name}}`);
          const {{ x, y, width, height }} = element.getBoundingClientRect();
          const {{ objectFit, objectPosition, pointerEvents }} = getComputedStyle(element);
          return {{ box: [x, y, width, height, objectFit, objectPosition], through: pointerEvents, shape: (element.naturalWidth ?? element.width) / (element.naturalHeight ?? element.height) }};
        }})"#
    ))?;
    let [photo, map] = [&geometry[0], &geometry[1]];
    same("the map's box", &map["box"], &photo["box"])?;
    same("how both are cut", &map["box"][4], &json!("cover"))?;
    same("clicks", &map["through"], &json!("none"))?;
    let (width, height) = SIZES[card - 1];
    for one in [photo, map] {
        near(
            "proportion",
            one["shape"].as_f64().context("a number")?,
            f64::from(width) / f64::from(height),
            0.01,
        )?;
    }
    Ok(())
}

/// What is slow can be left, and what no longer holds is not shown.
pub(crate) fn left(page: &Page) -> Result<()> {
    page.drop_and_wait(&[CAT, BEE], 2)?;
    page.type_labels(&["cat", "ship", "flower"])?;
    page.scored(&["cat", "ship", "flower"])?;
    ask(page, 1)?;
    let quick = page.browser.value(MAP)?;
    let before = said(page, 1)?;
    page.browser.click("why-panel [value=occlusion]")?;
    page.browser.wait(WORKING)?;
    holds("nothing is shown that is not known", page.browser.value(MAP)? == Value::Null)?;
    page.browser.click("why-panel .cancel")?;
    page.browser.wait(SHOWN)?;
    same("pressed", page.browser.value(PRESSED)?, json!("patches"))?;
    same("the map from before", page.browser.value(MAP)? == quick, true)?;
    same("what it says", said(page, 1)?, before)?;

    // In the end it is another one, and going back is going back.
    choose(page, 1, "[value=occlusion]")?;
    holds("another map", page.browser.value(MAP)? != quick)?;
    choose(page, 1, "[value=patches]")?;
    same("the first map again", page.browser.value(MAP)? == quick, true)?;

    // Escape closes it, and the focus is where it was asked from.
    page.browser.press(&[key::ESCAPE])?;
    gone(page, "Escape")?;
    same(
        "the focus",
        page.browser.value(r#"document.activeElement.matches(".card:nth-child(1) .ask")"#)?,
        json!(true),
    )?;

    ask(page, 1)?;
    ask(page, 2)?;
    page.browser.click("#labels-input")?;
    page.browser.keys("tree,")?;
    gone(page, "another label")?;
    page.scored(&["cat", "ship", "flower", "tree"])?;

    ask(page, 1)?;
    page.type_into("#template", "a drawing of a {}")?;
    gone(page, "another template")?;

    // Taken off in the middle of its work.
    page.browser.wait(r#"document.querySelectorAll(".ask:not([hidden])").length === 2"#)?;
    ask(page, 2)?;
    page.browser.click("why-panel [value=occlusion]")?;
    page.browser.wait(WORKING)?;
    page.browser.click("#view-matrix")?;
    gone(page, "the matrix")
}

/// Asked, another label, the other way, left, closed: without a mouse.
pub(crate) fn keyboard(page: &Page) -> Result<()> {
    page.drop_and_wait(&[CAT], 1)?;
    page.type_labels(&["cat", "ship"])?;
    page.scored(&["cat", "ship"])?;
    tab_to(page, r#"document.activeElement.matches(".ask")"#)?;
    page.browser.press(&[key::ENTER])?;
    page.browser.wait(SHOWN)?;
    let cat = page.browser.value(MAP)?;
    same("the focus", page.browser.value("document.activeElement.value")?, json!("cat"))?;
    page.browser.keys("s")?;
    page.browser.wait(&format!("{SHOWN} && {NAMED}.includes(\"ship\")"))?;
    holds("another map", page.browser.value(MAP)? != cat)?;
    tab_to(page, r#"document.activeElement.matches("why-panel [value=occlusion]")"#)?;
    page.browser.press(&[' '])?;
    page.browser.wait(WORKING)?;
    tab_to(page, r#"document.activeElement.matches("why-panel .cancel")"#)?;
    page.browser.press(&[key::ENTER])?;
    page.browser.wait(SHOWN)?;
    same("pressed", page.browser.value(PRESSED)?, json!("patches"))?;
    holds(
        "the focus stays in it",
        page.browser.value(r#"document.activeElement.closest("why-panel") !== null"#)? == true,
    )?;
    page.browser.press(&[key::ESCAPE])?;
    gone(page, "Escape")?;
    same("the focus", page.browser.value(r#"document.activeElement.matches(".ask")"#)?, json!(true))
}

const WORKING: &str = r#"document.querySelector("why-panel").dataset.state === "working""#;
const SHOWN: &str = r#"document.querySelector(".card canvas:not([hidden])")?.getAttribute("aria-label")"#;
const NAMED: &str = r#"document.querySelector(".card canvas").getAttribute("aria-label")"#;
const PRESSED: &str = r#"document.querySelector("why-panel [aria-pressed=true]").value"#;
/// Null where none is in sight.
const MAP: &str = r#"document.querySelector(".card canvas:not([hidden])")?.toDataURL() ?? null"#;

/// Ask a card, and wait for the quick answer.
pub(crate) fn ask(page: &Page, card: usize) -> Result<()> {
    page.browser.click(&format!(".card:nth-child({card}) .ask"))?;
    answered(page, card)
}

/// Choose something in its panel, and wait for the answer.
fn choose(page: &Page, card: usize, what: &str) -> Result<()> {
    page.browser.click(&format!(".card:nth-child({card}) why-panel {what}"))?;
    answered(page, card)
}

fn answered(page: &Page, card: usize) -> Result<()> {
    let shown = format!(
        r#"(() => {{
          const [panel, map] = ["why-panel", "canvas"].map((name) => document.querySelector(`.card:nth-child({card}) ${{name}}`));
          if (panel?.dataset.state === "failed") throw new Error(panel.querySelector(".said").textContent);
          return panel?.dataset.state === "shown" && !map.hidden;
        }})()"#
    );
    page.browser.wait(&shown).with_context(|| format!("waiting for card {card}'s map"))?;
    Ok(())
}

fn said(page: &Page, card: usize) -> Result<String> {
    page.text(&format!(".card:nth-child({card}) why-panel .said"))
}

fn gone(page: &Page, why: &str) -> Result<()> {
    page.browser
        .wait(r#"!document.querySelector("why-panel, .card canvas")"#)
        .with_context(|| format!("after {why} nothing of it is left"))?;
    Ok(())
}
