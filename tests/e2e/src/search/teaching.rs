//! From the view `search` to the view `teach`, which has the same library open.

use std::fs;

use anyhow::{Context, Result};
use serde_json::json;

use crate::search::view::{TRIP, added, first, text_of};
use crate::{Page, repository_file, scratch};

/// What was found becomes a class; what is added there is found here.
pub(crate) fn found(page: &Page) -> Result<()> {
    added(page)?;
    page.type_into("#search-words", "bee")?;
    first(page, "bee.jpg")?;
    page.browser.run(
        "for (const index of [0, 1]) document.querySelector(`.tile[data-index='${index}'] .pick`).click();",
        json!([]),
    )?;
    page.browser.wait(r#"document.querySelector("selection-bar .count").textContent === "2 selected""#)?;
    page.browser.click("[data-event=selected-teach]")?;
    page.browser
        .wait(r#"document.querySelector("[data-view=teach] [data-class] .count")?.textContent === "2 pictures""#)
        .context("waiting for a class of both")?;
    holds_pictures(page, "teach", TRIP.len())?;
    let folder = scratch("more")?.join("more");
    fs::create_dir_all(&folder)?;
    fs::copy(repository_file("tests/pictures/photos/chelsea.jpg")?, folder.join("chelsea.jpg"))?;
    page.drop(&[text_of(&folder)?])?;
    holds_pictures(page, "teach", TRIP.len() + 1)?;
    page.browser.run("location.hash = '#/search';", json!([]))?;
    holds_pictures(page, "search", TRIP.len() + 1)?;
    page.type_into("#search-words", "the face of a cat, close")?;
    first(page, "chelsea.jpg").map(drop)
}

/// Wait until a view says that so many pictures are in its library.
fn holds_pictures(page: &Page, view: &str, count: usize) -> Result<()> {
    let says = format!(
        r#"document.querySelector("[data-view={view}] library-bar .facts").textContent.startsWith("{count} pictures")"#
    );
    page.browser.wait(&says).with_context(|| format!("waiting for {count} pictures in {view}")).map(drop)
}
