//! The numbers of scikit-learn's `trustworthiness` and `NearestNeighbors`.

use semblance_organise::map::quality::quality;

use crate::golden::{first, near, numbers, size, vectors, whole};

#[cfg_attr(not(target_arch = "wasm32"), test)]
#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
fn quality_is_that_of_scikit_learn() {
    let (golden, vectors) = (whole("embedding.json"), vectors());
    let rows = first(&vectors, size(&golden["rows"]));
    let plane: Vec<[f32; 2]> =
        numbers(&golden["plane"]).chunks_exact(2).map(|row| [row[0] as f32, row[1] as f32]).collect();
    let all: Vec<u32> = (0..rows.len() as u32).collect();
    for case in golden["cases"].as_array().unwrap() {
        let found = quality(rows, &plane, size(&case["k"]), &all).unwrap();
        let what = case["k"].to_string();
        near(&what, found.trustworthiness, case["trustworthiness"].as_f64().unwrap(), 1e-6);
        near(&what, found.kept, case["kept"].as_f64().unwrap(), 1e-6);
    }
    assert!(quality(rows, &plane[1..], 5, &all).is_err());
    assert!(quality(rows, &plane, 0, &all).is_err());
    assert!(quality(rows, &plane, rows.len() / 2, &all).is_err());
    assert!(quality(rows, &plane, 5, &[]).is_err());
    assert!(quality(rows, &plane, 5, &[rows.len() as u32]).is_err());
}
