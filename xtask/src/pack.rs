//! `cargo xtask pack` and `fetch`: the commands of `tools/pack`, with the arguments as they come.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use crate::args::Args;
use crate::{paths, process};

pub(crate) fn command(args: Args) -> Result<()> {
    run("pack", args)
}

pub(crate) fn fetch(args: Args) -> Result<()> {
    run("fetch", args)
}

fn run(command: &str, args: Args) -> Result<()> {
    let mut tool = Command::new(build()?);
    // Paths are meant as typed, from where they were typed.
    process::run(tool.arg(command).args(args.rest()))
}

/// The program, compiled.
pub(crate) fn build() -> Result<PathBuf> {
    process::run(process::cargo().args(["build", "--quiet", "--release", "--package", "semblance-pack"]))?;
    Ok(paths::target().join("release").join(format!("semblance-pack{}", std::env::consts::EXE_SUFFIX)))
}
