//! Precision and recall on `tests/golden/labels/sets.json`.
//!
//! `expect`: what a careful person says, written before there was a rule: `kind:labels`, with `|` between readings that are
//! as good, and `?` before what may be said or left out. `heldOut` sets were not looked at while the rules were tuned.

use std::collections::BTreeMap;

use semblance_labels::{Context, Fit, Vocabulary, check};
use serde::Deserialize;

use crate::said::{of, pieces};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Case {
    pub labels: Vec<String>,
    pub expect: Vec<String>,
    #[serde(default)]
    pub held_out: bool,
    template: Option<String>,
    english: Option<bool>,
    vocabulary: Option<String>,
    tokens: Option<Vec<usize>>,
    context_length: Option<usize>,
    fits: Option<Vec<Fit>>,
    cosines: Option<Vec<f32>>,
    threshold: Option<f32>,
}

impl Case {
    pub fn vocabulary(&self) -> Option<Vocabulary> {
        self.vocabulary.as_deref().map(|name| Vocabulary::of(name).unwrap())
    }

    pub fn context<'a>(&'a self, vocabulary: Option<&'a Vocabulary>) -> Context<'a> {
        let usual = Context::default();
        Context {
            template: self.template.as_deref().unwrap_or(usual.template),
            english: self.english.unwrap_or(usual.english),
            vocabulary,
            tokens: self.tokens.as_deref(),
            context_length: self.context_length,
            cosines: self.cosines.as_deref(),
            threshold: self.threshold,
            fits: self.fits.as_deref(),
        }
    }
}

pub fn cases() -> Vec<Case> {
    serde_json::from_str(include_str!("../../../../tests/golden/labels/sets.json")).unwrap()
}

type Piece = (String, Vec<usize>);

fn read(text: &str) -> Vec<Piece> {
    let (kind, labels) = text.split_once(':').unwrap();
    let labels: Vec<usize> = labels.split(',').map(|label| label.parse().unwrap()).collect();
    pieces(kind, &labels)
}

#[derive(Clone, Copy, Default)]
struct Tally {
    right: usize,
    wrong: usize,
    missed: usize,
}

impl Tally {
    fn precision(self) -> f64 {
        self.right as f64 / (self.right + self.wrong).max(1) as f64
    }

    fn recall(self) -> f64 {
        self.right as f64 / (self.right + self.missed).max(1) as f64
    }
}

/// What was said wrongly, and what was missed.
fn judge(said: &[Piece], expect: &[String]) -> (Vec<Piece>, Vec<Piece>, Vec<Piece>) {
    let may: Vec<Piece> = expect.iter().filter_map(|text| text.strip_prefix('?')).flat_map(read).collect();
    let mut must = Vec::new();
    for text in expect.iter().filter(|text| !text.starts_with('?')) {
        let readings: Vec<Vec<Piece>> = text.split('|').map(read).collect();
        let chosen = readings.iter().find(|pieces| pieces.iter().all(|piece| said.contains(piece)));
        must.extend(chosen.unwrap_or(&readings[0]).clone());
    }
    let right = said.iter().filter(|piece| must.contains(piece)).cloned().collect();
    let wrong = said.iter().filter(|piece| !must.contains(piece) && !may.contains(piece)).cloned().collect();
    let missed = must.into_iter().filter(|piece| !said.contains(piece)).collect();
    (right, wrong, missed)
}

#[test]
fn what_is_said_is_what_a_careful_person_says() {
    let cases = cases();
    assert!(cases.len() >= 160 && 3 * cases.iter().filter(|case| case.held_out).count() >= cases.len());
    let mut tallies: BTreeMap<(bool, String), Tally> = BTreeMap::new();
    let look = std::env::var("HELD_OUT").is_ok();
    for case in &cases {
        let vocabulary = case.vocabulary();
        let said = of(&check(&case.labels, &case.context(vocabulary.as_ref())).unwrap());
        let (right, wrong, missed) = judge(&said, &case.expect);
        if (look || !case.held_out) && !(wrong.is_empty() && missed.is_empty()) {
            println!("{:?}: wrong {wrong:?}, missed {missed:?}", case.labels);
        }
        for kind in ["", " all"] {
            let at = |piece: &Piece| {
                (case.held_out, if kind.is_empty() { piece.0.clone() } else { kind.to_owned() })
            };
            right.iter().for_each(|piece| tallies.entry(at(piece)).or_default().right += 1);
            wrong.iter().for_each(|piece| tallies.entry(at(piece)).or_default().wrong += 1);
            missed.iter().for_each(|piece| tallies.entry(at(piece)).or_default().missed += 1);
        }
    }
    for ((held_out, kind), tally) in &tallies {
        println!(
            "{} {kind:12} precision {:.3} recall {:.3}  ({} right, {} wrong, {} missed)",
            if *held_out { "held out" } else { "tuned   " },
            tally.precision(),
            tally.recall(),
            tally.right,
            tally.wrong,
            tally.missed
        );
    }
    for (held_out, precision, recall) in [(false, 0.97, 0.97), (true, 0.89, 0.92)] {
        let all = tallies[&(held_out, " all".to_owned())];
        assert!(all.precision() >= precision && all.recall() >= recall, "held out: {held_out}");
    }
}
