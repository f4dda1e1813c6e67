//! Logits → texts: greedy, and by beams, as Hugging Face's `generate` does both (transformers 5, `_sample` without
//! sampling and `_beam_search`), a token at a time, so that a text can be shown while it grows, and given up.
//!
//! ```text
//! score(text)  = Σ log p(token | before) / new tokens                  length_penalty 1.0
//! each step:
//!   candidates ← the best 2 · beams of all (beam, token) by Σ log p    ties: the earlier beam, the lower id
//!   finished   ← the best `beams` by score of those that were, and of the first `beams` candidates that end here
//!   running    ← the first `beams` candidates that go on
//! until the best running text, as it stands, scores no better than the worst of `beams` finished ones, or all are as
//! long as they may be                                                         early_stopping False
//! ```
//! A text ends with its end token, or where it has as many new tokens as it may have. With one beam the first
//! finished text is the end of it, which is greedy decoding.

use std::fmt;

use crate::kernels::vector::{Floats, LANES};
use crate::model::generator::{Facts, Generator, Next, Place, State};
use crate::{Error, Result};

/// Beams that are of use; the work grows with each.
const BEAMS_AT_MOST: usize = 16;

/// How far and how wide to decode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Texts that are followed at once; 1 is greedy.
    pub beams: usize,
    /// New tokens, the end token included, at most. A model that can't read so many gives fewer.
    pub max_tokens: usize,
    /// New tokens before the end token may come (HF `min_new_tokens`).
    pub min_tokens: usize,
}

impl Default for Limits {
    /// What `generate` does when it is asked for nothing else: greedy, 20 new tokens.
    fn default() -> Self {
        Self { beams: 1, max_tokens: 20, min_tokens: 0 }
    }
}

/// A text that was decoded, or is being.
#[derive(Clone, Debug, PartialEq)]
pub struct Sequence {
    /// All ids: what the text begins with, the new ones, and the end token where it has come.
    pub tokens: Vec<u32>,
    /// `Σ log p` of the new tokens.
    pub log_probability: f32,
    /// The same for each new token: what beams are compared by.
    pub score: f32,
}

/// A text that goes on.
struct Beam {
    tokens: Vec<u32>,
    log_probability: f32,
    /// After the tokens that were read; the others are to be.
    place: Option<Place>,
    read: usize,
}

/// A token that a beam may go on with.
#[derive(Clone, Copy)]
struct Candidate {
    beam: usize,
    token: u32,
    log_probability: f32,
}

/// One picture's texts, token by token.
pub struct Decoding {
    state: State,
    facts: Facts,
    limits: Limits,
    /// Tokens that the text begins with.
    prompt: usize,
    running: Vec<Beam>,
    /// Best first.
    finished: Vec<Sequence>,
    over: bool,
}

/// Without the numbers.
impl fmt::Debug for Decoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Decoding")
            .field("limits", &self.limits)
            .field("finished", &self.finished)
            .field("over", &self.over)
            .finish_non_exhaustive()
    }
}

impl Decoding {
    /// `prompt`: the ids that the text begins with, of which there is at least the model's own.
    ///
    /// Errors: the limits are out of range, or the prompt leaves no room.
    pub fn new(state: State, facts: Facts, prompt: Vec<u32>, limits: Limits) -> Result<Self> {
        if !(1..=BEAMS_AT_MOST).contains(&limits.beams) {
            return Err(Error::Text(format!("{} beams; expected 1 to {BEAMS_AT_MOST}.", limits.beams)));
        }
        if limits.max_tokens == 0 || prompt.is_empty() {
            return Err(Error::Text("A text of no tokens cannot be decoded.".into()));
        }
        if prompt.len() >= facts.context {
            return Err(Error::Text(format!(
                "The text begins with {} tokens, and the model can read {} in all.",
                prompt.len(),
                facts.context
            )));
        }
        let limits = Limits { max_tokens: limits.max_tokens.min(facts.context - prompt.len()), ..limits };
        let first = Beam { log_probability: 0.0, place: None, read: 0, tokens: prompt.clone() };
        Ok(Self {
            state,
            facts,
            limits,
            prompt: prompt.len(),
            running: vec![first],
            finished: Vec::new(),
            over: false,
        })
    }

    /// One more token of each running text. Whether there is more to do.
    ///
    /// Errors: the model gives no finite numbers.
    pub fn step(&mut self, generator: &dyn Generator) -> Result<bool> {
        if self.over {
            return Ok(false);
        }
        let texts: Vec<Next> = self
            .running
            .iter()
            .map(|beam| Next { after: beam.place, tokens: &beam.tokens[beam.read..] })
            .collect();
        let readings = generator.read(&mut self.state, &texts)?;
        for (beam, reading) in self.running.iter_mut().zip(&readings) {
            (beam.place, beam.read) = (Some(reading.place), beam.tokens.len());
        }
        let logits: Vec<&[f32]> = readings.iter().map(|reading| &reading.logits[..]).collect();
        let candidates = self.candidates(&logits);
        // All running texts have one length.
        let new = self.new_tokens() + 1;
        let ends = |candidate: &Candidate| candidate.token == self.facts.end || new >= self.limits.max_tokens;
        let beams = self.limits.beams;
        let (hits, rest): (Vec<Candidate>, Vec<_>) = candidates.iter().copied().partition(ends);
        let finished: Vec<Sequence> = candidates
            .iter()
            .take(beams)
            .filter(|candidate| ends(candidate))
            .map(|candidate| Sequence {
                tokens: self.extended(candidate),
                log_probability: candidate.log_probability,
                score: candidate.log_probability / new as f32,
            })
            .collect();
        let running = rest.into_iter().take(beams).map(|candidate| {
            let beam = &self.running[candidate.beam];
            let tokens = self.extended(&candidate);
            Beam { tokens, log_probability: candidate.log_probability, place: beam.place, read: beam.read }
        });
        let running = running.collect();
        self.running = running;
        self.finished.extend(finished);
        // A stable sort: what was finished before stays before its like.
        self.finished.sort_by(|a, b| b.score.total_cmp(&a.score));
        self.finished.truncate(beams);
        let worst = if self.finished.len() < beams { None } else { self.finished.last() };
        let improvable = match (self.running.first(), worst) {
            (None, _) => false,
            (Some(_), Some(_)) if beams == 1 => false,
            (Some(best), Some(worst)) => best.log_probability / new as f32 > worst.score,
            (Some(_), None) => true,
        };
        self.over = !improvable || hits.len() == candidates.len();
        Ok(!self.over)
    }

    /// The best text so far; after the last step the best of all.
    pub fn best(&self) -> Sequence {
        let running = (!self.over).then(|| self.running.first()).flatten().map(|beam| self.sequence(beam));
        let best = running.into_iter().chain(self.finished.first().cloned()).max_by(|a, b| {
            // Of equal ones the last wins, which is the finished one.
            a.score.total_cmp(&b.score)
        });
        best.unwrap_or(Sequence { tokens: Vec::new(), log_probability: 0.0, score: 0.0 })
    }

    /// The finished texts, best first: after the last step as many as there are beams.
    pub fn finished(&self) -> &[Sequence] {
        &self.finished
    }

    /// There is nothing more to do.
    pub fn is_over(&self) -> bool {
        self.over
    }

    /// From 0 to 1, by the longest that the text may become.
    pub fn progress(&self) -> f64 {
        if self.over { 1.0 } else { self.new_tokens() as f64 / self.limits.max_tokens as f64 }
    }

    /// Ids that every text begins with.
    pub fn prompt(&self) -> usize {
        self.prompt
    }

    fn new_tokens(&self) -> usize {
        self.running.first().map_or(0, |beam| beam.tokens.len() - self.prompt)
    }

    fn sequence(&self, beam: &Beam) -> Sequence {
        let new = (beam.tokens.len() - self.prompt).max(1);
        let score = beam.log_probability / new as f32;
        Sequence { tokens: beam.tokens.clone(), log_probability: beam.log_probability, score }
    }

    fn extended(&self, candidate: &Candidate) -> Vec<u32> {
        let mut tokens = self.running[candidate.beam].tokens.clone();
        tokens.push(candidate.token);
        tokens
    }

    /// The best `2 · beams`, best first.
    fn candidates(&self, logits: &[&[f32]]) -> Vec<Candidate> {
        let keep = 2 * self.limits.beams;
        let end_is_barred = self.new_tokens() < self.limits.min_tokens;
        let mut best: Vec<Candidate> = Vec::with_capacity(keep + 1);
        for (beam, logits) in logits.iter().enumerate() {
            let (before, normaliser) = (self.running[beam].log_probability, log_sum_exp(logits));
            for (token, logit) in logits.iter().enumerate() {
                let (token, log_probability) = (token as u32, logit - normaliser + before);
                let worst = if best.len() < keep { None } else { best.last() };
                let passes = worst.is_none_or(|worst| log_probability > worst.log_probability);
                if !passes || (end_is_barred && token == self.facts.end) {
                    continue;
                }
                let at = best.partition_point(|other| other.log_probability >= log_probability);
                best.insert(at, Candidate { beam, token, log_probability });
                best.truncate(keep);
            }
        }
        best
    }
}

/// `ln Σ exp(xᵢ)`.
fn log_sum_exp(x: &[f32]) -> f32 {
    let most = x.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let centre = Floats::splat(most);
    let (fours, rest) = x.as_chunks::<LANES>();
    // A few thousand sums of four, in parts, so that small numbers are not lost against the sum.
    let sum: f64 = fours.iter().map(|four| f64::from(Floats::load(four).sub(centre).exp().sum())).sum();
    let rest: f64 = rest.iter().map(|x| f64::from((x - most).exp())).sum();
    most + (sum + rest).ln() as f32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::generator::{Ability, Image, Reading};
    use crate::preprocess::Pixels;

    /// A language of four tokens, of which 0 begins and 3 ends; what may follow depends on the last one alone.
    struct Fake([[f32; 4]; 4]);

    const FACTS: Facts =
        Facts { ability: Ability::Captions, image_size: 1, vocabulary: 4, context: 12, begin: 0, end: 3 };

    impl Generator for Fake {
        fn facts(&self) -> Facts {
            FACTS
        }

        fn see(&self, _: &Pixels) -> Result<Image> {
            unreachable!()
        }

        fn look(&self, _: &Image, _: Option<&[u32]>) -> Result<State> {
            Ok(State::new(Vec::new()))
        }

        fn read(&self, state: &mut State, texts: &[Next]) -> Result<Vec<Reading>> {
            let places = state.pass(texts).places;
            let logits = texts.iter().map(|text| self.0[*text.tokens.last().unwrap() as usize]);
            let reading = |(place, logits): (_, [f32; 4])| Reading {
                place,
                logits: logits.map(|p: f32| p.ln().max(-1e4)).to_vec(),
            };
            Ok(places.into_iter().zip(logits).map(reading).collect())
        }
    }

    fn decode(fake: &Fake, limits: Limits) -> Decoding {
        let mut decoding = Decoding::new(State::new(Vec::new()), FACTS, vec![0], limits).unwrap();
        while decoding.step(fake).unwrap() {
            assert!(decoding.best().tokens.len() > 1);
        }
        decoding
    }

    /// 1 is likelier at first, and leads nowhere; 2 leads to a sure end.
    const GARDEN_PATH: Fake =
        Fake([[0.0, 0.6, 0.4, 0.0], [0.3, 0.3, 0.3, 0.1], [0.0, 0.0, 0.05, 0.95], [0.25; 4]]);

    #[test]
    fn beams_find_what_greedy_passes_by() {
        let limits = Limits { beams: 1, max_tokens: 4, min_tokens: 0 };
        let greedy = decode(&GARDEN_PATH, limits);
        // Equal probabilities: the lower id.
        assert_eq!(greedy.best().tokens, [0, 1, 0, 1, 0]);
        let beams = decode(&GARDEN_PATH, Limits { beams: 2, ..limits });
        assert_eq!(beams.best().tokens, [0, 2, 3]);
        assert!((beams.best().log_probability - (0.4f32 * 0.95).ln()).abs() < 1e-5);
        assert!((beams.best().score - (0.4f32 * 0.95).ln() / 2.0).abs() < 1e-5);
        assert_eq!(beams.finished().len(), 2);
    }

    #[test]
    fn the_end_waits_for_the_shortest_text() {
        let limits = Limits { beams: 2, max_tokens: 6, min_tokens: 3 };
        let best = decode(&GARDEN_PATH, limits).best().tokens;
        assert!(best.len() > 4 && best[..4].iter().all(|token| *token != 3), "{best:?}");
    }

    #[test]
    fn what_the_model_cannot_read_is_refused_or_cut() {
        let limits = Limits { beams: 1, max_tokens: 100, min_tokens: 0 };
        let never = Fake([[0.5, 0.5, 0.0, 0.0]; 4]);
        let decoding = decode(&never, limits);
        assert_eq!((decoding.best().tokens.len(), decoding.progress()), (FACTS.context, 1.0));
        for (prompt, limits) in [
            (vec![0; 12], limits),
            (vec![], limits),
            (vec![0], Limits { beams: 0, ..limits }),
            (vec![0], Limits { beams: 17, ..limits }),
            (vec![0], Limits { max_tokens: 0, ..limits }),
        ] {
            assert!(Decoding::new(State::new(Vec::new()), FACTS, prompt, limits).is_err());
        }
    }

    #[test]
    fn the_normaliser_is_that_of_softmax() {
        for length in [1, 3, 4, 9, 1000] {
            let x: Vec<f32> = (0..length).map(|i| ((i * 7919) % 101) as f32 / 7.0).collect();
            let expected = x.iter().map(|x| f64::from(*x).exp()).sum::<f64>().ln();
            assert!((f64::from(log_sum_exp(&x)) - expected).abs() < 1e-4, "{length}");
        }
    }
}
