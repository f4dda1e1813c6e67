//! Accuracy by the number of examples a class: each method, beside the words alone.

use std::fmt::Write;

use anyhow::Result;
use semblance_teach::random::Random;
use semblance_teach::teaching::Teaching;
use semblance_teach::{Examples, Method, Words};

use crate::collection::Collection;

const SHOTS: [usize; 5] = [1, 2, 4, 8, 16];
const SEEDS: u64 = 5;
/// What a person teaches at a time.
const CLASSES: usize = 20;
const TESTED_AT_MOST: usize = 60;

/// Classes with so many pictures that none of the tested ones is an example, none of them above another.
pub fn narrow(collection: &Collection) -> Vec<usize> {
    let wide: Vec<usize> = collection.table.up.iter().flatten().copied().collect();
    let enough = |concept: usize| {
        collection.concepts.iter().filter(|all| all[0] == concept).count() >= 16 + TESTED_AT_MOST / 2
    };
    (0..collection.table.names.len()).filter(|concept| !wide.contains(concept) && enough(*concept)).collect()
}

/// A few classes, and their pictures in two parts.
pub struct Task {
    pub classes: Vec<usize>,
    /// Of each class, in an order by chance: first the examples, then others.
    pictures: Vec<Vec<usize>>,
}

impl Task {
    pub fn draw(collection: &Collection, narrow: &[usize], seed: u64) -> Self {
        let mut random = Random(seed);
        let mut classes = narrow.to_vec();
        random.shuffle(&mut classes);
        classes.truncate(CLASSES);
        let pictures = classes.iter().map(|&concept| {
            let shows = |&picture: &usize| collection.concepts[picture][0] == concept;
            let mut pictures: Vec<usize> = (0..collection.concepts.len()).filter(shows).collect();
            random.shuffle(&mut pictures);
            pictures
        });
        let pictures = pictures.collect();
        Self { classes, pictures }
    }

    pub fn examples(&self, collection: &Collection, shots: usize) -> Result<Examples> {
        self.part(collection, |pictures| &pictures[..shots])
    }

    pub fn tested(&self, collection: &Collection) -> Result<Examples> {
        self.part(collection, |pictures| &pictures[16..pictures.len().min(16 + TESTED_AT_MOST)])
    }

    fn part(&self, collection: &Collection, of: impl Fn(&[usize]) -> &[usize]) -> Result<Examples> {
        let (mut vectors, mut labels) = (Vec::new(), Vec::new());
        for (label, pictures) in self.pictures.iter().enumerate() {
            for &picture in of(pictures) {
                vectors.extend_from_slice(&collection.vectors[picture]);
                labels.push(label as u32);
            }
        }
        Ok(Examples::new(vectors, collection.vectors[0].len(), labels, self.classes.len())?)
    }

    pub fn words(&self, collection: &Collection) -> Result<Words> {
        let vectors = self.classes.iter().flat_map(|&concept| collection.words[concept].clone()).collect();
        Ok(Words::new(vectors, collection.vectors[0].len(), self.classes.len(), collection.logit_scale)?)
    }
}

pub fn report(collection: &Collection) -> Result<String> {
    let narrow = narrow(collection);
    let mut text = String::new();
    for (title, with_words) in [("With the classes' words", true), ("Without words", false)] {
        writeln!(text, "## {title}\n")?;
        let mut rows: Vec<(String, Vec<Vec<f64>>)> = Vec::new();
        let methods: Vec<Option<Method>> =
            std::iter::once(None).chain(Method::ALL.into_iter().map(Some)).collect();
        for method in methods {
            if method == Some(Method::ZeroShot) && !with_words {
                continue;
            }
            let name = method.map_or("chosen by cross-validation", Method::name).to_owned();
            let mut of_shots = Vec::new();
            for shots in SHOTS {
                let mut accuracies = Vec::new();
                for seed in 0..SEEDS {
                    let task = Task::draw(collection, &narrow, seed);
                    let examples = task.examples(collection, shots)?;
                    let words = if with_words { Some(task.words(collection)?) } else { None };
                    let taught = Teaching::new(examples, words, method, &[])?.finish(method)?;
                    let head = taught.setting.fit(&taught.examples, taught.words.as_ref())?;
                    let tested = task.tested(collection)?;
                    let logits = head.logits(tested.vectors());
                    let right = logits.rows().into_iter().zip(tested.labels());
                    let right = right
                        .filter(|(row, label)| {
                            semblance_teach::scored::best(&row.to_vec()) == **label as usize
                        })
                        .count();
                    accuracies.push(right as f64 / tested.len() as f64);
                    if method.is_none() {
                        eprintln!(
                            "{shots} {seed} {:?} {:.3}",
                            taught.setting,
                            right as f64 / tested.len() as f64
                        );
                    }
                }
                of_shots.push(accuracies);
            }
            rows.push((name, of_shots));
        }
        writeln!(text, "| method | {} |", SHOTS.map(|shots| format!("{shots} a class")).join(" | "))?;
        writeln!(text, "|---|{}", "--:|".repeat(SHOTS.len()))?;
        for (name, of_shots) in &rows {
            let cells: Vec<String> = of_shots.iter().map(|all| mean_and_spread(all)).collect();
            writeln!(text, "| {name} | {} |", cells.join(" | "))?;
        }
        text.push('\n');
    }
    Ok(text)
}

/// In percent: the mean ± the standard deviation.
fn mean_and_spread(all: &[f64]) -> String {
    let mean = all.iter().sum::<f64>() / all.len() as f64;
    let variance = all.iter().map(|one| (one - mean).powi(2)).sum::<f64>() / (all.len() - 1).max(1) as f64;
    format!("{:.1} ± {:.1}", 100.0 * mean, 100.0 * variance.sqrt())
}
