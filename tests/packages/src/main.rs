//! The packages for npm as their users have them: from a bundler, from another host without one, as the web component in a
//! page that has nothing else, and for TypeScript. Every page is loaded in a real browser and computes with every part of
//! the engine; its numbers must be those of the site's own module, and nothing may fail on the way.
//!
//! `cargo xtask test packages` makes the packages and calls this. It needs npm, and the registry for what the projects'
//! lockfiles name.

mod bundlers;
mod elements;
mod hosts;
mod page;
mod project;
mod registry;
mod types;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context, Result, bail, ensure};
use harness::chrome::Chrome;
use harness::webdriver::Browser;
use repository::args::{self, Args};
use repository::count::Count;
use repository::paths;

use page::Outcome;

/// What the cases have to work with.
struct Stage {
    browser: Browser,
    /// The folders of the two packages, and their archives.
    packages: PathBuf,
    /// What the site's own module computes.
    expected: Outcome,
}

/// What is tested.
struct Case {
    name: &'static str,
    run: fn(&Stage) -> Result<()>,
    /// Left out unless everything is asked for, or this by its name: it takes a fresh project of its own for what others
    /// have looked at in part.
    long: bool,
}

#[rustfmt::skip]
const CASES: &[Case] = &[
    Case { name: "npm takes both packages without a warning", run: registry::publish, long: false },
    Case { name: "imported without a browser", run: registry::without_a_browser, long: false },
    Case { name: "Vite", run: bundlers::vite, long: false },
    Case { name: "Vite's development server", run: bundlers::vite_serves, long: true },
    Case { name: "webpack", run: bundlers::webpack, long: true },
    Case { name: "another host, without a bundler", run: hosts::another, long: false },
    Case { name: "the same host, without a bundler", run: hosts::same, long: false },
    Case { name: "a bundler brings no model along", run: bundlers::without_a_model, long: true },
    Case { name: "TypeScript, for bundlers and for Node", run: types::check, long: true },
    Case { name: "what the documentation says", run: bundlers::as_written, long: true },
    Case { name: "the component in a page that has nothing else", run: elements::alone, long: false },
    Case { name: "the component's attributes, events and parts", run: elements::attributes, long: false },
    Case { name: "several components", run: elements::several, long: false },
    Case { name: "the component says what went wrong", run: elements::errors, long: false },
    Case { name: "the component is accessible", run: elements::accessible, long: false },
    Case { name: "the component from a bundler", run: bundlers::element, long: true },
];

fn main() -> ExitCode {
    args::exit(|| command(Args::new(std::env::args_os().skip(1))))
}

/// `[--packages FOLDER] [--site dist] [--only TEXT [--or-none]] [--long]`, or `screenshots FOLDER`.
fn command(mut args: Args) -> Result<()> {
    let packages: Option<PathBuf> = args.value("--packages")?;
    // The projects that take them in lie elsewhere.
    let packages = std::path::absolute(packages.unwrap_or_else(|| paths::work("packages")))?;
    let site: PathBuf = args.value("--site")?.unwrap_or_else(|| paths::root().join("dist"));
    let only: Option<String> = args.value("--only")?;
    let (or_none, long) = (args.flag("--or-none"), args.flag("--long"));
    let words = args.plain()?;
    let wanted = |case: &&Case| only.as_ref().is_none_or(|text| case.name.contains(text.as_str()));
    let (cases, left_out): (Vec<&Case>, Vec<&Case>) =
        CASES.iter().filter(wanted).partition(|case| long || only.is_some() || !case.long);
    if cases.is_empty() && or_none {
        return Count::default().report();
    }
    ensure!(!cases.is_empty(), "no case has {:?} in its name", only.unwrap_or_default());
    ensure!(
        packages.join("semblance-clip/package.json").is_file(),
        "there are no packages in {}: cargo xtask package makes them",
        packages.display()
    );
    let stage = set(&packages, &site)?;
    match &words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => {
            let mut count = run(&stage, &cases);
            for case in &left_out {
                println!("test packages: {} ... ignored, --long runs it", case.name);
            }
            count.ignored = left_out.len();
            count.report()
        }
        ["screenshots", folder] => elements::screenshots(&stage, Path::new(folder)),
        words => bail!("nothing is known about {words:?} here"),
    }
}

fn set(packages: &Path, site: &Path) -> Result<Stage> {
    let browser = Browser::start(&Chrome::find()?)?;
    let expected = hosts::of_the_site(&browser, site).context("the site's own module")?;
    Ok(Stage { browser, packages: packages.into(), expected })
}

fn run(stage: &Stage, cases: &[&Case]) -> Count {
    let mut count = Count::default();
    for Case { name, run, .. } in cases {
        let start = Instant::now();
        let result = run(stage);
        let word = if result.is_ok() { "ok" } else { "FAILED" };
        println!("test packages: {name} ... {word} ({:.1} s)", start.elapsed().as_secs_f32());
        if let Err(error) = &result {
            println!("  {}", format!("{error:#}").replace('\n', "\n  "));
        }
        count += Count::one(result.is_ok());
    }
    count
}
