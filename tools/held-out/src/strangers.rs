//! Pictures that show none of a task's classes, by how far from them they are.
//!
//! ```text
//! left out   pictures of a class, of a concept below one, or of one above one: they may show it
//! near       pictures of a narrow concept that has a parent in common with a class
//! far        all others
//! ```

use semblance_teach::random::Random;

use crate::collection::Collection;
use crate::shards::Table;

/// A parent with more narrow concepts is so wide that they have nothing in common: there are 97 kinds of animal, 51 of food.
const SIBLINGS_AT_MOST: usize = 50;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Distance {
    Near,
    Far,
}

/// The places of the pictures that show none of the classes.
pub struct Strangers {
    pub near: Vec<usize>,
    pub far: Vec<usize>,
    /// Both, in an order by chance.
    pub shuffled: Vec<usize>,
}

impl Strangers {
    pub fn of(collection: &Collection, classes: &[usize], seed: u64) -> Self {
        let distances = distances(&collection.table, classes);
        let at = |wanted: Distance| {
            let is = |&picture: &usize| distances[collection.concepts[picture][0]] == Some(wanted);
            (0..collection.concepts.len()).filter(is).collect()
        };
        let (near, far): (Vec<usize>, Vec<usize>) = (at(Distance::Near), at(Distance::Far));
        let mut shuffled = [&near[..], &far[..]].concat();
        Random(seed).shuffle(&mut shuffled);
        Self { near, far, shuffled }
    }
}

/// Of each concept; none where it may be one of the classes.
fn distances(table: &Table, classes: &[usize]) -> Vec<Option<Distance>> {
    let narrow = table.narrow();
    let children = |parent: usize| narrow.iter().filter(|&&one| table.up[one].contains(&parent)).count();
    let mut parents: Vec<usize> = classes.iter().flat_map(|&class| table.up[class].clone()).collect();
    parents.retain(|&parent| children(parent) <= SIBLINGS_AT_MOST);
    let above: Vec<usize> = classes.iter().flat_map(|&class| table.above(class)).collect();
    let of = |concept: usize| {
        if above.contains(&concept) || table.above(concept).iter().any(|one| classes.contains(one)) {
            None
        } else if narrow.contains(&concept) && table.up[concept].iter().any(|up| parents.contains(up)) {
            Some(Distance::Near)
        } else {
            Some(Distance::Far)
        }
    };
    (0..table.up.len()).map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_a_class_is_left_out() {
        // 0 animal: 1 dog: 2 beagle, 3 pug; 0 animal: 4 cat: 5 tabby; 6 car.
        let up = vec![vec![], vec![0], vec![1], vec![1], vec![0], vec![4], vec![]];
        let table = Table { names: vec![Vec::new(); up.len()], up, eval_super: Vec::new() };
        let (near, far) = (Some(Distance::Near), Some(Distance::Far));
        assert_eq!(distances(&table, &[2]), [None, None, None, near, far, far, far]);
        // A class that others are below.
        assert_eq!(distances(&table, &[1]), [None, None, None, None, far, far, far]);
    }

    #[test]
    fn a_wide_parent_brings_nothing_near() {
        let mut up = vec![vec![]];
        up.extend(vec![vec![0]; SIBLINGS_AT_MOST + 1]);
        let table = Table { names: vec![Vec::new(); up.len()], up, eval_super: Vec::new() };
        assert_eq!(distances(&table, &[1])[2], Some(Distance::Far));
    }
}
