//! Nothing sticks out of a narrow window, and nothing jumps while the model loads.

use anyhow::Result;
use serde_json::json;

use crate::r#match::pictures::{BEE, BOATS, CAT};
use crate::{Page, holds, same};

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

/// From the first paint until the model is ready, whatever is said of it, the page stays where it is.
pub(crate) fn steady(page: &Page) -> Result<()> {
    for width in [360, 768, 1024, 1440] {
        page.size(width, 900)?;
        page.begin_loading()?;
        page.drawn()?;
        page.server.gate.shut(false);
        page.ready()?;
        page.drawn()?;
        // Chrome's own measure of it (Layout Instability); below 0.1 a page is called good.
        let shifted = page.browser.run(
            r#"return new Promise((resolve) => {
              let sum = 0;
              const observer = new PerformanceObserver((list) => { for (const { value } of list.getEntries()) sum += value; });
              observer.observe({ type: "layout-shift", buffered: true });
              setTimeout(() => resolve(sum), 100);
            });"#,
            json!([]),
        )?;
        holds(&format!("at {width} pixels the layout shifts by {shifted}"), shifted.as_f64() < Some(0.02))?;
    }
    Ok(())
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
