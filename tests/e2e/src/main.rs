//! The end-to-end test: the built site, served, in a real browser, used as people use it.
//!
//! Every case starts on a fresh page with empty storage and fails, besides by its own checks, on any error in the
//! console and any request that failed. The browser can reach nothing but this machine.
//!
//! `cargo xtask test e2e` builds the site and calls this; `cargo run -p e2e -- --site FOLDER` tests one that is built.

mod bars;
mod cases;
mod check;
mod engine;
mod golden;
mod r#match;
mod models;
mod page;
mod run;
mod screenshots;
mod site;
mod stage;
mod troubles;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use check::{holds, near, repository_file, same, scratch};
use page::Page;
use repository::args::{self, Args};
use repository::paths;

/// Where the folder is put on the second, plain host.
const SUB_PATH: &str = "/some/sub/path/";

fn main() -> ExitCode {
    args::exit(|| command(Args::new(std::env::args_os().skip(1))))
}

/// `[--site dist] [--only TEXT]`, or `screenshots [--site dist]`.
fn command(mut args: Args) -> Result<()> {
    let dist: PathBuf = args.value("--site")?.unwrap_or_else(|| paths::root().join("dist"));
    let only: Option<String> = args.value("--only")?;
    match &args.plain()?.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => run::run(&dist, only.as_deref())?.report(),
        ["screenshots"] => screenshots::take(&dist),
        [word, ..] => anyhow::bail!("nothing is known about {word:?} here"),
    }
}
