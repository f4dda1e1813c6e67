//! The site itself, kept in the browser: with the network off, and when a newer version comes, whole or in part.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;

use anyhow::{Context, Result};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::engine::running::without_network;
use crate::{Page, bars, holds, same};
use server::{Server, Site, listen};
use site::{files, version};

/// Nothing but the first visit has been before.
pub(crate) fn opened_without_network(page: &Page) -> Result<()> {
    is_kept(page)?;
    let build = build_that_runs(page)?;
    page.server.take_answers();
    without_network(page, || {
        page.open(&page.url(""))?;
        page.browser.wait(r#"document.querySelector("sample-strip .sample")"#)?;
        page.browser.click("sample-strip li:first-child .sample")?;
        page.cards(1)?;
        page.bars()?.iter().try_for_each(|bars| bars::sound_best(bars))?;
        same("the build", build_that_runs(page)?, build)?;
        is_kept(page)
    })?;
    // Those are asked for in vain: whether a model is the newest only the site can say.
    let unexpected = |target: &String| !target.contains("/models/") && target != "/service-worker.js";
    let asked: Vec<String> = page.server.take_answers().into_iter().map(|answer| answer.target).collect();
    same("files of the site that were asked for", asked.into_iter().filter(unexpected).collect(), Vec::new())
}

/// Where models fill the storage, the page opens all the same: only there can they be removed.
pub(crate) fn full(page: &Page) -> Result<()> {
    is_kept(page)?;
    let used = page.browser.value("navigator.storage.estimate().then(({ usage }) => usage)")?;
    page.limit_storage(Some(used.as_u64().context("a number of bytes")?.saturating_sub(1000)))?;
    let opened = page.open(&page.url("")).and_then(|()| page.open(&page.url("")));
    page.limit_storage(None)?;
    opened
}

/// A newer version waits until it is asked for, and then leaves the other tab as it is.
pub(crate) fn updated(page: &Page) -> Result<()> {
    let deployed = Deployed::copy_of(page.server)?;
    let page = &deployed.page(page);
    deployed.change("1")?;
    deployed.list()?;
    page.open(&page.url(""))?;
    is_kept(page)?;
    let (first, second) = (page.browser.tab()?, page.browser.new_tab()?);
    page.browser.switch_to(&second)?;
    page.open(&page.url(""))?;
    page.browser.switch_to(&first)?;

    deployed.change("2")?;
    deployed.list()?;
    page.open(&page.url(""))?;
    runs(page, "1")?;
    page.browser.wait(OFFERED)?;
    page.open(&page.url(""))?;
    runs(page, "1").context("after it was offered and not taken")?;

    page.browser.wait(OFFERED)?;
    page.browser.click("#update-apply")?;
    page.browser.wait(r#"globalThis.testVersion === "2""#)?;
    page.ready()?;
    runs(page, "2").context("after it was taken")?;
    holds("nothing more is offered", page.browser.value(OFFERED)? != json!(true))?;
    page.browser.switch_to(&second)?;
    runs(page, "1").context("in the other tab")?;
    // Its engine starts workers, and they start workers: all of that is the other version's, network or not.
    page.server.gone.store(true, Ordering::Relaxed);
    let scores = page.browser.run(CLASSIFY, json!([]))?;
    page.server.gone.store(false, Ordering::Relaxed);
    holds(
        &format!("the other tab works on ({scores})"),
        scores.as_array().is_some_and(|scores| scores.len() == 2),
    )?;
    page.open(&page.url(""))?;
    runs(page, "2").context("in the other tab, loaded anew")?;
    page.browser.close_tab(&second)?;
    page.browser.switch_to(&first)?;
    deployed.server.take_answers();
    Ok(())
}

/// A site that is just being copied: its files come first or its list does, and neither is ever mixed with the old ones.
pub(crate) fn half_deployed(page: &Page) -> Result<()> {
    let deployed = Deployed::copy_of(page.server)?;
    let page = &deployed.page(page);
    deployed.change("1")?;
    deployed.list()?;
    page.open(&page.url(""))?;
    is_kept(page)?;

    deployed.change("2")?;
    page.open(&page.url(""))?;
    same("a version waits without its list", waits_after_looking(page)?, false)?;
    runs(page, "1").context("with new files and the old list")?;

    deployed.list()?;
    deployed.change_script("1")?;
    page.open(&page.url(""))?;
    same("a version waits with an old file", waits_after_looking(page)?, false)?;
    runs(page, "1").context("with the new list and one old file")?;
    page.open(&page.url(""))?;
    runs(page, "1").context("and after another visit")?;

    // Who comes to it first has a site as it is, and nothing of it is kept.
    page.forget()?;
    page.open(&page.url(""))?;
    page.browser.wait(r##"document.querySelector("#offline-state").dataset.state === "failed""##)?;

    deployed.change_script("2")?;
    page.open(&page.url(""))?;
    is_kept(page).context("once all of it is there")?;
    page.open(&page.url(""))?;
    runs(page, "2")?;
    deployed.server.take_answers();
    Ok(())
}

/// The web manifest is found from wherever the site lies, and its icons are what it says.
pub(crate) fn installable(page: &Page) -> Result<()> {
    page.open(&format!("http://{}{}", page.plain.address, crate::SUB_PATH))?;
    page.browser.wait("crossOriginIsolated")?;
    page.ready()?;
    let found = page.browser.cdp("Page.getAppManifest", json!({}))?;
    same("what the browser has against the manifest", &found["errors"], &json!([]))?;
    let errors = page.browser.cdp("Page.getInstallabilityErrors", json!({}))?;
    same("what stands in the way of installing the page", &errors["installabilityErrors"], &json!([]))?;
    let text = found["data"].as_str().context("the page has no manifest")?;
    let manifest: Value = serde_json::from_str(text)?;
    for (field, expected) in [("start_url", "."), ("scope", "."), ("display", "standalone")] {
        same(field, &manifest[field], &json!(expected))?;
    }
    let tokens = fs::read_to_string(crate::repository_file("www/shell/styles/tokens.css")?)?;
    for field in ["theme_color", "background_color"] {
        let colour = manifest[field].as_str().context("a colour")?;
        holds(
            &format!("{field} is one of the page's ({colour})"),
            tokens.contains(&format!("light-dark({colour},")),
        )?;
    }
    let icons = manifest["icons"].as_array().context("icons")?;
    for icon in icons {
        let text = |field: &str| icon[field].as_str().with_context(|| format!("an icon without {field}"));
        let bytes = fs::read(page.server.folder.join(text("src")?))?;
        let size = match text("type")? {
            "image/svg+xml" => "any".to_owned(),
            _ => png_size(&bytes).with_context(|| format!("{} is no PNG", icon["src"]))?,
        };
        same(text("src")?, text("sizes")?, size.as_str())?;
    }
    for (size, purpose) in [("192x192", None), ("512x512", None), ("512x512", Some("maskable"))] {
        let is = |icon: &&Value| icon["sizes"] == json!(size) && icon["purpose"].as_str() == purpose;
        holds(&format!("there is an icon of {size} ({purpose:?})"), icons.iter().any(|icon| is(&icon)))?;
    }
    Ok(())
}

/// Width and height stand at the same place in every PNG.
fn png_size(bytes: &[u8]) -> Option<String> {
    let number = |at: usize| Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
    bytes.starts_with(b"\x89PNG").then(|| Some(format!("{}x{}", number(16)?, number(20)?)))?
}

const OFFERED: &str = r##"document.querySelector("#update").checkVisibility()"##;

/// Two labels of a sample, by an engine that is started for it.
const CLASSIFY: &str = r#"return (async () => {
  const { Semblance } = await import(new URL("semblance.js", location.href).href);
  const clip = await Semblance.load({ model: "pocket" });
  const image = await (await fetch("assets/samples/cat.jpg")).blob();
  const scores = await clip.classify(image, ["cat", "ship"]);
  clip.free();
  return scores;
})();"#;

fn is_kept(page: &Page) -> Result<()> {
    page.browser.wait(r##"document.querySelector("#offline-state").dataset.state"##)?;
    let state = page.browser.value(r##"document.querySelector("#offline-state").dataset.state"##)?;
    same("the site is", state, json!("kept"))
}

fn build_that_runs(page: &Page) -> Result<String> {
    let facts = page.text("#engine-facts")?;
    Ok(["threads", "relaxed", "SIMD"]
        .into_iter()
        .find(|build| facts.contains(build))
        .unwrap_or(&facts)
        .to_owned())
}

/// The page, a script that it loaded, and a file that it asks for only now are all of this version.
fn runs(page: &Page, expected: &str) -> Result<()> {
    let found = page.browser.run(
        r#"return (async (later) => [
          document.documentElement.dataset.testVersion,
          globalThis.testVersion,
          (await (await fetch(later)).text()).match(/version (\w+)/)?.[1],
        ])(arguments[0]);"#,
        json!([later_file(&page.server.folder)?]),
    )?;
    same("page, script, later file", found, json!([expected, expected, expected]))
}

/// Look for a newer version; whether one is waiting when that has come to its end.
fn waits_after_looking(page: &Page) -> Result<bool> {
    let waits = page.browser.value(
        r#"(async () => {
          const registration = await navigator.serviceWorker.getRegistration();
          await registration.update();
          while (registration.installing) await new Promise((resolve) => setTimeout(resolve, 50));
          return registration.waiting !== null;
        })()"#,
    )?;
    waits.as_bool().context("a yes or no")
}

/// The script that the page begins with.
fn first_script(site: &Path) -> Result<String> {
    let page = fs::read_to_string(site.join("index.html"))?;
    let source = page.split("<script ").skip(1).find_map(|rest| {
        let (tag, _) = rest.split_once('>')?;
        Some(tag.split_once("src=\"")?.1.split_once('"')?.0.trim_start_matches("./").to_owned())
    });
    source.context("the page begins with no script")
}

/// The worker that decodes pictures: it is asked for when the first one comes.
fn later_file(site: &Path) -> Result<String> {
    let mut all = files::Files::new();
    files::add(&mut all, site, Path::new(""))?;
    let is_it = |file: &&PathBuf| {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        name.starts_with("decoder") && name.ends_with(".js") && !name.starts_with("decoders")
    };
    let found = all.keys().find(is_it).context("the site has no worker that decodes pictures")?;
    Ok(found.to_string_lossy().replace('\\', "/"))
}

/// A copy of the site on a host of its own, where it can be changed.
struct Deployed {
    original: PathBuf,
    folder: TempDir,
    server: Server,
}

impl Deployed {
    fn copy_of(server: &Server) -> Result<Self> {
        let original = server.folder.clone();
        let mut files = files::Files::new();
        files::add(&mut files, &original, Path::new(""))?;
        let folder = tempfile::tempdir()?;
        files::write(&files, folder.path())?;
        let server = Server::start(listen("127.0.0.1", 0)?, Site::isolated(folder.path())?.recorded())?;
        Ok(Self { original, folder, server })
    }

    fn page<'a>(&'a self, page: &Page<'a>) -> Page<'a> {
        Page { server: &self.server, ..*page }
    }

    /// Give every kind of file this version's mark.
    fn change(&self, version: &str) -> Result<()> {
        self.mark("index.html", "<html lang=\"en\"", &format!(" data-test-version=\"{version}\""))?;
        self.mark(&later_file(&self.original)?, "", &format!("// version {version}\n"))?;
        self.change_script(version)
    }

    fn change_script(&self, version: &str) -> Result<()> {
        let script = first_script(&self.original)?;
        self.mark(&script, "", &format!("globalThis.testVersion = \"{version}\";\n"))
    }

    /// The file as it was, with a text behind the place.
    fn mark(&self, file: &str, place: &str, text: &str) -> Result<()> {
        let original = fs::read_to_string(self.original.join(file))?;
        holds(&format!("{file} has {place:?}"), original.contains(place))?;
        let marked = original.replacen(place, &format!("{place}{text}"), 1);
        fs::write(self.folder.path().join(file), marked).context("the copy could not be changed")
    }

    /// Write the list of the files as they are now, as the build does.
    fn list(&self) -> Result<()> {
        let mut files = files::Files::new();
        files::add(&mut files, self.folder.path(), Path::new(""))?;
        files.insert(version::WORKER.into(), crate::repository_file(version::WORKER)?.into());
        let worker = version::worker(&files)?;
        fs::write(self.folder.path().join(version::WORKER), worker).context("the copy could not be changed")
    }
}
