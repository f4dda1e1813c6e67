//! The way from a library to its sets, in steps.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::candidates::{Candidates, Closeness, EXACT_UP_TO, Pair};
use super::facts::Facts;
use super::keep::Known;
use super::kind::{Closest, Evidence, Kind, Reason, judge};
use super::look::Look;
use super::sets::{Set, Ties, ordered, same, stands, stars};
use crate::error::{Result, wrong};
use crate::progress::Progress;
use crate::rows::{Rows, dot};

/// Pairs that a step judges: some hundredths of a second.
const PAIRS: usize = 32;

/// How pictures are looked for. Distances are shares of that between pictures drawn by chance.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Options {
    /// The cosine of two pictures drawn by chance, where the model's is known; otherwise the library's own.
    pub usual: Option<f32>,
    /// Pairs up to this distance are looked at. docs/duplicates.md says what other distances would find.
    pub candidates: f32,
    /// Two shots of a burst are at most this far apart, and so long, in milliseconds.
    pub burst: f32,
    pub apart: u64,
    /// Pictures that are merely alike are at most this far apart.
    pub alike: f32,
    /// So many of each picture's nearest are looked at.
    pub nearest: usize,
    /// Up to so many pictures all pairs are looked at, beyond that those of near cells.
    pub exact_up_to: usize,
    pub seed: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            usual: None,
            candidates: 0.5,
            burst: 0.35,
            apart: 120_000,
            alike: 0.3,
            nearest: 24,
            exact_up_to: EXACT_UP_TO,
            seed: 1,
        }
    }
}

/// A search for what is the same, a burst, or alike.
#[derive(Debug)]
pub struct Finder {
    facts: Vec<Facts>,
    options: Options,
    usual: f32,
    /// Files that are another one, byte for byte, and that one.
    copies: BTreeMap<u32, u32>,
    candidates: Candidates,
    /// None, as long as they are looked for.
    pairs: Option<Vec<Pair>>,
    looks: BTreeMap<u32, Look>,
    judged: usize,
    ties: Ties,
}

impl Finder {
    /// `rows`: a unit vector a picture; `facts`: as many.
    ///
    /// Errors: other counts; an option that is none.
    pub fn new(rows: Rows<'_>, facts: Vec<Facts>, options: Options) -> Result<Self> {
        if rows.len() != facts.len() {
            return wrong(format!("{} pictures have a vector, {} facts", rows.len(), facts.len()));
        }
        let distances = [options.candidates, options.burst, options.alike];
        if distances.iter().any(|distance| !(0.0..=2.0).contains(distance)) {
            return wrong(format!("one of {distances:?} is no distance"));
        }
        if options.usual.is_some_and(|usual| !(-1.0..1.0).contains(&usual)) {
            return wrong(format!("{:?} is not the cosine of different pictures", options.usual));
        }
        let mut first: BTreeMap<[u8; 32], u32> = BTreeMap::new();
        let (mut copies, mut originals) = (BTreeMap::new(), Vec::new());
        for (number, facts) in (0..).zip(&facts) {
            match facts.hash.map(|hash| *first.entry(hash).or_insert(number)) {
                Some(original) if original != number => {
                    copies.insert(number, original);
                }
                _ => originals.push(number),
            }
        }
        let usual = options.usual.unwrap_or_else(|| Candidates::usual(rows, &originals, options.seed));
        let closeness = Closeness {
            at_least: (1.0 - options.candidates * (1.0 - usual)).clamp(-1.0, 1.0),
            nearest: options.nearest,
            exact_up_to: options.exact_up_to,
        };
        let candidates = Candidates::new(rows, originals, closeness, options.seed)?;
        let (pairs, looks, ties) = Default::default();
        Ok(Self { facts, options, usual, copies, candidates, pairs, looks, judged: 0, ties })
    }

    /// The cosine of two pictures drawn by chance, by which distances are measured.
    pub fn usual(&self) -> f32 {
        self.usual
    }

    /// Of the present part: looking for pairs or, after that, judging them.
    pub fn progress(&self) -> Progress {
        match &self.pairs {
            None => self.candidates.progress(),
            Some(pairs) => Progress { done: self.judged as u64, total: pairs.len() as u64 },
        }
    }

    /// Look for pairs, a few hundredths of a second. `rows`: those that it began with, here and below.
    ///
    /// Errors: other rows.
    pub fn step(&mut self, rows: Rows<'_>) -> Result<Progress> {
        let progress = match &self.pairs {
            None => self.candidates.step(rows)?,
            Some(_) => self.candidates.progress(),
        };
        if progress.is_over() && self.pairs.is_none() {
            self.pairs = Some(self.candidates.pairs());
        }
        Ok(progress)
    }

    /// The pictures whose small pictures are needed, in order; none before all steps are done.
    pub fn wanted(&self) -> Vec<u32> {
        let pairs = self.pairs.iter().flatten();
        let numbers: BTreeSet<u32> = pairs.flat_map(|pair| [pair.first, pair.second]).collect();
        numbers.into_iter().collect()
    }

    /// A wanted picture's small picture, as [`Look::new`] takes it. Pairs of pictures without one are judged by vectors and times
    /// alone, so they are never the same.
    ///
    /// Errors: no picture has the number; those of [`Look::new`].
    pub fn add_look(&mut self, number: u32, rgba: &[u8], width: u32, height: u32) -> Result<()> {
        if number as usize >= self.facts.len() {
            return wrong(format!("there is no picture {number}"));
        }
        self.looks.insert(number, Look::new(rgba, width, height)?);
        Ok(())
    }

    /// Judge some of the pairs, some hundredths of a second.
    ///
    /// Errors: not all pairs have been looked for.
    pub fn judge(&mut self) -> Result<Progress> {
        let Some(pairs) = &self.pairs else { return wrong("pairs are judged once all of them are found") };
        let end = (self.judged + PAIRS).min(pairs.len());
        let evidence = |pair: &Pair| {
            let tie = self.evidence(pair.first, pair.second, pair.cosine)?;
            Some(((pair.first, pair.second), tie))
        };
        let found: Vec<_> = pairs[self.judged..end].iter().filter_map(evidence).collect();
        self.ties.extend(found);
        self.judged = end;
        Ok(self.progress())
    }

    /// What was found of the pairs so far, the lower number first.
    pub fn ties(&self) -> &BTreeMap<(u32, u32), Evidence> {
        &self.ties
    }

    /// The sets: same, burst, alike; the largest first. What was not judged yet is.
    ///
    /// Errors: other rows, or not all pairs have been looked for.
    pub fn finish(mut self, rows: Rows<'_>) -> Result<Vec<Set>> {
        while !self.judge()?.is_over() {}
        if rows.len() != self.facts.len() {
            return wrong("these are not the vectors that it began with");
        }
        let copied =
            |(&copy, &original): (&u32, &u32)| (ordered(copy, original), self.copied(copy, original));
        let copied: Ties = self.copies.iter().map(copied).collect();
        self.ties.extend(copied);
        let known = Known { facts: &self.facts, looks: &self.looks };
        let verify = |a: u32, b: u32| self.again(rows, a, b);
        let mut sets = same(&self.ties, &known, verify);
        for kind in [Kind::Burst, Kind::Alike] {
            let found = stars(&self.ties, kind, &stands(&sets), &known);
            sets.extend(found);
        }
        sets.sort_by_key(|set| (set.kind, usize::MAX - set.members.len(), set.keep));
        Ok(sets)
    }

    fn evidence(&self, first: u32, second: u32, cosine: f32) -> Option<Evidence> {
        let look = |one: u32| self.looks.get(&one);
        let looks = look(first).zip(look(second)).map(|(a, b)| [a, b]);
        let Options { burst, alike, apart, .. } = self.options;
        let facts = [&self.facts[first as usize], &self.facts[second as usize]];
        judge(facts, looks, cosine, self.distance(cosine), &Closest { burst, alike, apart })
    }

    fn distance(&self, cosine: f32) -> f32 {
        ((1.0 - cosine) / (1.0 - self.usual)).max(0.0)
    }

    fn copied(&self, copy: u32, original: u32) -> Evidence {
        Evidence {
            kind: Kind::Same,
            reason: Reason::Bytes,
            cosine: 1.0,
            distance: 0.0,
            hash_distance: None,
            registration: None,
            apart: self.facts[copy as usize].apart(&self.facts[original as usize]),
        }
    }

    /// What two pictures of one set are that were no pair, or of which one is a copy.
    fn again(&self, rows: Rows<'_>, a: u32, b: u32) -> Option<Evidence> {
        let original = |one: u32| self.copies.get(&one).copied().unwrap_or(one);
        let (first, second) = ordered(original(a), original(b));
        if first == second {
            return Some(self.copied(a, b));
        }
        let turned = (original(a) == first) != (a < b);
        let in_order = |tie: Evidence| if turned { tie.turned() } else { tie };
        if let Some(tie) = self.ties.get(&(first, second)) {
            return Some(in_order(*tie));
        }
        let cosine = dot(rows.row(first as usize), rows.row(second as usize));
        self.evidence(first, second, cosine).map(in_order)
    }
}
