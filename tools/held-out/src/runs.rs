//! Every method taught on every task with every number of examples, and tested on pictures that it was not taught with: what
//! the report's first parts are made of.

use anyhow::Result;
use semblance_teach::reliability::Reliability;
use semblance_teach::report::conclude;
use semblance_teach::scored::softmax;
use semblance_teach::teaching::{Taught, Teaching};
use semblance_teach::{Background, Classifier, Method};

use crate::spread::Spread;
use crate::task::{SEEDS, SHOTS, Task, Tasks, Wording};

pub struct Run {
    pub wording: Wording,
    /// None: chosen by cross-validation.
    pub method: Option<Method>,
    pub shots: usize,
    /// Of the tested pictures by the head's own logits, and by the classifier's calibrated ones.
    pub before: Reliability,
    pub after: Reliability,
}

pub struct Runs(Vec<Run>);

/// What can be asked for: the choice first. Zero-shot takes words.
pub fn methods(wording: Wording) -> Vec<Option<Method>> {
    let has = |method: &Method| *method != Method::ZeroShot || wording != Wording::Absent;
    std::iter::once(None).chain(Method::ALL.into_iter().filter(has).map(Some)).collect()
}

pub fn name(method: Option<Method>) -> &'static str {
    method.map_or("chosen by cross-validation", Method::name)
}

/// A method's training, or the choice of one.
pub fn teach(task: &Task, wording: Wording, method: Option<Method>, shots: usize) -> Result<Taught> {
    let teaching = Teaching::new(task.examples(shots)?, task.words(wording)?, method, &task.names())?;
    Ok(teaching.finish(method)?)
}

/// What a page would get.
pub fn classifier(task: &Task, taught: &Taught, background: Background) -> Result<Classifier> {
    Ok(conclude(taught, background, task.names(), Vec::new(), String::new())?.0)
}

impl Runs {
    pub fn of(tasks: &Tasks) -> Result<Self> {
        let mut all = Vec::new();
        for seed in 0..SEEDS {
            let task = tasks.draw(seed);
            for wording in Wording::ALL {
                eprintln!("task {} of {SEEDS}, {}", seed + 1, wording.name());
                for method in methods(wording) {
                    for shots in SHOTS {
                        all.push(run(&task, wording, method, shots)?);
                    }
                }
            }
        }
        Ok(Self(all))
    }

    /// One after another, by the tasks' order.
    pub fn find(&self, wording: Wording, method: Option<Method>, shots: usize) -> Vec<&Run> {
        let asked = |run: &&Run| (run.wording, run.method, run.shots) == (wording, method, shots);
        self.0.iter().filter(asked).collect()
    }

    /// Accuracy of each task, by the head's own logits.
    pub fn accuracies(&self, wording: Wording, method: Option<Method>, shots: usize) -> Vec<f64> {
        self.find(wording, method, shots).iter().map(|run| run.before.accuracy).collect()
    }

    pub fn accuracy(&self, wording: Wording, method: Option<Method>, shots: usize) -> Spread {
        Spread::of(&self.accuracies(wording, method, shots))
    }
}

fn run(task: &Task, wording: Wording, method: Option<Method>, shots: usize) -> Result<Run> {
    let taught = teach(task, wording, method, shots)?;
    let classifier = classifier(task, &taught, Background::default())?;
    let tested = task.tested()?;
    let (classes, labels) = (tested.classes(), tested.labels());
    let raw = classifier.head.logits(tested.vectors());
    let raw: Vec<f64> =
        raw.rows().into_iter().flat_map(|row| softmax(row.iter().map(|&z| f64::from(z)))).collect();
    let vectors = tested.vectors().iter().copied().collect();
    let calibrated: Vec<f64> =
        classifier.classify(vectors)?.probabilities.into_iter().map(f64::from).collect();
    let before = Reliability::of(&raw, classes, labels)?;
    let after = Reliability::of(&calibrated, classes, labels)?;
    Ok(Run { wording, method, shots, before, after })
}
