//! Accuracy by the number of examples a class: each method beside the words alone, and what is to be said of it.

use std::fmt::Write;

use anyhow::Result;
use semblance_teach::Method;

use crate::runs::{Runs, methods, name};
use crate::spread::Spread;
use crate::standing::{Stands, climbs};
use crate::task::{CLASSES, SEEDS, SHOTS, Wording};

/// `plot`: the file that shows the same.
pub fn report(runs: &Runs, plot: Option<&str>) -> Result<String> {
    let mut text = format!(
        "Tasks of {CLASSES} classes, none above another, drawn by chance; accuracy in percent on pictures that the method was not taught with, mean ± standard deviation of {SEEDS} tasks, which are the same for every method.\n\n"
    );
    if let Some(plot) = plot {
        writeln!(
            text,
            "![Accuracy against examples a class, with and without the classes' words]({plot})\n"
        )?;
    }
    text += "## With the classes' words\n\n";
    table(&mut text, runs, Wording::Right)?;
    writeln!(text, "\n{}\n", beside_the_words(runs, Wording::Right))?;
    text += "## Without words\n\n";
    table(&mut text, runs, Wording::Absent)?;
    writeln!(text, "\n{}\n", beside_the_words(runs, Wording::Absent))?;
    text += "## Words that are wrong\n\nEach class under the name of another concept, always the same one: the worst that a person meets whose classes have names that the model never learned.\n\n";
    table(&mut text, runs, Wording::Wrong)?;
    writeln!(text, "\n{}\n", where_words_say_nothing(runs))?;
    Ok(text)
}

fn table(text: &mut String, runs: &Runs, wording: Wording) -> Result<()> {
    writeln!(text, "| method | {} |", SHOTS.map(|shots| format!("{shots} a class")).join(" | "))?;
    writeln!(text, "|---|{}", "--:|".repeat(SHOTS.len()))?;
    for method in methods(wording) {
        let cells = SHOTS.map(|shots| runs.accuracy(wording, method, shots).percent());
        writeln!(text, "| {} | {} |", name(method), cells.join(" | "))?;
    }
    Ok(())
}

/// How each method stands beside zero-shot classification by the right words, from 2 examples a class on.
fn beside_the_words(runs: &Runs, wording: Wording) -> String {
    let (mut above, mut near, mut below) = (Vec::new(), Vec::new(), Vec::new());
    for method in methods(wording).into_iter().filter(|method| *method != Some(Method::ZeroShot)) {
        let differences = SHOTS[1..].iter().map(|&shots| {
            let words = runs.accuracies(Wording::Right, Some(Method::ZeroShot), shots);
            let own = runs.accuracies(wording, method, shots);
            let differences: Vec<f64> = own.iter().zip(&words).map(|(own, words)| own - words).collect();
            (shots, Spread::of(&differences))
        });
        let stands = Stands::of(&differences.collect::<Vec<_>>());
        match stands {
            Stands::NotBelow => above.push(name(method).to_owned()),
            Stands::Within(..) => near.push(format!("{} ({stands})", name(method))),
            Stands::Below(..) => {
                let why = why(method, wording);
                below.push(format!("{} ({stands}{why})", name(method)));
            }
        }
    }
    let behind = !near.is_empty() || !below.is_empty();
    let mut parts = Vec::new();
    for (which, what) in [
        (above, "not below zero-shot by the words at any number"),
        (near, "below it by less than the spread of the differences"),
        (below, "below it"),
    ] {
        if !which.is_empty() {
            parts.push(format!("{what}: {}", which.join(", ")));
        }
    }
    let mut text = format!(
        "From {} examples a class on, task by task (points, mean ± standard deviation of the differences, where they are worst): {}.",
        SHOTS[1],
        parts.join("; ")
    );
    if wording == Wording::Absent {
        text += " Here no method knows the words.";
    }
    if wording == Wording::Right && behind {
        text += " Pocket was trained on pictures of these very concepts under these names, so that its words are nearly as good as words can be; what examples bring where they are not is [below](#words-that-are-wrong).";
    }
    text
}

/// Why a method falls behind the words.
fn why(method: Option<Method>, wording: Wording) -> &'static str {
    match (wording, method) {
        (Wording::Right, Some(Method::NearestClassMean)) => ", as it does not look at the words",
        _ => "",
    }
}

fn where_words_say_nothing(runs: &Runs) -> String {
    let said = methods(Wording::Wrong).into_iter().map(|method| {
        let of = |shots| runs.accuracy(Wording::Wrong, method, shots).mean;
        let way = SHOTS.map(of);
        let (first, last) = (100.0 * way[0], 100.0 * way[way.len() - 1]);
        match (method, climbs(&way)) {
            (Some(Method::ZeroShot), _) => {
                format!("{} stays at {last:.1} % (chance is {:.1} %)", name(method), 100.0 / CLASSES as f64)
            }
            (_, true) => format!("{} climbs at every step, from {first:.1} % to {last:.1} %", name(method)),
            (_, false) => {
                format!("{} goes from {first:.1} % to {last:.1} %, not at every step up", name(method))
            }
        }
    });
    format!("From {} to {} examples a class: {}.", SHOTS[0], SHOTS[4], said.collect::<Vec<_>>().join("; "))
}
