//! One page in the browser: what it computes, and what it fetched for that.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use harness::troubles;
use harness::webdriver::Browser;
use repository::paths;
use serde::Deserialize;
use serde_json::{Value, json};
use server::{Server, Site, listen};

/// What `pages/exercise.js` gives back.
#[derive(Deserialize)]
pub(crate) struct Outcome {
    /// Probabilities, logits, cosines, a vector.
    numbers: Vec<f64>,
    /// What is no number: names, files, what was refused.
    said: Value,
    build: String,
    isolated: bool,
    notes: Vec<String>,
}

/// Two computers' results are the same up to this.
const TOLERANCE: f64 = 1e-6;

/// Pages have these two, and this is where they look for them.
const PICTURES: &[(&str, &str)] = &[
    ("assets/samples/cat.jpg", "cat.jpg"),
    ("assets/samples/bee.jpg", "bee.jpg"),
    ("tests/pictures/formats/rgb-deflate.tif", "small.tif"),
];

impl Outcome {
    /// The same as another, whatever both were computed with.
    pub(crate) fn is(&self, expected: &Self) -> Result<()> {
        ensure!(!expected.numbers.is_empty(), "nothing was computed");
        ensure!(
            self.numbers.len() == expected.numbers.len(),
            "{} numbers instead of {}",
            self.numbers.len(),
            expected.numbers.len()
        );
        for (ours, theirs) in self.numbers.iter().zip(&expected.numbers) {
            ensure!((ours - theirs).abs() <= TOLERANCE, "{ours} is not the site's {theirs}");
        }
        ensure!(self.said == expected.said, "the page says\n{}\nand the site\n{}", self.said, expected.said);
        Ok(())
    }

    /// Threads where the page is isolated; where it is not, the best build on one, and a note that says so.
    pub(crate) fn ran_on(&self, isolated: bool) -> Result<()> {
        ensure!(self.isolated == isolated, "the page is isolated: {}", self.isolated);
        let expected = if isolated { "threads" } else { "relaxed" };
        ensure!(self.build == expected, "the build “{}” ran: {:?}", self.build, self.notes);
        let said = self.notes.iter().any(|note| note.contains("so the engine runs on one thread"));
        ensure!(said != isolated, "its notes: {:?}", self.notes);
        Ok(())
    }
}

/// Put the pictures where a page in this folder looks for them.
pub(crate) fn add_pictures(folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder.join("pictures"))?;
    for (from, to) in PICTURES {
        let from = paths::root().join(from);
        std::fs::copy(&from, folder.join("pictures").join(to))
            .with_context(|| format!("{} could not be copied", from.display()))?;
    }
    Ok(())
}

/// A page without anything but a script.
pub(crate) fn document(script: &str) -> String {
    format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>A page</title><link rel=\"icon\" href=\"data:,\">\n{script}\n"
    )
}

pub(crate) fn serve(site: Site) -> Result<Server> {
    Server::start(listen("127.0.0.1", 0)?, site.recorded())
}

/// Let the page compute. Anything that failed on the way is an error, heard of or not.
pub(crate) fn exercise(browser: &Browser, url: &str) -> Result<Outcome> {
    open(browser, url)?;
    let answer = browser.run(
        "return (async () => {
            for (const late = Date.now() + 60_000; !window.exercised; ) {
              if (Date.now() > late) return { error: 'the page did nothing' };
              await new Promise((resolve) => setTimeout(resolve, 20));
            }
            return window.exercised.then((ok) => ({ ok }), (error) => ({ error: `${error?.name}: ${error?.message}` }));
        })();",
        json!([]),
    )?;
    let quiet = is_quiet(browser);
    if let Some(error) = answer["error"].as_str() {
        bail!("{error}{}", quiet.err().map(|error| format!("\n{error}")).unwrap_or_default());
    }
    quiet?;
    serde_json::from_value(answer["ok"].clone()).context("the page's answer")
}

/// Open a page; what went wrong before is not its fault.
pub(crate) fn open(browser: &Browser, url: &str) -> Result<()> {
    browser.goto("about:blank")?;
    troubles::in_browser(browser)?;
    browser.goto(url)
}

/// Nothing failed since the page was opened.
pub(crate) fn is_quiet(browser: &Browser) -> Result<()> {
    let troubles = troubles::in_browser(browser)?;
    ensure!(troubles.is_empty(), "the page is not quiet:\n{}", troubles.join("\n"));
    Ok(())
}

/// What was asked of a server, by the package's file: by content, since bundlers rename.
///
/// Each WebAssembly module that the page needs was fetched, and of the engine's builds one.
pub(crate) fn fetched_what_it_needs(server: &Server, package: &Path, build: &str) -> Result<()> {
    let mut modules = BTreeSet::new();
    for answer in server.take_answers() {
        ensure!(answer.status < 400, "{} was answered with {}", answer.target, answer.status);
        let path = answer.target.split(['?', '#']).next().unwrap_or_default();
        if path.ends_with(".wasm") {
            // Below whatever path it is served.
            let served = path.match_indices('/').map(|(at, _)| server.folder.join(&path[at + 1..]));
            let served = served.into_iter().find(|file| file.is_file());
            modules.insert(name_of(&served.with_context(|| format!("{path} was asked for"))?, package)?);
        }
    }
    let parts = ["describe", "index", "labels", "measure", "organise", "tables", "teach"];
    let parts = parts.map(|part| format!("{part}/{part}_bg.wasm"));
    let engines = ["", "captioner-"].map(|part| format!("{part}{build}/semblance_bg.wasm"));
    let expected: BTreeSet<String> = parts.into_iter().chain(engines).chain(["tiff.wasm".into()]).collect();
    ensure!(modules == expected, "of WebAssembly it fetched {modules:?}\nand not {expected:?}");
    Ok(())
}

/// Which file of the package's folder `wasm` this is.
fn name_of(served: &Path, package: &Path) -> Result<String> {
    let bytes = std::fs::read(served)?;
    let wasm = package.join("wasm");
    for entry in std::fs::read_dir(&wasm)? {
        let entry = entry?.path();
        let files = if entry.is_dir() {
            std::fs::read_dir(&entry)?.map(|file| Ok(file?.path())).collect::<Result<Vec<_>>>()?
        } else {
            vec![entry]
        };
        for file in files {
            if file.metadata()?.len() == bytes.len() as u64 && std::fs::read(&file)? == bytes {
                return Ok(file.strip_prefix(&wasm)?.to_string_lossy().replace('\\', "/"));
            }
        }
    }
    bail!("{} is no file of the package", served.display())
}
