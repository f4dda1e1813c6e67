//! Commands that are programs of their own, compiled when they are wanted: `serve` and `build` need none of them.

use std::ffi::OsString;
use std::process::Command;

use anyhow::{Result, bail};
use repository::args::Args;
use repository::{paths, process};

use crate::build;

pub(crate) fn bench(args: Args) -> Result<()> {
    bench_with(args, process::run)
}

/// Build, and hand over the benchmark to be run.
pub(crate) fn bench_with<T>(mut args: Args, run_it: impl FnOnce(&mut Command) -> Result<T>) -> Result<T> {
    let no_build = args.flag("--no-build");
    let words = args.rest();
    // What was typed is checked before anything is built.
    process::run(run("bench-runner").args(&words).arg("--check"))?;
    if words.iter().any(|word| word == "--native") {
        // Outside the browser there is no site.
        return run_it(run("bench-runner").args(words));
    }
    let dist = paths::root().join("dist");
    match no_build {
        false => build::build(&dist)?,
        true if dist.join("index.html").is_file() => {}
        true => bail!("there is no built site in {}; leave --no-build away", dist.display()),
    }
    run_it(run("bench-runner").args(words))
}

pub(crate) fn screenshots(args: Args) -> Result<()> {
    args.none()?;
    build::build(&paths::root().join("dist"))?;
    process::run(run("e2e").arg("screenshots"))
}

pub(crate) fn verify(args: Args) -> Result<()> {
    from_here("verify", args.rest())
}

pub(crate) fn golden(args: Args) -> Result<()> {
    from_here("golden", args.rest())
}

/// Paths are meant as typed, from where they were typed.
fn from_here(command: &str, words: Vec<OsString>) -> Result<()> {
    process::run(run("verify").arg(command).args(words).current_dir(std::env::current_dir()?))
}

/// A program of the workspace, with its arguments to come.
pub(crate) fn run(package: &str) -> Command {
    let mut cargo = process::cargo();
    cargo.args(["run", "--quiet", "--package", package, "--"]);
    cargo
}
