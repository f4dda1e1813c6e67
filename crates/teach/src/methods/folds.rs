//! Which examples are held out together. Every class is dealt out evenly (stratified k-fold cross-validation, Kohavi 1995); few
//! examples are held out one at a time; of very many only some are held out, once.

use crate::random::Random;

/// Up to here each example is a fold of its own.
const ONE_AT_A_TIME: usize = 20;
/// Up to here there are twice as many folds, so that what is taught with is nearly all there is.
const FEW: usize = 100;
const FOLDS: usize = 5;
/// From here on a fold is held out once, and has no more than so many examples.
const MANY: usize = 4000;
const HELD_OUT_AT_MOST: usize = 1500;

/// Lists of examples, by their places, each to be held out once.
pub fn folds(labels: &[u32], classes: usize) -> Vec<Vec<usize>> {
    if labels.len() <= ONE_AT_A_TIME {
        return (0..labels.len()).map(|one| vec![one]).collect();
    }
    let dealt = deal(labels, classes, if labels.len() <= FEW { 2 * FOLDS } else { FOLDS });
    if labels.len() < MANY {
        return dealt;
    }
    let mut held_out = dealt.into_iter().next().unwrap_or_default();
    Random(3).shuffle(&mut held_out);
    held_out.truncate(HELD_OUT_AT_MOST);
    held_out.sort_unstable();
    vec![held_out]
}

/// Each class shuffled, and dealt out in turn, going on where the class before ended.
pub fn deal(labels: &[u32], classes: usize, folds: usize) -> Vec<Vec<usize>> {
    let mut of_class = vec![Vec::new(); classes];
    for (place, &label) in labels.iter().enumerate() {
        of_class[label as usize].push(place);
    }
    let mut random = Random(2);
    let mut dealt = vec![Vec::new(); folds];
    let mut next = 0;
    for mut places in of_class {
        random.shuffle(&mut places);
        for place in places {
            dealt[next % folds].push(place);
            next += 1;
        }
    }
    dealt.iter_mut().for_each(|fold| fold.sort_unstable());
    dealt.retain(|fold| !fold.is_empty());
    dealt
}

/// What is not held out.
pub fn rest(held_out: &[usize], count: usize) -> Vec<usize> {
    let mut kept = vec![true; count];
    held_out.iter().for_each(|&place| kept[place] = false);
    (0..count).filter(|&place| kept[place]).collect()
}
