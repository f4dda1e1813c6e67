//! Sets of pairs. A chain (a is like b, b like c, and a not like c) is no set: whoever follows the suggestion would lose c.
//!
//! - **Same:** what is connected (union–find) is looked at again: the picture to keep is chosen, each of the others has to be
//!   made of that one itself, or the other way about, and what is not stays for a set of its own; so does another shot.
//! - **Burst, alike:** a star: the picture with the most ties, and those tied to it.
//!
//! Of the pictures of a *same* set only the kept one may stand in a burst, and of those of a burst only the kept one may stand
//! among what is alike, so that no set says again what another one says.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::keep::{Because, Known, Spoilt};
use super::kind::{Evidence, Kind, Reason};
use super::registration::Inside;

/// A picture of a set.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Member {
    pub picture: u32,
    /// What it is in the set for: the kept picture, the middle of the star, or itself.
    pub of: u32,
    /// What the two are to each other, the lower number first; none for the picture itself. Where a kept picture stands for
    /// others, it may be what two of those are to each other.
    pub evidence: Option<Evidence>,
}

/// Pictures that belong together, the kept one first, then by number.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Set {
    pub kind: Kind,
    /// The suggestion which one to keep, and why that one.
    pub keep: u32,
    pub because: Because,
    pub members: Vec<Member>,
}

/// Evidence of pairs, the lower number first.
pub(super) type Ties = BTreeMap<(u32, u32), Evidence>;
/// Of each picture, others.
type Near = BTreeMap<u32, BTreeSet<u32>>;

/// Sets of what is the same. `verify`: what two pictures are that are no pair yet.
pub(super) fn same(
    ties: &Ties,
    known: &Known<'_>,
    verify: impl Fn(u32, u32) -> Option<Evidence>,
) -> Vec<Set> {
    let mut of_kind: Ties =
        ties.iter().filter(|(_, tie)| tie.kind == Kind::Same).map(|(&pair, tie)| (pair, *tie)).collect();
    // At the same second there may be two shots, or one with something over it: they say nothing.
    let shots = ties.iter().filter(|(_, tie)| tie.kind == Kind::Burst && tie.apart != Some(0));
    let shots = near(shots.map(|(&pair, _)| pair));
    let wrong = of_other_shots(&of_kind, &shots);
    of_kind.retain(|pair, _| !wrong.contains(pair));
    let mut sets = Vec::new();
    let mut left = components(of_kind.keys().copied());
    while let Some(members) = left.pop() {
        let inside: BTreeSet<u32> = members.iter().copied().collect();
        let of = |&one: &u32| of_kind.range((one, 0)..=(one, u32::MAX));
        let among = || members.iter().flat_map(of).filter(|((_, other), _)| inside.contains(other));
        let spoilt = spoilt(among());
        let (keep, because) = known.keep(&members, &spoilt, Kind::Same);
        let mut made = Vec::new();
        for &picture in members.iter().filter(|&&one| one != keep) {
            let tie = of_kind.get(&ordered(keep, picture)).copied();
            let tie = tie.or_else(|| verify(keep, picture)).filter(|tie| tie.kind == Kind::Same);
            let tie = tie.filter(|_| !wrong.contains(&ordered(keep, picture)));
            made.extend(tie.map(|tie| (picture, tie)));
        }
        let made = of_one_shot(keep, made, known, &shots);
        let taken: BTreeSet<u32> = made.iter().map(|&(picture, _)| picture).chain([keep]).collect();
        let rest = among().map(|(&pair, _)| pair).filter(|(a, b)| !taken.contains(a) && !taken.contains(b));
        left.extend(components(rest));
        if !made.is_empty() {
            let made =
                made.into_iter().map(|(picture, tie)| Member { picture, of: keep, evidence: Some(tie) });
            let members = [Member { picture: keep, of: keep, evidence: None }].into_iter().chain(made);
            sets.push(Set { kind: Kind::Same, keep, because, members: members.collect() });
        }
    }
    sets
}

/// How well two pictures fit; copies of a file do so best.
fn fit(tie: &Evidence) -> f32 {
    tie.registration.map_or(f32::INFINITY, |found| found.blocks)
}

/// Of each copy that has lost its time and fits two shots of a burst, the pair with that which it fits less.
fn of_other_shots(same: &Ties, shots: &Near) -> BTreeSet<(u32, u32)> {
    let copies = near(same.keys().copied());
    let none = BTreeSet::new();
    let of = |one: &u32| copies.get(one).unwrap_or(&none);
    let fits = |one: u32, other: u32| same.get(&ordered(one, other)).map_or(0.0, fit);
    let mut wrong = BTreeSet::new();
    for (&first, others) in shots {
        for &second in others.range(first + 1..) {
            for &copy in of(&first).intersection(of(&second)) {
                let other = if fits(copy, first) < fits(copy, second) { first } else { second };
                wrong.insert(ordered(copy, other));
            }
        }
    }
    wrong
}

/// Of each picture those that it is a pair with.
fn near(pairs: impl Iterator<Item = (u32, u32)>) -> Near {
    let mut near = Near::new();
    for (a, b) in pairs {
        near.entry(a).or_default().insert(b);
        near.entry(b).or_default().insert(a);
    }
    near
}

/// Two shots that look alike may both be taken for the original of a copy that has lost its time: of what tells another time, or
/// is a burst with what is already in, only what fits the kept picture best stays; by number.
fn of_one_shot(
    keep: u32,
    mut made: Vec<(u32, Evidence)>,
    known: &Known<'_>,
    shots: &Near,
) -> Vec<(u32, Evidence)> {
    made.sort_by(|a, b| fit(&b.1).total_cmp(&fit(&a.1)).then(a.0.cmp(&b.0)));
    let taken = |one: u32| known.facts[one as usize].taken;
    let mut time = taken(keep);
    let mut inside = BTreeSet::from([keep]);
    made.retain(|&(one, _)| {
        let other_time = time.is_some() && taken(one).is_some() && taken(one) != time;
        let other_shot = shots.get(&one).is_some_and(|others| !others.is_disjoint(&inside));
        let fits = !other_time && !other_shot;
        if fits {
            inside.insert(one);
            time = time.or(taken(one));
        }
        fits
    });
    made.sort_by_key(|&(one, _)| one);
    made
}

/// Stars of one kind, over the pictures that stand for others: `stands` has those that another one stands for.
pub(super) fn stars(ties: &Ties, kind: Kind, stands: &BTreeMap<u32, u32>, known: &Known<'_>) -> Vec<Set> {
    let stand = |one: u32| {
        let by = stands.get(&one).copied().unwrap_or(one);
        stands.get(&by).copied().unwrap_or(by)
    };
    let mut near: BTreeMap<u32, BTreeMap<u32, Evidence>> = BTreeMap::new();
    for (&(a, b), tie) in ties.iter().filter(|(_, tie)| tie.kind == kind) {
        let (one, other) = (stand(a), stand(b));
        if one == other {
            continue;
        }
        let tie = if (one < other) == (a < b) { *tie } else { tie.turned() };
        for (one, other) in [(one, other), (other, one)] {
            let known = near.entry(one).or_default().entry(other).or_insert(tie);
            if tie.cosine > known.cosine {
                *known = tie;
            }
        }
    }
    let mut middles: Vec<u32> = near.keys().copied().collect();
    let sum = |one: &u32| near[one].values().map(|tie| tie.cosine).sum::<f32>();
    middles.sort_by(|a, b| near[b].len().cmp(&near[a].len()).then(sum(b).total_cmp(&sum(a))).then(a.cmp(b)));
    let mut taken: BTreeSet<u32> = BTreeSet::new();
    let mut sets = Vec::new();
    for middle in middles {
        if taken.contains(&middle) {
            continue;
        }
        let free = near[&middle].iter().filter(|(one, _)| !taken.contains(*one));
        let mut members: Vec<Member> =
            free.map(|(&picture, tie)| Member { picture, of: middle, evidence: Some(*tie) }).collect();
        if members.is_empty() {
            continue;
        }
        members.push(Member { picture: middle, of: middle, evidence: None });
        let pictures: Vec<u32> = members.iter().map(|member| member.picture).collect();
        taken.extend(&pictures);
        let (keep, because) = known.keep(&pictures, &Spoilt::default(), kind);
        members.sort_by_key(|member| (member.picture != keep, member.picture));
        sets.push(Set { kind, keep, because, members });
    }
    sets
}

/// Who stands for whom: the kept one for the others.
pub(super) fn stands(sets: &[Set]) -> BTreeMap<u32, u32> {
    let others = |set: &Set| {
        let keep = set.keep;
        let pictures: Vec<u32> = set.members.iter().map(|member| member.picture).collect();
        pictures.into_iter().filter(move |&one| one != keep).map(move |one| (one, keep))
    };
    sets.iter().flat_map(others).collect()
}

pub(super) fn ordered(a: u32, b: u32) -> (u32, u32) {
    (a.min(b), a.max(b))
}

/// What is less than others of its set.
fn spoilt<'a>(ties: impl Iterator<Item = (&'a (u32, u32), &'a Evidence)>) -> Spoilt {
    let mut spoilt = Spoilt::default();
    let mut copies = Vec::new();
    // Of each picture, pairs with something over one of the two, less those without.
    let mut over: BTreeMap<u32, i64> = BTreeMap::new();
    for (&(first, second), tie) in ties {
        let inside = tie.registration.map_or(Inside::Neither, |found| found.inside);
        match (tie.reason, inside) {
            (Reason::Bytes, _) => copies.push([first, second]),
            (_, Inside::First) => _ = spoilt.parts.insert(first),
            (_, Inside::Second) => _ = spoilt.parts.insert(second),
            (reason, Inside::Neither) => {
                let by = if reason == Reason::Overlay { 1 } else { -1 };
                [first, second].iter().for_each(|&one| *over.entry(one).or_default() += by);
            }
        }
    }
    spoilt.covered = over.into_iter().filter(|&(_, over)| over > 0).map(|(one, _)| one).collect();
    // The copy of a file is what the file is.
    for [first, second] in copies {
        for some in [&mut spoilt.parts, &mut spoilt.covered] {
            if some.contains(&first) || some.contains(&second) {
                some.extend([first, second]);
            }
        }
    }
    spoilt
}

/// What is connected, each in order: union–find with path halving (Tarjan and van Leeuwen 1984).
fn components(pairs: impl Iterator<Item = (u32, u32)>) -> Vec<Vec<u32>> {
    let mut above: BTreeMap<u32, u32> = BTreeMap::new();
    fn root(above: &mut BTreeMap<u32, u32>, mut one: u32) -> u32 {
        loop {
            let up = *above.entry(one).or_insert(one);
            if up == one {
                return one;
            }
            let next = above.get(&up).copied().unwrap_or(up);
            above.insert(one, next);
            one = next;
        }
    }
    for (a, b) in pairs {
        let (a, b) = ordered(root(&mut above, a), root(&mut above, b));
        above.insert(b, a);
    }
    let mut sets: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for one in above.keys().copied().collect::<Vec<_>>() {
        sets.entry(root(&mut above, one)).or_default().push(one);
    }
    sets.into_values().collect()
}
