//! The end-to-end test: the built site, served, in a real browser, used as people use it.
//!
//! Every case starts on a fresh page with empty storage and fails, besides by its own checks, on any error in the
//! console and any request that failed. The browser can reach nothing but this machine.
//!
//! With the environment variable `SEMBLANCE_SITE` the built site in that folder is tested, and nothing is built.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, bail};

use crate::chrome::Chrome;
use crate::count::Count;
use crate::faults::Faults;
use crate::serve::{Server, Site, listen};
use crate::webdriver::Browser;
use crate::{build, paths, setup};

mod bars;
mod downloads;
mod engine;
mod golden;
mod hosting;
mod labels;
mod layout;
mod matrix;
mod models;
mod offline;
mod page;
mod pictures;
mod results;
mod speed;
mod troubles;

pub(crate) use page::Page;

/// Where the folder is put on the second, plain host.
const SUB_PATH: &str = "/some/sub/path/";

/// One thing that people do. What it is given is the page, opened at the site with an empty storage.
pub(crate) struct Case {
    name: &'static str,
    run: fn(&Page) -> Result<()>,
    /// Texts that an entry in the console may hold in this case, because the case provokes it.
    provoked: &'static [&'static str],
}

const fn case(name: &'static str, run: fn(&Page) -> Result<()>) -> Case {
    Case { name, run, provoked: &[] }
}

/// On a plain host the page is loaded once more, for its isolation: the browser may be fetching its icon just then.
const ICON_LEFT: &[&str] = &["Error while trying to use the following icon from the Manifest"];

const CASES: &[Case] = &[
    case("the server sends the right headers", hosting::headers),
    case("the server shows nothing outside of the site", hosting::nothing_outside),
    case("photographs are recognised as the reference says", pictures::recognised),
    case("labels are added, edited and removed", labels::edited),
    case("a template changes the result, a broken one does not", labels::template),
    case("one label shows its cosine", labels::one),
    case("many labels, some strange", labels::many),
    case("the matrix adds up", matrix::adds_up),
    case("results are exported", results::exported),
    case("results are copied", results::copied),
    case("a link carries labels and template", results::shared),
    case("the keyboard alone does everything", labels::keyboard),
    case("ten bad files, one good", pictures::bad_files),
    case("every kind of picture", pictures::kinds),
    case("a folder is dropped", pictures::folder),
    case("pictures are picked", pictures::picked),
    case("a picture is pasted", pictures::pasted),
    case("a camera snapshot", pictures::camera),
    Case {
        name: "a picture by its address",
        run: pictures::address,
        provoked: &[
            "some/sub/path/assets/samples/cat.jpg",
            "a request failed: \"net::ERR_FAILED\" (\"Image\")",
        ],
    },
    case("samples are one click away", pictures::samples),
    case("pictures are removed", pictures::removed),
    case("a load is cancelled, pictures wait meanwhile", engine::cancelled),
    case("the network goes off", engine::network_off),
    Case {
        name: "loads the model with the network off",
        run: engine::loaded_without_network,
        // Whether the site has newer weights is asked, in vain.
        provoked: &["net::ERR_EMPTY_RESPONSE", "net::ERR_INTERNET_DISCONNECTED"],
    },
    case("the model is stored and not fetched again", engine::stored),
    case("the panel lists every request", engine::requests),
    case("what runs is said", engine::facts),
    Case {
        name: "the library as its documentation says",
        run: engine::library,
        provoked: &["/models/absent/manifest.json"],
    },
    case("every build computes the same", speed::builds),
    case("threads run where the page is isolated", speed::threads),
    case("labels' vectors are kept, and forgotten", speed::kept_texts),
    case("int8 is compared with f32", speed::fidelity),
    case("memory stays flat over many pictures", speed::many_pictures),
    Case {
        name: "seeded downloads with faults end with the right bytes or a clear error",
        run: downloads::seeded,
        provoked: &["/packed/", "/hub/", "a request failed:"],
    },
    Case {
        name: "the page opens with the network off after one visit",
        run: offline::opened_without_network,
        provoked: &["net::ERR_EMPTY_RESPONSE", "net::ERR_INTERNET_DISCONNECTED"],
    },
    Case {
        name: "a newer version is offered, and taken when it is asked for",
        run: offline::updated,
        provoked: &["net::ERR_EMPTY_RESPONSE"],
    },
    case("a site that is half deployed is never mixed", offline::half_deployed),
    case("the page opens with the storage full", offline::full),
    Case { name: "the page can be installed", run: offline::installable, provoked: ICON_LEFT },
    case("a large model: killed on its way, gone on with, used without the network", models::resumed),
    case("two tabs want a model at once", models::kept::two_tabs),
    case("damaged pieces are fetched again", models::kept::repaired),
    case("a full disk", models::kept::full_disk),
    Case {
        name: "repositories of the hub",
        run: models::kept::repositories,
        provoked: &["/hub/api/models/tests/absent"],
    },
    case("models of this machine: a file, a zip, a folder", models::local),
    case("stored models are verified, exported, deleted and imported", models::kept::shelf),
    case("a model that is too large", models::too_large),
    case("switching models keeps pictures and labels", models::switched),
    Case { name: "a plain host, under a sub-path", run: hosting::sub_path, provoked: ICON_LEFT },
    case("360 pixels are wide enough", layout::narrow),
];

pub(crate) fn run(only: Option<&str>) -> Result<Count> {
    let dist = match std::env::var_os("SEMBLANCE_SITE") {
        Some(folder) => folder.into(),
        None => {
            let dist = paths::root().join("dist");
            build::build(&dist)?;
            dist
        }
    };
    let stage = Stage::set(&dist)?;
    let traces = paths::target().join("e2e");
    if traces.exists() {
        fs::remove_dir_all(&traces)?;
    }
    let mut count = Count::default();
    for case in CASES.iter().filter(|case| only.is_none_or(|text| case.name.contains(text))) {
        let page = stage.page();
        let result = page.begin().and_then(|()| (case.run)(&page)).and_then(|()| {
            match troubles::in_all(&page, case.provoked)? {
                troubles if troubles.is_empty() => Ok(()),
                troubles => bail!("the page is not quiet:\n    {}", troubles.join("\n    ")),
            }
        });
        println!("test e2e: {} ... {}", case.name, if result.is_ok() { "ok" } else { "FAILED" });
        if let Err(error) = &result {
            println!("  {}", format!("{error:#}").replace('\n', "\n  "));
            if let Err(error) = keep_traces(&page, &traces.join(case.name.replace(' ', "-")), error) {
                println!("  and nothing could be kept of it: {error:#}");
            }
        }
        count += Count::one(result.is_ok());
    }
    Ok(count)
}

/// Two hosts of the built site with the same models beside it, and a browser.
pub(crate) struct Stage {
    server: Server,
    plain: Server,
    faults: Arc<Faults>,
    browser: Browser,
}

impl Stage {
    pub(crate) fn set(dist: &Path) -> Result<Self> {
        let faults = Arc::new(Faults::new()?);
        let start =
            |site: Site| Server::start(listen("127.0.0.1", 0)?, site.recorded().beside(faults.clone()));
        let server = start(Site::isolated(dist)?)?;
        let plain = start(Site::plain(dist, SUB_PATH)?)?;
        faults.set_other(server.address);
        let browser = Browser::start(&Chrome::find()?)?;
        Ok(Self { server, plain, faults, browser })
    }

    pub(crate) fn page(&self) -> Page<'_> {
        Page { browser: &self.browser, server: &self.server, plain: &self.plain, faults: &self.faults }
    }
}

/// Keep what a person needs to see why a case failed.
fn keep_traces(page: &Page, folder: &Path, error: &anyhow::Error) -> Result<()> {
    fs::create_dir_all(folder)?;
    fs::write(folder.join("error.txt"), format!("{error:?}"))?;
    let console: Vec<String> =
        page.browser.log("browser")?.iter().map(|entry| format!("{entry}\n")).collect();
    fs::write(folder.join("console.txt"), console.concat())?;
    fs::write(
        folder.join("page.html"),
        page.browser.value("document.documentElement.outerHTML")?.as_str().unwrap_or_default(),
    )?;
    fs::write(folder.join("window.png"), page.browser.screenshot()?)?;
    println!("  a screenshot and the console are in {}", folder.display());
    Ok(())
}

/// A file of the repository, which must be there.
pub(crate) fn repository_file(path: &str) -> Result<String> {
    let file = paths::root().join(path).canonicalize().with_context(|| format!("{path} is missing"))?;
    Ok(file.to_str().context("paths are readable text")?.to_owned())
}

/// An error with the two values, unless they are equal.
pub(crate) fn same<T: PartialEq + std::fmt::Debug>(what: &str, found: T, expected: T) -> Result<()> {
    match found == expected {
        true => Ok(()),
        false => bail!("{what}: expected {expected:?}, found {found:?}"),
    }
}

/// An error, unless the two numbers are within `tolerance`.
pub(crate) fn near(what: &str, found: f64, expected: f64, tolerance: f64) -> Result<()> {
    match (found - expected).abs() <= tolerance {
        true => Ok(()),
        false => bail!("{what}: expected {expected} within {tolerance}, found {found}"),
    }
}

/// An error, unless it holds.
pub(crate) fn holds(what: &str, condition: bool) -> Result<()> {
    match condition {
        true => Ok(()),
        false => bail!("{what}: not so"),
    }
}

/// A folder for one case's files, empty.
pub(crate) fn scratch(name: &str) -> Result<std::path::PathBuf> {
    setup::fresh_folder(&format!("e2e/{name}"))
}
