//! Without a bundler: the site's own module, and the package where it lies on a host as npm has it.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;
use harness::webdriver::Browser;
use repository::setup;
use server::{Server, Site};

use crate::Stage;
use crate::page::{self, Outcome};
use crate::project::copy_folder;

const EXERCISE: &str = include_str!("../pages/exercise.js");

/// What the site's own module computes, on a page that is isolated.
pub(crate) fn of_the_site(browser: &Browser, site: &Path) -> Result<Outcome> {
    let folder = page_folder("site", "/site/semblance.js")?;
    let server = page::serve(Site::isolated(&folder)?.also("/site", site)?)?;
    page::exercise(browser, &format!("http://{}/", server.address))
}

/// The package on another host than the page, both as a page that is isolated and as one that is not.
pub(crate) fn another(stage: &Stage) -> Result<()> {
    for isolated in [false, true] {
        // A host of its own each time, so that nothing is in the browser's cache.
        let host = package_host(stage)?;
        let module = format!("http://{}/npm/semblance-clip@0.1.0/semblance.js", host.address);
        let folder = page_folder("another", &module)?;
        let server = page::serve(with_isolation(&folder, "/", isolated)?)?;
        let outcome = page::exercise(&stage.browser, &format!("http://{}/", server.address))?;
        outcome.ran_on(isolated)?;
        outcome.is(&stage.expected)?;
        page::fetched_what_it_needs(&host, &stage.packages.join("semblance-clip"), build(isolated))?;
    }
    Ok(())
}

/// The packages' folders copied to the page's own host, side by side and under another path.
pub(crate) fn same(stage: &Stage) -> Result<()> {
    let folder = page_folder("same", "./vendor/semblance-clip/semblance.js")?;
    for name in ["semblance-clip", "semblance-pocket"] {
        copy_folder(&stage.packages.join(name), &folder.join("vendor").join(name))?;
    }
    let server = page::serve(Site::plain(&folder, "/some/sub/path/")?)?;
    let url = format!("http://{}/some/sub/path/", server.address);
    let outcome = page::exercise(&stage.browser, &url)?;
    outcome.ran_on(false)?;
    outcome.is(&stage.expected)
}

/// A host of packages: what npm has, at `/npm/NAME@VERSION/`, for pages of any origin.
pub(crate) fn package_host(stage: &Stage) -> Result<Server> {
    let folder = setup::fresh_folder("packages-test/host")?;
    for name in ["semblance-clip", "semblance-pocket"] {
        copy_folder(&stage.packages.join(name), &folder.join("npm").join(format!("{name}@0.1.0")))?;
    }
    page::serve(Site::plain(&folder, "/")?.shared())
}

/// A folder served with the headers that isolate its pages, or without.
pub(crate) fn with_isolation(folder: &Path, base: &str, isolated: bool) -> Result<Site> {
    if isolated { Site::isolated(folder) } else { Site::plain(folder, base) }
}

/// The build that a page of today's browsers runs.
pub(crate) fn build(isolated: bool) -> &'static str {
    if isolated { "threads" } else { "relaxed" }
}

/// A folder with a page that exercises the module at this address.
fn page_folder(name: &str, module: &str) -> Result<PathBuf> {
    let folder = setup::fresh_folder(&format!("packages-test/{name}"))?;
    let script = format!(
        "<script type=\"module\">\n\
         import {{ Semblance }} from {module:?};\n\
         import {{ exercise }} from \"./exercise.js\";\n\
         window.exercised = exercise(Semblance);\n\
         </script>"
    );
    fs::write(folder.join("index.html"), page::document(&script))?;
    fs::write(folder.join("exercise.js"), EXERCISE)?;
    page::add_pictures(&folder)?;
    Ok(folder)
}
