//! Pictures × labels.

use anyhow::{Context, Result};
use serde::Deserialize;
use serde_json::json;

use crate::r#match::pictures::{BEE, BOATS, CAT};
use crate::{Page, bars, near, same};

#[derive(Deserialize)]
struct Table {
    columns: Vec<String>,
    rows: Vec<(String, Vec<f64>)>,
}

impl Table {
    /// The table as it is shown, once it shows that measure.
    fn read(page: &Page, measure: &str) -> Result<Self> {
        let pressed = format!(r#"document.querySelector("[data-measure={measure}][aria-pressed=true]")"#);
        page.browser.wait(&pressed)?;
        let table = page.browser.wait(
            r##"(() => {
              const table = document.querySelector("#matrix table");
              const cells = [...table.querySelectorAll("tbody td")];
              if (!table.checkVisibility() || cells.length === 0 || cells.some(({ dataset }) => !dataset.value)) return null;
              return {
                columns: Array.from(table.querySelectorAll("thead th.label"), (th) => th.textContent),
                rows: Array.from(table.querySelectorAll("tbody tr"), (tr) => [
                  tr.querySelector("th").textContent.trim(),
                  Array.from(tr.querySelectorAll("td"), ({ dataset }) => Number(dataset.value)),
                ]),
              };
            })()"##,
        )?;
        Ok(serde_json::from_value(table)?)
    }
}

pub(crate) fn adds_up(page: &Page) -> Result<()> {
    let labels = ["cat", "bee", "ship", "flower"];
    page.type_labels(&labels)?;
    page.drop_and_wait(&[CAT, BEE, BOATS], 3)?;
    let cards = page.scored(&labels)?;
    page.browser.click("#view-matrix")?;

    let table = Table::read(page, "overTexts")?;
    same("columns", table.columns, labels.map(String::from).to_vec())?;
    same(
        "rows",
        table.rows.iter().map(|(name, _)| name.as_str()).collect(),
        vec!["cat.jpg", "bee.jpg", "boats.jpg"],
    )?;
    for ((name, row), card) in table.rows.iter().zip(&cards) {
        near(&format!("the row of {name}"), row.iter().sum(), 1.0, 1e-4)?;
        for (label, value) in labels.iter().zip(row) {
            near(&format!("{name}, {label}"), *value, bars::of(card, label)?.probability, 1e-5)?;
        }
    }

    page.browser.click("[data-measure=overImages]")?;
    let table = Table::read(page, "overImages")?;
    for (column, label) in labels.iter().enumerate() {
        near(
            &format!("the column of {label}"),
            table.rows.iter().map(|(_, row)| row[column]).sum(),
            1.0,
            1e-4,
        )?;
    }

    page.browser.click("[data-measure=cosine]")?;
    let table = Table::read(page, "cosine")?;
    for ((name, row), card) in table.rows.iter().zip(&cards) {
        for (label, value) in labels.iter().zip(row) {
            near(&format!("{name}, {label}"), *value, bars::of(card, label)?.cosine, 1e-5)?;
        }
    }
    page.browser.click("#view-cards")?;
    page.scored(&labels).map(drop)
}

/// Where the table is wider than its window, a shadow lies over its edge until that is reached.
pub(crate) fn goes_on(page: &Page) -> Result<()> {
    page.size(768, 1024)?;
    page.type_labels(&["cat", "bee", "ship", "flower", "bridge", "mountain", "telephone", "bicycle"])?;
    page.drop_and_wait(&[CAT, BEE], 2)?;
    page.browser.click("#view-matrix")?;
    Table::read(page, "overTexts")?;
    let shadow = |there: &str| {
        format!(
            r##"(() => {{
              const frame = document.querySelector("#matrix .frame");
              return frame.querySelector("td")?.checkVisibility() && getComputedStyle(frame, "::after").opacity === "{there}";
            }})()"##
        )
    };
    page.browser.wait(&shadow("1")).context("waiting for the shadow")?;
    page.browser.run("document.querySelector('#matrix .scroll').scrollBy({ left: 9999, behavior: 'instant' }); return true;", json!([]))?;
    page.browser.wait(&shadow("0")).context("waiting for the shadow to go at the end")?;
    page.browser.run(
        "document.querySelector('#matrix .scroll').scrollTo({ left: 0, behavior: 'instant' }); return true;",
        json!([]),
    )?;
    page.browser.wait(&shadow("1")).context("waiting for the shadow to come back")?;
    page.type_labels(&["cat", "bee"])?;
    page.browser.wait(&shadow("0")).context("waiting for the shadow to go where all fits").map(drop)
}
