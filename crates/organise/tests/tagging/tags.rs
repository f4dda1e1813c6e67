//! A vocabulary over a library.

use semblance_organise::rows::Rows;
use semblance_organise::tags::vocabulary::{Kind, vocabulary};
use semblance_organise::tags::{Background, KEPT, Tagger, Weights};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::golden::{cases, f32s, near};

const PLAIN: Weights = Weights { constant: -1.0, library: 0.5, picture: 0.25 };

#[test]
fn a_word_is_judged_by_how_the_library_answers() {
    for case in cases("backgrounds.json") {
        let width = case["width"].as_u64().unwrap() as usize;
        let [words, pictures] = ["words", "pictures"].map(|name| f32s(&case[name]));
        let rows = Rows::new(&pictures, width).unwrap();
        let Background { middle, spread } = Background::of(Rows::new(&words, width).unwrap(), rows).unwrap();
        let wide = |numbers: &[f32]| numbers.iter().map(|number| f64::from(*number)).collect::<Vec<_>>();
        near("middle", &wide(&middle), &case["middle"], 1e-5);
        near("spread", &wide(&spread), &case["spread"], 1e-5);
        let tagger = Tagger::new(words, width, rows, PLAIN).unwrap();
        let features: Vec<(f32, f32)> =
            rows.iter().take(3).flat_map(|picture| tagger.features(picture).unwrap()).collect();
        near("z", &features.iter().map(|(z, _)| f64::from(*z)).collect::<Vec<_>>(), &case["z"], 2e-3);
        near("r", &features.iter().map(|(_, r)| f64::from(*r)).collect::<Vec<_>>(), &case["r"], 2e-3);
    }
}

/// Of all words, sorted, the first ones.
#[test]
fn a_pictures_words_are_those_with_the_highest_scores() {
    let case = &cases("backgrounds.json")[1];
    let [words, pictures] = ["words", "pictures"].map(|name| f32s(&case[name]));
    let rows = Rows::new(&pictures, 16).unwrap();
    let tagger = Tagger::new(words, 16, rows, PLAIN).unwrap();
    let (found, scores) = tagger.tag(rows).unwrap();
    assert_eq!((found.len(), scores.len()), (KEPT * rows.len(), KEPT * rows.len()));
    for (picture, row) in rows.iter().enumerate() {
        let score = |(z, r): &(f32, f32)| -1.0 + 0.5 * f64::from(*z) + 0.25 * f64::from(*r);
        let all: Vec<f64> = tagger.features(row).unwrap().iter().map(score).collect();
        let mut order: Vec<u32> = (0..all.len() as u32).collect();
        order.sort_by(|a, b| all[*b as usize].total_cmp(&all[*a as usize]).then(a.cmp(b)));
        let at = picture * KEPT..(picture + 1) * KEPT;
        assert_eq!(&found[at.clone()], &order[..KEPT], "picture {picture}");
        for (score, word) in scores[at].iter().zip(&order) {
            assert!((f64::from(*score) - all[*word as usize]).abs() < 1e-5);
        }
    }
}

#[test]
fn words_and_pictures_of_several_models_are_refused() {
    let (narrow, wide) = ([0.6, 0.8], [0.0, 0.6, 0.8]);
    assert!(Tagger::new(wide.to_vec(), 3, Rows::new(&narrow, 2).unwrap(), PLAIN).is_err());
    assert!(Tagger::new(vec![], 2, Rows::new(&narrow, 2).unwrap(), PLAIN).is_err());
    assert!(Tagger::new(narrow.to_vec(), 2, Rows::new(&[], 2).unwrap(), PLAIN).is_err());
    let tagger = Tagger::new(narrow.to_vec(), 2, Rows::new(&narrow, 2).unwrap(), PLAIN).unwrap();
    assert!(tagger.tag(Rows::new(&wide, 3).unwrap()).is_err() && tagger.features(&wide).is_err());
}

#[test]
fn the_vocabulary_has_thousands_of_words_of_each_kind_some() {
    let all = vocabulary(None);
    assert!(all.len() > 3000, "{}", all.len());
    for kind in Kind::ALL {
        let count = all.iter().filter(|term| term.kind == kind).count();
        assert!(count >= 40, "{kind:?}: {count}");
        assert!(kind.template().contains("{}"));
    }
    let words: std::collections::BTreeSet<&str> = all.iter().map(|term| term.word).collect();
    assert_eq!(words.len(), all.len(), "a word is there twice");
    assert!(
        all.iter()
            .all(|term| !term.word.is_empty() && term.word.trim() == term.word && !term.word.contains('·'))
    );
    for word in ["dog", "bicycle", "sunset", "wood", "skiing"] {
        assert!(words.contains(word), "{word}");
    }
    let known = vocabulary(Some("pocket"));
    assert!(known.len() > 300 && known.len() < all.len(), "{}", known.len());
    assert!(known.iter().all(|term| all.contains(term)));
}
