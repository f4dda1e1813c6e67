//! Token ids are identical to HF's.

use semblance::bundle::{ClipConfig, WeightsReader, gguf};
use semblance::tokenizer::Tokenizer;
use serde::Deserialize;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::golden;

#[derive(Deserialize)]
struct Golden {
    context: usize,
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    group: String,
    text: String,
    ids: Vec<u32>,
    cut: bool,
}

fn ids_are_identical(tokenizer: &str, golden: &Golden, at_least: usize) {
    let mut config = ClipConfig::from_json("{}").unwrap().text_config;
    config.max_position_embeddings = golden.context;
    let tokenizer = Tokenizer::from_json(tokenizer, &config).unwrap();
    let wrong = golden.cases.iter().filter_map(|case| {
        let tokens = tokenizer.encode(&case.text).unwrap();
        let equal = tokens.ids == case.ids && tokens.cut == case.cut;
        (!equal).then(|| {
            format!("{} {:?}: {tokens:?}, HF {:?} cut {}", case.group, case.text, case.ids, case.cut)
        })
    });
    golden::none_wrong(wrong.collect());
    assert!(golden.cases.len() >= at_least, "{} cases", golden.cases.len());
}

#[test]
fn pockets_ids_are_identical() {
    let mut reader = WeightsReader::default();
    reader.push(include_bytes!("../../models/pocket/pocket-q8_0.gguf")).unwrap();
    let weights = reader.finish().unwrap();
    ids_are_identical(&weights.texts[gguf::TOKENIZER_KEY], &golden::json("tokenizer/pocket.json"), 300);
}

#[test]
fn a_small_vocabularys_ids_are_identical() {
    let tokenizer = golden::text("models/gelu-p14/tokenizer.json");
    ids_are_identical(tokenizer, &golden::json("tokenizer/small.json"), 1);
}

/// The published models' vocabulary is not in the repository: `SEMBLANCE_OPENAI_TOKENIZER` names the
/// `tokenizer.json` that `make_golden.py --save-openai-tokenizer` writes.
#[cfg(not(target_arch = "wasm32"))]
#[test]
#[ignore = "needs SEMBLANCE_OPENAI_TOKENIZER"]
fn openais_ids_are_identical_where_the_vocabulary_is() {
    let path = std::env::var("SEMBLANCE_OPENAI_TOKENIZER").expect("SEMBLANCE_OPENAI_TOKENIZER");
    let tokenizer = std::fs::read_to_string(path).unwrap();
    ids_are_identical(&tokenizer, &golden::json("tokenizer/openai.json"), 300);
}
