//! The page's many modules and style sheets as few files: one script for the page, one for the library, one for the web component, one for
//! each kind of worker, one sheet. Each lies where the module lies that it begins with, so that an address in the sources is the
//! address on the host.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::Value;

use crate::esbuild::Esbuild;
use crate::{files, page, version, words};

/// The language of the sources: nothing newer comes in, and nothing is rewritten for browsers that don't run the sources.
pub(crate) const TARGET: &str = "--target=es2022";

pub(crate) const LIBRARY: &str = "semblance.js";
/// The web component, which fetches the library when it is needed.
const ELEMENT: &str = "semblance-classifier.js";
const MAIN: &str = "www/main.js";
const SHEET: &str = "www/page.css";
/// What the HTML has in it.
const START: &str = "www/start.js";
/// Each kind of worker, and what of the library is fetched later: all three folders deep.
const SCRIPTS: &[&str] = &[
    "www/engine/api/worker.js",
    "www/engine/captioner/captioner.js",
    "www/engine/captioner/worker.js",
    "www/engine/describe/describe.js",
    "www/engine/describe/worker.js",
    "www/engine/index/index.js",
    "www/engine/index/worker.js",
    "www/engine/measure/measure.js",
    "www/engine/measure/worker.js",
    "www/engine/organise/organise.js",
    "www/engine/organise/worker.js",
    "www/engine/pictures/decoder.js",
    "www/engine/running/thread.js",
    "www/engine/storage/hasher.js",
    "www/engine/teach/teach.js",
    "www/engine/teach/worker.js",
];

/// Bundle everything but the engine's glue into `out`, for a site that has these builds of the engine.
pub fn bundle(esbuild: &Esbuild, repository: &Path, out: &Path, builds: &[&str]) -> Result<()> {
    let built = format!("--define:import.meta.built={}", Value::from(builds.join(" ")));
    let run = |entries: &[String], more: &[&str]| {
        let mut words = entries.to_vec();
        words.extend(["--bundle".into(), "--minify".into(), TARGET.into(), built.clone()]);
        words.extend([format!("--outdir={}", out.display()), "--outbase=.".into()]);
        words.extend(more.iter().map(|&word| word.into()));
        esbuild.run(&words)
    };
    let module = ["--format=esm", "--sourcemap"];
    let meta = out.join("page.json");
    let views = views(repository)?;

    run(&[LIBRARY.into()], &[&module[..], &[&up(LIBRARY)]].concat())?;
    run(&[ELEMENT.into()], &[&module[..], &[&format!("--external:./{LIBRARY}")]].concat())?;
    let scripts: Vec<String> = SCRIPTS.iter().map(|&script| script.into()).collect();
    run(&scripts, &[&module[..], &[&up(SCRIPTS[0])]].concat())?;
    // Views that are opened later are scripts of their own, beside the page's.
    let split = ["--splitting", "--chunk-names=www/[name]-[hash]", &format!("--metafile={}", meta.display())];
    run(&[MAIN.into()], &[&module[..], &[&up(MAIN)], &split].concat())?;
    let sheets = views.iter().map(|view| format!("www/views/{view}/view.css"));
    let sheets = sheets.filter(|sheet| repository.join(sheet).is_file());
    let sheets: Vec<String> = std::iter::once(SHEET.into()).chain(sheets).collect();
    run(&sheets, &["--sourcemap"])?;
    run(&[START.into()], &["--format=iife"])?;

    let words = words::of(&repository.join("www"))?;
    let read = |path: &str| {
        fs::read_to_string(repository.join(path)).with_context(|| format!("{path} could not be read"))
    };
    let with_pieces = |html: &str| page::with_pieces(html, &|piece| read(&format!("www/{piece}")));
    let markup = |view: &str| format!("www/views/{view}/view.html");
    let source = read("index.html")?;
    let first = page::default_view(&source).map(str::to_owned);
    let mut html = source;
    if let Some(first) = &first {
        html = page::with_view(&html, first, &read(&markup(first))?);
    }
    html = with_pieces(&html).context("index.html")?;
    let script = fs::read_to_string(out.join(START))?;
    fs::remove_file(out.join(START))?;
    html = page::with_inline(&html, START, &script)?;
    let chunks = chunks(&serde_json::from_slice(&fs::read(&meta)?)?, first.as_deref())?;
    fs::remove_file(meta)?;
    html = page::with_preloads(&html, &chunks)?;
    fs::write(out.join("index.html"), page::fill(&html, &words).context("index.html")?)?;
    for view in views.iter().filter(|view| first.as_ref() != Some(view)) {
        let Ok(text) = read(&markup(view)) else { continue };
        let path = out.join(markup(view));
        fs::create_dir_all(path.parent().context("a view has a folder")?)?;
        let filled = with_pieces(&text).and_then(|html| page::fill(&html, &words));
        fs::write(path, filled.with_context(|| markup(view))?)?;
    }
    Ok(())
}

/// The script of one of the engine's builds, `bindings` as wasm-bindgen wrote them, with the one that starts its threads.
pub fn bundle_glue(esbuild: &Esbuild, bindings: &Path, out: &Path) -> Result<()> {
    let words = [
        bindings.display().to_string(),
        "--bundle".into(),
        "--minify".into(),
        "--format=esm".into(),
        "--sourcemap".into(),
        TARGET.into(),
        // `wasm/NAME/semblance.js`
        "--define:import.meta.up=\"../../\"".into(),
        format!("--outfile={}", out.display()),
    ];
    esbuild.run(&words)
}

/// The service worker of a site of these files, with the list of them in it.
pub fn service_worker(esbuild: &Esbuild, files: &files::Files, out: &Path) -> Result<PathBuf> {
    let listed = out.join("listed").join(version::WORKER);
    fs::create_dir_all(out.join("listed"))?;
    fs::write(&listed, version::worker(files)?)
        .with_context(|| format!("{} could not be written", listed.display()))?;
    let worker = out.join(version::WORKER);
    esbuild.run(&[
        listed.display().to_string(),
        "--minify".into(),
        "--sourcemap".into(),
        TARGET.into(),
        format!("--outfile={}", worker.display()),
    ])?;
    Ok(worker)
}

/// How far the root is above a script.
fn up(script: &str) -> String {
    let path = match script.matches('/').count() {
        0 => "./".into(),
        depth => "../".repeat(depth),
    };
    format!("--define:import.meta.up=\"{path}\"")
}

/// Names of the folders of `www/views`.
fn views(repository: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(repository.join("www/views")).context("www/views could not be listed")? {
        let entry = entry?;
        if entry.path().is_dir() {
            names.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    names.sort();
    Ok(names)
}

/// The scripts that the page's own one imports at once, and those of its first view: by esbuild's own account.
fn chunks(meta: &Value, view: Option<&str>) -> Result<Vec<String>> {
    let outputs = meta["outputs"].as_object().context("esbuild says what it wrote")?;
    let entry = |output: &Value| output["entryPoint"].as_str().unwrap_or_default().to_owned();
    let main = outputs.iter().find(|(_, output)| entry(output) == MAIN).map(|(path, _)| path.as_str());
    // Its paths begin with the folder that it wrote to, as seen from where it ran.
    let main = main.context("esbuild wrote no script of the page")?;
    let folder = main.strip_suffix(MAIN).context("the page's script lies where its source does")?;
    let view = view.map(|view| format!("www/views/{view}/{view}.js"));
    let of_view = outputs
        .iter()
        .filter(|(_, output)| view.as_ref().is_some_and(|view| entry(output) == *view))
        .map(|(path, _)| path.as_str());
    let mut found: Vec<&str> = std::iter::once(main).chain(of_view).collect();
    let mut at = 0;
    while at < found.len() {
        for import in outputs[found[at]]["imports"].as_array().into_iter().flatten() {
            let path = import["path"].as_str().unwrap_or_default();
            if import["kind"] == "import-statement" && outputs.contains_key(path) && !found.contains(&path) {
                found.push(path);
            }
        }
        at += 1;
    }
    Ok(found[1..].iter().filter_map(|path| path.strip_prefix(folder)).map(String::from).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_page_asks_for_what_it_and_its_first_view_import_and_no_more() {
        let import = |path: &str, kind: &str| json!({ "path": format!("out/{path}"), "kind": kind });
        let meta = json!({ "outputs": {
            "out/www/main.js": { "entryPoint": MAIN, "imports": [
                import("www/a.js", "import-statement"), import("www/match.js", "dynamic-import"), import("www/search.js", "dynamic-import"),
            ] },
            "out/www/match.js": { "entryPoint": "www/views/match/match.js", "imports": [
                import("www/b.js", "import-statement"), import("www/part.js", "dynamic-import"),
            ] },
            // What a view has fetched later still.
            "out/www/part.js": { "entryPoint": "www/views/match/part/part.js", "imports": [] },
            "out/www/search.js": { "entryPoint": "www/views/search/search.js", "imports": [import("www/c.js", "import-statement")] },
            "out/www/a.js": { "imports": [import("www/b.js", "import-statement")] },
            "out/www/b.js": { "imports": [] },
            "out/www/c.js": { "imports": [] },
            "out/www/main.js.map": {},
        } });
        assert_eq!(chunks(&meta, Some("match")).unwrap(), ["www/match.js", "www/a.js", "www/b.js"]);
        assert_eq!(chunks(&meta, None).unwrap(), ["www/a.js", "www/b.js"]);
    }
}
