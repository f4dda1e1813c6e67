//! The end-to-end test: the built site, served, in a real browser, used as people use it.
//!
//! Every case starts on a fresh page with empty storage and fails, besides by its own checks, on any error in the
//! console and any request that failed. The browser can reach nothing but this machine.
//!
//! `cargo xtask test e2e` builds the site and calls this; `cargo run -p e2e -- --site FOLDER` tests one that is built.

mod bars;
mod cases;
mod check;
mod describe;
mod engine;
mod golden;
mod r#match;
mod measure;
mod models;
mod organise;
mod page;
mod run;
mod screenshots;
mod search;
mod site;
mod stage;
mod states;
mod teach;
mod troubles;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Result, bail, ensure};
use check::{holds, near, repository_file, same, scratch};
use page::Page;
use repository::args::{self, Args};
use repository::paths;

/// Where the repository's `www/` is on both: cases that look into a module have it by itself, while the built site may
/// have joined it to others.
const SOURCES: &str = "/www-src";

/// Where the folder is put on the second, plain host.
const SUB_PATH: &str = "/some/sub/path/";

/// What is drawn by chance, and how much of it.
#[derive(Clone, Copy, Default)]
pub(crate) struct Chance {
    pub(crate) seed: u32,
    /// Everything there is of what is long.
    pub(crate) long: bool,
}

fn main() -> ExitCode {
    args::exit(|| command(Args::new(std::env::args_os().skip(1))))
}

/// `[--site dist] [--only TEXT [--or-none]] [--seed N] [--long]`, or `screenshots [--site dist]`.
fn command(mut args: Args) -> Result<()> {
    let dist: PathBuf = args.value("--site")?.unwrap_or_else(|| paths::root().join("dist"));
    let only: Option<String> = args.value("--only")?;
    let or_none = args.flag("--or-none");
    let chance = Chance { seed: args.value("--seed")?.unwrap_or(1), long: args.flag("--long") };
    match &args.plain()?.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => {
            let count = run::run(&dist, only.as_deref(), chance)?;
            ensure!(or_none || count.run() > 0, "no case has {:?} in its name", only.unwrap_or_default());
            count.report()
        }
        ["screenshots"] => screenshots::take(&dist),
        [word, ..] => bail!("nothing is known about {word:?} here"),
    }
}
