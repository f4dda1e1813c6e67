//! Which picture of a set to keep, and by what it is better.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::facts::Facts;
use super::kind::Kind;
use super::look::Look;

/// By what the kept picture is better than the last one that it was compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Because {
    /// Others are cut out of it.
    Whole,
    /// It has the most pixels.
    Pixels,
    /// It is the sharpest.
    Sharpness,
    /// It has the most bytes a pixel.
    LeastCompressed,
    /// It was taken or, where nobody knows, changed first.
    Oldest,
    /// Nothing: it has the lowest number.
    First,
}

/// What is less than this much better is as good: pixels that were rounded, sharpness that coding adds or takes, bytes of
/// metadata.
const PIXELS: f64 = 0.01;
const SHARPNESS: f64 = 0.1;
const BYTES: f64 = 0.05;

/// What is known of the pictures.
pub(super) struct Known<'a> {
    pub facts: &'a [Facts],
    pub looks: &'a BTreeMap<u32, Look>,
}

impl Known<'_> {
    /// The picture to keep of at least one, and why. `parts`: those that are cut out of others.
    ///
    /// Of the same picture: what is whole, then the most pixels, the sharpest, the least compressed, the oldest. Of a burst the
    /// sharpest comes first.
    pub fn keep(&self, members: &[u32], parts: &BTreeSet<u32>, kind: Kind) -> (u32, Because) {
        let mut order =
            [Because::Whole, Because::Pixels, Because::Sharpness, Because::LeastCompressed, Because::Oldest];
        if kind == Kind::Burst {
            order.swap(1, 2);
        }
        let mut left = members.to_vec();
        left.sort_unstable();
        for because in order {
            let before = left.len();
            self.narrow(&mut left, parts, because);
            if before > 1 && left.len() == 1 {
                return (left[0], because);
            }
        }
        (left.first().copied().unwrap_or_default(), Because::First)
    }

    fn narrow(&self, left: &mut Vec<u32>, parts: &BTreeSet<u32>, because: Because) {
        let facts = |one: u32| &self.facts[one as usize];
        match because {
            Because::Whole if left.iter().any(|one| !parts.contains(one)) => {
                left.retain(|one| !parts.contains(one));
            }
            Because::Whole | Because::First => {}
            Because::Pixels => best(left, PIXELS, |one| Some(facts(one).pixels() as f64)),
            Because::Sharpness => {
                best(left, SHARPNESS, |one| self.looks.get(&one).map(|look| f64::from(look.sharpness())));
            }
            Because::LeastCompressed => best(left, BYTES, |one| {
                let pixels = facts(one).pixels();
                (pixels > 0).then(|| facts(one).bytes as f64 / pixels as f64)
            }),
            Because::Oldest => {
                let first = left.iter().map(|&one| (facts(one).day(), facts(one).modified)).min();
                left.retain(|&one| Some((facts(one).day(), facts(one).modified)) == first);
            }
        }
    }
}

/// Those whose value is at most a share less than the greatest; all, where one has none.
fn best(left: &mut Vec<u32>, share: f64, value: impl Fn(u32) -> Option<f64>) {
    let values: Option<Vec<f64>> = left.iter().map(|&one| value(one)).collect();
    let Some(values) = values else { return };
    let least = values.iter().copied().fold(0.0, f64::max) * (1.0 - share);
    let mut values = values.into_iter();
    left.retain(|_| values.next().is_some_and(|value| value >= least));
}
