//! `cargo xtask package`: the built site's library as packages for npm.
//!
//! `semblance-clip` has the module, the web component, and what they fetch, at the site's places; `semblance-pocket` has the
//! bundled model. Nothing is compiled for them, and nothing runs when somebody installs them.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use repository::args::Args;
use repository::{paths, process};
use serde_json::Value;
use site::esbuild::Esbuild;
use site::files::{self, Files};
use site::{compressed, package};

use crate::build;
use crate::bundle_size::grouped;

/// On npm `semblance` is somebody else's.
const LIBRARY: &str = "semblance-clip";
const POCKET: &str = "semblance-pocket";

/// The engine's builds are the folders of `wasm` with this in it.
const ENGINE: &str = "semblance_bg.wasm";
const CAPTIONER: &str = "captioner-";

pub(crate) fn command(mut args: Args) -> Result<()> {
    let out: Option<PathBuf> = args.value("--out")?;
    let (no_build, given) = (args.flag("--no-build"), args.value("--repository")?);
    args.none()?;
    let dist = paths::root().join("dist");
    match no_build {
        false => build::build(&dist)?,
        true if dist.join("semblance.js").is_file() => {}
        true => bail!("there is no built site in {}; leave --no-build away", dist.display()),
    }
    let out = std::path::absolute(out.unwrap_or_else(|| paths::work("packages")))?;
    let repository = given.or_else(repository_in_ci);
    if repository.is_none() {
        println!(
            "The packages name no repository, without which npm publishes no provenance: --repository https://…"
        );
    }
    make(&dist, &out, repository.as_deref()).map(|_| ())
}

/// Where a workflow of GitHub runs.
fn repository_in_ci() -> Option<String> {
    let [server, name] = ["GITHUB_SERVER_URL", "GITHUB_REPOSITORY"].map(|name| std::env::var(name).ok());
    Some(format!("{}/{}", server?, name?))
}

/// Write both packages as folders and as archives into `out`; the archives.
pub(crate) fn make(dist: &Path, out: &Path, repository: Option<&str>) -> Result<[PathBuf; 2]> {
    // Never a folder that somebody has other things in.
    for name in [LIBRARY, POCKET] {
        let folder = out.join(name);
        if folder.exists() {
            ensure!(
                folder.join("package.json").is_file(),
                "{} is there and is no package; give another --out",
                folder.display()
            );
            fs::remove_dir_all(&folder)
                .with_context(|| format!("{} could not be emptied", folder.display()))?;
        }
        fs::create_dir_all(&folder).with_context(|| format!("{} could not be made", folder.display()))?;
    }
    library(dist, &out.join(LIBRARY))?;
    pocket(&out.join(POCKET))?;
    let pack = |name: &str| {
        for licence in if name == LIBRARY { &["LICENSE-MIT", "LICENSE-APACHE"][..] } else { &[] } {
            fs::copy(paths::root().join(licence), out.join(name).join(licence))?;
        }
        let text = read(&paths::root().join("npm").join(name).join("package.json"))?;
        let text = package::describe(&text, version()?, repository)?;
        fs::write(out.join(name).join("package.json"), text)?;
        archive(&out.join(name), out)
    };
    Ok([pack(LIBRARY)?, pack(POCKET)?])
}

/// What the workspace's `Cargo.toml` says of the library.
fn version() -> Result<&'static str> {
    let text = include_str!("../../Cargo.toml");
    let line = text.lines().find_map(|line| line.strip_prefix("version = \"")?.strip_suffix('"'));
    line.context("Cargo.toml names no version")
}

fn library(dist: &Path, folder: &Path) -> Result<()> {
    let mut files = Files::new();
    for part in ["www/engine", "wasm"] {
        files::add(&mut files, dist, Path::new(part))?;
    }
    files.retain(|file, _| {
        !compressed::is_compressed(file) && file.extension().is_none_or(|kind| kind != "map")
    });
    // Addresses have slashes, whatever the system.
    let address = |file: &Path| file.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/");
    let names: Vec<String> = files.keys().map(|file| address(file)).collect();
    let built: Vec<String> = names
        .iter()
        .filter_map(|file| file.strip_prefix("wasm/")?.strip_suffix(ENGINE)?.strip_suffix('/'))
        .filter(|build| !build.starts_with(CAPTIONER))
        .map(str::to_owned)
        .collect();
    ensure!(!built.is_empty(), "{} has no build of the engine in it", dist.display());
    for part in ["semblance.d.ts", "semblance-classifier.d.ts", "semblance-classifier.js"] {
        files.insert(part.into(), dist.join(part));
    }
    files.insert("README.md".into(), paths::root().join("npm").join(LIBRARY).join("README.md"));
    for (file, source) in &files {
        let to = folder.join(file);
        fs::create_dir_all(to.parent().context("it lies in a folder")?)?;
        match file.extension().is_some_and(|kind| kind == "js") {
            true => fs::write(to, package::without_map(&read(source)?))?,
            false => {
                fs::copy(source, to).with_context(|| format!("{} could not be copied", source.display()))?;
            }
        }
    }
    let module = folder.join("semblance.js");
    package::module(&Esbuild::find()?, paths::root(), &names, &built, (LIBRARY, POCKET), &module)
}

fn pocket(folder: &Path) -> Result<()> {
    let (own, model) = (paths::root().join("npm").join(POCKET), paths::root().join("models/pocket"));
    for (from, file, to) in [
        (&own, "index.d.ts", "index.d.ts"),
        (&model, "manifest.json", "manifest.json"),
        (&model, "pocket-q8_0.gguf", "pocket-q8_0.gguf"),
        (&model, "MODEL_CARD.md", "README.md"),
    ] {
        let from = from.join(file);
        fs::copy(&from, folder.join(to))
            .with_context(|| format!("{} could not be copied", from.display()))?;
    }
    let module = package::model(&read(&model.join("manifest.json"))?)?;
    fs::write(folder.join("index.js"), module)?;
    Ok(())
}

fn read(file: &Path) -> Result<String> {
    fs::read_to_string(file).with_context(|| format!("{} could not be read", file.display()))
}

/// `npm pack`, with the sizes that it says.
fn archive(folder: &Path, out: &Path) -> Result<PathBuf> {
    let mut npm = process::new("npm");
    npm.args(["pack", "--json", "--pack-destination"]).arg(out).current_dir(folder);
    let said = process::read(&mut npm).context("packages are made by npm, which comes with Node.js")?;
    let said: Value = serde_json::from_str(&said).context("npm pack says what it made")?;
    // An array, or from npm 12 on an object by name.
    let made = said.get(0).or_else(|| said.as_object()?.values().next()).context("npm pack made nothing")?;
    let number = |field: &str| grouped(made[field].as_u64().unwrap_or_default());
    let file = made["filename"].as_str().context("npm pack names its file")?;
    println!(
        "{file}: {} bytes packed, {} unpacked, {} files",
        number("size"),
        number("unpackedSize"),
        number("entryCount")
    );
    Ok(out.join(file))
}
