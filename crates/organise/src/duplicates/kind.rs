//! Same, burst, or alike: what two pictures are to each other, and by what.

use serde::Serialize;

use super::facts::Facts;
use super::look::Look;
use super::registration::{Inside, Registration, register};

/// What two pictures are to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// One is made of the other.
    Same,
    /// Two shots of one scene, one after the other.
    Burst,
    /// Close, and neither of these.
    Alike,
}

/// By what that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// The files are the same.
    Bytes,
    /// All of the picture agrees.
    Pixels,
    /// One is cut out of the other.
    Part,
    /// Most of it agrees, and something lies over the rest.
    Overlay,
    /// Neither has anything in it: one colour, and the same one.
    Plain,
    /// They were taken one after the other.
    Times,
    /// Their names count up, and nobody knows when they were taken.
    Names,
    /// Their vectors are close.
    Vectors,
}

/// All that was gone by, so that a page can say why.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Evidence {
    pub kind: Kind,
    pub reason: Reason,
    pub cosine: f32,
    /// (1 − cosine) / (1 − the usual cosine): 0 is the same vector, 1 a picture drawn by chance.
    pub distance: f32,
    /// Of 64 bits of dHash, those that differ; none without small pictures.
    pub hash_distance: Option<u32>,
    pub registration: Option<Registration>,
    /// Between the shots, where both tell when they were taken, in milliseconds.
    pub apart: Option<u64>,
}

impl Evidence {
    /// Of the same two pictures, the other one first.
    pub(super) fn turned(mut self) -> Self {
        if let Some(found) = &mut self.registration {
            found.inside = match found.inside {
                Inside::First => Inside::Second,
                Inside::Second => Inside::First,
                Inside::Neither => Inside::Neither,
            };
        }
        self
    }
}

/// What counts as close: shares of the distance of pictures drawn by chance, since every model has cosines of its own.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Closest {
    pub burst: f32,
    pub alike: f32,
    /// Between two shots of a burst, in milliseconds.
    pub apart: u64,
}

// The next ones were chosen by one half of docs/duplicates.md's families, which the reported half does not know.

/// How much of two pictures agrees at least where one is made of the other. Of pictures that were written over, 0.62 and more
/// agreed; a quarter of the side for a logo leaves 0.77.
pub const SHARE: f32 = 0.6;
/// Their correlation: a hard logo on a picture of little contrast leaves 0.63.
pub const CORRELATION: f32 = 0.5;
/// The mean of their blocks: writing leaves 0.68 in one of a hundred pictures, 0.77 in the others. Pictures of different
/// families had at most 0.75, and then failed by another of these numbers.
pub const BLOCKS: f32 = 0.7;
/// The same, where one is a part of the other, by the shorter side of the smaller picture: cutting leaves 0.956 of one of 64 pixels,
/// 0.98 of larger ones, and 0.91 where little is left. Two shots of one heap of fruit leave 0.952, and a camera that turns by a degree
/// or two 0.83; so writing on a part of a picture is not looked for.
pub const PART_BLOCKS: f32 = 0.955;
pub const LITTLE: usize = 48;
pub const LITTLE_PART_BLOCKS: f32 = 0.92;
/// Their colours: a grey copy has 1, red and blue ones of a product have less than 0.
pub const COLOURS: f32 = 0.5;
/// From this share on there is no overlay, unless the mean of the blocks is this far below their median: coding takes 0.01 from all
/// of them, a logo 0.1 from some, fine writing 0.035.
pub const ALL: f32 = 0.9;
pub const UNEVEN: f32 = 0.03;
/// Where names count up, the pictures are two shots unless so much of them agrees, by correlation, and in every block: what moved
/// between two shots looks like an overlay.
pub const ALL_BUT_CODING: f32 = 0.98;
/// Below this standard deviation of grey levels a picture is plain, and two plain ones are the same up to this many levels.
pub const PLAIN: f32 = 3.0;

/// What two pictures are to each other; none: nothing in particular. `distance` as in [`Evidence`].
pub fn judge(
    facts: [&Facts; 2],
    looks: Option<[&Look; 2]>,
    cosine: f32,
    distance: f32,
    closest: &Closest,
) -> Option<Evidence> {
    let [first, second] = facts;
    let apart = first.apart(second);
    let registration = looks.map(|[a, b]| register(a, b));
    let hash_distance = looks.map(|[a, b]| a.hash_distance(b));
    let evidence =
        |kind, reason| Some(Evidence { kind, reason, cosine, distance, hash_distance, registration, apart });
    if first.hash.is_some() && first.hash == second.hash {
        return evidence(Kind::Same, Reason::Bytes);
    }
    // A copy has the time of the shot that it is made of, or none.
    let two_shots = apart.is_some_and(|apart| apart > 0);
    let no_times = first.taken.is_none() && second.taken.is_none();
    let numbered = no_times && first.counts_up(second);
    if let (Some([a, b]), Some(found)) = (looks, &registration)
        && !two_shots
        && let Some(reason) = same(a, b, found)
        && (!numbered || nothing_moved(found, reason))
    {
        return evidence(Kind::Same, reason);
    }
    if distance <= closest.burst {
        if apart.is_some_and(|apart| apart <= closest.apart) {
            return evidence(Kind::Burst, Reason::Times);
        }
        if numbered {
            return evidence(Kind::Burst, Reason::Names);
        }
    }
    if distance <= closest.alike { evidence(Kind::Alike, Reason::Vectors) } else { None }
}

/// Whether one is made of the other, by their pixels alone.
fn same(a: &Look, b: &Look, found: &Registration) -> Option<Reason> {
    if a.spread() < PLAIN || b.spread() < PLAIN {
        let near = |a: f32, b: f32| (a - b).abs() <= PLAIN;
        let colours = a.colours().into_iter().zip(b.colours());
        let plain =
            a.spread().max(b.spread()) < PLAIN && near(a.grey().mean(), b.grey().mean()) && { colours }
                .all(|(a, b)| near(a.mean(), b.mean()));
        return plain.then_some(Reason::Plain);
    }
    let (reason, blocks) = match found.inside {
        Inside::First | Inside::Second if a.side().min(b.side()) < LITTLE => {
            (Reason::Part, LITTLE_PART_BLOCKS)
        }
        Inside::First | Inside::Second => (Reason::Part, PART_BLOCKS),
        Inside::Neither if found.share >= ALL && found.median - found.blocks < UNEVEN => {
            (Reason::Pixels, BLOCKS)
        }
        Inside::Neither => (Reason::Overlay, BLOCKS),
    };
    let agrees = found.share >= SHARE
        && found.correlation >= CORRELATION
        && found.blocks >= blocks
        && found.colours >= COLOURS;
    agrees.then_some(reason)
}

fn nothing_moved(found: &Registration, reason: Reason) -> bool {
    reason == Reason::Pixels && found.correlation >= ALL_BUT_CODING && found.share >= ALL_BUT_CODING
}
