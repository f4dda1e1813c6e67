//! `cargo xtask bench`: how long the engine's stages take in a browser, op by op and beside other libraries.

use std::process::ExitCode;

use anyhow::{Result, bail, ensure};
use repository::args::{self, Args};
use repository::paths;

mod captioner;
mod family;
mod first_visit;
mod host;
mod line;
mod machine;
mod native;
mod page;
mod peak;
mod peer;
mod report;
mod rows;
mod search;
mod stages;
mod table;
mod teach;

/// A checked command line, ready to run on the built site.
type Run = Box<dyn FnOnce() -> Result<()>>;

fn main() -> ExitCode {
    args::exit(|| command(Args::new(std::env::args_os().skip(1))))
}

fn command(mut args: Args) -> Result<()> {
    let (peer, family, check) = (args.flag("--peer"), args.flag("--family"), args.flag("--check"));
    let (first_visit, search, teach, captioner) =
        (args.flag("--first-visit"), args.flag("--search"), args.flag("--teach"), args.flag("--captioner"));
    if args.flag("--native") {
        ensure!(
            !(peer || family || first_visit || search || teach || captioner),
            "--native is a benchmark of its own"
        );
        // Nothing of it is in a browser, and so there is no site to be built.
        let run = native::plan(args)?;
        return if check { Ok(()) } else { run() };
    }
    let run = match (peer, family, first_visit, search, teach, captioner) {
        (true, false, false, false, false, false) => peer::plan(args)?,
        (false, true, false, false, false, false) => family::plan(args)?,
        (false, false, true, false, false, false) => first_visit::plan(args)?,
        (false, false, false, true, false, false) => search::plan(args)?,
        (false, false, false, false, true, false) => teach::plan(args)?,
        (false, false, false, false, false, true) => captioner::plan(args)?,
        (false, false, false, false, false, false) => stages::plan(args)?,
        _ => bail!(
            "--peer, --family, --first-visit, --search, --teach and --captioner are benchmarks of their own: choose one"
        ),
    };
    if check {
        return Ok(());
    }
    let dist = paths::root().join("dist");
    ensure!(dist.join("index.html").is_file(), "there is no built site in {}", dist.display());
    run()
}
