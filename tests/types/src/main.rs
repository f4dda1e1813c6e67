//! The type check of the page and the library: the real TypeScript compiler, run inside headless Chromium, so that
//! nobody needs Node.
//!
//! Checked are every script of the site (their types are JSDoc), `consumer.ts`, which uses the library as its
//! documentation says, and `conformance.ts`, which holds `semblance.js` to what `semblance.d.ts` promises.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result};
use serde::Deserialize;

use harness::chrome::Chrome;
use harness::webdriver::Browser;
use npm::Package;
use repository::args::{self, Args};
use repository::count::Count;
use repository::{paths, setup};
use server::{Server, Site, listen};
use site::files;

/// The last compiler that is itself JavaScript; from 7 on it is a native program.
const TYPESCRIPT: Package = Package {
    name: "typescript",
    version: "6.0.3",
    sha512: "y2TvuxSZPDyQakkFRPZHKFm+KKVqIisdg9/CZwm9ftvKXLP8NRWj38/ODjNbr43SsoXqNuAisEf1GdCxqWcdBw==",
};

/// One program for the compiler: what it is, and the files it starts from.
struct Program {
    about: &'static str,
    roots: Vec<String>,
}

/// What `check.js` gives back.
#[derive(Deserialize)]
struct Checked {
    diagnostics: Vec<String>,
    files: usize,
}

fn main() -> ExitCode {
    args::exit(|| {
        Args::new(std::env::args_os().skip(1)).none()?;
        check()?.report()
    })
}

fn check() -> Result<Count> {
    let (files, programs) = project()?;
    let folder = setup::fresh_folder("types")?;
    let mut compiler = TYPESCRIPT.files(|path| {
        path == "lib/typescript.js" || (path.starts_with("lib/lib.") && path.ends_with(".d.ts"))
    })?;
    let script = compiler.iter().position(|(path, _)| path == "lib/typescript.js");
    let (_, script) = compiler.swap_remove(script.context("the package has no lib/typescript.js")?);
    let libraries =
        compiler.into_iter().map(|(path, text)| Ok((format!("/{path}"), String::from_utf8(text)?)));
    let all = files.into_iter().map(Ok).chain(libraries).collect::<Result<BTreeMap<_, _>>>()?;
    fs::write(folder.join("typescript.js"), script)?;
    fs::write(folder.join("files.json"), serde_json::to_vec(&all)?)?;
    fs::write(
        folder.join("index.html"),
        "<!doctype html><title>types</title><script src=typescript.js></script>",
    )?;

    let server = Server::start(listen("127.0.0.1", 0)?, Site::isolated(&folder)?)?;
    let browser = Browser::start(&Chrome::find()?)?;
    browser.goto(&format!("http://{}/", server.address))?;
    let mut count = Count::default();
    for Program { about, roots } in programs {
        let started = roots.len();
        let answer = browser.run(include_str!("check.js"), serde_json::json!([roots]))?;
        let Checked { diagnostics, files } = serde_json::from_value(answer)?;
        println!("{about}: {files} files, {} problems", diagnostics.len());
        for diagnostic in &diagnostics {
            println!("  {diagnostic}");
        }
        // A program of fewer files than it starts from has not been looked at.
        count += Count::one(diagnostics.is_empty() && started > 0 && files >= started);
    }
    Ok(count)
}

/// Every text the compiler may ask for, by its path in an imagined `/site`, and the programs over them.
fn project() -> Result<(BTreeMap<String, String>, Vec<Program>)> {
    let mut files = BTreeMap::new();
    let mut add = |path: &str, text: String| files.insert(format!("/site/{path}"), text);
    let read = |path: &Path| {
        fs::read_to_string(path).with_context(|| format!("{} could not be read", path.display()))
    };
    let mut scripts = Vec::new();
    for (path, source) in files::sources(paths::root())? {
        let path = path.to_string_lossy().replace('\\', "/");
        if path.ends_with(".js") || path.ends_with(".ts") || path.ends_with(".json") {
            add(&path, read(&source)?);
        }
        if path.ends_with(".js") {
            scripts.push(format!("/site/{path}"));
        }
    }
    add("jsconfig.json", read(&paths::root().join("jsconfig.json"))?);
    add("consumer.ts", include_str!("consumer.ts").into());
    add("conformance.ts", include_str!("conformance.ts").into());
    // `import "./semblance.js"` means the declarations beside it; under another name it is the code.
    add("implementation.js", read(&paths::root().join("semblance.js"))?);
    let programs = vec![
        Program { about: "the scripts of the site", roots: scripts },
        Program { about: "a program that uses the library", roots: vec!["/site/consumer.ts".into()] },
        Program { about: "the library keeps its declarations", roots: vec!["/site/conformance.ts".into()] },
    ];
    Ok((files, programs))
}
