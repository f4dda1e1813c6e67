//! From a bundler: a fresh project each, without any configuration that speaks of the package.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use server::Site;

use crate::Stage;
use crate::hosts::{build, with_isolation};
use crate::page::{self, document};
use crate::project::{fresh, tool};

const EXERCISE: &str = include_str!("../pages/exercise.js");
const PAGE: &str = include_str!("../pages/page.js");

/// What a script of the bundled page may have in bytes. The module has some 40 KB; a file of the engine that is written into
/// it as text, a `data:` address, makes it larger than this.
const SCRIPT_AT_MOST: u64 = 80_000;

pub(crate) fn vite(stage: &Stage) -> Result<()> {
    let html = document("<script type=\"module\" src=\"./page.js\"></script>");
    let files = [("index.html", html.as_str()), ("page.js", PAGE), ("exercise.js", EXERCISE)];
    let folder = fresh(stage, "vite", &files)?;
    let said = tool(&folder, "vite", &["build"])?;
    ensure!(!said.to_lowercase().contains("warn"), "Vite warns:\n{said}");
    runs(stage, &folder.join("dist"), "/")
}

pub(crate) fn webpack(stage: &Stage) -> Result<()> {
    let folder = fresh(stage, "webpack", &[("page.js", PAGE), ("exercise.js", EXERCISE)])?;
    let said = tool(&folder, "webpack", &["--no-color"])?;
    // It always does of files above 244 KB, and says so in these words.
    let others = said.lines().filter(|line| line.starts_with("WARNING"));
    let others: Vec<_> = others
        .filter(|line| {
            !["asset size limit", "performance recommendations"].iter().any(|text| line.contains(text))
        })
        .collect();
    ensure!(others.is_empty(), "webpack warns: {others:?}");
    let html = document("<script defer src=\"./main.js\"></script>");
    fs::write(folder.join("dist/index.html"), html)?;
    runs(stage, &folder.join("dist"), "/some/sub/path/")
}

/// The built page computes what the site does, isolated and not, and fetches nothing that it does not need.
fn runs(stage: &Stage, dist: &Path, base: &str) -> Result<()> {
    nothing_is_inlined(dist)?;
    page::add_pictures(dist)?;
    for isolated in [false, true] {
        let server = page::serve(with_isolation(dist, base, isolated)?)?;
        let base = if isolated { "/" } else { base };
        let outcome = page::exercise(&stage.browser, &format!("http://{}{base}", server.address))?;
        outcome.ran_on(isolated)?;
        outcome.is(&stage.expected)?;
        page::fetched_what_it_needs(&server, &stage.packages.join("semblance-clip"), build(isolated))?;
    }
    Ok(())
}

fn nothing_is_inlined(dist: &Path) -> Result<()> {
    let assets = if dist.join("assets").is_dir() { dist.join("assets") } else { dist.to_owned() };
    let mut scripts = 0;
    for entry in fs::read_dir(&assets)? {
        let path = entry?.path();
        if path.extension().is_some_and(|kind| kind == "js") {
            scripts += 1;
            let (text, bytes) = (fs::read_to_string(&path)?, path.metadata()?.len());
            ensure!(bytes <= SCRIPT_AT_MOST, "{} has {bytes} bytes", path.display());
            for kind in ["data:text/javascript", "data:application/", "data:video/"] {
                ensure!(!text.contains(kind), "{} has a file in it, as {kind}", path.display());
            }
        }
    }
    ensure!(scripts > 1, "{} has {scripts} scripts", assets.display());
    Ok(())
}

/// Where there is no model beside the module, that is said before anything is fetched.
pub(crate) fn without_a_model(stage: &Stage) -> Result<()> {
    let html = document("<script type=\"module\" src=\"./page.js\"></script>");
    let page = "import { Semblance } from \"semblance-clip\";\n\
        window.exercised = Semblance.load().catch(({ name, message }) => ({ name, message }));\n\
        window.listed = Semblance.models();\n";
    let folder = fresh(stage, "vite", &[("index.html", &html), ("page.js", page)])?;
    tool(&folder, "vite", &["build"])?;
    let server = page::serve(Site::plain(&folder.join("dist"), "/")?)?;
    page::open(&stage.browser, &format!("http://{}/", server.address))?;
    let error = stage.browser.wait("window.exercised")?;
    ensure!(error["name"] == "ModelError", "{error}");
    ensure!(error["message"].as_str().context("a message")?.contains("semblance-pocket"), "{error}");
    ensure!(stage.browser.wait("window.listed")? == serde_json::json!([]), "a package lists no models");
    page::is_quiet(&stage.browser)
}

/// `import "semblance-clip/element"`, with the model of the other package given to it.
pub(crate) fn element(stage: &Stage) -> Result<()> {
    let html = document(
        "<semblance-classifier labels=\"cat, dog\"></semblance-classifier><script type=\"module\" src=\"./page.js\"></script>",
    );
    let page = "import \"semblance-clip/element\";\n\
        import pocket from \"semblance-pocket\";\n\
        const element = document.querySelector(\"semblance-classifier\");\n\
        element.model = pocket;\n\
        window.exercised = element.classify(new URL(\"pictures/cat.jpg\", document.baseURI)).then(([{ label }]) => label);\n";
    let folder = fresh(stage, "vite", &[("index.html", &html), ("page.js", page)])?;
    tool(&folder, "vite", &["build"])?;
    let dist = folder.join("dist");
    page::add_pictures(&dist)?;
    let server = page::serve(Site::plain(&dist, "/")?)?;
    page::open(&stage.browser, &format!("http://{}/", server.address))?;
    let label = stage.browser.wait("window.exercised")?;
    ensure!(label == "cat", "{label}");
    page::is_quiet(&stage.browser)
}

/// The commands and the script of `docs/package.md`, with the archives in the place of the registry's packages.
pub(crate) fn as_written(stage: &Stage) -> Result<()> {
    let text = fs::read_to_string(repository::paths::root().join("docs/package.md"))?;
    let readme = fs::read_to_string(repository::paths::root().join("README.md"))?;
    let block = |kind: &str, after: &str| -> Result<String> {
        let (_, rest) = text.split_once(after).with_context(|| format!("docs/package.md has no {after}"))?;
        let (_, block) = rest.split_once(&format!("```{kind}\n")).context("a block")?;
        Ok(block.split("```").next().unwrap_or_default().trim().to_owned())
    };
    let (install, script) = (block("sh", "## From a bundler")?, block("js", "## From a bundler")?);
    ensure!(install == "npm install semblance-clip semblance-pocket", "what is installed is {install}");
    ensure!(readme.contains(&install), "README.md does not say {install}");
    for line in script.lines().filter(|line| !line.is_empty()) {
        ensure!(readme.contains(line), "README.md does not say {line}");
    }
    let page = format!(
        "const image = new URL(\"pictures/cat.jpg\", document.baseURI);\n{script}\nwindow.exercised = scores[0].label;\n"
    );
    let html = document("<script type=\"module\" src=\"./page.js\"></script>");
    let folder = fresh(stage, "vite", &[("index.html", &html), ("page.js", &page)])?;
    tool(&folder, "vite", &["build"])?;
    page::add_pictures(&folder.join("dist"))?;
    let server = page::serve(Site::plain(&folder.join("dist"), "/")?)?;
    page::open(&stage.browser, &format!("http://{}/", server.address))?;
    let label = stage.browser.wait("window.exercised")?;
    ensure!(label == "cat", "{label}");
    page::is_quiet(&stage.browser)
}
