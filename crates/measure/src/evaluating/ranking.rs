//! The order of a picture's classes: the greater logit first, **of equal ones the later class**, as scikit-learn's
//! `top_k_accuracy_score` has them. An answer is the first of this order, so that the rank of the truth is 0 exactly where the
//! answer is right.

/// As many of the first classes are kept, and counted in top-5.
pub const TOP: usize = 5;

/// How many classes come before `truth`.
pub fn rank(logits: &[f32], truth: usize) -> u32 {
    let own = logits[truth];
    let (before, after) = logits.split_at(truth);
    let greater = before.iter().filter(|&&logit| logit > own).count();
    (greater + after[1..].iter().filter(|&&logit| logit >= own).count()) as u32
}

/// The first `places.len()` classes, at most as many as there are; returns how many.
pub fn top(logits: &[f32], places: &mut [u32]) -> usize {
    let mut filled = 0;
    for (class, &logit) in logits.iter().enumerate() {
        let place =
            places[..filled].iter().position(|&other| logit >= logits[other as usize]).unwrap_or(filled);
        if place == places.len() {
            continue;
        }
        filled = (filled + 1).min(places.len());
        places[place..filled].rotate_right(1);
        places[place] = class as u32;
    }
    filled
}
