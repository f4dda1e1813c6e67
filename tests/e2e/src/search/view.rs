//! The view `search`, as people use it.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use harness::webdriver::key;
use serde_json::{Value, json};

use crate::check::downloaded;
use crate::engine::running::without_network;
use crate::r#match::labels::tab_to;
use crate::models::loaded::choose;
use crate::{Page, holds, repository_file, same, scratch};

/// The folder that is added: pictures of the samples, in folders.
pub(super) const TRIP: [(&str, &str); 8] = [
    ("bee", "insects/bee.jpg"),
    ("boats", "water/boats.jpg"),
    ("bridge", "water/bridge.jpg"),
    ("cat", "pets/cat.jpg"),
    ("citrus", "food/citrus.jpg"),
    ("coffee", "food/coffee.jpg"),
    ("dandelion", "dandelion.jpg"),
    ("moose", "moose.jpg"),
];

fn trip() -> Result<PathBuf> {
    let folder = scratch("trip")?.join("trip");
    for (sample, to) in TRIP {
        let to = folder.join(to);
        fs::create_dir_all(to.parent().context("it is in a folder")?)?;
        fs::copy(repository_file(&format!("assets/samples/{sample}.jpg"))?, to)?;
    }
    Ok(folder)
}

pub(super) fn text_of(path: &Path) -> Result<String> {
    Ok(path.to_str().context("paths are readable text")?.to_owned())
}

/// Open the view on a page that is ready.
pub(crate) fn open(page: &Page) -> Result<()> {
    page.open(&page.url("#/search"))?;
    page.browser
        .wait(r#"document.querySelector(".results library-sources")?.hidden === false"#)
        .context("waiting for the empty library")
        .map(drop)
}

/// Wait until so many pictures are in the library and nothing is being added.
pub(crate) fn holds_pictures(page: &Page, count: usize) -> Result<()> {
    let there = format!(
        r#"(() => {{
          const adding = document.querySelector("library-bar .adding");
          return document.querySelector("library-bar .facts").textContent.replaceAll(",", "").startsWith("{count} picture") && (adding.hidden || adding.dataset.state === "done");
        }})()"#
    );
    page.browser.wait(&there).with_context(|| format!("waiting for {count} pictures")).map(drop)
}

pub(super) fn added(page: &Page) -> Result<PathBuf> {
    let folder = trip()?;
    open(page)?;
    page.drop(&[text_of(&folder)?])?;
    holds_pictures(page, TRIP.len())?;
    Ok(folder)
}

/// Wait until results begin with this one. Names of all tiles, in their order.
pub(super) fn first(page: &Page, name: &str) -> Result<Vec<String>> {
    let begins = format!(r#"(({NAMES})[0] === {})"#, json!(name));
    page.browser
        .wait(&begins)
        .with_context(|| format!("waiting for {name} in front of {:?}", page.browser.value(NAMES)))?;
    Ok(serde_json::from_value(page.browser.value(NAMES)?)?)
}

const NAMES: &str = r#"[...document.querySelectorAll("result-grid .tile")].sort((a, b) => a.dataset.index - b.dataset.index).map((tile) => tile.querySelector(".open").getAttribute("aria-label"))"#;

fn chips(page: &Page, count: usize) -> Result<()> {
    page.browser
        .wait(&format!(r#"document.querySelectorAll("query-box .part").length === {count}"#))
        .with_context(|| format!("waiting for {count} parts of the query"))
        .map(drop)
}

fn head(page: &Page) -> Result<String> {
    page.text("result-head h2")
}

/// A folder is added, and pictures in it are found by words, by a picture, by both and by what they are not.
pub(crate) fn found(page: &Page) -> Result<()> {
    added(page)?;
    let all = first(page, "dandelion.jpg")?;
    same("in the order of their paths", all.len(), TRIP.len())?;
    page.type_into("#search-words", "bee")?;
    let by_words = first(page, "bee.jpg")?;
    same("all are ranked", by_words.len(), TRIP.len())?;
    let said = head(page)?;
    holds(
        &format!("how many stand out is said: {said}"),
        said.contains("out of 8") || said.contains("stand out") || said.starts_with("Nothing"),
    )?;
    // Where results end is moved as far as it goes: all of them are taken.
    page.browser.run(r##"const range = document.querySelector("#result-line"); range.value = range.max; range.dispatchEvent(new Event("input"));"##, json!([]))?;
    page.browser.wait(r#"document.querySelector("result-head h2").textContent.startsWith("All 8")"#)?;
    page.browser.click("#result-line-reset")?;
    page.browser
        .wait(&format!(r#"document.querySelector("result-head h2").textContent === {}"#, json!(said)))?;

    // One picture is looked for.
    page.browser.click("#search-clear")?;
    page.drop(&[repository_file("assets/samples/cat.jpg")?])?;
    chips(page, 1)?;
    first(page, "cat.jpg")?;
    // With words beside it.
    page.browser.click("#search-words")?;
    page.browser.keys("fruit")?;
    page.browser.press(&[key::ENTER])?;
    chips(page, 2)?;
    let both = page.browser.wait(&format!(r#"(() => {{ const names = {NAMES}; return names.slice(0, 2).includes("cat.jpg") && names.slice(0, 2).includes("citrus.jpg") && names; }})()"#))?;
    holds("both are found", both.is_array())?;
    // And without what is in the picture: the cat is last.
    page.browser.click("query-box .part:first-child .sign")?;
    page.browser.wait(&format!(r#"({NAMES}).at(-1) === "cat.jpg""#)).context("the cat is last")?;
    // Words with a minus are a part that is not wanted.
    page.browser.click("#search-clear")?;
    chips(page, 0)?;
    page.type_into("#search-words", "- cat")?;
    page.browser.wait(&format!(r#"({NAMES}).at(-1) === "cat.jpg""#)).context("not a cat")?;

    // Conditions.
    page.browser.click("#search-clear")?;
    page.browser.click("query-filters summary")?;
    page.browser.run(r##"const folder = document.querySelector("#filter-folder"); folder.value = "trip/food"; folder.dispatchEvent(new Event("change", { bubbles: true }));"##, json!([]))?;
    page.browser
        .wait(&format!(r#"({NAMES}).join() === "citrus.jpg,coffee.jpg""#))
        .context("only of a folder")?;
    page.browser.click("#filter-clear")?;
    page.browser.wait(&format!("({NAMES}).length === 8"))?;

    // Large, with its neighbours; and more like it.
    page.type_into("#search-words", "bee")?;
    first(page, "bee.jpg")?;
    page.browser.click("result-grid .tile[data-index='1'] .open")?;
    page.browser.wait(r#"document.querySelector("picture-dialog dialog").open && document.querySelector("picture-dialog .large").naturalWidth > 256"#).context("its own file is shown")?;
    page.browser.press(&[key::LEFT])?;
    page.browser.wait(r##"document.querySelector("#large-title").textContent === "bee.jpg""##)?;
    holds("its place is said", page.text("picture-dialog .place")? == "1 of 8")?;
    holds("its path is said", page.text("picture-dialog dl")?.contains("trip/insects/bee.jpg"))?;
    page.browser.click("#large-more")?;
    chips(page, 1)?;
    first(page, "bee.jpg")?;
    page.browser
        .wait(r#"document.querySelector("recent-queries")?.textContent.includes("bee")"#)
        .context("the last searches")?;

    // A region of the picture that is searched for.
    page.browser.click("query-box .crop")?;
    page.browser.wait(r#"document.querySelector("crop-dialog img").naturalWidth > 0"#)?;
    page.type_into("#crop-width", "50")?;
    page.browser.click("#crop-use")?;
    page.browser.wait(r#"!document.querySelector("crop-dialog dialog").open && document.querySelector("query-box .crop img").naturalWidth > 0"#)?;
    page.browser
        .wait(r#"(() => { const image = document.querySelector("query-box .crop img"); return image.naturalWidth > 0 && image.naturalWidth < image.naturalHeight; })()"#)
        .context("half as wide")?;
    // A search by the address.
    page.browser.goto("about:blank")?;
    page.open(&page.url("#/search?text=bridge&library=My+pictures"))?;
    first(page, "bridge.jpg").map(drop)
}

/// A folder that has changed is added again; then, on another day and without the network, all is there.
pub(crate) fn reopened(page: &Page) -> Result<()> {
    let folder = added(page)?;
    fs::rename(folder.join("water/bridge.jpg"), folder.join("span.jpg"))?;
    fs::remove_file(folder.join("moose.jpg"))?;
    fs::copy(repository_file("tests/pictures/photos/chelsea.jpg")?, folder.join("new.jpg"))?;
    page.drop(&[text_of(&folder)?])?;
    page.browser
        .wait(r#"document.querySelector("library-bar .adding .summary").textContent.includes("1 moved")"#)
        .context("what has changed")?;
    let said = page.text("library-bar .adding .summary")?;
    for part in ["1 new", "6 there already", "1 moved", "1 gone"] {
        holds(&format!("“{part}” in “{said}”"), said.contains(part))?;
    }
    holds_pictures(page, 8)?;
    page.browser.wait(r##"document.querySelector("#offline-state").dataset.state === "kept""##)?;
    without_network(page, || {
        page.open(&page.url("#/search"))?;
        holds_pictures(page, 8)?;
        page.type_into("#search-words", "bridge")?;
        first(page, "span.jpg")?;
        page.browser
            .wait(r#"document.querySelector(".tile[data-index='0'] img").naturalWidth > 0"#)
            .context("its small picture")
            .map(drop)
    })
}

/// Pictures of noise that nobody has seen before, `count` of them.
fn noise(count: u32) -> Result<PathBuf> {
    let folder = scratch("noise")?.join("noise");
    fs::create_dir_all(&folder)?;
    let mut state = 1_u32;
    for number in 0..count {
        let mut bytes = vec![0; 54 + 64 * 64 * 3];
        bytes[..2].copy_from_slice(b"BM");
        for (at, value) in
            [(2, bytes.len() as u32), (10, 54), (14, 40), (18, 64), (22, 64), (26, 1 | 24 << 16)]
        {
            bytes[at..at + 4].copy_from_slice(&value.to_le_bytes());
        }
        for byte in &mut bytes[54..] {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            *byte = (state >> 24) as u8;
        }
        fs::write(folder.join(format!("{number}.bmp")), bytes)?;
    }
    Ok(folder)
}

/// More than the room that is left then takes: browsers give a file its room in large steps.
const NOISE: u32 = 800;

/// The browser's storage is full in the middle: what is there stays, the rest is added once there is room.
pub(crate) fn full(page: &Page) -> Result<()> {
    let folder = noise(NOISE)?;
    open(page)?;
    page.browser.wait(r##"document.querySelector("#offline-state").dataset.state === "kept""##)?;
    let used = page.browser.value("navigator.storage.estimate().then(({ usage }) => usage)")?;
    page.limit_storage(Some(used.as_u64().context("a number of bytes")? + 3_500_000))?;
    page.drop(&[text_of(&folder)?])?;
    let ended = page.browser.wait(r#"(() => { const { state } = document.querySelector("library-bar .adding").dataset; return state === "failed" || (state === "done" && document.querySelector("library-bar .adding").checkVisibility() && state); })()"#);
    page.limit_storage(None)?;
    same("it ended", ended?, json!(true))?;
    let said = page.text("library-bar .adding .summary")?;
    holds(&format!("it is said: {said}"), said.contains("no room left"))?;
    let there =
        page.browser.value(r#"parseInt(document.querySelector("library-bar .facts").textContent)"#)?;
    holds(
        &format!("{there} are there"),
        there.as_u64().is_some_and(|there| there > 0 && there < u64::from(NOISE)),
    )?;
    page.browser.click("library-bar .resume")?;
    holds_pictures(page, NOISE as usize)
}

/// A library leaves as a file and comes back, in each format; deleted in between.
pub(crate) fn carried(page: &Page) -> Result<()> {
    let downloads = scratch("downloads")?;
    page.browser
        .cdp("Browser.setDownloadBehavior", json!({ "behavior": "allow", "downloadPath": downloads }))?;
    added(page)?;
    page.type_into("#search-words", "fruit")?;
    let order = first(page, "citrus.jpg")?;
    let mut files = Vec::new();
    page.browser.click("library-bar .manage")?;
    for (format, extension) in [
        ("library", "semblance.zip"),
        ("npy", "npy.zip"),
        ("safetensors", "safetensors.zip"),
        ("parquet", "parquet"),
    ] {
        page.browser.wait(r#"!document.querySelector("[data-format=library]").disabled"#)?;
        page.browser.click(&format!("[data-format={format}]"))?;
        files.push(downloaded(&downloads.join(format!("My pictures.{extension}")))?);
    }
    page.browser.wait(r##"!document.querySelector("library-dialog .delete").disabled"##)?;
    page.browser.click("library-dialog .delete")?;
    page.browser.click("library-dialog .yes")?;
    page.browser
        .wait(r#"document.querySelector("library-bar .facts").textContent === "No pictures yet""#)
        .context("it is deleted")?;
    for file in files {
        page.browser.click("library-bar .manage")?;
        choose(page, "library-dialog [type=file]", &file)?;
        page.browser
            .wait(r#"!document.querySelector("library-dialog dialog").open"#)
            .with_context(|| format!("importing {}", file.display()))?;
        holds_pictures(page, TRIP.len())?;
        page.type_into("#search-words", "fruit")?;
        let again = first(page, "citrus.jpg")?;
        // Those that come as f32 were decoded from 8 bits, and ends may change places.
        same(&format!("the first ones of {}", file.display()), &again[..3], &order[..3])?;
    }
    let small = r#"document.querySelectorAll("result-grid .tile:not(.waiting) img").length"#;
    same("tables have no small pictures", page.browser.value(small)?, json!(0))?;
    // What is no library is refused, and nothing of it stays.
    page.browser.click("library-bar .manage")?;
    choose(page, "library-dialog [type=file]", repository_file("assets/samples/cat.jpg")?.as_ref())?;
    page.browser.wait(r##"document.querySelector("#notice").textContent.includes("zip archive")"##)?;
    let names = page.browser.value(
        r##"Array.from(document.querySelector("library-bar .names").options, ({ value }) => value)"##,
    )?;
    holds(&format!("no library of that name: {names}"), !names.to_string().contains("cat"))
}

/// Results leave as a zip, as lists, as paths.
pub(crate) fn selected(page: &Page) -> Result<()> {
    let downloads = scratch("downloads")?;
    page.browser
        .cdp("Browser.setDownloadBehavior", json!({ "behavior": "allow", "downloadPath": downloads }))?;
    added(page)?;
    page.type_into("#search-words", "bee")?;
    first(page, "bee.jpg")?;
    for index in 0..2 {
        page.browser.run(
            "document.querySelector(`.tile[data-index='${arguments[0]}'] .pick`).click();",
            json!([index]),
        )?;
    }
    page.browser.wait(r#"document.querySelector("selection-bar .count").textContent === "2 selected""#)?;
    page.browser.click("[data-event=selected-csv]")?;
    let csv = fs::read_to_string(downloaded(&downloads.join("My pictures.csv"))?)?;
    let lines: Vec<&str> = csv.split("\r\n").collect();
    same("lines", lines.len(), 4)?;
    holds(lines[1], lines[1].starts_with("trip/insects/bee.jpg,0.") && lines[1].split(',').count() == 9)?;
    page.browser.click("[data-event=selected-json]")?;
    let json: Value =
        serde_json::from_str(&fs::read_to_string(downloaded(&downloads.join("My pictures.json"))?)?)?;
    same("its query", &json["query"]["words"], &json!(["bee"]))?;
    same("its first picture", &json["pictures"][0]["path"], &json!("trip/insects/bee.jpg"))?;
    page.browser.click("[data-event=selected-zip]")?;
    let zip = fs::read(downloaded(&downloads.join("My pictures.zip"))?)?;
    let bee = fs::read(repository_file("assets/samples/bee.jpg")?)?;
    holds("the very file is in it", zip.windows(bee.len()).any(|window| window == bee))?;
    page.browser.click("[data-event=selected-remove]")?;
    holds_pictures(page, 6)?;
    page.browser.wait(&format!(r#"({NAMES}).length === 6 && !({NAMES}).includes("bee.jpg")"#)).map(drop)
}

/// Without a mouse: pictures come in, are searched, walked through, opened and selected.
pub(crate) fn keyboard(page: &Page) -> Result<()> {
    open(page)?;
    tab_to(page, r#"document.activeElement.matches(".results .samples")"#)?;
    page.browser.press(&[key::ENTER])?;
    holds_pictures(page, 8)?;
    tab_to(page, r##"document.activeElement.matches("#search-words")"##)?;
    page.browser.keys("bridge")?;
    let order = first(page, "bridge.jpg")?;
    tab_to(page, r#"document.activeElement.matches(".tile .open")"#)?;
    page.browser.press(&[key::RIGHT, key::RIGHT, key::LEFT])?;
    let focused = r#"document.activeElement.getAttribute("aria-label")"#;
    same("the second one has the focus", page.browser.value(focused)?, json!(order[1]))?;
    page.browser.press(&[' '])?;
    page.browser.wait(r#"document.querySelector("selection-bar .count").textContent === "1 selected""#)?;
    page.browser.press(&[key::ENTER])?;
    page.browser.wait(r#"document.querySelector("picture-dialog dialog").open"#)?;
    page.browser.press(&[key::RIGHT])?;
    page.browser
        .wait(&format!(r##"document.querySelector("#large-title").textContent === {}"##, json!(order[2])))?;
    page.browser.press(&[key::ESCAPE])?;
    page.browser
        .wait(&format!(r#"{focused} === {}"#, json!(order[2])))
        .context("the focus is on the one that was open")?;
    page.browser.press(&[key::HOME])?;
    page.browser.wait(&format!(r#"{focused} === "bridge.jpg""#)).map(drop)
}
