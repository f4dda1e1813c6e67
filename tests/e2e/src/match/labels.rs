//! Labels and the template.

use anyhow::Result;

use crate::bars::{self, Bar};
use crate::r#match::pictures::{BEE, CAT};
use crate::{Page, holds, near, same};
use harness::webdriver::key;

pub(crate) fn edited(page: &Page) -> Result<()> {
    page.drop_and_wait(&[CAT], 1)?;
    page.type_labels(&["cat", "dog"])?;
    let two = page.scored(&["cat", "dog"])?;
    bars::sound(&two[0])?;

    // A third takes its share, and leaves the cosines of the others as they were.
    page.browser.keys("ship")?;
    page.browser.press(&[key::ENTER])?;
    let three = page.scored(&["cat", "dog", "ship"])?;
    bars::sound(&three[0])?;
    for label in ["cat", "dog"] {
        let (before, after) = (bars::of(&two[0], label)?, bars::of(&three[0], label)?);
        near(&format!("the cosine of {label}"), after.cosine, before.cosine, 1e-6)?;
        holds(&format!("{label} gave some of its share"), after.probability < before.probability)?;
    }

    // The same label twice is one.
    page.browser.keys("Dog,")?;
    same("labels", page.labels()?, vec!["cat".to_owned(), "dog".into(), "ship".into()])?;

    // Double click edits, Backspace in the empty field removes the last.
    page.browser.run(
        r#"document.querySelector(".chip:nth-child(2) .word").dispatchEvent(new MouseEvent("dblclick", { bubbles: true }));"#,
        serde_json::json!([]),
    )?;
    page.browser.press_with(key::CONTROL, 'a')?;
    page.browser.keys("horse")?;
    page.browser.press(&[key::ENTER])?;
    page.scored(&["cat", "horse", "ship"])?;
    page.browser.click("#labels-input")?;
    page.browser.press(&[key::BACKSPACE])?;
    bars::sound(&page.scored(&["cat", "horse"])?[0])
}

pub(crate) fn template(page: &Page) -> Result<()> {
    page.drop_and_wait(&[CAT], 1)?;
    page.type_labels(&["cat", "dog"])?;
    let before = page.scored(&["cat", "dog"])?;
    page.type_into("#template", "a drawing of a {}")?;
    page.browser.wait(&changed(&before[0][0]))?;
    let after = page.scored(&["cat", "dog"])?;
    bars::sound(&after[0])?;

    page.type_into("#template", "a photo")?;
    page.browser.wait(r##"document.querySelector("#template").getAttribute("aria-invalid") === "true""##)?;
    holds("the hint says what is missing", page.text("#template-hint")?.contains("{}"))?;
    let kept = page.scored(&["cat", "dog"])?;
    bars::sound(&kept[0])?;

    // Back to where it began: the same numbers, to the last bit.
    page.type_into("#template", "a photo of a {}")?;
    page.browser.wait(&format!(
        r#"document.querySelector(".bar[data-label=cat]").dataset.cosine === "{}""#,
        bars::of(&before[0], "cat")?.cosine
    ))?;
    Ok(())
}

/// A condition: the bar's cosine is no longer this one.
fn changed(bar: &Bar) -> String {
    format!(r#"document.querySelector(".bar[data-label={}]").dataset.cosine !== "{}""#, bar.label, bar.cosine)
}

pub(crate) fn one(page: &Page) -> Result<()> {
    page.drop_and_wait(&[CAT], 1)?;
    page.type_labels(&["cat"])?;
    let cards = page.scored(&["cat"])?;
    let bar = &cards[0][0];
    holds(
        &format!("the bar shows the cosine (it says {:?})", bar.text),
        bar.text.contains(&format!("{:.4}", bar.cosine)),
    )?;
    holds("and no probability", !bar.text.contains('%'))?;
    page.browser.wait(r##"document.querySelector("#results-note").checkVisibility()"##)?;
    holds("it is said why", page.text("#results-note")?.contains("cosine"))
}

pub(crate) fn many(page: &Page) -> Result<()> {
    let long = "a very long label ".repeat(40);
    let labels = ["café", "猫 🐱", "<b>bold</b>", "it's", "a & b", long.trim(), "Ωμέγα", "x"];
    page.drop_and_wait(&[CAT], 1)?;
    page.type_labels(&labels)?;
    page.show_all_labels()?;
    bars::sound(&page.scored(&labels)?[0])?;
    holds(
        "text is text",
        page.browser.value(r#"document.querySelector(".card b, .chip b") === null"#)? == true,
    )?;
    let marked = page.browser.value(
        r#"Array.from(document.querySelectorAll(".chip"), (chip) => chip.querySelector(".mark").checkVisibility())"#,
    )?;
    let expected: Vec<bool> = labels.iter().map(|label| *label == long.trim()).collect();
    same("the labels marked as cut", marked, serde_json::json!(expected))
}

/// Add a picture, labels, see the bars, open the matrix, without a mouse.
pub(crate) fn keyboard(page: &Page) -> Result<()> {
    page.browser.wait(r#"document.querySelector("sample-strip .sample")"#)?;
    tab_to(page, r#"document.activeElement.matches("sample-strip .sample")"#)?;
    page.browser.press(&[key::ENTER])?;
    page.cards(1)?;
    tab_to(page, r##"document.activeElement.matches("#labels-input")"##)?;
    let before = page.labels()?.len();
    page.browser.press(&vec![key::BACKSPACE; before])?;
    page.browser.keys("cat,ship,tree")?;
    page.browser.press(&[key::ENTER])?;
    page.scored(&["cat", "ship", "tree"])?;

    // Arrow keys walk over the chips, Enter edits one, Enter again keeps it.
    page.browser.press(&[key::LEFT, key::LEFT, key::ENTER])?;
    page.browser.wait(r#"document.activeElement.matches(".chip .edit")"#)?;
    page.browser.press_with(key::CONTROL, 'a')?;
    page.browser.keys("boat")?;
    page.browser.press(&[key::ENTER])?;
    page.scored(&["cat", "boat", "tree"])?;

    page.drop_and_wait(&[BEE], 2)?;
    tab_to(page, r##"document.activeElement.matches("#view-matrix")"##)?;
    page.browser.press(&[' '])?;
    page.browser.wait(r##"document.querySelectorAll("#matrix tbody tr").length === 2"##)?;
    Ok(())
}

/// Press Tab until the focus is there. It must be seen on the way: every stop has an outline.
pub(crate) fn tab_to(page: &Page, there: &str) -> Result<()> {
    for _ in 0..80 {
        page.browser.press(&[key::TAB])?;
        let seen = page.browser.value(
            r#"(() => {
              const focused = document.activeElement;
              if (focused === document.body) return true;
              // The outline is the element's own, or of the chip or field that it is drawn as.
              const drawn = [focused, focused.closest(".chip"), focused.closest(".box")].filter(Boolean);
              const styles = drawn.flatMap((element) => [getComputedStyle(element), getComputedStyle(element, "::before")]);
              return styles.some((style) => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || focused.outerHTML.slice(0, 200);
            })()"#,
        )?;
        holds(&format!("the focus is seen on {seen}"), seen == true)?;
        if page.browser.value(there)? == true {
            return Ok(());
        }
    }
    anyhow::bail!("Tab never came to {there}")
}
