//! Teaching, step by step, so that a page can show how far it is and may stop: each method is tried on held-out examples, the
//! best one is fitted to all of them, its scores are calibrated, and what is known of it is written down.

use ndarray::{Array2, Axis};

use crate::error::{Error, Result};
use crate::examples::{Examples, Words};
use crate::folds::{folds, rest};
use crate::method::{Grid, Method, Setting};
use crate::trial::{Trial, choose, choose_trial};

/// Multiplications of one look at all examples (examples × classes × dim) up to which a probe is tried unasked, and up to which
/// (examples² × dim × 20 times) keys are trained: a second or two in a browser.
const PROBE_AT_MOST: u64 = 100_000_000;
const KEYS_AT_MOST: u64 = 500_000_000;
/// As many times Tip-Adapter-F goes through the examples.
const TIMES: u64 = 20;

/// Why a method was not tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Skipped {
    /// It takes the classes' words, and the model has none.
    NoWords,
    /// It would take too long; it is tried where it is asked for.
    TooLarge,
}

/// A method's held-out results.
#[derive(Clone, Debug)]
pub struct Tried {
    pub setting: Setting,
    pub trial: Trial,
}

/// Teaching that is under way.
#[derive(Debug)]
pub struct Teaching {
    examples: Examples,
    words: Option<Words>,
    methods: Vec<Method>,
    skipped: Vec<(Method, Skipped)>,
    folds: Vec<Vec<usize>>,
    /// Of each held-out row, its example, class and fold for choosing.
    places: Vec<usize>,
    labels: Vec<u32>,
    turns: Vec<u32>,
    grid: Grid,
    /// Of the method that is being tried, the logits of each setting so far.
    under_way: Vec<Array2<f32>>,
    tried: Vec<Tried>,
    steps: usize,
}

/// What came of it.
#[derive(Debug)]
pub struct Taught {
    pub examples: Examples,
    pub words: Option<Words>,
    pub setting: Setting,
    pub temperature: f64,
    pub tried: Vec<Tried>,
    pub skipped: Vec<(Method, Skipped)>,
    /// Of each held-out row.
    pub places: Vec<usize>,
    pub labels: Vec<u32>,
    pub turns: Vec<u32>,
    pub folds: usize,
    /// Held-out logits of what is chosen without looking at the row's fold.
    pub logits: Array2<f32>,
    pub raw: Array2<f32>,
}

impl Teaching {
    /// `method`: the one that is wanted (zero-shot is tried beside it), or none for the best of all.
    ///
    /// Errors: a class has neither an example nor words; the words are of other classes or another length.
    pub fn new(
        examples: Examples,
        words: Option<Words>,
        method: Option<Method>,
        names: &[String],
    ) -> Result<Self> {
        let fits = |words: &Words| words.vectors().dim() == (examples.classes(), examples.dim());
        if !words.as_ref().is_none_or(fits) {
            return Err(Error::Argument("the words' vectors are not those of the classes".into()));
        }
        if let (None, Some(empty)) = (&words, examples.counts().iter().position(|&count| count == 0)) {
            let name = names.get(empty).cloned().unwrap_or_else(|| empty.to_string());
            return Err(Error::Empty(name));
        }
        let (mut methods, mut skipped) = (Vec::new(), Vec::new());
        for one in Method::ALL {
            let asked = method.is_none_or(|wanted| wanted == one);
            if !asked && (one != Method::ZeroShot || words.is_none()) {
                continue;
            }
            match reason(one, &examples, words.is_some(), method == Some(one)) {
                Some(why) => skipped.push((one, why)),
                None => methods.push(one),
            }
        }
        if methods.is_empty() {
            return Err(Error::Argument("zero-shot classification takes the classes' words".into()));
        }
        let folds = folds(examples.labels(), examples.classes());
        let places: Vec<usize> = folds.iter().flatten().copied().collect();
        let labels = places.iter().map(|&place| examples.labels()[place]).collect();
        // What is held out only once chooses by its other half.
        let turns = match &folds[..] {
            [one] => (0..one.len() as u32).map(|row| row % 2).collect(),
            _ => folds.iter().zip(0..).flat_map(|(fold, turn)| fold.iter().map(move |_| turn)).collect(),
        };
        let grid = Grid::of(places.len(), examples.classes());
        Ok(Self {
            examples,
            words,
            methods,
            skipped,
            folds,
            places,
            labels,
            turns,
            grid,
            under_way: Vec::new(),
            tried: Vec::new(),
            steps: 0,
        })
    }

    /// How far it is, from 0 to 1.
    pub fn progress(&self) -> f64 {
        let all = self.methods.len() * self.folds.len();
        if all == 0 { 1.0 } else { self.steps as f64 / all as f64 }
    }

    /// One method on one fold; whether there is more to do.
    ///
    /// Errors: as [`Setting::fit`].
    pub fn step(&mut self) -> Result<bool> {
        let Some(&method) = self.methods.get(self.tried.len()) else { return Ok(false) };
        let words = self.words.as_ref();
        let settings = self.grid.settings(method, words.is_some());
        if self.places.is_empty() {
            // No example: the words are all there is to go by.
            let empty = Array2::zeros((0, self.examples.classes()));
            let trial =
                Trial { chosen: 0, temperature: 1.0, logits: empty.clone(), raw: empty, losses: Vec::new() };
            self.tried.push(Tried { setting: settings[0], trial });
            return Ok(self.tried.len() < self.methods.len());
        }
        let fold = self.steps % self.folds.len();
        let held_out = &self.folds[fold];
        let others = self.examples.select(held_out);
        let rest = self.examples.select(&rest(held_out, self.examples.len()));
        let found = self.grid.held_out(method, &rest, words, &others)?;
        if fold == 0 {
            self.under_way = vec![Array2::zeros((0, self.examples.classes())); found.len()];
        }
        for (all, some) in self.under_way.iter_mut().zip(&found) {
            all.append(Axis(0), some.view()).map_err(|error| Error::Argument(error.to_string()))?;
        }
        self.steps += 1;
        if fold + 1 == self.folds.len() {
            let trial = choose(std::mem::take(&mut self.under_way), &self.labels, &self.turns)?;
            self.tried.push(Tried { setting: settings[trial.chosen], trial });
        }
        Ok(self.tried.len() < self.methods.len())
    }

    /// The end of it, after all steps. `wanted`: the method that was asked for.
    pub fn finish(mut self, wanted: Option<Method>) -> Result<Taught> {
        while self.step()? {}
        let (chosen, logits) = match wanted {
            Some(method) => {
                let place = self.tried.iter().position(|tried| tried.setting.method() == method);
                let place =
                    place.ok_or_else(|| Error::Argument(format!("{} was not tried", method.name())))?;
                (place, self.tried[place].trial.logits.clone())
            }
            None => {
                let trials: Vec<Trial> = self.tried.iter().map(|tried| tried.trial.clone()).collect();
                choose_trial(&trials, &self.turns)
            }
        };
        let Tried { setting, trial } = &self.tried[chosen];
        Ok(Taught {
            setting: *setting,
            temperature: trial.temperature,
            raw: trial.raw.clone(),
            logits,
            folds: self.folds.len(),
            examples: self.examples,
            words: self.words,
            skipped: self.skipped,
            places: self.places,
            labels: self.labels,
            turns: self.turns,
            tried: self.tried,
        })
    }
}

impl Taught {
    /// What learns: the chosen setting, or where that is the words alone, the best of those that take examples.
    pub fn learner(&self) -> Setting {
        let sum = |tried: &Tried| tried.trial.losses.iter().sum::<f64>();
        let learners = self.tried.iter().filter(|tried| tried.setting != Setting::ZeroShot);
        let best = learners.min_by(|one, other| sum(one).total_cmp(&sum(other)));
        match (self.setting, best) {
            (Setting::ZeroShot, Some(best)) => best.setting,
            (setting, _) => setting,
        }
    }
}

/// Why a method is not tried, if it is not.
fn reason(method: Method, examples: &Examples, words: bool, asked: bool) -> Option<Skipped> {
    // In a browser `usize` has 32 bits, and this is beyond them.
    let [count, classes, dim] = [examples.len(), examples.classes(), examples.dim()].map(|size| size as u64);
    match method {
        Method::ZeroShot if !words => Some(Skipped::NoWords),
        Method::LinearProbe if !asked && count * classes * dim > PROBE_AT_MOST => Some(Skipped::TooLarge),
        Method::TipAdapterF if !asked && count * count * dim * TIMES > KEYS_AT_MOST => {
            Some(Skipped::TooLarge)
        }
        _ => None,
    }
}
