//! What the page can look like: every state of every view, for photographs and for whoever looks it over.

use anyhow::Result;
use harness::faults::{Fault, Plan};
use harness::random_model::{self, gguf::Encoding, shape};
use serde_json::json;

use crate::r#match::pictures::allow;
use crate::models::loaded::{ask_for, choose, manifest, too_large_model};
use crate::{Page, repository_file};

/// What the page shows, and how it gets there from the opened site.
pub(crate) struct State {
    pub(crate) name: &'static str,
    pub(crate) set: fn(&Page) -> Result<()>,
    /// It is one of `docs/screenshots`.
    pub(crate) photographed: bool,
}

const fn state(name: &'static str, set: fn(&Page) -> Result<()>) -> State {
    State { name, set, photographed: false }
}

const fn photographed(name: &'static str, set: fn(&Page) -> Result<()>) -> State {
    State { name, set, photographed: true }
}

pub(crate) const STATES: &[State] = &[
    photographed("empty", |_| Ok(())),
    photographed("loading", loading),
    photographed("cards", cards),
    photographed("one-label", one_label),
    photographed("matrix", matrix),
    photographed("errors", errors),
    photographed("status", status),
    photographed("models", models),
    photographed("stored", stored),
    photographed("search", search::found),
    photographed("search-large", search::large),
    photographed("teach", teach::taught),
    state("search-empty", search::empty),
    state("search-all", search::all),
    state("search-nothing", search::nothing),
    state("search-parts", search::parts),
    state("search-region", search::region),
    state("search-libraries", search::libraries),
    state("search-taken", search::taken),
    state("teach-empty", crate::teach::view::open),
    state("teach-classes", |page| teach::tab(page, "classes")),
    state("teach-doubts", |page| teach::tab(page, "doubts")),
    state("teach-calibration", |page| teach::tab(page, "calibration")),
    state("teach-open-set", |page| teach::tab(page, "openset")),
    state("teach-learning", teach::learned),
    state("teach-pictures", teach::pictures),
    state("teach-pick", teach::pick),
    photographed("measure", crate::measure::accuracy::measured),
    state("measure-empty", crate::measure::accuracy::open),
    state("measure-labels", crate::measure::labels::mended),
    state("measure-domain", crate::measure::others::domain),
    state("measure-bias", crate::measure::others::bias),
    photographed("organise", crate::organise::view::tagged),
    state("organise-empty", crate::organise::view::open),
    state("organise-duplicates", crate::organise::view::duplicated),
    state("organise-groups", crate::organise::view::grouped),
    state("organise-rules", crate::organise::view::ruled),
    state("organise-shop", crate::organise::view::sold),
    state("organise-video", crate::organise::view::filmed),
    photographed("describe", crate::describe::asked),
    state("describe-offer", |page| {
        crate::describe::described(page)?;
        crate::describe::writing::offered(page)
    }),
    state("describe-written", crate::describe::writing::written),
    state("describe-empty", crate::describe::open),
    state("why", why),
    state("why-working", why_working),
    state("hints", hints),
    state("hints-good", hints_good),
    state("check", check),
    state("offer", offer),
    state("no-such-model", no_such_model),
    state("address", address),
    state("camera", camera),
    state("unfinished", unfinished),
    state("too-large", too_large),
    state("scale", scale),
    state("newer", |page| notice(page, "newer")),
    state("update", |page| notice(page, "update")),
];

const PICTURES: [&str; 6] = [
    "assets/samples/cat.jpg",
    "assets/samples/bee.jpg",
    "assets/samples/citrus.jpg",
    "assets/samples/bridge.jpg",
    "assets/samples/dandelion.jpg",
    "assets/samples/boats.jpg",
];
const LABELS: [&str; 6] = ["cat", "bee", "fruit", "bridge", "flower", "boat"];

/// The model is on its way, and a picture waits for it.
fn loading(page: &Page) -> Result<()> {
    page.begin_loading()?;
    page.drop_and_see(&PICTURES[..2])
}

fn cards(page: &Page) -> Result<()> {
    page.type_labels(&LABELS)?;
    page.drop_and_wait(&PICTURES, PICTURES.len())?;
    page.scored(&LABELS).map(drop)
}

fn one_label(page: &Page) -> Result<()> {
    page.type_labels(&["cat"])?;
    page.drop_and_wait(&PICTURES[..3], 3)?;
    page.scored(&["cat"]).map(drop)
}

fn matrix(page: &Page) -> Result<()> {
    cards(page)?;
    page.browser.click("#view-matrix")?;
    page.browser.wait(r##"document.querySelectorAll("#matrix tbody tr").length > 1"##).map(drop)
}

fn errors(page: &Page) -> Result<()> {
    page.drop_and_wait(
        &[
            PICTURES[0],
            "tests/pictures/bad/text.jpg",
            "tests/pictures/bad/bomb.png",
            "tests/pictures/bad/truncated.jpg",
        ],
        4,
    )
}

fn status(page: &Page) -> Result<()> {
    page.drop_and_wait(&PICTURES[..3], 3)?;
    page.browser.click("#status summary")?;
    page.browser.click("#fidelity-start")?;
    page.browser.wait(r##"document.querySelector("#fidelity").dataset.state === "done""##)?;
    page.browser.run("document.activeElement.blur();", json!([])).map(drop)
}

fn models(page: &Page) -> Result<()> {
    page.browser.click("#model-change")?;
    page.browser.wait(r##"document.querySelectorAll("#model-choices .model").length > 1"##).map(drop)
}

fn stored(page: &Page) -> Result<()> {
    models(page)?;
    page.browser.click("#models-stored")?;
    page.browser.click(".stored .verify")?;
    page.browser.wait(r##"document.querySelector(".stored .said").ariaLive === "polite" && document.querySelector(".stored .said").textContent !== """##)?;
    page.browser.run("document.activeElement.blur();", json!([])).map(drop)
}

fn offer(page: &Page) -> Result<()> {
    ask_for(page, &manifest(page, &random_model::bundle(&shape::B_32, Encoding::Q8_0)?)?)?;
    page.browser.wait(r##"document.querySelector("model-offer").dataset.state === "fits""##).map(drop)
}

fn no_such_model(page: &Page) -> Result<()> {
    ask_for(page, "models/absent/manifest.json")?;
    page.browser.wait(r##"document.querySelector("model-offer").dataset.state === "error""##).map(drop)
}

/// A dialog that says what is wrong with what was typed.
fn address(page: &Page) -> Result<()> {
    page.browser.click("#open-url")?;
    let before = page.text("#url-hint")?;
    page.browser.click("#url-input")?;
    page.browser.keys("no address")?;
    page.browser.click("#url-add")?;
    page.browser
        .wait(&format!(r##"document.querySelector("#url-hint").textContent !== {}"##, json!(before)))
        .map(drop)
}

fn camera(page: &Page) -> Result<()> {
    allow(page, &["videoCapture"])?;
    page.browser.click("#open-camera")?;
    page.browser.wait(r##"!document.querySelector("#camera-take").disabled"##).map(drop)
}

/// A notice: a download was broken off by leaving the page.
fn unfinished(page: &Page) -> Result<()> {
    page.faults.plan(Some(Plan::All(Fault::Drip)));
    offer(page)?;
    page.browser.click("#offer-accept")?;
    // Three pieces are on their way at a time, and together they are 30 %.
    page.browser
        .wait(r##"Number(document.querySelector("#model-progress").getAttribute("aria-valuenow")) >= 50"##)?;
    page.faults.plan(None);
    page.open(&page.url(""))?;
    page.browser.wait(r##"document.querySelector("#unfinished").checkVisibility()"##).map(drop)
}

fn too_large(page: &Page) -> Result<()> {
    ask_for(page, &too_large_model(page)?)?;
    page.browser.wait(r##"document.querySelector("model-offer").dataset.state === "too-large""##).map(drop)
}

/// A model whose weights have no logit scale asks for one.
fn scale(page: &Page) -> Result<()> {
    page.browser.click("#model-change")?;
    let file = repository_file("tests/golden/layouts/clip-cpp/clip-cpp-f16.gguf")?;
    choose(page, "#model-file-input", file.as_ref())?;
    page.browser.wait(r##"document.querySelector("#scale-input")?.checkVisibility()"##).map(drop)
}

/// One of the notices whose cause takes another version of the site, or of a model: how they come is tested elsewhere.
fn notice(page: &Page, id: &str) -> Result<()> {
    page.browser
        .run("document.getElementById(arguments[0]).message = 'Something newer is there.';", json!([id]))
        .map(drop)
}

/// Answers of the match view are checked.
fn check(page: &Page) -> Result<()> {
    cards(page)?;
    page.browser.click("#check")?;
    page.browser.wait(r#"document.querySelector("dialog.check img")?.naturalWidth > 0"#).map(drop)
}

/// A card is asked why.
fn why(page: &Page) -> Result<()> {
    cards(page)?;
    crate::r#match::why::ask(page, 1)
}

/// One that takes its time, and another one's sources.
fn why_working(page: &Page) -> Result<()> {
    why(page)?;
    page.browser.click("why-panel summary")?;
    crate::r#match::why::ask(page, 2)?;
    page.browser.click(".card:nth-child(2) [value=occlusion]")?;
    page.browser
        .wait(r#"document.querySelector(".card:nth-child(2) why-panel").dataset.state === "working""#)
        .map(drop)
}

fn hints(page: &Page) -> Result<()> {
    page.type_labels(&["cat", "kitty", "no dog", "crane", "thing"])?;
    page.browser.click("#labels-check")?;
    crate::r#match::hints::found(page, 4)
}

fn hints_good(page: &Page) -> Result<()> {
    page.type_labels(&["cat | kitty", "ship"])?;
    page.browser.click("#labels-check")?;
    crate::r#match::hints::found(page, 0)
}

/// The view `teach`.
mod teach {
    use anyhow::Result;

    use crate::Page;
    use crate::models::loaded::choose;
    use crate::teach::view;

    /// Taught, a picture tried.
    pub(super) fn taught(page: &Page) -> Result<()> {
        view::three(page)?;
        let file = crate::repository_file("assets/samples/citrus.jpg")?;
        choose(page, "try-panel [type=file]", file.as_ref())?;
        page.browser.wait(r#"document.querySelector("try-panel .answer")?.textContent === "fruit""#)?;
        seen(page)
    }

    pub(super) fn tab(page: &Page, name: &str) -> Result<()> {
        view::three(page)?;
        view::tab(page, name)?;
        seen(page)
    }

    pub(super) fn learned(page: &Page) -> Result<()> {
        tab(page, "learning")?;
        page.browser.click("#quality-learning .run")?;
        page.browser.wait(r##"document.querySelectorAll("#quality-learning li").length >= 3"##).map(drop)
    }

    pub(super) fn pictures(page: &Page) -> Result<()> {
        view::three(page)?;
        page.browser.click("class-board .see")?;
        page.browser.wait(r#"document.querySelectorAll("pictures-dialog .grid button").length > 6"#)?;
        page.browser.click("pictures-dialog .grid button")?;
        seen(page)
    }

    pub(super) fn pick(page: &Page) -> Result<()> {
        view::three(page)?;
        page.browser.click("[data-event=class-pick]")?;
        page.browser.wait(r#"document.querySelector("pictures-dialog dialog").open"#).map(drop)
    }

    /// Wait for the small pictures of what is in sight.
    fn seen(page: &Page) -> Result<()> {
        page.browser
            .wait(r#"[...document.querySelectorAll("img.small-picture")].filter((image) => image.checkVisibility()).every((image) => image.complete && image.naturalWidth > 0)"#)
            .map(drop)
    }
}

/// The view `search`.
mod search {
    use anyhow::Result;
    use serde_json::json;

    use crate::Page;
    use crate::search::view;

    pub(super) fn empty(page: &Page) -> Result<()> {
        view::open(page)
    }

    pub(super) fn all(page: &Page) -> Result<()> {
        view::open(page)?;
        page.browser.click(".results .samples")?;
        view::holds_pictures(page, 8)?;
        shown(page)
    }

    pub(super) fn found(page: &Page) -> Result<()> {
        search_for(page, "flower")?;
        page.browser.wait(r#"document.querySelector("result-head").dataset.state === "found""#).map(drop)
    }

    pub(super) fn nothing(page: &Page) -> Result<()> {
        search_for(page, "night")?;
        page.browser.wait(r#"document.querySelector("result-head").dataset.state === "none""#).map(drop)
    }

    /// Words and a picture, some of it selected, the conditions open.
    pub(super) fn parts(page: &Page) -> Result<()> {
        search_for(page, "flower,- bee")?;
        page.drop(&[crate::repository_file("assets/samples/cat.jpg")?])?;
        page.browser.wait(r#"document.querySelectorAll("query-box .part").length === 2"#)?;
        page.browser.run(
            r#"document.querySelectorAll(".tile .pick")[1].click(); document.querySelector("query-filters details").open = true;"#,
            json!([]),
        )?;
        shown(page)
    }

    pub(super) fn large(page: &Page) -> Result<()> {
        found(page)?;
        page.browser.click(".tile[data-index='0'] .open")?;
        page.browser
            .wait(r#"document.querySelector("picture-dialog .large").naturalWidth > 256 && [...document.querySelectorAll(".neighbours img")].every(({ complete }) => complete)"#)
            .map(drop)
    }

    pub(super) fn region(page: &Page) -> Result<()> {
        large(page)?;
        page.browser.click("[data-event=large-region]")?;
        page.browser.wait(r#"document.querySelector("crop-dialog img").naturalWidth > 0"#).map(drop)
    }

    pub(super) fn libraries(page: &Page) -> Result<()> {
        all(page)?;
        page.browser.click("library-bar .manage")?;
        page.browser.click("library-dialog .delete").map(drop)
    }

    /// Another tab has the library.
    pub(super) fn taken(page: &Page) -> Result<()> {
        page.browser.run(
            r#"return new Promise((held) => navigator.locks.request("semblance-index:My pictures", () => new Promise(() => held(true))));"#,
            json!([]),
        )?;
        page.browser.run("location.hash = '#/search';", json!([]))?;
        page.browser.wait(r#"document.querySelector("library-bar .trouble")?.checkVisibility()"#).map(drop)
    }

    fn search_for(page: &Page, words: &str) -> Result<()> {
        all(page)?;
        page.browser.click("#search-words")?;
        page.browser.keys(words)?;
        shown(page)
    }

    /// Wait for the small pictures of what is in sight.
    fn shown(page: &Page) -> Result<()> {
        page.browser
            .wait(r#"(() => { const tiles = [...document.querySelectorAll(".tile")]; return tiles.length === 8 && tiles.every((tile) => !tile.matches(".waiting") && tile.querySelector("img").complete); })()"#)
            .map(drop)
    }
}
