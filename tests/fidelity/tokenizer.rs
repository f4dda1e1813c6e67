//! Token ids are identical to HF's.

use std::collections::BTreeMap;

use semblance::bundle::{ClipConfig, Head, WeightsReader, gguf};
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

/// The metadata of the bundled model.
fn pocket() -> BTreeMap<String, gguf::Value> {
    let mut reader = WeightsReader::default();
    reader.push(include_bytes!("../../models/pocket/pocket-q8_0.gguf")).unwrap();
    reader.finish().unwrap().metadata
}

fn text<'a>(metadata: &'a BTreeMap<String, gguf::Value>, key: &str) -> &'a str {
    let Some(gguf::Value::Text(text)) = metadata.get(key) else { panic!("no {key}") };
    text
}

#[test]
fn pockets_ids_are_identical() {
    let metadata = pocket();
    let tokenizer = text(&metadata, gguf::TOKENIZER_KEY);
    ids_are_identical(tokenizer, &golden::json("tokenizer/pocket.json"), 300);
}

#[derive(Deserialize)]
struct File {
    model: Bpe,
}

#[derive(Deserialize)]
struct Bpe {
    vocab: BTreeMap<String, usize>,
    merges: Vec<Merge>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Merge {
    Line(String),
    Pair(String, String),
}

/// The same ids from `vocab.json` and `merges.txt`, as older folders have them.
#[test]
fn a_tokenizer_is_made_of_a_vocabulary_and_merges() {
    let metadata = pocket();
    let file: File = serde_json::from_str(text(&metadata, gguf::TOKENIZER_KEY)).unwrap();
    let lines = file.model.merges.into_iter().map(|merge| match merge {
        Merge::Line(line) => line,
        Merge::Pair(a, b) => format!("{a} {b}"),
    });
    let merges = format!("#version: 0.2\n{}\n", lines.collect::<Vec<_>>().join("\n"));
    let files = BTreeMap::from([
        ("config.json".to_owned(), text(&metadata, gguf::CONFIG_KEY).to_owned()),
        ("vocab.json".to_owned(), serde_json::to_string(&file.model.vocab).unwrap()),
        ("merges.txt".to_owned(), merges),
    ]);
    let head = Head::from_files(&files).unwrap();
    ids_are_identical(&head.tokenizer, &golden::json("tokenizer/pocket.json"), 300);
}

/// And from the tokens alone, as clip.cpp keeps them.
#[test]
fn a_tokenizer_is_made_of_tokens_alone() {
    let metadata = pocket();
    let file: File = serde_json::from_str(text(&metadata, gguf::TOKENIZER_KEY)).unwrap();
    let mut tokens = vec![String::new(); file.model.vocab.len()];
    file.model.vocab.into_iter().for_each(|(token, id)| tokens[id] = token);
    let numbers = [
        ("clip.use_gelu", 0.0),
        ("clip.vision.image_size", 48.0),
        ("clip.vision.patch_size", 8.0),
        ("clip.vision.projection_dim", 128.0),
        ("clip.text.context_length", 77.0),
    ];
    let towers = ["vision", "text"].into_iter().flat_map(|tower| {
        let sizes = [
            ("embedding_length", 64.0),
            ("feed_forward_length", 256.0),
            ("block_count", 2.0),
            ("attention.head_count", 1.0),
            ("attention.layer_norm_epsilon", 1e-5),
        ];
        sizes.map(|(key, value)| (format!("clip.{tower}.{key}"), value))
    });
    let numbers = numbers.map(|(key, value)| (key.to_owned(), value)).into_iter().chain(towers);
    let mut metadata: BTreeMap<_, _> =
        numbers.map(|(key, value)| (key, gguf::Value::Number(value))).collect();
    metadata.insert("tokenizer.ggml.tokens".into(), gguf::Value::Texts(tokens));
    let head = Head::take(&mut metadata).unwrap();
    ids_are_identical(&head.tokenizer, &golden::json("tokenizer/pocket.json"), 300);
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
