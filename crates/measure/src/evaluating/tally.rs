//! Pictures one after another: of each row of logits a few numbers stay, so that a million logits need not lie in memory.
//!
//! ```text
//! log p_c = z_c − z_a − log(1 + Σ_{c ≠ a} exp(z_c − z_a))        a: the answer
//! ```

use semblance_teach::reliability::Outcome;

use crate::error::{Error, Result, check, wrong};
use crate::evaluating::evaluation::{Evaluated, conclude};
use crate::evaluating::pictures::Pictures;
use crate::evaluating::ranking::{TOP, rank, top};

/// What is counted so far.
#[derive(Clone, Debug)]
pub struct Tally {
    classes: usize,
    truths: Vec<u32>,
    pictures: Pictures,
    outcomes: Vec<Outcome>,
    /// `pictures × classes`, where they are wanted.
    log_probabilities: Option<Vec<f32>>,
    /// exp(z − z_a) of the row at hand.
    row: Vec<f64>,
}

impl Tally {
    /// `with_map`: keep the probabilities too, 4 bytes a picture and class, of which mean average precision is computed.
    ///
    /// Errors: fewer than two classes.
    pub fn new(classes: usize, with_map: bool) -> Result<Self> {
        if classes < 2 {
            return Err(Error::Classes(classes));
        }
        Ok(Self {
            classes,
            truths: Vec::new(),
            pictures: Pictures { top_of: TOP.min(classes), ..Pictures::default() },
            outcomes: Vec::new(),
            log_probabilities: with_map.then(Vec::new),
            row: vec![0.0; classes],
        })
    }

    /// Make room for so many more pictures.
    pub fn reserve(&mut self, pictures: usize) {
        if let Some(kept) = &mut self.log_probabilities {
            kept.reserve_exact(pictures * self.classes);
        }
    }

    /// Count a picture by its logits, one a class.
    ///
    /// Errors: another number of logits, one that is no number, a truth that is none of the classes.
    pub fn push(&mut self, logits: &[f32], truth: u32) -> Result<()> {
        check("logits", logits, self.classes)?;
        if truth as usize >= self.classes {
            return wrong(format!("a truth {truth} of {} classes", self.classes));
        }
        let mut places = [0; TOP];
        let filled = top(logits, &mut places);
        let (answer, truth_at) = (places[0] as usize, truth as usize);
        let most = f64::from(logits[answer]);
        self.row.iter_mut().zip(logits).for_each(|(part, &z)| *part = (f64::from(z) - most).exp());
        let rest = self.row[..answer].iter().sum::<f64>() + self.row[answer + 1..].iter().sum::<f64>();
        let (whole, log_whole) = (1.0 + rest, rest.ln_1p());
        let log_p = |z: f32| f64::from(z) - most - log_whole;
        if let Some(kept) = &mut self.log_probabilities {
            kept.extend(logits.iter().map(|&z| log_p(z) as f32));
        }
        let squares: f64 = self.row.iter().map(|part| (part / whole).powi(2)).sum();
        self.outcomes.push(Outcome {
            confidence: 1.0 / whole,
            correct: answer == truth_at,
            // Σ (p − [truth])² = Σ p² − 2 p + 1 of the truth's p.
            brier: (squares - 2.0 * self.row[truth_at] / whole + 1.0).max(0.0),
            log_loss: -log_p(logits[truth_at]),
        });
        self.truths.push(truth);
        self.pictures.answers.push(answer as u32);
        self.pictures.probabilities.push((1.0 / whole) as f32);
        self.pictures.ranks.push(rank(logits, truth_at));
        self.pictures.top.extend_from_slice(&places[..filled]);
        Ok(())
    }

    /// How many pictures were counted.
    pub fn len(&self) -> usize {
        self.truths.len()
    }

    pub fn is_empty(&self) -> bool {
        self.truths.is_empty()
    }

    /// All that can be said of them; the same seed gives the same intervals.
    ///
    /// Errors: no picture.
    pub fn finish(self, seed: u64) -> Result<Evaluated> {
        let Self { classes, truths, pictures, outcomes, log_probabilities, .. } = self;
        conclude(classes, &truths, pictures, &outcomes, log_probabilities.as_deref(), seed)
    }
}

/// Count all pictures and conclude, with mean average precision. `logits`: `truths.len() × classes`, row-major, the logit scale
/// in them; `truths`: a class each. The logits are read once; their log-probabilities are the only copy.
///
/// Errors: no picture, fewer than two classes, logits that are not whole rows of finite numbers, a truth that is none of the
/// classes.
pub fn evaluate(logits: &[f32], classes: usize, truths: &[u32], seed: u64) -> Result<Evaluated> {
    let mut tally = Tally::new(classes, true)?;
    if logits.len() != truths.len() * classes {
        return wrong(format!("{} logits for {} pictures of {classes} classes", logits.len(), truths.len()));
    }
    tally.reserve(truths.len());
    for (row, &truth) in logits.chunks(classes).zip(truths) {
        tally.push(row, truth)?;
    }
    tally.finish(seed)
}
