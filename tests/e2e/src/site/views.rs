//! A view is a folder and a line: the site with a second one, opened by its address, with the pictures of the first.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::json;
use server::{Server, Site, listen};
use site::compressed;
use site::files::{self, Files};

use crate::r#match::pictures::{BEE, BOATS, CAT};
use crate::{Page, holds, repository_file, same};

/// The line that registers it, as in `www/views.js`; and one whose folder is not there.
const LINES: &str = r#"
  { name: "second", title: "Second", open: () => import("./views/second/second.js") },
  { name: "third", title: "Third", open: () => import("./views/third/third.js") },
];"#;

const FOLDER: &str = "tests/e2e/src/site/views/second";

/// What this case asks for in vain.
pub(crate) const MISSING: &[&str] = &["views/third/"];

pub(crate) fn registered(page: &Page) -> Result<()> {
    let folder = tempfile::tempdir()?;
    deploy(&page.server.folder, folder.path())?;
    let server = Server::start(listen("127.0.0.1", 0)?, Site::isolated(folder.path())?.recorded())?;
    let page = &Page { server: &server, ..*page };
    let labels = ["cat", "ship"];

    page.browser.goto(&page.url(""))?;
    page.ready()?;
    page.type_labels(&labels)?;
    page.drop_and_wait(&[CAT, BEE], 2)?;
    page.scored(&labels)?;
    follow(page, "second")?;
    shown(page, "second", "#/second")?;
    pictures(page, &["cat.jpg", "bee.jpg"])?;
    let spacing = r#"getComputedStyle(document.querySelector("[data-view=second] .asked")).letterSpacing"#;
    same("its styles", page.browser.value(spacing)?, json!("3px"))?;
    page.drop(&[repository_file(BOATS)?])?;
    pictures(page, &["cat.jpg", "bee.jpg", "boats.jpg"])?;

    page.browser.run("history.back(); return true;", json!([]))?;
    shown(page, "match", "")?;
    page.cards(3)?;
    page.scored(&labels).context("labels and pictures, back in the first view")?;

    page.browser.goto(&page.url("#/second?text=two+boats"))?;
    shown(page, "second", "#/second?text=two+boats")?;
    same("its address's field", page.text("[data-view=second] .asked")?.as_str(), "two boats")?;
    pictures(page, &["cat.jpg", "bee.jpg", "boats.jpg"])?;
    page.browser.run("document.querySelector('.skip').click(); return true;", json!([]))?;
    shown(page, "second", "#/second?text=two+boats").context("after skipping to the pictures")?;
    follow(page, "match")?;
    shown(page, "match", "#/match")?;
    follow(page, "second")?;
    shown(page, "second", "#/second?text=two+boats").context("by its link, as it was left")?;

    page.browser.goto(&page.url("#/third"))?;
    said(page, "Third could not be opened: ")?;
    shown(page, "second", "#/third")?;
    page.browser.goto(&page.url("#/fourth"))?;
    said(page, "This page has no view “fourth”.")?;
    shown(page, "match", "#/fourth")?;

    page.browser.goto("about:blank")?;
    page.browser.goto(&page.url("#/second?text=first"))?;
    shown(page, "second", "#/second?text=first").context("on a page that opens with it")?;
    page.ready()?;
    page.drop(&[repository_file(CAT)?])?;
    pictures(page, &["cat.jpg"])?;
    let loaded = r#"performance.getEntriesByType("resource").some(({ name }) => name.endsWith("/match.js"))"#;
    same("the first view was loaded without being opened", page.browser.value(loaded)?, json!(false))?;
    follow(page, "match")?;
    page.cards(1).context("in the first view, opened after the second")?;
    server.take_answers();
    Ok(())
}

/// A copy of the site with the page's modules as they are written, one more view, and its line.
fn deploy(site: &Path, to: &Path) -> Result<()> {
    let source = |path: &str| repository_file(path).map(PathBuf::from);
    let mut all = Files::new();
    files::add(&mut all, site, Path::new(""))?;
    // Those are of the scripts as they were built.
    all.retain(|path, _| !compressed::is_compressed(path));
    let mut modules = Files::new();
    let root = source("")?;
    files::add(&mut modules, &root, Path::new("www"))?;
    modules.retain(|path, _| path.extension().is_some_and(|ext| ext == "js"));
    all.extend(modules);
    all.insert("semblance.js".into(), source("semblance.js")?);
    for part in ["second.js", "view.css", "view.html", "words.js"] {
        all.insert(Path::new("www/views/second").join(part), source(&format!("{FOLDER}/{part}"))?);
    }
    // Without a list of files it keeps nothing: what it would keep is another site.
    all.insert("service-worker.js".into(), source("service-worker.js")?);
    files::write(&all, to)?;
    let list = to.join("www/views.js");
    let lines = fs::read_to_string(&list)?;
    holds("the list of views ends as it does", lines.contains("\n];"))?;
    fs::write(&list, lines.replacen("\n];", LINES, 1))?;
    Ok(())
}

/// Press the link to a view.
fn follow(page: &Page, view: &str) -> Result<()> {
    page.browser.click(&format!("view-list a[data-name={view}]"))
}

/// Wait until a view, and no other, is on the screen, with its link marked and this address.
fn shown(page: &Page, view: &str, address: &str) -> Result<()> {
    let is = format!(
        r#"(() => {{
          const views = [...document.querySelectorAll("[data-view]")].filter(({{ hidden }}) => !hidden);
          const link = document.querySelector("view-list [aria-current=page]");
          return views.length === 1 && views[0].dataset.view === "{view}" && link.dataset.name === "{view}" && location.hash === "{address}";
        }})()"#
    );
    page.browser.wait(&is).with_context(|| format!("waiting for the view {view} at {address:?}")).map(drop)
}

/// Wait until the second view shows these pictures, each with its vector.
fn pictures(page: &Page, names: &[&str]) -> Result<()> {
    let expected: Vec<String> = names.iter().map(|name| format!("{name}: done, ")).collect();
    let all = format!(
        r#"(() => {{
          const lines = Array.from(document.querySelectorAll("[data-view=second] li"), ({{ textContent }}) => textContent);
          const expected = {};
          return lines.length === expected.length && lines.every((line, i) => line.startsWith(expected[i]) && / [1-9]\d* numbers$/.test(line));
        }})()"#,
        json!(expected)
    );
    page.browser.wait(&all).with_context(|| format!("waiting for {names:?} in the second view")).map(drop)
}

fn said(page: &Page, sentence: &str) -> Result<()> {
    let said =
        format!(r#"document.querySelector("notice-line").textContent.startsWith({})"#, json!(sentence));
    page.browser.wait(&said).with_context(|| format!("waiting for {sentence:?}")).map(drop)
}
