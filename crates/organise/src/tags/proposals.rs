//! What was found for all pictures, and what of it is taken: by the precision that is aimed at and what a person said.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::tagger::KEPT;
use crate::error::{Result, wrong};
use crate::judging::{self, Mark};

/// Of each picture its likeliest words, [`KEPT`] or as many as there are.
#[derive(Clone, Debug, Default)]
pub struct Proposals {
    /// Words that there are.
    vocabulary: usize,
    kept: usize,
    words: Vec<u32>,
    scores: Vec<f32>,
}

/// What a person said of a word of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Correction {
    pub picture: usize,
    pub word: u32,
    pub right: bool,
}

/// A word that a picture has.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Given {
    pub word: u32,
    /// 1 where a person said so.
    pub probability: f32,
}

/// What is taken.
#[derive(Clone, Debug, PartialEq)]
pub struct Selection {
    /// Of each picture, most probable first.
    pub given: Vec<Vec<Given>>,
    /// The least probability that is taken; none where nothing reaches the aim.
    pub least: Option<f32>,
    /// What part of what is taken, and nobody has looked at, is expected to be right.
    pub expected: Option<f64>,
}

impl Proposals {
    pub fn new(vocabulary: usize) -> Self {
        Self { vocabulary, kept: KEPT.min(vocabulary), words: Vec::new(), scores: Vec::new() }
    }

    /// Further pictures, as [`super::Tagger::tag`] gave them.
    ///
    /// Errors: numbers that don't fit together.
    pub fn add(&mut self, words: &[u32], scores: &[f32]) -> Result<()> {
        let whole = self.kept > 0 && words.len().is_multiple_of(self.kept) && words.len() == scores.len();
        if !whole
            || words.iter().any(|&word| word as usize >= self.vocabulary)
            || scores.iter().any(|score| !score.is_finite())
        {
            return wrong("tags that don't fit the vocabulary");
        }
        self.words.extend_from_slice(words);
        self.scores.extend_from_slice(scores);
        Ok(())
    }

    pub fn pictures(&self) -> usize {
        self.words.len().checked_div(self.kept).unwrap_or(0)
    }

    /// A picture's words and their scores, likeliest first.
    pub fn of(&self, picture: usize) -> impl Iterator<Item = (u32, f32)> {
        let at =
            (picture * self.kept).min(self.words.len())..((picture + 1) * self.kept).min(self.words.len());
        self.words[at.clone()].iter().copied().zip(self.scores[at].iter().copied())
    }

    /// What is taken so that a share `aim` of it is expected to be right. Each word has a centre of its own, which the corrections
    /// of it move (`judging`); what a person said of a picture holds of that picture, whatever its probability. At most
    /// `most` words a picture, accepted ones besides.
    ///
    /// Errors: an aim outside 0..=1; corrections that are none.
    pub fn select(&self, aim: f64, most: usize, corrections: &[Correction]) -> Result<Selection> {
        if !(0.0..=1.0).contains(&aim) {
            return wrong(format!("a precision of {aim}"));
        }
        let centres = self.centres(corrections)?;
        let said: BTreeMap<(usize, u32), bool> =
            corrections.iter().map(|one| ((one.picture, one.word), one.right)).collect();
        let probability = |word: u32, score: f32| {
            judging::probability(f64::from(score), centres.get(&word).copied().unwrap_or(0.0)) as f32
        };
        let best: Vec<Vec<Given>> = (0..self.pictures())
            .map(|picture| {
                let open = self.of(picture).filter(|(word, _)| !said.contains_key(&(picture, *word)));
                top(open.map(|(word, score)| Given { word, probability: probability(word, score) }), most)
            })
            .collect();
        let mut all: Vec<f32> = best.iter().flatten().map(|given| given.probability).collect();
        let cut = judging::cut(&mut all, aim);
        let mut given: Vec<Vec<Given>> = best
            .into_iter()
            .map(|mut words| {
                words.retain(|given| cut.is_some_and(|cut| given.probability >= cut.least));
                words
            })
            .collect();
        let mut accepted: Vec<_> =
            corrections.iter().filter(|one| one.right && one.picture < given.len()).collect();
        accepted.dedup_by_key(|one| (one.picture, one.word));
        for one in accepted {
            if !given[one.picture].iter().any(|given| given.word == one.word) {
                given[one.picture].insert(0, Given { word: one.word, probability: 1.0 });
            }
        }
        Ok(Selection { given, least: cut.map(|cut| cut.least), expected: cut.map(|cut| cut.expected) })
    }

    /// Of each word that was corrected.
    fn centres(&self, corrections: &[Correction]) -> Result<BTreeMap<u32, f64>> {
        let mut marks: BTreeMap<u32, Vec<Mark>> = BTreeMap::new();
        for &Correction { picture, word, right } in corrections {
            // One that a person added has no score, and says nothing of other pictures.
            if let Some((_, score)) = self.of(picture).find(|(other, _)| *other == word) {
                marks.entry(word).or_default().push(Mark { score: score.into(), right });
            }
        }
        marks.into_iter().map(|(word, marks)| Ok((word, judging::centre(0.0, &marks)?))).collect()
    }
}

/// The `most` most probable ones.
fn top(given: impl Iterator<Item = Given>, most: usize) -> Vec<Given> {
    let mut all: Vec<Given> = given.collect();
    all.sort_by(|a, b| b.probability.total_cmp(&a.probability).then(a.word.cmp(&b.word)));
    all.truncate(most);
    all
}
