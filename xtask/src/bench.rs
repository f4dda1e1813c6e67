//! `cargo xtask bench`: how long the engine's stages take in a browser, op by op and beside other libraries.

use anyhow::{Result, bail};

use crate::args::Args;
use crate::{build, paths};

mod family;
mod host;
mod machine;
pub(crate) mod memory;
mod page;
mod peak;
mod peer;
mod report;
mod rows;
mod stages;
mod table;

/// A checked command line, ready to run on the built site.
type Run = Box<dyn FnOnce() -> Result<()>>;

pub(crate) fn command(args: Args) -> Result<()> {
    let (peer, args) = flag(args, "--peer");
    let (family, args) = flag(args, "--family");
    let (no_build, args) = flag(args, "--no-build");
    // What was typed is checked before anything is built.
    let run = match (peer, family) {
        (true, true) => bail!("--peer and --family are two benchmarks: choose one"),
        (true, false) => peer::plan(args)?,
        (false, true) => family::plan(args)?,
        (false, false) => stages::plan(args)?,
    };
    let dist = paths::root().join("dist");
    match no_build {
        false => build::build(&dist)?,
        true if dist.join("index.html").is_file() => {}
        true => bail!("there is no built site in {}; leave --no-build away", dist.display()),
    }
    run()
}

/// A word that stands alone: was it there, and the rest.
pub(crate) fn flag(args: Args, name: &str) -> (bool, Args) {
    let words = args.rest();
    let rest: Vec<_> = words.iter().filter(|word| *word != name).cloned().collect();
    (rest.len() < words.len(), Args::new(rest.into_iter()))
}
