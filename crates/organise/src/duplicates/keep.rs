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
    /// Something lies over others.
    Clean,
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

/// Pictures of a set that are less than others of it.
#[derive(Default)]
pub(super) struct Spoilt {
    /// Cut out of others.
    pub parts: BTreeSet<u32>,
    /// They differ from more pictures by something that lies over one of the two than they agree with: from two of them alone nobody
    /// can say which one it lies over.
    pub covered: BTreeSet<u32>,
}

/// What is known of the pictures.
pub(super) struct Known<'a> {
    pub facts: &'a [Facts],
    pub looks: &'a BTreeMap<u32, Look>,
}

impl Known<'_> {
    /// The picture to keep of at least one, and why.
    ///
    /// Of the same picture: what is whole, what has nothing over it, then the most pixels, the sharpest, the least compressed, the
    /// oldest. Of a burst the sharpest comes before the most pixels. Where all that is left may have something over it, sharpness is
    /// passed over: lettering is sharper than any picture.
    pub fn keep(&self, members: &[u32], spoilt: &Spoilt, kind: Kind) -> (u32, Because) {
        let mut order = [
            Because::Whole,
            Because::Clean,
            Because::Pixels,
            Because::Sharpness,
            Because::LeastCompressed,
            Because::Oldest,
        ];
        if kind == Kind::Burst {
            order.swap(2, 3);
        }
        let mut left = members.to_vec();
        left.sort_unstable();
        for because in order {
            let before = left.len();
            self.narrow(&mut left, spoilt, because);
            if before > 1 && left.len() == 1 {
                return (left[0], because);
            }
        }
        (left.first().copied().unwrap_or_default(), Because::First)
    }

    fn narrow(&self, left: &mut Vec<u32>, spoilt: &Spoilt, because: Because) {
        let facts = |one: u32| &self.facts[one as usize];
        match because {
            Because::Whole => without(left, &spoilt.parts),
            Because::Clean => without(left, &spoilt.covered),
            Because::Sharpness if left.iter().any(|one| spoilt.covered.contains(one)) => {}
            Because::First => {}
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

/// Those that are not some, unless all are.
fn without(left: &mut Vec<u32>, some: &BTreeSet<u32>) {
    if left.iter().any(|one| !some.contains(one)) {
        left.retain(|one| !some.contains(one));
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
