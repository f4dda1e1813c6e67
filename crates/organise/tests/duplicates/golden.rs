//! The cases of `tests/golden/organise/duplicates/`.

use include_dir::{Dir, include_dir};
use serde_json::Value;

static GOLDEN: Dir = include_dir!("$CARGO_MANIFEST_DIR/../../tests/golden/organise/duplicates");

/// At least one.
pub fn cases(list: &str) -> Vec<Value> {
    let golden: Value = serde_json::from_slice(GOLDEN.get_file("golden.json").unwrap().contents()).unwrap();
    let cases = golden[list].as_array().unwrap().clone();
    assert!(!cases.is_empty(), "{list}");
    cases
}

/// A picture that lies beside them, as RGBA.
pub fn picture(case: &Value) -> image::RgbaImage {
    let file = GOLDEN.get_file(case["picture"].as_str().unwrap()).unwrap();
    image::load_from_memory(file.contents()).unwrap().into_rgba8()
}

pub fn numbers(list: &Value) -> Vec<f32> {
    list.as_array().unwrap().iter().map(|number| number.as_f64().unwrap() as f32).collect()
}
