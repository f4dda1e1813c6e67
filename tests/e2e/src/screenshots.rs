//! `cargo xtask screenshots`: the page's states, photographed for the README and for judging by eye.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use base64::prelude::{BASE64_STANDARD, Engine};
use serde_json::json;

use repository::paths;

use crate::page::SCHEMES;
use crate::stage::Stage;
use crate::states::STATES;
use crate::{Chance, Page};

const SIZES: [(u32, u32); 3] = [(360, 740), (768, 1024), (1440, 900)];
pub(crate) fn take(dist: &Path) -> Result<()> {
    let stage = Stage::set(dist, Chance::default())?;
    let page = stage.page();
    let folder = paths::root().join("docs/screenshots");
    fs::create_dir_all(&folder)?;
    for state in STATES.iter().filter(|state| state.photographed) {
        page.begin()?;
        (state.set)(&page)?;
        for scheme in SCHEMES {
            page.scheme(Some(scheme))?;
            for (width, height) in SIZES {
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
    page.browser.run("scrollTo(0, 0);", json!([]))?;
    page.drawn()?;
    let full = page.browser.value("document.documentElement.scrollHeight")?.as_u64().unwrap_or_default();
    let clip = json!({ "x": 0, "y": 0, "width": width, "height": full.min(height.into()), "scale": 1 });
    let how = json!({ "format": "webp", "quality": 90, "clip": clip, "captureBeyondViewport": true });
    let shot = page.browser.cdp("Page.captureScreenshot", how)?;
    Ok(BASE64_STANDARD.decode(shot["data"].as_str().context("a screenshot is text")?)?)
}
