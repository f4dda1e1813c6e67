//! The methods by their papers' names, what can be set in each, and what is tried.

use ndarray::Array2;
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::examples::{Examples, Words};
use crate::head::Head;
use crate::probe::{self, Probe};
use crate::{nearest_mean, tip_adapter};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Method {
    /// Radford et al. 2021: the words alone; `logits = logit scale × cosine`.
    ZeroShot,
    /// [`nearest_mean`].
    NearestClassMean,
    /// [`tip_adapter`].
    TipAdapter,
    /// [`probe`].
    LinearProbe,
    /// [`tip_adapter`] with trained keys.
    TipAdapterF,
}

impl Method {
    /// The quickest first.
    pub const ALL: [Self; 5] =
        [Self::ZeroShot, Self::NearestClassMean, Self::TipAdapter, Self::LinearProbe, Self::TipAdapterF];

    /// As it is written in files and in JavaScript.
    pub fn name(self) -> &'static str {
        match self {
            Self::ZeroShot => "zero-shot",
            Self::NearestClassMean => "nearest-class-mean",
            Self::TipAdapter => "tip-adapter",
            Self::LinearProbe => "linear-probe",
            Self::TipAdapterF => "tip-adapter-f",
        }
    }

    /// Errors: no method has this name.
    pub fn of(name: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|method| method.name() == name);
        found.ok_or_else(|| Error::Argument(format!("there is no method “{name}”")))
    }
}

/// A method with everything that is set in it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "method", rename_all = "kebab-case")]
pub enum Setting {
    ZeroShot,
    NearestClassMean,
    TipAdapter { alpha: f32, beta: f32 },
    LinearProbe { strength: f64, ensemble: f32 },
    TipAdapterF { alpha: f32, beta: f32 },
}

impl Setting {
    pub fn method(self) -> Method {
        match self {
            Self::ZeroShot => Method::ZeroShot,
            Self::NearestClassMean => Method::NearestClassMean,
            Self::TipAdapter { .. } => Method::TipAdapter,
            Self::LinearProbe { .. } => Method::LinearProbe,
            Self::TipAdapterF { .. } => Method::TipAdapterF,
        }
    }

    /// The classifier that examples make.
    ///
    /// Errors: zero-shot without words.
    pub fn fit(self, examples: &Examples, words: Option<&Words>) -> Result<Head> {
        Ok(match self {
            Self::ZeroShot => Head::linear(needed(words)?.weights()),
            Self::NearestClassMean => nearest_mean::fit(examples, words),
            Self::TipAdapter { alpha, beta } => tip_adapter::fit(examples, words, false, alpha, beta),
            Self::TipAdapterF { alpha, beta } => tip_adapter::fit(examples, words, true, alpha, beta),
            Self::LinearProbe { strength, ensemble } => {
                let start = Probe::start(examples, words);
                probe::fit(examples, words, strength, start, probe::FULLY).head(words, ensemble)
            }
        })
    }
}

/// How finely settings are tried: with many numbers to look at, in larger steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grid {
    Fine,
    Coarse,
}

/// Held-out logits beyond which steps are larger: 500 examples of 100 classes.
const FINE_AT_MOST: usize = 50_000;

impl Grid {
    pub fn of(held_out: usize, classes: usize) -> Self {
        if held_out * classes <= FINE_AT_MOST { Self::Fine } else { Self::Coarse }
    }

    /// What is tried of a method, in the order of [`Grid::held_out`].
    pub fn settings(self, method: Method, words: bool) -> Vec<Setting> {
        match method {
            Method::ZeroShot => vec![Setting::ZeroShot],
            Method::NearestClassMean => vec![Setting::NearestClassMean],
            Method::TipAdapter => {
                self.cache().iter().map(|&(alpha, beta)| Setting::TipAdapter { alpha, beta }).collect()
            }
            Method::TipAdapterF => {
                self.cache().iter().map(|&(alpha, beta)| Setting::TipAdapterF { alpha, beta }).collect()
            }
            Method::LinearProbe => {
                let ensembles = self.ensembles(words);
                let of = |&strength: &f64| {
                    ensembles.iter().map(move |&ensemble| Setting::LinearProbe { strength, ensemble })
                };
                self.strengths().iter().flat_map(of).collect()
            }
        }
    }

    /// The logits of other examples for each of the settings, whose shared work is done once.
    pub fn held_out(
        self,
        method: Method,
        examples: &Examples,
        words: Option<&Words>,
        others: &Examples,
    ) -> Result<Vec<Array2<f32>>> {
        let trained = method == Method::TipAdapterF;
        Ok(match method {
            Method::ZeroShot => vec![others.vectors().dot(&needed(words)?.weights().t())],
            Method::NearestClassMean => vec![nearest_mean::fit(examples, words).logits(others.vectors())],
            Method::TipAdapter | Method::TipAdapterF => {
                tip_adapter::grid(examples, words, trained, others, &self.cache())
            }
            Method::LinearProbe => {
                let mut all = Vec::new();
                let mut probe = Probe::start(examples, words);
                for &strength in self.strengths() {
                    // Each begins where the one before it ended, closer to the words.
                    probe = probe::fit(examples, words, strength, probe, probe::ROUGHLY);
                    for &ensemble in self.ensembles(words.is_some()) {
                        all.push(probe.head(words, ensemble).logits(others.vectors()));
                    }
                }
                all
            }
        })
    }

    /// α and β.
    fn cache(self) -> Vec<(f32, f32)> {
        let (alphas, betas): (&[f32], &[f32]) = match self {
            Self::Fine => (&tip_adapter::ALPHAS, &tip_adapter::BETAS),
            Self::Coarse => (&[1.0, 3.0, 10.0], &[2.0, 5.5]),
        };
        alphas.iter().flat_map(|&alpha| betas.iter().map(move |&beta| (alpha, beta))).collect()
    }

    fn strengths(self) -> &'static [f64] {
        match self {
            Self::Fine => &probe::STRENGTHS,
            Self::Coarse => &[0.1, 10.0],
        }
    }

    /// Towards no words there is no way back.
    fn ensembles(self, words: bool) -> &'static [f32] {
        match (words, self) {
            (false, _) => &[1.0],
            (true, Self::Fine) => &probe::ENSEMBLES,
            (true, Self::Coarse) => &[0.5, 1.0],
        }
    }
}

fn needed(words: Option<&Words>) -> Result<&Words> {
    words.ok_or_else(|| Error::Argument("zero-shot classification takes the classes' words".into()))
}
