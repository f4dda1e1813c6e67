//! What is taken of what was found.

use semblance_organise::judging::probability;
use semblance_organise::tags::{Correction, KEPT, Proposals};
use semblance_teach::random::Random;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const WORDS: usize = 40;
const PICTURES: usize = 60;

/// Every picture has some words with scores from -6 to 6.
fn made() -> Proposals {
    let mut random = Random(3);
    let mut proposals = Proposals::new(WORDS);
    for _ in 0..PICTURES {
        let mut words: Vec<u32> = (0..WORDS as u32).collect();
        random.shuffle(&mut words);
        words.truncate(KEPT);
        let mut scores: Vec<f32> = (0..KEPT).map(|_| random.below(1200) as f32 / 100.0 - 6.0).collect();
        scores.sort_by(|a, b| b.total_cmp(a));
        proposals.add(&words, &scores).unwrap();
    }
    proposals
}

fn first_of(proposals: &Proposals, picture: usize) -> (u32, f32) {
    proposals.of(picture).next().unwrap()
}

#[test]
fn more_is_taken_the_less_is_aimed_at() {
    let proposals = made();
    let mut last = 0;
    for aim in [1.0, 0.95, 0.9, 0.8, 0.6, 0.4, 0.0] {
        let selection = proposals.select(aim, KEPT, &[]).unwrap();
        let taken: Vec<f32> = selection.given.iter().flatten().map(|given| given.probability).collect();
        assert!(taken.len() >= last, "{aim}");
        last = taken.len();
        if let Some(expected) = selection.expected {
            let mean = taken.iter().map(|p| f64::from(*p)).sum::<f64>() / taken.len() as f64;
            assert!(expected >= aim && (mean - expected).abs() < 1e-6, "{aim}: {expected} {mean}");
        } else {
            assert!(taken.is_empty());
        }
    }
    assert_eq!(last, KEPT * PICTURES);
    let few = proposals.select(0.0, 3, &[]).unwrap();
    assert!(
        few.given
            .iter()
            .all(|given| given.len() == 3 && given.is_sorted_by(|a, b| a.probability >= b.probability))
    );
}

#[test]
fn what_a_person_said_holds_of_that_picture() {
    let proposals = made();
    let (word, _) = first_of(&proposals, 5);
    let (unlikely, _) = proposals.of(9).last().unwrap();
    let corrections = [
        Correction { picture: 5, word, right: false },
        Correction { picture: 9, word: unlikely, right: true },
        // Of a picture that was never tagged.
        Correction { picture: 999, word, right: true },
    ];
    for aim in [0.0, 0.8, 1.0] {
        let selection = proposals.select(aim, KEPT, &corrections).unwrap();
        assert!(!selection.given[5].iter().any(|given| given.word == word));
        let given = selection.given[9].iter().filter(|given| given.word == unlikely).collect::<Vec<_>>();
        assert_eq!((given.len(), given[0].probability), (1, 1.0));
    }
}

/// Of other pictures the word is as probable as the formula says after the correction, and other words stay.
#[test]
fn a_rejected_words_threshold_rises_for_all_pictures() {
    let proposals = made();
    let (word, score) = first_of(&proposals, 5);
    let before = proposals.select(0.0, KEPT, &[]).unwrap();
    let after = proposals.select(0.0, KEPT, &[Correction { picture: 5, word, right: false }]).unwrap();
    let mark = semblance_organise::judging::Mark { score: score.into(), right: false };
    let centre = semblance_organise::judging::centre(0.0, &[mark]).unwrap();
    assert!(centre > 0.5);
    for picture in (0..PICTURES).filter(|picture| *picture != 5) {
        for (other, score) in proposals.of(picture) {
            let of = |selection: &semblance_organise::tags::Selection| {
                selection.given[picture]
                    .iter()
                    .find(|given| given.word == other)
                    .map(|given| given.probability)
            };
            let said = probability(score.into(), if other == word { centre } else { 0.0 }) as f32;
            assert_eq!(of(&after), Some(said));
            assert_eq!(of(&before), Some(probability(score.into(), 0.0) as f32));
        }
    }
}

#[test]
fn numbers_that_do_not_fit_are_refused() {
    let mut proposals = Proposals::new(WORDS);
    assert!(proposals.add(&[0; KEPT - 1], &[0.0; KEPT - 1]).is_err());
    assert!(proposals.add(&[0; KEPT], &[0.0; KEPT - 1]).is_err());
    assert!(proposals.add(&[WORDS as u32; KEPT], &[0.0; KEPT]).is_err());
    assert!(proposals.add(&[0; KEPT], &[f32::NAN; KEPT]).is_err());
    assert!(made().select(1.1, 1, &[]).is_err() && made().select(f64::NAN, 1, &[]).is_err());
    assert!(Proposals::new(0).add(&[], &[]).is_err());
    assert_eq!(Proposals::new(3).pictures(), 0);
}
