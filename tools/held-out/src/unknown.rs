//! “None of these”: how well pictures of no class are told from the tested ones, by several scores.
//!
//! ```text
//! softmax             max_c p_c                               Hendrycks and Gimpel, “A Baseline for Detecting Misclassified and
//!                                                             Out-of-Distribution Examples in Neural Networks”, 2017
//! max logit, energy   semblance_teach::open_set
//! energy − captions   semblance_teach::classifier
//! ```

mod line;

use std::fmt::Write;

use anyhow::Result;
use semblance_teach::open_set::{auroc, energy, max_logit};
use semblance_teach::scored::softmax;
use semblance_teach::teaching::Taught;
use semblance_teach::{Classifier, Examples, Method};

use crate::runs::{classifier, teach};
use crate::spread::Spread;
use crate::strangers::Strangers;
use crate::task::{MOST_SHOTS, SEEDS, Task, Tasks, Wording};
use line::{BACKGROUND, Line, background};

const SCORES: [&str; 4] = ["softmax", "max logit", "energy", "energy − captions"];

/// A way to make a classifier.
struct Case {
    name: &'static str,
    wording: Wording,
    method: Option<Method>,
    shots: usize,
}

const CASES: [Case; 4] = [
    Case { name: "words alone", wording: Wording::Right, method: Some(Method::ZeroShot), shots: 0 },
    Case { name: "16 a class, with words", wording: Wording::Right, method: None, shots: MOST_SHOTS },
    Case { name: "16 a class, without words", wording: Wording::Absent, method: None, shots: MOST_SHOTS },
    Case { name: "16 a class, wrong words", wording: Wording::Wrong, method: None, shots: MOST_SHOTS },
];

/// A task, what is of none of its classes, and what each of the cases learned.
struct Drawn<'a> {
    task: Task<'a>,
    strangers: Strangers,
    taught: Vec<Taught>,
}

pub fn report(tasks: &Tasks) -> Result<String> {
    let mut drawn = Vec::new();
    for seed in 0..SEEDS {
        eprintln!("none of these, task {} of {SEEDS}", seed + 1);
        let task = tasks.draw(seed);
        let strangers = Strangers::of(task.collection, &task.classes, seed);
        let taught = CASES.iter().map(|case| teach(&task, case.wording, case.method, case.shots));
        let taught = taught.collect::<Result<_>>()?;
        drawn.push(Drawn { task, strangers, taught });
    }
    let mean =
        |of: fn(&Strangers) -> usize| drawn.iter().map(|one| of(&one.strangers)).sum::<usize>() / drawn.len();
    let mut text = format!(
        "## None of these\n\nThe tested pictures against pictures of all other concepts but those above a class; *near*: of a concept that shares a parent with a class (beagle and pug; {} pictures in the mean), *far*: all others ({}).\n\n",
        mean(|one| one.near.len()),
        mean(|one| one.far.len()),
    );
    which_score(&mut text, &drawn)?;
    lines(&mut text, &drawn)?;
    Ok(text)
}

fn which_score(text: &mut String, drawn: &[Drawn]) -> Result<()> {
    writeln!(
        text,
        "### Which score\n\nAUROC in percent: how often one of the tested pictures is better known than one of no class; mean ± standard deviation of {SEEDS} tasks. All scores by calibrated logits. Without words there is no logit scale by which captions could be compared.\n\n| classifier | score | near | far | all |\n|---|---|--:|--:|--:|"
    )?;
    let mut overall = [0.0; SCORES.len()];
    let mut cases = 0.0;
    for (place, case) in CASES.iter().enumerate() {
        // Of each score: near, far, all; of each the tasks.
        let mut found: [[Vec<f64>; 3]; SCORES.len()] = Default::default();
        for Drawn { task, strangers, taught } in drawn {
            let classifier = classifier(task, &taught[place], background(task, true, &[]))?;
            let tested = scores(&classifier, &task.tested()?)?;
            let near = scores(&classifier, &task.collection.pictures(&strangers.near)?)?;
            let far = scores(&classifier, &task.collection.pictures(&strangers.far)?)?;
            for (score, found) in found.iter_mut().enumerate() {
                let all = [&near[score][..], &far[score][..]].concat();
                for (negative, found) in [&near[score], &far[score], &all].into_iter().zip(found) {
                    found.push(auroc(&tested[score], negative));
                }
            }
        }
        let there = SCORES.len() - usize::from(case.wording == Wording::Absent);
        for (score, found) in found.iter().enumerate().take(there) {
            let cells = found.each_ref().map(|tasks| Spread::of(tasks).percent());
            writeln!(text, "| {} | {} | {} |", case.name, SCORES[score], cells.join(" | "))?;
        }
        if case.wording != Wording::Absent {
            cases += 1.0;
            overall.iter_mut().zip(&found).for_each(|(sum, found)| *sum += Spread::of(&found[2]).mean);
        }
    }
    let first = (0..SCORES.len()).fold(0, |best, at| if overall[at] > overall[best] { at } else { best });
    let said = SCORES.iter().zip(overall).map(|(score, sum)| format!("{score} {:.1}", 100.0 * sum / cases));
    writeln!(
        text,
        "\nMean of *all* over the classifiers that have words: {}. The best is {}.\n",
        said.collect::<Vec<_>>().join(", "),
        SCORES[first]
    )?;
    Ok(())
}

/// Of each picture, the scores in their order.
fn scores(classifier: &Classifier, pictures: &Examples) -> Result<[Vec<f64>; SCORES.len()]> {
    let mut logits = classifier.head.logits(pictures.vectors());
    let less_captions = classifier.finish(pictures.vectors(), &mut logits)?;
    let rows: Vec<Vec<f32>> = logits.rows().into_iter().map(|row| row.to_vec()).collect();
    let most_sure =
        |row: &Vec<f32>| softmax(row.iter().map(|&logit| f64::from(logit))).into_iter().fold(0.0, f64::max);
    Ok([
        rows.iter().map(most_sure).collect(),
        rows.iter().map(|row| max_logit(row)).collect(),
        rows.iter().map(|row| energy(row, 1.0)).collect(),
        less_captions,
    ])
}

/// What is refused by the lines that teaching draws.
fn lines(text: &mut String, drawn: &[Drawn]) -> Result<()> {
    writeln!(
        text,
        "### Where the line is\n\nThe line that teaching draws by itself, on pictures that it did not see, without pictures of no class and with {BACKGROUND} (drawn from near and far, and not counted). *Accepted*: of the tested pictures. *Errors*: of all of them, and of those that are accepted. *Refused*: of what is of no class. Percent, mean ± standard deviation of {SEEDS} tasks.\n\n| classifier | score | pictures of no class | accepted | errors | of accepted | refused near | refused far |\n|---|---|--:|--:|--:|--:|--:|--:|"
    )?;
    for (place, case) in CASES.iter().enumerate().filter(|(_, case)| case.shots > 0) {
        let scores: &[(&str, bool)] = match case.wording {
            Wording::Absent => &[(SCORES[2], false)],
            _ => &[(SCORES[2], false), (SCORES[3], true)],
        };
        for &(score, captions) in scores {
            for count in [0, BACKGROUND] {
                let mut found = Vec::new();
                for Drawn { task, strangers, taught } in drawn {
                    found.push(Line::draw(task, strangers, &taught[place], captions, count)?);
                }
                let cells = Line::COLUMNS
                    .map(|column| Spread::of(&found.iter().map(column).collect::<Vec<_>>()).percent());
                writeln!(text, "| {} | {score} | {count} | {} |", case.name, cells.join(" | "))?;
            }
        }
    }
    text.push('\n');
    Ok(())
}
