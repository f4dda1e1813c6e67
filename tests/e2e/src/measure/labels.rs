//! What is said of labels, in the view `measure`.

use anyhow::Result;
use harness::webdriver::key;

use super::accuracy::{open, says, three};
use crate::r#match::labels::tab_to;
use crate::{Page, holds, same};

/// Labels that something is to be said of, checked.
pub(crate) fn checked(page: &Page) -> Result<()> {
    three(page)?;
    page.browser.click("[data-part=labels]")?;
    page.browser.value(
        r##"(() => {
          const field = document.querySelector("#measure-labels");
          field.value = "boat\nno cat\nfruit";
          field.dispatchEvent(new Event("change"));
        })()"##,
    )?;
    page.browser.click("labels-panel [data-event=check]")?;
    says(page, "labels-panel .findings", "no cat")
}

/// A fix is one click away, and shows; what a label does is counted, and one more is tried.
pub(crate) fn mended(page: &Page) -> Result<()> {
    checked(page)?;
    let fix = r#"[...document.querySelectorAll("labels-panel .findings button")].find(({ textContent }) => textContent.includes("something else"))"#;
    page.browser.value(&format!("{fix}.click()"))?;
    page.browser
        .wait(r##"document.querySelector("#measure-labels").value === "boat\nsomething else\nfruit""##)?;
    page.browser
        .wait(r#"!document.querySelector("labels-panel .findings").textContent.includes("no cat")"#)?;
    page.browser.wait(r#"document.querySelectorAll("labels-panel .effects tbody tr").length === 3"#)?;
    let counted = page.browser.value(
        r#"Array.from(document.querySelectorAll("labels-panel .effects tbody td:nth-child(2)"), ({ textContent }) => Number(textContent)).reduce((a, b) => a + b)"#,
    )?;
    same("each picture has one answer", counted, 21.into())?;
    page.type_into("#measure-try", "cat")?;
    page.browser.keys(&key::ENTER.to_string())?;
    says(page, "labels-panel .tried", "“cat” would be the answer for ")?;
    let taken = page.text("labels-panel .tried")?;
    holds("the cats would go to it", !taken.contains("none of"))
}

/// From the samples to what is said of labels, templates and words, without a mouse.
pub(crate) fn keyboard(page: &Page) -> Result<()> {
    page.browser.wait(r#"document.querySelector("sample-strip .sample")"#)?;
    tab_to(page, r#"document.activeElement.matches("sample-strip .sample")"#)?;
    page.browser.press(&[key::ENTER])?;
    page.browser.wait(r#"document.querySelectorAll(".card .bar").length > 0"#)?;
    open(page)?;
    tab_to(page, r#"document.activeElement.matches(".from-page")"#)?;
    page.browser.press(&[key::ENTER])?;
    page.browser
        .wait(r#"!document.querySelector("[data-view=measure] .facts").textContent.startsWith("None")"#)?;
    tab_to(page, r##"document.activeElement.matches("#measure-labels")"##)?;
    page.browser.keys("cat, really")?;
    page.browser.press(&[key::ENTER])?;
    page.browser.keys("dog")?;
    tab_to(page, r#"document.activeElement.matches("[data-part=labels]")"#)?;
    page.browser.press(&[key::ENTER])?;
    tab_to(page, r#"document.activeElement.matches("labels-panel [data-event=check]")"#)?;
    page.browser.press(&[key::ENTER])?;
    page.browser.wait(r#"!document.querySelector("labels-panel .found").hidden"#)?;
    holds(
        "the focus stays where it was",
        page.browser.value(r#"document.activeElement.matches("labels-panel [data-event=check]")"#)? == true,
    )
}
