//! `cargo xtask screenshots`: the page's states, photographed for the README and for judging by eye.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use base64::prelude::{BASE64_STANDARD, Engine};
use serde_json::json;

use repository::paths;

use crate::Page;
use crate::stage::Stage;

const WIDTHS: [(u32, u32); 3] = [(360, 740), (768, 1024), (1440, 900)];
const SCHEMES: [&str; 2] = ["light", "dark"];

/// What the page shows, and how it gets there.
struct State {
    name: &'static str,
    set: fn(&Page) -> Result<()>,
}

const STATES: &[State] = &[
    State { name: "empty", set: |_| Ok(()) },
    State { name: "loading", set: loading },
    State { name: "cards", set: cards },
    State { name: "one-label", set: one_label },
    State { name: "matrix", set: matrix },
    State { name: "errors", set: errors },
    State { name: "status", set: status },
    State { name: "models", set: models },
    State { name: "stored", set: stored },
];

const PICTURES: [&str; 6] = [
    "assets/samples/cat.jpg",
    "assets/samples/bee.jpg",
    "assets/samples/citrus.jpg",
    "assets/samples/bridge.jpg",
    "assets/samples/dandelion.jpg",
    "assets/samples/boats.jpg",
];
const LABELS: [&str; 6] = ["cat", "bee", "fruit", "bridge", "flower", "boat"];

pub(crate) fn take(dist: &Path) -> Result<()> {
    let stage = Stage::set(dist)?;
    let page = stage.page();
    let folder = paths::root().join("docs/screenshots");
    fs::create_dir_all(&folder)?;
    for state in STATES {
        page.begin()?;
        (state.set)(&page)?;
        for scheme in SCHEMES {
            let features = json!([
                { "name": "prefers-color-scheme", "value": scheme },
                { "name": "prefers-reduced-motion", "value": "reduce" },
            ]);
            page.browser.cdp("Emulation.setEmulatedMedia", json!({ "features": features }))?;
            for (width, height) in WIDTHS {
                page.size(width, height)?;
                let file = folder.join(format!("{}-{width}-{scheme}.webp", state.name));
                fs::write(&file, photograph(&page, width, height * 3)?)?;
                println!("{} ({} kB)", file.display(), fs::metadata(&file)?.len() / 1000);
            }
        }
    }
    Ok(())
}

/// The page from its top down to at most `height`, as WebP: with photographs in it, a tenth of the size of a PNG.
fn photograph(page: &Page, width: u32, height: u32) -> Result<Vec<u8>> {
    // Two frames, so that the change is on the screen.
    page.browser.run("scrollTo(0, 0); return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));", json!([]))?;
    let full = page.browser.value("document.documentElement.scrollHeight")?.as_u64().unwrap_or_default();
    let clip = json!({ "x": 0, "y": 0, "width": width, "height": full.min(height.into()), "scale": 1 });
    let how = json!({ "format": "webp", "quality": 90, "clip": clip, "captureBeyondViewport": true });
    let shot = page.browser.cdp("Page.captureScreenshot", how)?;
    Ok(BASE64_STANDARD.decode(shot["data"].as_str().context("a screenshot is text")?)?)
}

/// The model is on its way, and a picture waits for it.
fn loading(page: &Page) -> Result<()> {
    page.begin_loading()?;
    page.drop_and_see(&PICTURES[..2])
}

fn cards(page: &Page) -> Result<()> {
    page.type_labels(&LABELS)?;
    page.drop_and_wait(&PICTURES, PICTURES.len())?;
    page.scored(&LABELS).map(drop)
}

fn one_label(page: &Page) -> Result<()> {
    page.type_labels(&["cat"])?;
    page.drop_and_wait(&PICTURES[..3], 3)?;
    page.scored(&["cat"]).map(drop)
}

fn matrix(page: &Page) -> Result<()> {
    cards(page)?;
    page.browser.click("#view-matrix")?;
    page.browser.wait(r##"document.querySelectorAll("#matrix tbody tr").length > 1"##).map(drop)
}

fn errors(page: &Page) -> Result<()> {
    page.drop_and_wait(
        &[
            PICTURES[0],
            "tests/pictures/bad/text.jpg",
            "tests/pictures/bad/bomb.png",
            "tests/pictures/bad/truncated.jpg",
        ],
        4,
    )
}

fn status(page: &Page) -> Result<()> {
    page.drop_and_wait(&PICTURES[..3], 3)?;
    page.browser.click("#status summary")?;
    page.browser.click("#fidelity-start")?;
    page.browser.wait(r##"document.querySelector("#fidelity").dataset.state === "done""##)?;
    page.browser.run("document.activeElement.blur();", json!([])).map(drop)
}

fn models(page: &Page) -> Result<()> {
    page.browser.click("#model-change")?;
    page.browser.wait(r##"document.querySelectorAll("#model-choices .model").length > 1"##).map(drop)
}

fn stored(page: &Page) -> Result<()> {
    models(page)?;
    page.browser.click("#models-stored")?;
    page.browser.click(".stored .verify")?;
    page.browser.wait(r##"document.querySelector(".stored .said").ariaLive === "polite" && document.querySelector(".stored .said").textContent !== """##)?;
    page.browser.run("document.activeElement.blur();", json!([])).map(drop)
}
