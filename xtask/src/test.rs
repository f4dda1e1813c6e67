//! `cargo xtask test`: every check there is, one after the other, and one line at the end.

use std::time::Instant;

use anyhow::{Result, bail};

use crate::suites::{SUITES, Suite};
use repository::args::Args;
use repository::count::Count;

pub(crate) fn command(mut args: Args) -> Result<()> {
    let only: Option<String> = args.value("--only")?;
    let chosen = choose(&args.plain()?)?;
    let mut all = Count::default();
    let mut summary = Vec::new();
    for suite in chosen {
        println!("\n── {}: {} ──", suite.name, suite.about);
        let start = Instant::now();
        // A suite that could not run is a failure, and the others go on.
        let count = (suite.run)(only.as_deref()).unwrap_or_else(|error| {
            println!("{error:#}");
            Count::one(false)
        });
        all += count;
        summary.push((suite.name, count, start.elapsed()));
    }
    println!();
    for (name, count, time) in summary {
        let Count { passed, failed } = count;
        println!("{name:<12} {passed:>5} passed {failed:>4} failed {:>6} s", time.as_secs());
    }
    println!("{} passed, {} failed", all.passed, all.failed);
    if all.failed > 0 {
        // The count is the last line; an error would add one.
        std::process::exit(1);
    }
    Ok(())
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
