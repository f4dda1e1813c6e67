//! The view, as people use it.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use harness::webdriver::key;
use serde_json::{Value, json};

use super::library::FILM;
use crate::check::downloaded;
use crate::r#match::labels::tab_to;
use crate::r#match::pictures::allow;
use crate::search::view::holds_pictures;
use crate::{Page, holds, repository_file, same, scratch};

/// Samples in a folder, one of them twice.
fn folder() -> Result<PathBuf> {
    let folder = scratch("organised")?.join("trip");
    let files = ["bee", "boats", "bridge", "cat", "citrus", "coffee", "dandelion", "moose"];
    fs::create_dir_all(&folder)?;
    for name in files {
        fs::copy(
            repository_file(&format!("assets/samples/{name}.jpg"))?,
            folder.join(format!("{name}.jpg")),
        )?;
    }
    fs::copy(repository_file("assets/samples/cat.jpg")?, folder.join("cat, a copy.jpg"))?;
    Ok(folder)
}

/// Open the view on a page that is ready.
pub(crate) fn open(page: &Page) -> Result<()> {
    page.open(&page.url("#/organise"))?;
    page.browser
        .wait(r#"document.querySelector(".results > library-sources")?.hidden === false"#)
        .context("waiting for the empty library")
        .map(drop)
}

/// With the nine pictures in its library.
fn filled(page: &Page) -> Result<()> {
    let folder = folder()?;
    open(page)?;
    page.drop(&[folder.to_str().context("paths are readable text")?.to_owned()])?;
    holds_pictures(page, 9)
}

/// Where files are saved that leave the page.
pub(crate) fn saving(page: &Page) -> Result<PathBuf> {
    let downloads = scratch("downloads")?;
    page.browser
        .cdp("Browser.setDownloadBehavior", json!({ "behavior": "allow", "downloadPath": downloads }))?;
    Ok(downloads)
}

/// Wait until something is said.
pub(crate) fn says(page: &Page, selector: &str, words: &str) -> Result<()> {
    let there =
        format!("document.querySelector({})?.textContent.includes({})", json!(selector), json!(words));
    page.browser
        .wait(&there)
        .with_context(|| format!("waiting for {words:?} in {selector}: {:?}", page.text(selector)))
        .map(drop)
}

pub(crate) fn click(page: &Page, selector: &str) -> Result<()> {
    page.browser.wait(&format!("document.querySelector({})?.checkVisibility()", json!(selector)))?;
    page.browser.value(&format!("document.querySelector({}).click()", json!(selector))).map(drop)
}

fn slide(page: &Page, selector: &str, value: u32) -> Result<()> {
    let script = format!(
        r#"(() => {{ const range = document.querySelector({}); range.value = {value}; range.dispatchEvent(new Event("input", {{ bubbles: true }})); }})()"#,
        json!(selector)
    );
    page.browser.value(&script).map(drop)
}

fn names(page: &Page) -> Result<Vec<String>> {
    let names = page.browser.wait(
        r#"(() => {
          const tiles = [...document.querySelectorAll("result-grid .tile")].sort((a, b) => a.dataset.index - b.dataset.index);
          const names = tiles.map((tile) => tile.querySelector(".open").getAttribute("aria-label"));
          return names.length > 0 && names.every(Boolean) && names.every((name) => name.endsWith(".jpg")) && names;
        })()"#,
    )?;
    Ok(serde_json::from_value(names)?)
}

/// Tagged, so that every picture has tags.
pub(crate) fn tagged(page: &Page) -> Result<()> {
    filled(page)?;
    click(page, "[data-event=tags-find]")?;
    says(page, "tags-panel .headline", "9 pictures")?;
    slide(page, "#tags-precision", 30)?;
    page.browser.wait(r#"document.querySelectorAll("tags-panel .tags button").length > 3"#)?;
    click(page, "tags-panel .tags button")?;
    names(page).map(drop)
}

/// Tags are found, one is rejected and stays so in the next visit, and they leave as files.
pub(crate) fn tags(page: &Page) -> Result<()> {
    let downloads = saving(page)?;
    tagged(page)?;
    let word = page.browser.value(r#"document.querySelector("tags-panel .tags button").value"#)?;
    let word = word.as_str().context("a word")?.to_owned();
    let shown = names(page)?;
    says(page, "shown-bar h2", &word)?;
    // In the picture's own dialog.
    click(page, "[data-view=organise] result-grid .open")?;
    says(page, "picture-tags .tags", &word)?;
    let reject = format!(r#"picture-tags [data-word={}][data-right=false]"#, json!(word));
    click(page, &reject)?;
    page.browser.wait(&format!(r#"document.querySelector({})?.ariaPressed === "true""#, json!(reject)))?;
    click(page, "picture-tags [value=close]")?;
    says(page, "[data-event=tags-forget]", "1 correction")?;
    page.browser
        .wait(&format!(r#"![...document.querySelectorAll("result-grid .tile")].some((tile) => tile.dataset.index < {} && tile.querySelector(".open").getAttribute("aria-label") === {})"#, shown.len(), json!(shown[0])))
        .context("the rejected picture is gone")?;
    // It holds in the next visit.
    page.open(page.browser.value("location.href")?.as_str().context("an address")?)?;
    holds_pictures(page, 9)?;
    click(page, "[data-event=tags-find]")?;
    says(page, "[data-event=tags-forget]", "1 correction")?;
    slide(page, "#tags-precision", 30)?;
    page.browser.wait(r#"document.querySelectorAll("tags-panel .tags button").length > 3"#)?;
    click(page, "[data-event=tags-csv]")?;
    let csv = fs::read_to_string(downloaded(&downloads.join("My pictures tags.csv"))?)?;
    holds("a line for each tagged picture", csv.starts_with("path,tags,probabilities\r\ntrip/"))?;
    click(page, "[data-event=tags-xmp]")?;
    let zip = fs::read(downloaded(&downloads.join("My pictures sidecars.zip"))?)?;
    let has = |text: &str| zip.windows(text.len()).any(|part| part == text.as_bytes());
    holds("sidecars lie beside their pictures", has("trip/cat.jpg.xmp") && has("<rdf:li>"))?;
    click(page, "[data-event=tags-folders]")?;
    let zip = fs::read(downloaded(&downloads.join("My pictures by tag.zip"))?)?;
    holds(
        "copies in a folder for each tag",
        zip.windows(4).any(|part| part == [0xff, 0xd8, 0xff, 0xe0] || part == [0xff, 0xd8, 0xff, 0xdb]),
    )
}

/// The copy is found, and what need not be kept is selected, here and in the search.
pub(crate) fn duplicates(page: &Page) -> Result<()> {
    let downloads = saving(page)?;
    duplicated(page)?;
    says(page, "duplicates-panel .note", "keep")?;
    click(page, "[data-event=duplicates-select]")?;
    says(page, "shown-bar .count", "1 selected")?;
    click(page, "duplicates-panel .open")?;
    same("both are shown", names(page)?.len(), 2)?;
    click(page, "[data-event=duplicates-list]")?;
    let csv = fs::read_to_string(downloaded(&downloads.join("My pictures duplicates.csv"))?)?;
    holds(
        &format!("one is to be kept: {csv}"),
        csv.matches(",same,keep,").count() == 1 && csv.contains(",same,") && csv.contains("bytes"),
    )?;
    click(page, "[data-event=shown-search]")?;
    says(page, "selection-bar .count", "1 selected")
}

/// The copy beside its picture.
pub(crate) fn duplicated(page: &Page) -> Result<()> {
    filled(page)?;
    click(page, "[data-part=duplicates]")?;
    click(page, "[data-event=duplicates-find]")?;
    says(page, "duplicates-panel .headline", "1 set: 1 could go")
}

/// Groups in another fineness, and pictures taken from the map by the keyboard.
pub(crate) fn groups(page: &Page) -> Result<()> {
    let downloads = saving(page)?;
    grouped(page)?;
    slide(page, "#groups-count", 3)?;
    says(page, "groups-panel .headline", "9 pictures in 3 groups")?;
    page.browser.wait(r#"document.querySelectorAll("groups-panel .group").length === 3"#)?;
    click(page, "groups-panel .group")?;
    let first = names(page)?.len();
    let said = page.browser.value(r#"document.querySelector("groups-panel .group .number").textContent"#)?;
    same("as many as the group says", json!(first.to_string()), said)?;
    // All of the map is in sight.
    page.browser.value(r#"document.querySelector("picture-map canvas").focus()"#)?;
    page.browser.press(&[key::ENTER])?;
    says(page, "shown-bar .count", "9 selected")?;
    // Nearer, some are out of sight.
    for _ in 0..8 {
        page.browser.keys("+")?;
    }
    page.browser.press(&[key::ENTER])?;
    page.browser.wait(r#"!document.querySelector("shown-bar .count").textContent.startsWith("9 ")"#)?;
    click(page, "[data-event=groups-csv]")?;
    let csv = fs::read_to_string(downloaded(&downloads.join("My pictures groups.csv"))?)?;
    same("a line for each picture", csv.lines().count(), 10)
}

/// Groups, and the map below them.
pub(crate) fn grouped(page: &Page) -> Result<()> {
    filled(page)?;
    click(page, "[data-part=groups]")?;
    click(page, "[data-event=groups-find]")?;
    says(page, "groups-panel .headline", "9 pictures in")?;
    click(page, "[data-event=map-draw]")?;
    says(page, "picture-map .said", "9 pictures")?;
    page.browser.wait(r#"document.querySelector("[data-view=organise] .doing").hidden"#).map(drop)
}

/// A rule is written, applied, and marked wrong: it says why, and its report counts.
pub(crate) fn rules(page: &Page) -> Result<()> {
    ruled(page)?;
    let hits = names(page)?;
    holds(&format!("cats are found: {hits:?}"), hits.iter().any(|name| name.starts_with("cat")))?;
    holds(
        "they are veiled",
        page.browser.value(r#"document.querySelector("result-grid .tile").classList.contains("veiled")"#)?
            == json!(true),
    )?;
    click(page, "[data-view=organise] result-grid .open")?;
    says(page, "picture-tags .why", "rather than")?;
    click(page, "picture-tags [value=close]")?;
    click(page, "[data-view=organise] result-grid .pick")?;
    says(page, "shown-bar .count", "1 selected")?;
    click(page, "[data-event=rule-wrong]")?;
    says(page, "rules-panel .report", "1 picture marked")?;
    // What is ready-made says that it is advisory.
    click(page, "[data-event=rules-advice]")?;
    page.browser.wait(r#"document.querySelectorAll("rules-panel .rule").length === 7"#)?;
    says(page, "rules-panel .general", "before anybody is judged")?;
    // It holds in the next visit.
    page.open(page.browser.value("location.href")?.as_str().context("an address")?)?;
    holds_pictures(page, 9)?;
    page.browser.wait(r#"document.querySelectorAll("rules-panel .rule").length === 7"#)?;
    says(page, "rules-panel .rules", "Cats")
}

/// A rule for cats with its hits.
pub(crate) fn ruled(page: &Page) -> Result<()> {
    ruled_to(page, "blur")
}

/// What a rule hides is left out of the other parts, and the tag that one gives leaves with the others.
pub(crate) fn acted(page: &Page) -> Result<()> {
    let downloads = saving(page)?;
    ruled_to(page, "hide")?;
    let hidden = names(page)?;
    click(page, "[data-part=groups]")?;
    click(page, "[data-event=groups-find]")?;
    says(page, "groups-panel .headline", "9 pictures in")?;
    slide(page, "#groups-count", 1)?;
    says(page, "groups-panel .headline", "9 pictures in 1 group")?;
    click(page, "groups-panel .group")?;
    says(page, "shown-bar h2", &format!("{} pictures", 9 - hidden.len()))?;
    let left = names(page)?;
    holds(&format!("{hidden:?} are not among {left:?}"), !left.iter().any(|name| hidden.contains(name)))?;
    click(page, "[data-part=rules]")?;
    click(page, "rules-panel .edit")?;
    page.browser
        .value("document.querySelector('rules-panel form').elements.namedItem('action').value = 'tag'")?;
    click(page, "rules-panel form [type=submit]")?;
    click(page, "[data-event=rules-run]")?;
    page.browser.wait(r#"document.querySelector("rules-panel .hits:not([hidden])")"#)?;
    click(page, "[data-part=tags]")?;
    click(page, "[data-event=tags-find]")?;
    says(page, "tags-panel .headline", "9 pictures")?;
    click(page, "[data-event=tags-csv]")?;
    let csv = fs::read_to_string(downloaded(&downloads.join("My pictures tags.csv"))?)?;
    same(
        "pictures with the rule's name",
        csv.lines().filter(|line| line.contains("Cats")).count(),
        hidden.len(),
    )
}

fn ruled_to(page: &Page, action: &str) -> Result<()> {
    filled(page)?;
    click(page, "[data-part=rules]")?;
    click(page, "rules-panel .write")?;
    for (field, text) in [
        ("name", "Cats"),
        ("labels", "a photo of a cat"),
        ("against", "a photo of food\na photo of a boat\na photo of an insect\na photo of a flower"),
    ] {
        page.browser.value(&format!(
            "document.querySelector('rules-panel form').elements.namedItem({}).value = {}",
            json!(field),
            json!(text)
        ))?;
    }
    page.browser.value(&format!(
        "document.querySelector('rules-panel form').elements.namedItem('action').value = {}",
        json!(action)
    ))?;
    click(page, "rules-panel form [type=submit]")?;
    click(page, "[data-event=rules-run]")?;
    page.browser.wait(r#"document.querySelector("rules-panel .hits:not([hidden])")"#)?;
    click(page, "rules-panel .hits")?;
    names(page).map(drop)
}

/// Pictures in facets, and products that none shows.
pub(crate) fn shop(page: &Page) -> Result<()> {
    let downloads = saving(page)?;
    sold(page)?;
    let fruit = page.browser.value(r#"[...document.querySelectorAll(".facets button")].find(({ dataset }) => dataset.label === "fruit").click()"#)?;
    same("nothing", fruit, Value::Null)?;
    holds("citrus is fruit", names(page)?.contains(&"citrus.jpg".to_owned()))?;
    click(page, "[data-event=shop-facets-csv]")?;
    let csv = fs::read_to_string(downloaded(&downloads.join("My pictures facets.csv"))?)?;
    holds("a column for each group", csv.starts_with("path,kind\r\n") && csv.lines().count() == 10)?;
    click(page, "shop-panel .fits button")?;
    same("the nearest one is shown", names(page)?.len(), 1)?;
    // More like two examples.
    click(page, "[data-event=shown-all]")?;
    click(page, "[data-event=shown-like]")?;
    says(page, "shown-bar h2", "Like the selected one")?;
    holds("others are shown", !names(page)?.is_empty())
}

/// Facets and gaps.
pub(crate) fn sold(page: &Page) -> Result<()> {
    filled(page)?;
    click(page, "[data-part=shop]")?;
    page.browser.value(r##"document.querySelector("#shop-groups").value = "kind: animal, fruit, boat""##)?;
    click(page, "[data-event=shop-facets]")?;
    page.browser.wait(r#"document.querySelectorAll(".facets button").length === 4"#)?;
    page.browser
        .value(r##"document.querySelector("#shop-products").value = "a cat\na steam locomotive""##)?;
    click(page, "[data-event=shop-gaps]")?;
    page.browser.wait(r#"document.querySelectorAll("shop-panel .fits li").length === 2"#).map(drop)
}

/// A film's moments are found by words, and opened there; what is no film is said.
pub(crate) fn video(page: &Page) -> Result<()> {
    let downloads = saving(page)?;
    filmed(page)?;
    let times = r#"Array.from(document.querySelectorAll(".frames button"), ({ value }) => Number(value))"#;
    let found: Vec<f64> = serde_json::from_value(page.browser.value(times)?)?;
    holds(&format!("the boats' moment comes first: {found:?}"), found.len() == 2 && found[0] > found[1])?;
    click(page, ".frames button")?;
    page.browser.wait(&format!(
        r#"Math.abs(document.querySelector("video-panel video").currentTime - {}) < 0.2"#,
        found[0]
    ))?;
    click(page, "[data-event=video-csv]")?;
    let csv = fs::read_to_string(downloaded(&downloads.join("film.webm.csv"))?)?;
    same("a line for each frame", csv.lines().count(), 3)?;
    page.browser.value(r#"(() => { const input = document.querySelector("video-panel input[type=file]"); const data = new DataTransfer(); data.items.add(new File(["none"], "none.mp4", { type: "video/mp4" })); input.files = data.files; input.dispatchEvent(new Event("change")); })()"#)?;
    says(page, "[data-view=organise] .results > .trouble", "This browser can't decode the video")?;
    // The camera, live: a frame a second, each scored as it comes.
    allow(page, &["videoCapture"])?;
    click(page, "[data-event=video-camera]")?;
    page.browser
        .wait(r#"document.querySelectorAll(".frames .track").length >= 2"#)
        .context("frames of the camera, scored")?;
    click(page, "[data-event=video-camera]")?;
    says(page, "[data-event=video-camera]", "Use the camera")
}

/// A film with its frames, something looked for.
pub(crate) fn filmed(page: &Page) -> Result<()> {
    page.open(&page.url("#/organise?part=video"))?;
    page.browser.wait(r#"document.querySelector("video-panel")?.checkVisibility()"#)?;
    page.ready()?;
    let script = format!(
        r#"return (async () => {{
          {FILM}
          const file = await film(4);
          const input = document.querySelector("video-panel input[type=file]");
          const data = new DataTransfer();
          data.items.add(file);
          input.files = data.files;
          input.dispatchEvent(new Event("change"));
        }})();"#
    );
    page.browser.run(&script, json!([]))?;
    page.browser.wait(r#"document.querySelector("[data-view=organise] .doing").hidden && document.querySelectorAll(".frames button").length === 2"#)?;
    page.type_into("#video-words", "a boat")?;
    page.browser.press(&[key::ENTER])?;
    page.browser.wait(r#"document.querySelectorAll(".frames .track").length === 2"#).map(drop)
}

/// Tags by the keyboard alone: the samples are taken, tagged, and one is rejected.
pub(crate) fn keyboard(page: &Page) -> Result<()> {
    open(page)?;
    tab_to(page, r#"document.activeElement.matches("library-sources .samples")"#)?;
    page.browser.press(&[key::ENTER])?;
    page.browser.wait(r#"document.querySelector("library-bar .facts").textContent.startsWith("8 picture") && document.querySelector("library-bar .adding").dataset.state === "done""#)?;
    tab_to(page, r#"document.activeElement.dataset.event === "tags-find""#)?;
    page.browser.press(&[key::ENTER])?;
    page.browser.wait(r#"document.querySelector("tags-panel .found").checkVisibility()"#)?;
    tab_to(page, r#"document.activeElement.id === "tags-precision""#)?;
    page.browser.press(&[key::HOME])?;
    page.browser.wait(r#"document.querySelectorAll("tags-panel .tags button").length > 0"#)?;
    tab_to(page, r#"document.activeElement.matches("tags-panel .tags button")"#)?;
    page.browser.press(&[key::ENTER])?;
    names(page)?;
    tab_to(page, r#"document.activeElement.dataset.event === "tag-wrong""#)?;
    page.browser.press(&[key::ENTER])?;
    says(page, "[data-event=tags-forget]", "correction")
}
