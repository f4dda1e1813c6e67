//! Reading the goldens (their formats: `tests/golden/README.md`). A missing one fails the test.

use std::collections::BTreeMap;

use include_dir::{Dir, File, include_dir};
use safetensors::SafeTensors;
use semblance::bundle::{Bundle, Weights, WeightsReader};
use serde::de::DeserializeOwned;

static GOLDEN: Dir = include_dir!("$CARGO_MANIFEST_DIR/tests/golden");

pub fn bytes(path: &str) -> &'static [u8] {
    GOLDEN.get_file(path).unwrap_or_else(|| panic!("tests/golden/{path} is missing")).contents()
}

pub fn text(path: &str) -> &'static str {
    std::str::from_utf8(bytes(path)).unwrap()
}

pub fn json<T: DeserializeOwned>(path: &str) -> T {
    serde_json::from_slice(bytes(path)).unwrap_or_else(|e| panic!("tests/golden/{path}: {e}"))
}

/// The folders in a folder.
pub fn folders(path: &str) -> Vec<&'static str> {
    let dir = GOLDEN.get_dir(path).unwrap_or_else(|| panic!("tests/golden/{path} is missing"));
    dir.dirs().map(|dir| dir.path().to_str().unwrap()).collect()
}

/// The files in a folder, by name.
pub fn files(path: &str) -> BTreeMap<&'static str, &'static [u8]> {
    let dir = GOLDEN.get_dir(path).unwrap_or_else(|| panic!("tests/golden/{path} is missing"));
    let name = |file: &'static File| file.path().file_name().unwrap().to_str().unwrap();
    dir.files().map(|file| (name(file), file.contents())).collect()
}

pub fn tensors(path: &str) -> SafeTensors<'static> {
    SafeTensors::deserialize(bytes(path)).unwrap_or_else(|e| panic!("tests/golden/{path}: {e}"))
}

/// A tensor of f32 as rows.
pub fn rows(tensors: &SafeTensors, name: &str) -> Vec<Vec<f32>> {
    let view = tensors.tensor(name).unwrap_or_else(|e| panic!("{name}: {e}"));
    let width = *view.shape().last().unwrap();
    let numbers: Vec<f32> = view.data().as_chunks::<4>().0.iter().map(|b| f32::from_le_bytes(*b)).collect();
    numbers.chunks_exact(width).map(<[f32]>::to_vec).collect()
}

pub fn weights(bytes: &[u8]) -> Weights {
    let mut reader = WeightsReader::default();
    // Odd chunks, so that every boundary falls inside something.
    bytes.chunks(977).for_each(|chunk| reader.push(chunk).unwrap());
    reader.finish().unwrap()
}

/// The bundle in an HF folder of the goldens.
pub fn bundle(folder: &str) -> Bundle {
    Bundle::new(
        text(&format!("{folder}/config.json")),
        text(&format!("{folder}/preprocessor_config.json")),
        text(&format!("{folder}/tokenizer.json")),
        weights(bytes(&format!("{folder}/model.safetensors"))),
    )
    .unwrap_or_else(|e| panic!("{folder}: {e}"))
}

/// The largest difference of two tables of the same size.
pub fn max_difference(a: &[Vec<f32>], b: &[Vec<f32>]) -> f32 {
    assert_eq!(
        a.iter().map(Vec::len).collect::<Vec<_>>(),
        b.iter().map(Vec::len).collect::<Vec<_>>(),
        "sizes"
    );
    let pairs = a.iter().flatten().zip(b.iter().flatten());
    pairs.map(|(x, y)| if x.is_finite() { (x - y).abs() } else { f32::INFINITY }).fold(0.0, f32::max)
}

/// Fail with every line, if there is any.
pub fn none_wrong(wrong: Vec<String>) {
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}
