//! What the line refuses that is drawn when a classifier is taught.

use anyhow::{Context, Result};
use semblance_teach::scored::best;
use semblance_teach::teaching::Taught;
use semblance_teach::{Background, Examples};

use crate::runs::classifier;
use crate::strangers::Strangers;
use crate::task::Task;

/// Pictures that a person has at hand and that are of no class.
pub const BACKGROUND: usize = 50;

/// Shares, on pictures that were not taught with.
pub struct Line {
    accepted: f64,
    errors: f64,
    accepted_errors: f64,
    refused_near: f64,
    refused_far: f64,
}

impl Line {
    pub const COLUMNS: [fn(&Self) -> f64; 5] = [
        |line| line.accepted,
        |line| line.errors,
        |line| line.accepted_errors,
        |line| line.refused_near,
        |line| line.refused_far,
    ];

    /// `count`: so many of the strangers are shown when it is drawn; they are not counted.
    pub fn draw(
        task: &Task,
        strangers: &Strangers,
        taught: &Taught,
        captions: bool,
        count: usize,
    ) -> Result<Self> {
        let shown = &strangers.shuffled[..count];
        let classifier = classifier(task, taught, background(task, captions, shown))?;
        let line = classifier.about.threshold.context("a classifier with examples draws a line")?;
        // Of each picture whether it is accepted, and the answer.
        let judge = |pictures: &Examples| -> Result<Vec<(bool, usize)>> {
            let mut logits = classifier.head.logits(pictures.vectors());
            let known = classifier.finish(pictures.vectors(), &mut logits)?;
            let answers = logits.rows().into_iter().map(|row| best(&row.to_vec()));
            Ok(known.iter().map(|&known| known >= line).zip(answers).collect())
        };
        let refused = |pictures: &[usize]| -> Result<f64> {
            let others: Vec<usize> = pictures.iter().filter(|one| !shown.contains(one)).copied().collect();
            let judged = judge(&task.collection.pictures(&others)?)?;
            Ok(share(judged.iter().map(|one| !one.0)))
        };
        let tested = task.tested()?;
        let judged = judge(&tested)?;
        let wrong: Vec<bool> =
            judged.iter().zip(tested.labels()).map(|(one, &label)| one.1 != label as usize).collect();
        let kept: Vec<bool> =
            judged.iter().zip(&wrong).filter(|(one, _)| one.0).map(|(_, &wrong)| wrong).collect();
        Ok(Self {
            accepted: share(judged.iter().map(|one| one.0)),
            errors: share(wrong.into_iter()),
            accepted_errors: share(kept.into_iter()),
            refused_near: refused(&strangers.near)?,
            refused_far: refused(&strangers.far)?,
        })
    }
}

/// Captions that mean nothing in particular, where they are wanted, and pictures of no class.
pub fn background(task: &Task, captions: bool, pictures: &[usize]) -> Background {
    let collection = task.collection;
    Background {
        captions: if captions { collection.neutral.concat() } else { Vec::new() },
        pictures: pictures.iter().flat_map(|&picture| collection.vectors[picture].clone()).collect(),
    }
}

fn share(of: impl ExactSizeIterator<Item = bool>) -> f64 {
    let count = of.len();
    of.filter(|&one| one).count() as f64 / count as f64
}
