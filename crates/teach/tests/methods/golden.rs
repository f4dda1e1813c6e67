//! The cases of `tests/golden/teach/methods.json`.

use ndarray::Array2;
use semblance_teach::{Examples, Words};
use serde::Deserialize;

const GOLDEN: &str = include_str!("../../../../tests/golden/teach/methods.json");

#[derive(Deserialize)]
struct Golden {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
pub struct Case {
    pub name: String,
    dim: usize,
    classes: usize,
    logit_scale: f32,
    labels: Vec<u32>,
    vectors: Vec<f32>,
    words: Vec<f32>,
    test: Vec<f32>,
    test_labels: Vec<u32>,
    /// What the libraries say.
    pub probe: Vec<Probe>,
    pub probe_from_words: Vec<ProbeFromWords>,
    pub nearest_mean: NearestMean,
    pub tip_adapter: Vec<TipAdapter>,
}

#[derive(Deserialize)]
pub struct Probe {
    pub strength: f64,
    pub probabilities: Vec<f32>,
}

#[derive(Deserialize)]
pub struct ProbeFromWords {
    pub strength: f64,
    pub ensemble: f32,
    pub logits: Vec<f32>,
}

#[derive(Deserialize)]
pub struct NearestMean {
    pub logits: Vec<f32>,
    /// By the nearest of the means' directions.
    pub directions: Vec<u32>,
    /// By the nearest mean, where all are equally long.
    pub centroids: Option<Vec<u32>>,
}

#[derive(Deserialize)]
pub struct TipAdapter {
    pub words: bool,
    pub alpha: f32,
    pub beta: f32,
    /// After training; none of the examples as they are.
    pub keys: Option<Vec<f32>>,
    pub logits: Vec<f32>,
}

impl Case {
    pub fn examples(&self) -> Examples {
        Examples::new(self.vectors.clone(), self.dim, self.labels.clone(), self.classes).unwrap()
    }

    /// Others, whose class is known as well.
    pub fn test(&self) -> Examples {
        Examples::new(self.test.clone(), self.dim, self.test_labels.clone(), self.classes).unwrap()
    }

    pub fn words(&self) -> Words {
        Words::new(self.words.clone(), self.dim, self.classes, self.logit_scale).unwrap()
    }
}

pub fn cases() -> Vec<Case> {
    serde_json::from_str::<Golden>(GOLDEN).unwrap().cases
}

/// What is wrong, case by case: all of it is reported.
#[derive(Default)]
pub struct Wrong(Vec<String>);

impl Wrong {
    /// What must hold.
    pub fn unless(&mut self, holds: bool, otherwise: impl FnOnce() -> String) {
        if !holds {
            self.0.push(otherwise());
        }
    }

    /// Numbers that differ by more than `tolerance`, of the greater one or of 1; the worst is named.
    pub fn numbers(&mut self, what: &str, found: &Array2<f32>, said: &[f32], tolerance: f32) {
        self.unless(found.len() == said.len(), || {
            format!("{what}: {} numbers of {}", found.len(), said.len())
        });
        let off = |(found, said): (&f32, &f32)| (found - said).abs() / found.abs().max(said.abs()).max(1.0);
        let worst =
            found.iter().zip(said).map(off).fold(0.0, |most: f32, off| if off <= most { most } else { off });
        self.unless(worst <= tolerance, || format!("{what}: off by {worst}"));
    }
}

impl Drop for Wrong {
    fn drop(&mut self) {
        assert!(self.0.is_empty(), "{}", self.0.join("\n"));
    }
}
