//! A description: phrases whose vectors together come near the picture's, and what each of them adds.

use std::collections::HashMap;

use semblance_organise::rows::{Rows, dot};
use serde::{Deserialize, Serialize};

use crate::banks::Bank;
use crate::chain::Search;
use crate::error::{Error, Result};

/// Phrases that a description is made of at most, unless more are asked for.
pub const MOST: usize = 8;
/// Chains that are followed at a time.
pub const BEAM: usize = 3;
/// More of either would take seconds.
pub const MOST_AT_MOST: usize = 32;
pub const BEAM_AT_MOST: usize = 16;

/// From so many of a bank's robust standard deviations above its median on a phrase stands out.
const STANDS_OUT: f32 = 4.0;
/// A second thing is named where it fits nearly as well as the first.
const NEARLY: f32 = 0.9;
/// A normal distribution's standard deviation, in median absolute deviations.
const NORMAL: f32 = 1.4826;
/// Phrases that are compared with each other, at least.
const FEW: usize = 30;

/// How phrases are chosen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Mode {
    /// Of each bank the phrase that fits best, joined.
    Fast,
    /// Phrase by phrase, each the one that raises the cosine most (the module `chain`).
    #[default]
    Best,
    /// What it is not: each the one that lowers the cosine most.
    Negative,
}

/// How a picture is described.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Options {
    pub mode: Mode,
    /// Chains at a time, in the modes that follow any.
    pub beam: usize,
    /// Phrases at most.
    pub max: usize,
    /// Phrases, by their places, that are left out.
    pub without: Vec<usize>,
}

impl Default for Options {
    fn default() -> Self {
        Self { mode: Mode::Best, beam: BEAM, max: MOST, without: Vec::new() }
    }
}

/// A phrase of a description.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Part {
    /// Its place among all phrases.
    pub phrase: usize,
    /// By how much the cosine with the picture is larger with it than without; of the first, the cosine itself.
    pub gain: f32,
}

/// What is said of a picture.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Description {
    /// In the order in which they were chosen.
    pub parts: Vec<Part>,
    /// The phrases in the order of their banks, divided by commas.
    pub text: String,
    /// Of the picture with the mean of the phrases' vectors.
    pub cosine: f32,
}

/// Phrases with their vectors, ready to describe.
#[derive(Debug)]
pub struct Describer {
    phrases: Vec<(Bank, String)>,
    /// The words of each that say something.
    words: Vec<Vec<u32>>,
    vectors: Vec<f32>,
    width: usize,
}

impl Describer {
    /// `vectors`: a unit vector of `width` numbers for each phrase, in its bank's template.
    ///
    /// Errors: there are no phrases, or vectors that do not fit them.
    pub fn new(phrases: Vec<(Bank, String)>, vectors: Vec<f32>, width: usize) -> Result<Self> {
        let rows = Rows::new(&vectors, width)?;
        if phrases.is_empty() || rows.len() != phrases.len() {
            return Err(Error::Argument(format!("{} vectors for {} phrases", rows.len(), phrases.len())));
        }
        let mut known = HashMap::new();
        let words = phrases.iter().map(|(_, phrase)| telling_words(phrase, &mut known)).collect();
        Ok(Self { phrases, words, vectors, width })
    }

    pub fn phrases(&self) -> &[(Bank, String)] {
        &self.phrases
    }

    /// `image`: a picture's unit vector. The same picture is always described in the same way.
    ///
    /// Errors: a vector of another width; options out of their range.
    pub fn describe(&self, image: &[f32], options: &Options) -> Result<Description> {
        let vectors = Rows::new(&self.vectors, self.width)?;
        if image.len() != self.width || image.iter().any(|x| !x.is_finite()) {
            return Err(Error::Argument(format!("a picture's vector of {} numbers", image.len())));
        }
        if !(1..=MOST_AT_MOST).contains(&options.max) || !(1..=BEAM_AT_MOST).contains(&options.beam) {
            return Err(Error::Argument(format!(
                "at most {} phrases along {} chains; there may be 1 to {MOST_AT_MOST} along 1 to {BEAM_AT_MOST}",
                options.max, options.beam
            )));
        }
        let mut out = vec![false; vectors.len()];
        for place in &options.without {
            *out.get_mut(*place)
                .ok_or_else(|| Error::Argument(format!("phrase {place} is none of {}", vectors.len())))? =
                true;
        }
        let cosines: Vec<f32> = vectors.iter().map(|row| dot(image, row)).collect();
        let negative = options.mode == Mode::Negative;
        let open: Vec<bool> = if negative {
            out.iter().map(|out| !out).collect()
        } else {
            let stands_out = self.stand_out(&cosines, &out);
            stands_out.iter().zip(&out).map(|(stands_out, out)| *stands_out && !out).collect()
        };
        let subject = (0..cosines.len())
            .filter(|phrase| open[*phrase] && self.phrases[*phrase].0 == Bank::Subject)
            .reduce(|best, other| if cosines[other] > cosines[best] { other } else { best });
        let allowed = |chosen: &[usize], phrase: usize| {
            let bank = self.phrases[phrase].0;
            let of_bank = chosen.iter().filter(|other| self.phrases[**other].0 == bank).count();
            let most = match options.mode {
                Mode::Fast => 1,
                Mode::Best => bank.most(),
                Mode::Negative => usize::MAX,
            };
            // What is there comes first.
            let begins = negative || !chosen.is_empty() || subject.is_none_or(|subject| subject == phrase);
            open[phrase]
                && begins
                && of_bank < most
                && chosen.iter().all(|other| !self.says_the_same(*other, phrase))
        };
        let (phrases, along) = match options.mode {
            Mode::Fast => {
                let ranked = self.ranked(&cosines, options.max, &allowed);
                let along = self.along(vectors, &cosines, &ranked);
                (ranked, along)
            }
            _ => {
                let sign = if negative { -1.0 } else { 1.0 };
                let search = Search {
                    cosines: &cosines,
                    vectors,
                    beam: options.beam,
                    most: options.max,
                    sign,
                    allowed: &allowed,
                };
                let chain = search.run();
                (chain.phrases, chain.cosines)
            }
        };
        let before = std::iter::once(0.0).chain(along.iter().copied());
        let gains = along.iter().zip(before).map(|(after, before)| after - before);
        let parts: Vec<Part> =
            phrases.iter().zip(gains).map(|(phrase, gain)| Part { phrase: *phrase, gain }).collect();
        Ok(Description {
            text: self.text(&phrases),
            cosine: along.last().copied().unwrap_or_default(),
            parts,
        })
    }

    /// Does a phrase fit the picture better than others of its bank do? Every bank has a best one for every picture, be it noise.
    fn stand_out(&self, cosines: &[f32], out: &[bool]) -> Vec<bool> {
        let mut stands_out = vec![true; cosines.len()];
        let of = |what: &dyn Fn(Bank) -> bool| -> Vec<usize> {
            (0..cosines.len()).filter(|phrase| what(self.phrases[*phrase].0) && !out[*phrase]).collect()
        };
        let about = of(&|bank| !matches!(bank, Bank::Subject | Bank::Own));
        for bank in Bank::ALL.into_iter().filter(|bank| *bank != Bank::Own) {
            let of_bank = of(&|other| other == bank);
            // Of a few, nobody can say which stand out: they are compared with whatever is said of things.
            let among = if of_bank.len() < FEW { &about } else { &of_bank };
            if among.len() < FEW {
                continue;
            }
            let mut sorted: Vec<f32> = among.iter().map(|phrase| cosines[*phrase]).collect();
            let middle = median(&mut sorted);
            let first = sorted.last().copied().unwrap_or_default();
            let mut apart: Vec<f32> = sorted.iter().map(|cosine| (cosine - middle).abs()).collect();
            let mut least = middle + STANDS_OUT * NORMAL * median(&mut apart);
            if bank == Bank::Subject {
                least = least.min(first).max(NEARLY * first);
            }
            of_bank.iter().for_each(|phrase| stands_out[*phrase] = cosines[*phrase] >= least);
        }
        stands_out
    }

    /// The phrases that fit best, one of a bank.
    fn ranked(&self, cosines: &[f32], most: usize, allowed: &dyn Fn(&[usize], usize) -> bool) -> Vec<usize> {
        let mut order: Vec<usize> = (0..cosines.len()).collect();
        order.sort_by(|a, b| cosines[*b].total_cmp(&cosines[*a]).then(a.cmp(b)));
        let mut chosen = Vec::new();
        // The subject first: whatever else fits better follows it.
        for _ in 0..2 {
            for phrase in &order {
                if chosen.len() < most && !chosen.contains(phrase) && allowed(&chosen, *phrase) {
                    chosen.push(*phrase);
                }
            }
        }
        chosen
    }

    /// The cosine after each of the phrases.
    fn along(&self, vectors: Rows, cosines: &[f32], phrases: &[usize]) -> Vec<f32> {
        let mut sum = vec![0.0; self.width];
        let mut toward = 0.0;
        let add = |phrase: &usize| {
            sum.iter_mut().zip(vectors.row(*phrase)).for_each(|(sum, x)| *sum += x);
            toward += cosines[*phrase];
            toward / dot(&sum, &sum).max(f32::MIN_POSITIVE).sqrt()
        };
        phrases.iter().map(add).collect()
    }

    /// All that one says the other says, too.
    fn says_the_same(&self, one: usize, other: usize) -> bool {
        let (one, other) = (&self.words[one], &self.words[other]);
        let (few, many) = if one.len() < other.len() { (one, other) } else { (other, one) };
        !few.is_empty() && few.iter().all(|word| many.contains(word))
    }

    fn text(&self, phrases: &[usize]) -> String {
        let mut ordered: Vec<usize> = phrases.to_vec();
        ordered.sort_by_key(|phrase| self.phrases[*phrase].0);
        let phrases: Vec<&str> = ordered.iter().map(|phrase| self.phrases[*phrase].1.as_str()).collect();
        phrases.join(", ")
    }
}

/// The middle of numbers, which it sorts.
fn median(numbers: &mut [f32]) -> f32 {
    numbers.sort_by(f32::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or_default()
}

/// Words that stand between others.
const BETWEEN: [&str; 14] =
    ["a", "an", "the", "of", "in", "on", "at", "with", "by", "to", "and", "for", "from", "its"];

/// Numbers of a phrase's words, without those that stand between others; a plural counts as its singular.
fn telling_words(phrase: &str, known: &mut HashMap<String, u32>) -> Vec<u32> {
    let words = phrase.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words
        .map(str::to_lowercase)
        .filter(|word| !BETWEEN.contains(&word.as_str()))
        .map(|word| {
            let singular =
                word.strip_suffix('s').filter(|rest| rest.len() > 2).map_or(word.clone(), str::to_owned);
            let next = known.len() as u32;
            *known.entry(singular).or_insert(next)
        })
        .collect()
}
