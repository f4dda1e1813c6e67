//! Files of classifiers that were taught.

use semblance_teach::report::conclude;
use semblance_teach::{Background, Classifier, Examples, Method, Teaching, Words};

/// More numbers than words, so that many a mutation is taken and has to answer.
const DIM: usize = 64;

/// A good file with two classes; `cached`: one with keys, and captions.
pub fn file(cached: bool) -> Vec<u8> {
    let numbers = |count: usize| (0..count).map(|i| ((i * 7) % 13) as f32 / 13.0 - 0.4).collect::<Vec<_>>();
    let names = ["a cat", "a dog"].map(String::from).to_vec();
    let method = if cached { Method::TipAdapterF } else { Method::LinearProbe };
    let examples = Examples::new(numbers(6 * DIM), DIM, vec![0, 0, 0, 1, 1, 1], 2).unwrap();
    let words = cached.then(|| Words::new(numbers(2 * DIM), DIM, 2, 20.0).unwrap());
    let taught = Teaching::new(examples, words, Some(method), &names).unwrap().finish(Some(method)).unwrap();
    let background = Background { captions: numbers(3 * DIM), ..Default::default() };
    let (taught, _) = conclude(&taught, background, names.clone(), names, "0f".repeat(32)).unwrap();
    assert_eq!(taught.head.cache.is_some() && taught.captions.is_some(), cached);
    let file = taught.to_bytes().unwrap();
    assert!(Classifier::from_bytes(&file).is_ok(), "the seed itself is good");
    file
}

/// Read a file, and answer where it is taken.
pub fn answers(bytes: &[u8]) {
    let Ok(classifier) = Classifier::from_bytes(bytes) else { return };
    let _ = classifier.classify(vec![0.5; 2 * classifier.dim()]);
}
