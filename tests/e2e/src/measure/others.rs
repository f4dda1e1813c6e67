//! Domain and bias, in the view `measure`.

use std::fs;

use anyhow::Result;

use super::accuracy::{downloads, says, three};
use crate::check::downloaded;
use crate::{Page, holds, same};

/// The pictures beside what is usual for pocket, and templates.
pub(crate) fn domain(page: &Page) -> Result<()> {
    three(page)?;
    page.browser.click("[data-part=domain]")?;
    page.browser.click("domain-panel [data-event=domain]")?;
    page.browser.wait(r#"!document.querySelector("domain-panel .templates").hidden"#).map(drop)
}

pub(crate) fn domain_whole(page: &Page) -> Result<()> {
    domain(page)?;
    holds("there is a verdict", !page.text("domain-panel .headline")?.is_empty())?;
    holds(
        "there are statistics",
        page.browser.value(r#"document.querySelectorAll("domain-panel .found tbody tr").length >= 2"#)?
            == true,
    )?;
    // A photograph is no drawing: of all that are tried, drawing is not what suits best.
    let best =
        page.browser.value(r#"document.querySelector("domain-panel .templates tbody th").textContent"#)?;
    holds(&format!("{best} suits photographs"), best.as_str().is_some_and(|best| !best.contains("sketch")))?;
    page.browser.click("domain-panel .templates td button")?;
    page.browser.wait(r##"document.querySelector("#measure-template").value !== "a photo of a {}""##)?;
    page.browser.wait(r#"document.querySelector("domain-panel .templates tbody td:last-child") !== null"#)?;
    // Too few to say what is usual.
    page.browser.wait(r#"document.querySelector("[data-view=measure] .doing").hidden"#)?;
    page.browser.click("domain-panel [data-event=remember]")?;
    says(page, "[data-view=measure] .trouble", "101")
}

/// Words for groups on pictures that show nothing.
pub(crate) fn bias(page: &Page) -> Result<()> {
    super::accuracy::open(page)?;
    page.browser.click("[data-part=bias]")?;
    page.browser.click("bias-panel [data-event=bias-neutral]")?;
    page.browser.wait(r#"document.querySelectorAll("bias-panel .shifts li").length === 12"#).map(drop)
}

pub(crate) fn bias_whole(page: &Page) -> Result<()> {
    bias(page)?;
    holds("it is summed up", page.text("bias-panel .headline")?.starts_with("On 40 pictures"))?;
    let downloads = downloads(page)?;
    page.browser.click("[data-event=save-bias]")?;
    let saved = fs::read_to_string(downloaded(&downloads.join("semblance-bias.csv"))?)?;
    same("lines", saved.lines().count(), 13)?;
    // One's own: three groups, each against the others.
    page.browser.value(
        r#"(() => {
          for (const [name, value] of Object.entries({ groups: "cat, dog, bird", attributes: "small", prompt: "a photo of a {attribute} {group}", base: "a photo of a {group}" })) {
            const field = document.querySelector(`bias-panel .${name}`);
            field.value = value;
            field.dispatchEvent(new Event("change"));
          }
        })()"#,
    )?;
    page.browser.click("bias-panel [data-event=bias-neutral]")?;
    page.browser.wait(r#"document.querySelectorAll("bias-panel .shifts li").length === 3"#)?;
    // A probe that is none says so.
    page.browser.value(
        r#"(() => {
          const field = document.querySelector("bias-panel .base");
          field.value = "a photo";
          field.dispatchEvent(new Event("change"));
        })()"#,
    )?;
    page.browser.click("bias-panel [data-event=bias-neutral]")?;
    says(page, "[data-view=measure] .trouble", "{group}")
}
