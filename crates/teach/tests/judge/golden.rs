//! The cases of `tests/golden/teach/judge.json`.

use semblance_teach::Scored;
use semblance_teach::scored::softmax;
use serde_json::Value;

const GOLDEN: &str = include_str!("../../../../tests/golden/teach/judge.json");

pub struct Case {
    pub name: String,
    pub classes: usize,
    pub labels: Vec<u32>,
    pub logits: Vec<f32>,
    /// What the libraries say.
    pub said: Value,
}

impl Case {
    pub fn scored(&self) -> Scored<'_> {
        Scored::new(&self.logits, self.classes, &self.labels).unwrap()
    }

    pub fn probabilities(&self) -> Vec<f64> {
        let rows = self.logits.chunks(self.classes);
        rows.flat_map(|row| softmax(row.iter().map(|&logit| f64::from(logit)))).collect()
    }
}

pub fn whole() -> Value {
    serde_json::from_str(GOLDEN).unwrap()
}

pub fn cases() -> Vec<Case> {
    let of = |said: &Value| Case {
        name: said["name"].as_str().unwrap().to_owned(),
        classes: said["classes"].as_u64().unwrap() as usize,
        labels: numbers(&said["labels"]).into_iter().map(|label| label as u32).collect(),
        logits: numbers(&said["logits"]).into_iter().map(|logit| logit as f32).collect(),
        said: said.clone(),
    };
    whole()["cases"].as_array().unwrap().iter().map(of).collect()
}

pub fn numbers(list: &Value) -> Vec<f64> {
    list.as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect()
}

/// What differs, case by case: all of it is reported.
#[derive(Default)]
pub struct Differences(Vec<String>);

impl Differences {
    /// By more than `tolerance`, of the greater number or of 1.
    pub fn number(&mut self, what: &str, found: f64, said: &Value, tolerance: f64) {
        let said = said.as_f64().unwrap();
        let most = tolerance * found.abs().max(said.abs()).max(1.0);
        if found.is_nan() || (found - said).abs() > most {
            self.0.push(format!("{what}: {found} instead of {said}"));
        }
    }

    pub fn numbers(&mut self, what: &str, found: &[f64], said: &Value, tolerance: f64) {
        let said = said.as_array().unwrap();
        self.equal(&format!("{what}, how many"), &found.len(), &said.len());
        for (at, (found, said)) in found.iter().zip(said).enumerate() {
            self.number(&format!("{what} {at}"), *found, said, tolerance);
        }
    }

    pub fn equal<T: PartialEq + std::fmt::Debug>(&mut self, what: &str, found: &T, said: &T) {
        if found != said {
            self.0.push(format!("{what}: {found:?} instead of {said:?}"));
        }
    }
}

impl Drop for Differences {
    fn drop(&mut self) {
        assert!(self.0.is_empty(), "{}", self.0.join("\n"));
    }
}
