//! The cases of `tests/golden/measure/`.

use include_dir::{Dir, include_dir};
use semblance_teach::interval::Interval;
use serde_json::Value;

static GOLDEN: Dir = include_dir!("$CARGO_MANIFEST_DIR/../../tests/golden/measure");

pub fn whole(file: &str) -> Value {
    serde_json::from_slice(GOLDEN.get_file(file).unwrap().contents()).unwrap()
}

/// At least one.
pub fn cases(file: &str, list: &str) -> Vec<Value> {
    let cases = whole(file)[list].as_array().unwrap().clone();
    assert!(!cases.is_empty(), "{file}: {list}");
    cases
}

pub fn numbers(list: &Value) -> Vec<f64> {
    list.as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect()
}

pub fn f32s(list: &Value) -> Vec<f32> {
    numbers(list).into_iter().map(|number| number as f32).collect()
}

pub fn u32s(list: &Value) -> Vec<u32> {
    numbers(list).into_iter().map(|number| number as u32).collect()
}

pub fn size(number: &Value) -> usize {
    number.as_u64().unwrap() as usize
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

    /// By more than `tolerance` of the number itself, so that small ones count as well; 0 is 0.
    pub fn relative(&mut self, what: &str, found: f64, said: &Value, tolerance: f64) {
        let said = said.as_f64().unwrap();
        if found.is_nan() || (found - said).abs() > tolerance * said.abs() {
            self.0.push(format!("{what}: {found} instead of {said}"));
        }
    }

    /// Where it is null there is none.
    pub fn maybe(&mut self, what: &str, found: Option<f64>, said: &Value, tolerance: f64) {
        match found {
            Some(found) if !said.is_null() => self.number(what, found, said, tolerance),
            _ => self.equal(what, &found.is_none(), &said.is_null()),
        }
    }

    pub fn numbers(&mut self, what: &str, found: &[f64], said: &Value, tolerance: f64) {
        let said = said.as_array().unwrap();
        self.equal(&format!("{what}, how many"), &found.len(), &said.len());
        for (at, (found, said)) in found.iter().zip(said).enumerate() {
            self.number(&format!("{what} {at}"), *found, said, tolerance);
        }
    }

    pub fn interval(&mut self, what: &str, found: Interval, said: &Value, tolerance: f64) {
        self.numbers(what, &[found.low, found.high], said, tolerance);
    }

    /// Two intervals from different draws: no end is further away than `band` of the width, or than `step`, by which the statistic
    /// itself jumps.
    pub fn drawn(&mut self, what: &str, found: Interval, said: &Value, band: f64, step: f64) {
        let [low, high] = numbers(said)[..] else { panic!("{what}: {said}") };
        let most = (band * (high - low)).max(step) + 1e-9;
        if !((found.low - low).abs() <= most && (found.high - high).abs() <= most) {
            self.0.push(format!("{what}: {found:?} instead of {said}, more than {most} away"));
        }
    }

    pub fn equal<T: PartialEq + std::fmt::Debug>(&mut self, what: &str, found: &T, said: &T) {
        if found != said {
            self.0.push(format!("{what}: {found:?} instead of {said:?}"));
        }
    }

    pub fn holds(&mut self, what: &str, holds: bool) {
        if !holds {
            self.0.push(what.to_owned());
        }
    }
}

impl Drop for Differences {
    fn drop(&mut self) {
        assert!(self.0.is_empty() || std::thread::panicking(), "{}", self.0.join("\n"));
    }
}
