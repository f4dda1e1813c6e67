//! Tasks as a person sets them: twenty narrow classes, and of each some pictures to teach with and others to be tested on.

use anyhow::Result;
use semblance_teach::random::Random;
use semblance_teach::{Examples, Words};

use crate::collection::Collection;

/// Examples a class.
pub const SHOTS: [usize; 5] = [1, 2, 4, 8, 16];
pub const MOST_SHOTS: usize = 16;
pub const SEEDS: u64 = 5;
/// What a person teaches at a time.
pub const CLASSES: usize = 20;
const TESTED_AT_MOST: usize = 60;
/// By which names are exchanged.
const EXCHANGED: u64 = 404;

/// What a model is told of the classes besides examples.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wording {
    /// Their names.
    Right,
    /// Nothing.
    Absent,
    /// Of each the name of another concept, always the same one.
    Wrong,
}

impl Wording {
    pub const ALL: [Self; 3] = [Self::Right, Self::Absent, Self::Wrong];

    pub fn name(self) -> &'static str {
        match self {
            Self::Right => "with words",
            Self::Absent => "without words",
            Self::Wrong => "wrong words",
        }
    }
}

/// What tasks are drawn from.
pub struct Tasks<'a> {
    pub collection: &'a Collection,
    /// Concepts that no other is below, with so many pictures that none of the tested ones is an example.
    narrow: Vec<usize>,
}

/// A few classes, and their pictures in two parts.
pub struct Task<'a> {
    pub collection: &'a Collection,
    pub classes: Vec<usize>,
    /// Of each class a concept that it is not.
    exchanged: Vec<usize>,
    /// Of each class, in an order by chance: first the examples, then others.
    pictures: Vec<Vec<usize>>,
}

impl<'a> Tasks<'a> {
    pub fn of(collection: &'a Collection) -> Self {
        let enough = |concept: &usize| {
            let pictures = collection.concepts.iter().filter(|all| all[0] == *concept);
            pictures.count() >= MOST_SHOTS + TESTED_AT_MOST / 2
        };
        Self { collection, narrow: collection.table.narrow().into_iter().filter(enough).collect() }
    }

    pub fn draw(&self, seed: u64) -> Task<'a> {
        let collection = self.collection;
        let mut random = Random(seed);
        let mut classes = self.narrow.clone();
        random.shuffle(&mut classes);
        classes.truncate(CLASSES);
        let pictures = classes.iter().map(|&concept| {
            let shows = |&picture: &usize| collection.concepts[picture][0] == concept;
            let mut pictures: Vec<usize> = (0..collection.concepts.len()).filter(shows).collect();
            random.shuffle(&mut pictures);
            pictures
        });
        let pictures = pictures.collect();
        Task { collection, exchanged: exchanged(&self.narrow, &classes), classes, pictures }
    }
}

/// Of each class the one after it in an order by chance of all concepts, so that none keeps its own.
fn exchanged(concepts: &[usize], classes: &[usize]) -> Vec<usize> {
    let mut round = concepts.to_vec();
    Random(EXCHANGED).shuffle(&mut round);
    let after = |class: &usize| {
        let place = round.iter().position(|concept| concept == class);
        place.map_or(*class, |place| round[(place + 1) % round.len()])
    };
    classes.iter().map(after).collect()
}

impl Task<'_> {
    /// The first pictures of each class.
    pub fn examples(&self, shots: usize) -> Result<Examples> {
        self.part(|pictures| &pictures[..shots])
    }

    /// Pictures that are never examples.
    pub fn tested(&self) -> Result<Examples> {
        self.part(|pictures| &pictures[MOST_SHOTS..pictures.len().min(MOST_SHOTS + TESTED_AT_MOST)])
    }

    fn part(&self, of: impl Fn(&[usize]) -> &[usize]) -> Result<Examples> {
        let (mut vectors, mut labels) = (Vec::new(), Vec::new());
        for (label, pictures) in self.pictures.iter().enumerate() {
            for &picture in of(pictures) {
                vectors.extend_from_slice(&self.collection.vectors[picture]);
                labels.push(label as u32);
            }
        }
        Ok(Examples::new(vectors, self.collection.dim(), labels, self.classes.len())?)
    }

    pub fn words(&self, wording: Wording) -> Result<Option<Words>> {
        let concepts = match wording {
            Wording::Right => &self.classes,
            Wording::Wrong => &self.exchanged,
            Wording::Absent => return Ok(None),
        };
        let Collection { words, logit_scale, .. } = self.collection;
        let vectors = concepts.iter().flat_map(|&concept| words[concept].clone()).collect();
        Ok(Some(Words::new(vectors, self.collection.dim(), concepts.len(), *logit_scale)?))
    }

    pub fn names(&self) -> Vec<String> {
        self.classes.iter().map(|&concept| self.collection.table.names[concept][0].clone()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_class_keeps_its_name() {
        let concepts: Vec<usize> = (10..40).collect();
        let others = exchanged(&concepts, &concepts);
        assert!(concepts.iter().zip(&others).all(|(own, other)| own != other), "{others:?}");
        let mut sorted = others.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, concepts, "each name is given once");
    }
}
