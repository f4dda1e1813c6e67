//! `cargo xtask test`: every check there is, one after the other, and one line at the end.
//!
//! What could not be run has failed: a suite that stopped, one in which nothing was tested, an `--only` that no test of
//! any suite has in its name. What was left out is named as left out.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use repository::args::Args;
use repository::count::Count;
use repository::process;

use crate::suites::{SUITES, Suite};

/// What is asked of the suites.
pub(crate) struct Wish {
    /// Text that tests' names must hold.
    pub(crate) only: Option<String>,
    /// Where what is drawn by chance begins. Each commit has its own, so that in time many are tried.
    pub(crate) seed: u32,
    /// Everything there is of what is long without being new each time.
    pub(crate) long: bool,
}

pub(crate) fn command(mut args: Args) -> Result<()> {
    let (given, long, only) = (args.value("--seed")?, args.flag("--long"), args.value("--only")?);
    let named = args.plain()?;
    let chosen = choose(&named)?;
    let wish = Wish { only, long, seed: given.map_or_else(commits_seed, Ok)? };
    println!("Seed {} (--seed {0} repeats this run){}.", wish.seed, if long { ", in full" } else { "" });
    let mut all = Count::default();
    let mut summary = Vec::new();
    for suite in chosen {
        println!("\n── {}: {} ──", suite.name, suite.about);
        if suite.long && !wish.long && named.is_empty() {
            println!("Left out: --long runs it, or its name.");
            summary.push((suite.name, Count::default(), Duration::ZERO));
            continue;
        }
        let start = Instant::now();
        // A suite that could not run is a failure, and the others go on.
        let mut count = (suite.run)(&wish).unwrap_or_else(|error| {
            println!("{error:#}");
            Count::one(false)
        });
        if wish.only.is_none() && count.run() == 0 {
            println!("Nothing was tested.");
            count.failed = 1;
        }
        all += count.clone();
        summary.push((suite.name, count, start.elapsed()));
    }
    if all.run() == 0 {
        println!("\nNo test has {:?} in its name.", wish.only.unwrap_or_default());
        all.failed = 1;
    }
    // Again at the end, where it is found.
    for trouble in &all.troubles {
        println!("\n{trouble}");
    }
    println!();
    for (name, count, time) in summary {
        let more = match (count.run(), count.ignored) {
            (0, _) => "  (skipped)".to_owned(),
            (_, 0) => String::new(),
            (_, ignored) => format!("  ({ignored} skipped)"),
        };
        let Count { passed, failed, .. } = count;
        println!("{name:<12} {passed:>5} passed {failed:>4} failed {:>6} s{more}", time.as_secs());
    }
    println!("{} passed, {} failed", all.passed, all.failed);
    if all.failed > 0 {
        // The count is the last line; an error would add one.
        std::process::exit(1);
    }
    Ok(())
}

/// The first digits of the commit that is checked out.
fn commits_seed() -> Result<u32> {
    let commit = process::read(process::new("git").args(["rev-parse", "HEAD"]))
        .context("the seed is the commit's; where there is none, give one with --seed")?;
    let digits = commit.get(..8).with_context(|| format!("{commit:?} is no commit"))?;
    u32::from_str_radix(digits, 16).with_context(|| format!("{commit:?} is no commit"))
}

fn choose(names: &[String]) -> Result<Vec<&'static Suite>> {
    for name in names {
        if !SUITES.iter().any(|suite| suite.name == name) {
            let known: Vec<_> = SUITES.iter().map(|suite| suite.name).collect();
            bail!("there is no suite {name:?}; there are {}", known.join(", "));
        }
    }
    Ok(SUITES
        .iter()
        .filter(|suite| names.is_empty() || names.iter().any(|name| name == suite.name))
        .collect())
}
