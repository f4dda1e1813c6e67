//! How far scores can be believed on pictures that the classifier was not taught with, before and after calibration.

use std::fmt::Write;

use anyhow::{Context, Result};
use semblance_teach::reliability::Reliability;

use crate::runs::{Runs, methods, name};
use crate::spread::Spread;
use crate::task::{MOST_SHOTS, SHOTS, Wording};

/// Something that is measured, by how many digits, times how much.
struct Measure {
    title: &'static str,
    of: fn(&Reliability) -> f64,
    times: f64,
    digits: usize,
}

const MEASURES: [Measure; 3] = [
    Measure { title: "Expected calibration error, in percent", of: |one| one.ece, times: 100.0, digits: 1 },
    Measure { title: "Brier score, 0 to 2", of: |one| one.brier, times: 1.0, digits: 3 },
    Measure { title: "Log loss, in nats", of: |one| one.log_loss, times: 1.0, digits: 2 },
];

pub fn report(runs: &Runs) -> Result<String> {
    let mut text = String::from(
        "## Whether scores can be believed\n\nOn the tested pictures, the same tasks; each cell is *before → after* calibration: softmax of the method's own logits, and the classifier's probabilities, calibrated by the examples alone. Means; less is better.\n",
    );
    for measure in MEASURES {
        table(&mut text, runs, &measure)?;
    }
    writeln!(text, "\n{}\n", one_interval(runs)?)?;
    Ok(text)
}

fn table(text: &mut String, runs: &Runs, measure: &Measure) -> Result<()> {
    let &Measure { title, of, times, digits } = measure;
    let shots = &SHOTS[1..];
    let heads: Vec<String> = shots.iter().map(|shots| format!("{shots} a class")).collect();
    writeln!(text, "\n### {title}\n\n| words | method | {} |", heads.join(" | "))?;
    writeln!(text, "|---|---|{}", "--:|".repeat(shots.len()))?;
    let mut rows = 0;
    let mut lower = vec![0; shots.len()];
    for wording in Wording::ALL {
        for method in methods(wording) {
            let cells = shots.iter().zip(&mut lower).map(|(&shots, lower)| {
                let found = runs.find(wording, method, shots);
                let mean = |all: Vec<f64>| times * Spread::of(&all).mean;
                let before = mean(found.iter().map(|run| of(&run.before)).collect());
                let after = mean(found.iter().map(|run| of(&run.after)).collect());
                *lower += usize::from(after < before);
                format!("{before:.digits$} → {after:.digits$}")
            });
            let cells: Vec<String> = cells.collect();
            writeln!(text, "| {} | {} | {} |", wording.name(), name(method), cells.join(" | "))?;
            rows += 1;
        }
    }
    let lower: Vec<String> =
        heads.iter().zip(lower).map(|(head, lower)| format!("{lower} with {head}")).collect();
    writeln!(text, "\nOf {rows} rows it is lower after calibration in {}.", lower.join(", "))?;
    Ok(())
}

/// How sure one of the numbers is.
fn one_interval(runs: &Runs) -> Result<String> {
    let found = runs.find(Wording::Right, None, MOST_SHOTS);
    let after = &found.first().context("the first task was run")?.after;
    Ok(format!(
        "One case with its interval: what was chosen for the first task with {MOST_SHOTS} examples a class and words has an error of {:.1} % after calibration on {} pictures; 95 % of the bootstrap's resamples are between {:.1} % and {:.1} % (an error of few pictures lies too high, and so do they). It is right about {:.1} % and {:.1} % sure in the mean.",
        100.0 * after.ece,
        after.examples,
        100.0 * after.ece_interval.low,
        100.0 * after.ece_interval.high,
        100.0 * after.accuracy,
        100.0 * after.confidence
    ))
}
