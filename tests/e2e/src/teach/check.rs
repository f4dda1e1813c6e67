//! Answers of the match view that a person checks, and probabilities that are calibrated by them.

use anyhow::{Context, Result};

use crate::{Page, holds, near};

const SAMPLES: [&str; 4] = ["cat", "boats", "citrus", "bee"];

pub(crate) fn calibrated(page: &Page) -> Result<()> {
    let files: Vec<String> = SAMPLES.map(|sample| format!("assets/samples/{sample}.jpg")).into();
    let files: Vec<&str> = files.iter().map(String::as_str).collect();
    page.drop_and_wait(&files, SAMPLES.len())?;
    page.type_labels(&["cat", "ship", "fruit", "insect"])?;
    let before = page.scored(&["cat", "ship", "fruit", "insect"])?;
    page.browser.click("#check")?;
    page.browser.wait(r#"document.querySelector("dialog.check")?.open"#)?;
    // Whatever it says is wrong: it must become less sure.
    for checked in 1..=SAMPLES.len() {
        page.browser.click("dialog.check [value=wrong]")?;
        page.browser
            .wait(&format!(
                r#"document.querySelector("dialog.check [role=status]").textContent.startsWith("{checked} answer")"#
            ))
            .with_context(|| format!("{checked} are checked"))?;
    }
    page.browser.click("dialog.check [value=close]")?;
    page.browser.wait(
        r##"document.querySelector("#results-note").textContent.includes("calibrated by 4 answers")"##,
    )?;
    page.browser.wait(&format!(
        r#"Number(document.querySelector(".card .bar").dataset.probability) < {}"#,
        before[0][0].probability
    ))?;
    let after = page.bars()?;
    for (card, earlier) in after.iter().zip(&before) {
        near("they add up", card.iter().map(|bar| bar.probability).sum(), 1.0, 1e-3)?;
        holds("the order stays", card[0].label == earlier[0].label)?;
        holds("the cosines stay", (card[0].cosine - earlier[0].cosine).abs() < 1e-6)?;
        holds("it is less sure", card[0].probability < earlier[0].probability)?;
    }
    // Forgotten, all is as it was.
    page.browser.click("#check")?;
    page.browser.click("dialog.check [value=forget]")?;
    page.browser.click("dialog.check [value=close]")?;
    page.browser
        .wait(&format!(
            r#"Math.abs(Number(document.querySelector(".card .bar").dataset.probability) - {}) < 1e-6"#,
            before[0][0].probability
        ))
        .map(drop)
}
