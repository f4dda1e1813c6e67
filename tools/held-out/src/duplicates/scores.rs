//! Precision and recall of each kind, and of each change.

use std::collections::BTreeMap;
use std::fmt::Write;

use anyhow::Result;
use semblance_organise::duplicates::Kind;

use crate::duplicates::Found;
use crate::duplicates::changes::Change;
use crate::duplicates::library::Role;

/// How many there are, how many of them were found, how many were taken for it, how many of those rightly.
#[derive(Clone, Copy, Default)]
pub struct Tally {
    there: usize,
    found: usize,
    taken: usize,
    right: usize,
}

impl Tally {
    fn add(&mut self, other: Self) {
        self.there += other.there;
        self.found += other.found;
        self.taken += other.taken;
        self.right += other.right;
    }

    fn recall(self) -> String {
        share(self.found, self.there)
    }

    fn precision(self) -> String {
        share(self.right, self.taken)
    }
}

/// Of each change, of little pictures and of larger ones; and of the other kinds.
#[derive(Default)]
pub struct Scores {
    changes: BTreeMap<usize, [Tally; 2]>,
    all: [Tally; 2],
    burst: Tally,
    alike: Tally,
}

impl Scores {
    pub fn of(found: &Found) -> Self {
        let mut scores = Self::default();
        scores.add_same(found);
        scores.add_burst(found);
        scores.add_alike(found);
        scores
    }

    fn add_same(&mut self, found: &Found) {
        let mut beside: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for set in found.sets.iter().filter(|set| set.kind == Kind::Same) {
            let members: Vec<u32> = set.members.iter().map(|member| member.picture).collect();
            for &one in &members {
                beside.insert(one, members.clone());
                if one == set.keep {
                    continue;
                }
                // What is thrown away, and whether what is kept is the same.
                let right = found.truth(one, set.keep) == Some(Kind::Same);
                let little = usize::from(!found.pictures[one as usize].little);
                let tally = Tally { taken: 1, right: right.into(), ..Tally::default() };
                self.all[little].add(tally);
                if let Role::Changed(change) = found.role(one) {
                    self.changes.entry(change).or_default()[little].add(tally);
                }
            }
        }
        for (one, made) in (0_u32..).zip(&found.pictures) {
            if let Role::Changed(change) = made.role {
                let original =
                    |&other: &u32| found.role(other) == Role::Original && found.family(other) == made.family;
                let with = beside.get(&one).is_some_and(|members| members.iter().any(original));
                let little = usize::from(!made.little);
                let tally = Tally { there: 1, found: with.into(), ..Tally::default() };
                self.all[little].add(tally);
                self.changes.entry(change).or_default()[little].add(tally);
            }
        }
    }

    /// A shot is found where its set has another picture of its family.
    fn add_burst(&mut self, found: &Found) {
        let mut inside = vec![false; found.pictures.len()];
        for set in found.sets.iter().filter(|set| set.kind == Kind::Burst) {
            for member in set.members.iter().filter(|member| member.picture != member.of) {
                let right = found.truth(member.picture, member.of) == Some(Kind::Burst);
                self.burst.add(Tally { taken: 1, right: right.into(), ..Tally::default() });
                if right {
                    inside[member.picture as usize] = true;
                    inside[member.of as usize] = true;
                }
            }
        }
        for (made, inside) in found.pictures.iter().zip(inside) {
            if made.role == Role::Shot {
                self.burst.add(Tally { there: 1, found: inside.into(), ..Tally::default() });
            }
        }
    }

    /// An alike picture is found where a pair says so of it and one of its family; a pair is wrong where the pictures are the same,
    /// or a burst by their times or names.
    fn add_alike(&mut self, found: &Found) {
        let mut inside = vec![false; found.pictures.len()];
        for (&(a, b), _) in found.ties.iter().filter(|(_, tie)| tie.kind == Kind::Alike) {
            let truth = found.truth(a, b);
            let right = truth != Some(Kind::Same) && !found.tells_two_shots(a, b);
            self.alike.add(Tally { taken: 1, right: right.into(), ..Tally::default() });
            if truth == Some(Kind::Alike) {
                inside[a as usize] = true;
                inside[b as usize] = true;
            }
        }
        for (made, inside) in found.pictures.iter().zip(inside) {
            if made.role == Role::Alike {
                self.alike.add(Tally { there: 1, found: inside.into(), ..Tally::default() });
            }
        }
    }

    pub fn same(&self, names: &[(Change, &str)]) -> Result<String> {
        let mut text = String::from(
            "| change | files | recall, 64 pixels | recall, larger | recall | thrown away | precision |\n|---|--:|--:|--:|--:|--:|--:|\n",
        );
        let mut line = |name: &str, tallies: &[Tally; 2]| {
            let mut both = tallies[0];
            both.add(tallies[1]);
            writeln!(
                text,
                "| {name} | {} | {} | {} | {} | {} | {} |",
                both.there,
                tallies[0].recall(),
                tallies[1].recall(),
                both.recall(),
                both.taken,
                both.precision()
            )
        };
        line("**all**", &self.all)?;
        for (change, tallies) in &self.changes {
            line(names[*change].1, tallies)?;
        }
        Ok(text)
    }

    pub fn kinds(&self, found: &Found) -> Result<String> {
        let mut text = String::from("| kind | pictures | precision | recall |\n|---|--:|--:|--:|\n");
        let mut same = self.all[0];
        same.add(self.all[1]);
        for (name, tally) in [("same", same), ("burst", self.burst), ("alike", self.alike)] {
            writeln!(text, "| {name} | {} | {} | {} |", tally.there, tally.precision(), tally.recall())?;
        }
        let merely = |role: Role| found.pictures.iter().filter(|one| one.role == role).count();
        let taken = |role: Role| {
            let sets = found.sets.iter().filter(|set| set.kind == Kind::Same);
            let members = sets.flat_map(|set| set.members.iter().map(|member| (set.keep, member.picture)));
            members
                .filter(|&(keep, one)| one != keep)
                .filter(|&(keep, one)| found.role(one) == role || found.role(keep) == role)
                .filter(|&(keep, one)| found.truth(keep, one) != Some(Kind::Same))
                .count()
        };
        writeln!(
            text,
            "\nTaken for the same although they are not: {} of {} that are merely alike, {} of {} other shots.",
            taken(Role::Alike),
            merely(Role::Alike),
            taken(Role::Shot),
            merely(Role::Shot)
        )?;
        Ok(text)
    }
}

fn share(part: usize, all: usize) -> String {
    if all == 0 { "–".into() } else { format!("{:.3}", part as f64 / all as f64) }
}

pub fn percent(share: f64) -> String {
    format!("{:.0} %", 100.0 * share)
}
