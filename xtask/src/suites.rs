//! The suites of `cargo xtask test`.

use std::process::Command;

use anyhow::Result;
use repository::args::Args;
use repository::count::{self, Count};
use repository::{paths, process, setup};

use crate::{build, programs};

/// One suite. What it is given is the text that tests' names must hold, if there is one.
pub(crate) struct Suite {
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    pub(crate) run: fn(Option<&str>) -> Result<Count>,
}

#[rustfmt::skip]
pub(crate) const SUITES: &[Suite] = &[
    Suite { name: "format", about: "cargo fmt", run: |_| format() },
    Suite { name: "clippy", about: "no warnings, natively and for wasm", run: |_| clippy() },
    Suite { name: "doc", about: "the documentation builds without warnings", run: |_| doc() },
    Suite { name: "native", about: "tests on this machine", run: native },
    Suite { name: "wasm", about: "tests in WebAssembly, in headless Chromium", run: wasm },
    Suite { name: "types", about: "TypeScript over the page and the library", run: |_| types() },
    Suite { name: "e2e", about: "the real page, in headless Chromium", run: e2e },
    Suite { name: "bench", about: "a short benchmark, for information: no time fails it", run: |_| bench() },
];

/// The library for wasm, with everything that `wasm-pack test` would build as well.
const IN_WASM: &[&str] = &["--package", "semblance", "--target", setup::WASM];

fn format() -> Result<Count> {
    setup::lint_tools()?;
    Ok(check(process::cargo().args(["fmt", "--all", "--check"])))
}

fn clippy() -> Result<Count> {
    setup::lint_tools()?;
    setup::wasm_target()?;
    let deny = ["--", "-D", "warnings"];
    let mut count = check(process::cargo().args(["clippy", "--workspace", "--all-targets"]).args(deny));
    count += check(process::cargo().args(["clippy", "--all-targets"]).args(IN_WASM).args(deny));
    Ok(count)
}

fn doc() -> Result<Count> {
    Ok(check(process::cargo().env("RUSTDOCFLAGS", "-D warnings").args(["doc", "--workspace", "--no-deps"])))
}

fn native(only: Option<&str>) -> Result<Count> {
    let mut cargo = process::cargo();
    cargo.args(["test", "--workspace", "--no-fail-fast", "--"]).args(only);
    Ok(count::cargo_test(&process::watch(&mut cargo)?))
}

fn wasm(only: Option<&str>) -> Result<Count> {
    setup::wasm_target()?;
    // Compiled now, and not while the tests wait for it.
    process::run(process::cargo().args(["build", "--quiet", "--package", "wasm-runner"]))?;
    let mut cargo = process::cargo();
    cargo.arg("test").args(IN_WASM).args(["--no-fail-fast", "--"]).args(only);
    Ok(count::cargo_test(&process::watch(&mut cargo)?))
}

fn types() -> Result<Count> {
    Ok(count::cargo_test(&process::watch(&mut programs::run("types"))?))
}

/// With the environment variable `SEMBLANCE_SITE` the built site in that folder is tested, and nothing is built.
fn e2e(only: Option<&str>) -> Result<Count> {
    let mut e2e = programs::run("e2e");
    match std::env::var_os("SEMBLANCE_SITE") {
        Some(folder) => {
            e2e.arg("--site").arg(folder);
        }
        None => build::build(&paths::root().join("dist"))?,
    }
    if let Some(only) = only {
        e2e.args(["--only", only]);
    }
    Ok(count::cargo_test(&process::watch(&mut e2e)?))
}

fn bench() -> Result<Count> {
    programs::bench(Args::new(["--quick".into()].into_iter()))?;
    Ok(Count::one(true))
}

/// A command that is one check.
fn check(command: &mut Command) -> Count {
    let result = process::run(command);
    if let Err(error) = &result {
        println!("{error:#}");
    }
    Count::one(result.is_ok())
}
