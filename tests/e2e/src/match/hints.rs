//! Labels are checked, and mended with one click.

use anyhow::Result;
use serde_json::json;

use crate::r#match::labels::tab_to;
use crate::r#match::pictures::CAT;
use crate::{Page, holds, same};
use harness::webdriver::key;

/// Two that mean the same, one that says no, one that is as it should be.
const LABELS: [&str; 4] = ["cat", "kitty", "no dog", "ship"];
const GOOD: &str = "Nothing to say against these labels.";

pub(crate) fn mended(page: &Page) -> Result<()> {
    page.drop_and_wait(&[CAT], 1)?;
    page.type_labels(&LABELS)?;
    page.scored(&LABELS)?;
    page.browser.click("#labels-check")?;
    found(page, 2)?;
    same("marked labels", marked(page)?, LABELS[..3].iter().map(ToString::to_string).collect::<Vec<_>>())?;
    holds(
        "a label says what is said of it",
        page.browser
            .value(r#"document.querySelector(".chip:nth-child(3) .word").title"#)?
            .as_str()
            .is_some_and(|said| said.contains("negation")),
    )?;

    fix(page, "cat | kitty")?;
    found(page, 1)?;
    same("labels", page.labels()?, strings(&["cat | kitty", "no dog", "ship"]))?;
    same("marked labels", marked(page)?, strings(&["no dog"]))?;
    holds("the focus goes on", focused(page, "label-hints li button")?)?;
    fix(page, "something else")?;
    found(page, 0)?;
    let settled = ["cat | kitty", "something else", "ship"];
    same("labels", page.labels()?, strings(&settled))?;
    same("what is said", page.text("label-hints .sum")?, GOOD.into())?;
    same("marked labels", marked(page)?, Vec::new())?;
    holds("the focus stays", focused(page, "label-hints .sum")?)?;
    page.scored(&settled)?;

    // It looks again by itself, until it is closed.
    page.browser.click("#labels-input")?;
    page.browser.keys("no cup,")?;
    found(page, 1)?;
    page.browser.click("label-hints .close")?;
    page.browser.wait(r#"!document.querySelector("label-hints")"#)?;
    same("marked labels", marked(page)?, Vec::new())?;
    holds("the focus goes back", focused(page, "#labels-check")?)?;

    // A thousand: some are shown, the rest is counted.
    let many: Vec<String> = (0..1000).map(|i| format!("label=no+dog+{i}")).collect();
    page.browser.run("location.hash = arguments[0];", json!([many.join("&")]))?;
    page.browser.wait(r#"document.querySelectorAll(".chip").length === 1000"#)?;
    page.browser.click("#labels-check")?;
    page.browser.wait(r#"/^And \d/.test(document.querySelector("label-hints > .hint")?.textContent)"#)?;
    let counts = page.browser.value(
        r#"(() => {
          const number = (selector) => Array.from(document.querySelector(selector).textContent.replace(/,/g, "").matchAll(/\d+/g), Number).reduce((a, b) => a + b);
          return { all: number("label-hints .sum"), shown: document.querySelectorAll("label-hints li").length, others: number("label-hints > .hint") };
        })()"#,
    )?;
    let number = |name: &str| counts[name].as_u64().unwrap_or_default();
    holds(
        &format!("all are counted, few are shown: {counts}"),
        number("all") >= 1000 && number("shown") < 20 && number("shown") + number("others") == number("all"),
    )
}

/// What words say by themselves needs no model.
pub(crate) fn without_model(page: &Page) -> Result<()> {
    page.begin_loading()?;
    page.type_labels(&LABELS)?;
    page.browser.click("#labels-check")?;
    page.browser.wait(
        r#"document.querySelector("label-hints li")?.parentElement.textContent.includes("negation")"#,
    )?;
    holds(
        "no model yet",
        page.browser.value(r##"document.querySelector("#model-status").dataset.state !== "ready""##)? == true,
    )
}

pub(crate) fn keyboard(page: &Page) -> Result<()> {
    page.type_labels(&LABELS)?;
    tab_to(page, r##"document.activeElement.matches("#labels-check")"##)?;
    page.browser.press(&[key::ENTER])?;
    found(page, 2)?;
    for left in [1, 0] {
        tab_to(page, r#"document.activeElement.matches("label-hints li button")"#)?;
        page.browser.press(&[key::ENTER])?;
        found(page, left)?;
        holds("the focus stays", focused(page, "label-hints *")?)?;
    }
    same("labels", page.labels()?, strings(&["cat | kitty", "something else", "ship"]))?;
    page.browser.press(&[key::ESCAPE])?;
    page.browser.wait(r#"!document.querySelector("label-hints")"#)?;
    holds("the focus goes back", focused(page, "#labels-check")?)
}

/// Wait until so many things are found.
pub(crate) fn found(page: &Page, count: usize) -> Result<()> {
    page.browser
        .wait(&format!(
            r#"(() => {{
              const [sum, found] = [document.querySelector("label-hints .sum")?.textContent ?? "…", document.querySelectorAll("label-hints li").length];
              return !sum.includes("…") && found === {count};
            }})()"#
        ))
        .map(drop)
}

/// Press the button that has these words on it.
fn fix(page: &Page, words: &str) -> Result<()> {
    let pressed = page.browser.run(
        r#"const button = Array.from(document.querySelectorAll("label-hints li button")).find(({ textContent }) => textContent.includes(arguments[0]));
        button?.focus();
        button?.click();
        return button?.textContent ?? null;"#,
        json!([words]),
    )?;
    holds(&format!("there is a button for {words:?}"), pressed.is_string())
}

fn marked(page: &Page) -> Result<Vec<String>> {
    page.drawn()?;
    let marked = page.browser.value(
        r#"Array.from(document.querySelectorAll(".chip .doubted .label"), (label) => label.textContent)"#,
    )?;
    Ok(serde_json::from_value(marked)?)
}

fn focused(page: &Page, selector: &str) -> Result<bool> {
    Ok(page.browser.run("return document.activeElement.matches(arguments[0]);", json!([selector]))? == true)
}

fn strings(all: &[&str]) -> Vec<String> {
    all.iter().map(ToString::to_string).collect()
}
