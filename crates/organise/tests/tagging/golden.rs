//! The cases of `tests/golden/organise/tagging/`.

use include_dir::{Dir, include_dir};
use serde_json::Value;

static GOLDEN: Dir = include_dir!("$CARGO_MANIFEST_DIR/../../tests/golden/organise/tagging");

/// At least one.
pub fn cases(file: &str) -> Vec<Value> {
    let whole: Value = serde_json::from_slice(GOLDEN.get_file(file).unwrap().contents()).unwrap();
    let cases = whole["cases"].as_array().unwrap().clone();
    assert!(!cases.is_empty(), "{file}");
    cases
}

pub fn numbers(list: &Value) -> Vec<f64> {
    list.as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect()
}

pub fn f32s(list: &Value) -> Vec<f32> {
    numbers(list).into_iter().map(|number| number as f32).collect()
}

/// That all are within `tolerance`.
pub fn near(what: &str, found: &[f64], said: &Value, tolerance: f64) {
    let said = numbers(said);
    assert_eq!(found.len(), said.len(), "{what}");
    for (at, (found, said)) in found.iter().zip(&said).enumerate() {
        assert!((found - said).abs() <= tolerance, "{what} {at}: {found} instead of {said}");
    }
}
