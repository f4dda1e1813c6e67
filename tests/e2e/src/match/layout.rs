//! Nothing sticks out of a narrow window.

use anyhow::Result;
use serde_json::json;

use crate::r#match::pictures::{BEE, BOATS, CAT};
use crate::{Page, same};

pub(crate) fn narrow(page: &Page) -> Result<()> {
    page.size(360, 740)?;
    fits(page, "empty")?;
    let long = "an exceptionally-long-label-without-a-place-to-break-it-anywhere";
    page.type_labels(&["cat", "dog", long])?;
    fits(page, "a long label")?;
    page.drop_and_wait(
        &[CAT, BEE, BOATS, "tests/pictures/bad/text.jpg", "tests/pictures/tall-1x4000.png"],
        5,
    )?;
    fits(page, "cards")?;
    page.browser.click("#show-numbers")?;
    fits(page, "cards with numbers")?;
    page.browser.click("#view-matrix")?;
    fits(page, "matrix")?;
    page.browser.click("#status summary")?;
    fits(page, "the engine's panel")
}

/// The page does not scroll sideways.
fn fits(page: &Page, state: &str) -> Result<()> {
    page.drawn()?;
    let wide = page.browser.value(
        r#"document.documentElement.scrollWidth <= innerWidth ? [] : Array.from(document.body.querySelectorAll("*"))
          .filter((element) => element.checkVisibility() && element.getBoundingClientRect().right > innerWidth + 1)
          .slice(0, 5).map((element) => element.outerHTML.slice(0, 120))"#,
    )?;
    same(&format!("what sticks out with {state}"), wide, json!([]))
}
