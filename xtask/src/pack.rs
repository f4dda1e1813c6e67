//! `cargo xtask pack` and `fetch`: the commands of `tools/pack`, with the arguments as they come.

use std::process::Command;

use anyhow::Result;
use repository::args::Args;
use repository::{pack, process};

pub(crate) fn command(args: Args) -> Result<()> {
    run("pack", args)
}

pub(crate) fn fetch(args: Args) -> Result<()> {
    run("fetch", args)
}

fn run(command: &str, args: Args) -> Result<()> {
    let mut tool = Command::new(pack::build()?);
    // Paths are meant as typed, from where they were typed.
    process::run(tool.arg(command).args(args.rest()))
}
