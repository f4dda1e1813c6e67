//! The web component, in pages that have nothing else.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use harness::axe::{self, Looked};
use repository::setup;
use serde_json::{Value, json};
use server::{Server, Site};

use crate::Stage;
use crate::hosts::package_host;
use crate::page::{self, document, is_quiet};

const PAGE: &str = include_str!("../pages/element.js");

/// A page on one host, and the packages on another.
struct Visit {
    page: Server,
    host: Server,
}

impl Visit {
    /// Open a page with this markup and the component's one script tag.
    fn begin(stage: &Stage, name: &str, markup: &str) -> Result<Self> {
        let host = package_host(stage)?;
        let script = format!("http://{}/npm/semblance-clip@0.1.0/semblance-classifier.js", host.address);
        let folder = setup::fresh_folder(&format!("packages-test/element-{name}"))?;
        let markup = format!("{markup}\n<script type=\"module\" src=\"{script}\"></script>");
        fs::write(folder.join("index.html"), document(&markup))?;
        page::add_pictures(&folder)?;
        let page = page::serve(Site::plain(&folder, "/")?)?;
        page::open(&stage.browser, &format!("http://{}/", page.address))?;
        stage.browser.wait("customElements.get('semblance-classifier')")?;
        // What the tests do with it.
        stage.browser.run(PAGE, json!([]))?;
        Ok(Self { page, host })
    }

    /// Targets asked for since the last call, of the packages' host.
    fn fetched(&self) -> Vec<String> {
        self.host.take_answers().into_iter().map(|answer| answer.target).collect()
    }
}

/// One tag: nothing is fetched until there is a picture, and then its bars are what the module says.
pub(crate) fn alone(stage: &Stage) -> Result<()> {
    let visit = Visit::begin(
        stage,
        "alone",
        "<semblance-classifier labels=\"cat, dog, bee\"></semblance-classifier>",
    )?;
    let browser = &stage.browser;
    let fetched = visit.fetched();
    ensure!(
        fetched == ["/npm/semblance-clip@0.1.0/semblance-classifier.js"],
        "before a picture: {fetched:?}"
    );
    for way in ["drop", "paste", "choose", "classify"] {
        let detail = browser.run("return window.give(arguments[0], 'cat.jpg')", json!([way]))?;
        ensure!(detail["label"] == "cat", "{way}: {detail}");
        let shown = browser.value("window.bars()")?;
        let labels: Vec<&str> =
            shown.as_array().into_iter().flatten().filter_map(|bar| bar[0].as_str()).collect();
        ensure!(labels.len() == 3 && labels[0] == "cat", "{way}: the bars are {shown}");
        let best = detail["scores"][0]["probability"].as_f64().context("a probability")?;
        let width = shown[0][2].as_f64().context("a width")?;
        ensure!(
            (best - width).abs() < 0.01,
            "{way}: the first bar is {width} of its track, and should be {best}"
        );
        ensure!(
            browser
                .value("window.root().querySelector('.picture > *').getBoundingClientRect().height > 50")?
                == true,
            "{way}: no picture is shown"
        );
        browser.run("window.element().clear()", json!([]))?;
    }
    // The module's own numbers, from the same place.
    let same = browser.run("return window.sameAsTheModule('cat.jpg')", json!([]))?;
    ensure!(same.as_f64().is_some_and(|difference| difference <= 1e-6), "the module's differ by {same}");
    // A TIFF is shown by the engine, not by the browser.
    let detail = browser.run("return window.give('drop', 'small.tif')", json!([]))?;
    ensure!(detail["scores"].as_array().is_some_and(|scores| scores.len() == 3), "{detail}");
    ensure!(
        browser.value("window.root().querySelector('canvas[role=img]').width > 0")? == true,
        "no preview of a TIFF"
    );
    let modules = visit.fetched().into_iter().filter(|target| target.ends_with("semblance_bg.wasm"));
    ensure!(modules.count() == 1, "one build of the engine is fetched, once");
    is_quiet(browser)
}

pub(crate) fn attributes(stage: &Stage) -> Result<()> {
    let markup = "<style>semblance-classifier { --semblance-accent: rgb(1, 2, 3) } ::part(label) { color: rgb(4, 5, 6) }</style>\n\
        <script>window.events = []; for (const name of ['ready', 'result', 'error']) document.addEventListener(`semblance-${name}`, ({ type }) => events.push(type));</script>\n\
        <semblance-classifier labels=\"cat, dog, bee, bridge\" top=\"2\" preload><span slot=\"prompt\">Hierher</span></semblance-classifier>";
    let visit = Visit::begin(stage, "attributes", markup)?;
    let browser = &stage.browser;
    browser.wait("window.events.includes('semblance-ready')")?;
    let models = |visit: &Visit| visit.fetched().iter().filter(|target| target.ends_with(".gguf")).count();
    ensure!(models(&visit) == 1, "preload loads the model");
    browser.run("return window.give('drop', 'cat.jpg')", json!([]))?;
    ensure!(browser.value("window.root().querySelectorAll('.bar').length")? == 2, "top is 2");
    ensure!(browser.value("window.element().scores.length")? == 4, "all scores are told");
    let cases = [
        (
            "element().setAttribute('labels', 'bee, cat')",
            "bars().then((all) => all.map(([label]) => label).sort().join())",
            json!("bee,cat"),
        ),
        // A label with a comma in it.
        (
            "element().labels = ['a cat, at home', 'dog', 'bee']",
            "element().scores.map(({ label }) => label).sort().join('|')",
            json!("a cat, at home|bee|dog"),
        ),
        ("element().top = 3", "root().querySelectorAll('.bar').length", json!(3)),
        ("element().template = '{}'", "element().template", json!("{}")),
    ];
    for (action, look, expected) in cases {
        let seen = browser.run(
            "const next = window.next('semblance-result'); eval(arguments[0]); return next.then(() => eval(arguments[1]))",
            json!([action, look]),
        )?;
        ensure!(seen == expected, "{action}: {look} is {seen}");
    }
    // Other words cost no more work on the picture, and nothing more is fetched for them.
    let fetched = visit.fetched();
    ensure!(fetched.iter().all(|target| !target.ends_with(".gguf")), "{fetched:?}");
    let colour = |part: &str, property: &str| {
        browser.value(&format!("getComputedStyle(window.root().querySelector('.{part}')).{property}"))
    };
    ensure!(colour("fill", "backgroundColor")? == "rgb(1, 2, 3)", "the accent is the page's");
    ensure!(colour("label", "color")? == "rgb(4, 5, 6)", "a part is styled by the page");
    let events = browser.value("window.events.slice(0, 2)")?;
    ensure!(events == json!(["semblance-ready", "semblance-result"]), "{events}");
    browser.run("element().clear()", json!([]))?;
    ensure!(
        browser.value("window.root().querySelector('slot[name=prompt]').assignedNodes()[0].textContent")?
            == "Hierher",
        "a slot"
    );
    is_quiet(browser)
}

/// They share the engine and the model, and what is removed listens no more.
pub(crate) fn several(stage: &Stage) -> Result<()> {
    let one = "<semblance-classifier labels=\"cat, dog\"></semblance-classifier>\n";
    let visit = Visit::begin(stage, "several", &one.repeat(3))?;
    let browser = &stage.browser;
    let labels = browser.run(
        "const [a, b] = document.querySelectorAll('semblance-classifier');
        return window.file('cat.jpg').then((file) => Promise.all([a.classify(file), b.classify(file)])).then((all) => all.map(([best]) => best.label))",
        json!([]),
    )?;
    ensure!(labels == json!(["cat", "cat"]), "{labels}");
    let fetched = visit.fetched();
    for (what, ending) in [("a model", ".gguf"), ("an engine", "semblance_bg.wasm")] {
        let count = fetched.iter().filter(|target| target.ends_with(ending)).count();
        ensure!(count == 1, "three components fetch {what} {count} times");
    }
    // Nobody is meant by what is pasted nowhere in particular; of one that is left, everybody knows.
    let pasted = browser.run("return window.paste('cat.jpg').then(() => window.shown())", json!([]))?;
    ensure!(pasted == json!([true, true, false]), "{pasted}");
    let after = browser.run(
        "for (const element of [...document.querySelectorAll('semblance-classifier')].slice(0, 2)) element.remove();
        const next = window.next('semblance-result');
        return window.paste('bee.jpg').then(() => next).then(() => window.shown())",
        json!([]),
    )?;
    ensure!(after == json!([true]), "{after}");
    // A second picture before the first is done: the first is given up.
    let raced = browser.run(
        "return Promise.all([window.file('cat.jpg'), window.file('bee.jpg')]).then(([cat, bee]) => {
          const first = element().classify(cat).catch(({ name }) => name);
          return Promise.all([first, element().classify(bee).then((scores) => scores.length)]);
        })",
        json!([]),
    )?;
    ensure!(raced == json!(["AbortError", 2]), "{raced}");
    let removed = browser.run(
        "return window.file('cat.jpg').then((file) => {
          const gone = element();
          const late = gone.classify(file).catch(({ name }) => name);
          gone.remove();
          return late;
        })",
        json!([]),
    )?;
    ensure!(removed == "AbortError", "{removed}");
    ensure!(visit.page.take_answers().iter().all(|answer| answer.status < 400), "the page's host");
    is_quiet(browser)
}

/// Sentences, and an event each; nothing is stuck afterwards.
pub(crate) fn errors(stage: &Stage) -> Result<()> {
    let visit = Visit::begin(stage, "errors", "<semblance-classifier></semblance-classifier>")?;
    let browser = &stage.browser;
    let fails = |what: &str| -> Result<Value> {
        browser.run(
            "const told = window.next('semblance-error');
            return Promise.resolve(eval(arguments[0])).then(() => told).then(({ error }) => [error.name, error.message, window.root().querySelector('[role=alert]').textContent])",
            json!([what]),
        )
    };
    for (what, name, text) in [
        ("give('drop', 'cat.jpg', 'error')", "TextError", "needs labels"),
        (
            "element().labels = ['cat', 'dog'], dropFile(new File(['no picture'], 'a.txt', { type: 'text/plain' }))",
            "PictureError",
            "",
        ),
        (
            "element().setAttribute('model', 'absent'), give('drop', 'cat.jpg', 'error')",
            "ModelError",
            "semblance-pocket",
        ),
    ] {
        let said = fails(what)?;
        ensure!(said[0] == name, "{what}: {said}");
        let message = said[1].as_str().context("a message")?;
        ensure!(message.contains(text) && message.ends_with('.'), "{what}: {said}");
        ensure!(said[1] == said[2], "what is shown is what is told: {said}");
    }
    let detail = browser
        .run("element().removeAttribute('model'); return window.give('drop', 'cat.jpg')", json!([]))?;
    ensure!(detail["label"] == "cat", "{detail}");
    ensure!(
        browser.value("window.root().querySelector('[role=alert]').textContent")? == "",
        "the sentence goes"
    );
    drop(visit);
    is_quiet(browser)
}

/// axe-core's rules over every state, and the keyboard alone.
pub(crate) fn accessible(stage: &Stage) -> Result<()> {
    let visit = Visit::begin(
        stage,
        "accessible",
        "<main><h1>Cats</h1><semblance-classifier labels=\"cat, dog\"></semblance-classifier></main>",
    )?;
    let browser = &stage.browser;
    axe::put(browser)?;
    for scheme in ["light", "dark"] {
        browser.run("document.documentElement.style.cssText = `color-scheme: ${arguments[0]}; background: Canvas; color: CanvasText`; element().clear()", json!([scheme]))?;
        for state in ["empty", "result", "error"] {
            match state {
                "empty" => {}
                "result" => drop(browser.run("return window.give('drop', 'cat.jpg')", json!([]))?),
                _ => drop(browser.run("const told = window.next('semblance-error'); window.dropFile(new File(['x'], 'a.txt')); return told.then(() => 1)", json!([]))?),
            }
            let Looked { findings, rules } = axe::look(browser)?;
            let findings: Vec<_> = findings
                .iter()
                .map(|found| format!("{} at {}: {}", found.rule, found.at, found.why))
                .collect();
            ensure!(rules >= FEWEST_RULES, "axe-core looked at {rules} rules only");
            ensure!(findings.is_empty(), "{scheme}, {state}: {}", findings.join("\n"));
        }
    }
    // The one button is reached, and opens the chooser.
    browser.run("element().clear(); document.activeElement?.blur?.(); window.root().querySelector('input').addEventListener('click', (event) => { event.preventDefault(); window.opened = true; })", json!([]))?;
    browser.press(&['\u{e004}', '\u{e007}'])?;
    ensure!(browser.value("window.opened === true")? == true, "Tab and Enter open the chooser");
    drop(visit);
    is_quiet(browser)
}

/// In a page with little else.
const FEWEST_RULES: usize = 10;

/// Photographs of its states, to be looked at.
pub(crate) fn screenshots(stage: &Stage, folder: &Path) -> Result<()> {
    let folder: PathBuf = std::path::absolute(folder)?;
    fs::create_dir_all(&folder)?;
    let browser = &stage.browser;
    let labels = "cat, dog, bee, bridge, cup of coffee, boats in a harbour";
    let markup = format!(
        "<meta name=\"viewport\" content=\"width=device-width\"><style>body {{ margin: 0; padding: 24px; font: 16px/1.5 system-ui, sans-serif; background: light-dark(#f7f6f3, #131415); color: light-dark(#1b1d1f, #ededeb) }} semblance-classifier {{ max-width: 44rem; margin: 0 auto }}</style>\n<semblance-classifier labels=\"{labels}\"></semblance-classifier>"
    );
    let visit = Visit::begin(stage, "screenshots", &markup)?;
    for scheme in ["light", "dark"] {
        browser.run("document.documentElement.style.colorScheme = arguments[0]", json!([scheme]))?;
        for width in [360, 768, 1440] {
            browser.cdp(
                "Emulation.setDeviceMetricsOverride",
                json!({ "width": width, "height": 760, "deviceScaleFactor": 1, "mobile": false }),
            )?;
            for state in ["empty", "loading", "result", "error"] {
                browser.run("element().clear()", json!([]))?;
                match state {
                    "loading" => {
                        visit.host.gate.shut(true);
                        browser.run("element().model = new URL(`../semblance-pocket@0.1.0/manifest.json?${Math.random()}`, window.script).href; window.give('drop', 'cat.jpg')", json!([]))?;
                        browser.wait("window.root().querySelector('progress').value > 0.3")?;
                    }
                    "result" => drop(browser.run("return window.give('drop', 'cat.jpg').then(() => new Promise((resolve) => setTimeout(resolve, 500)))", json!([]))?),
                    "error" => drop(browser.run("const told = window.next('semblance-error'); window.dropFile(new File(['x'], 'letter.txt')); return told.then(() => 1)", json!([]))?),
                    _ => {}
                }
                fs::write(folder.join(format!("{state}-{width}-{scheme}.png")), browser.screenshot()?)?;
                visit.host.gate.shut(false);
            }
        }
    }
    println!("The pictures are in {}.", folder.display());
    Ok(())
}
