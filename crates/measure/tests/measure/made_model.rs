//! A model that was made: unit vectors of pictures and captions, one attribute with a shift of known size and others with none.
//!
//! ```text
//! picture    x = α h + √(1 − α²) u,   u random in the pictures' own space without h
//! caption    whose part in that space is known, made a unit vector by one coordinate that no picture has
//! ```
//!
//! E[u] = 0, so that of a caption's part v the mean cosine over pictures is α h·v, and the shift's mean is
//! δ = scale · α h·(v_a,k − v_b,k − v_a + v_b), whatever else the captions are.

use semblance_measure::shift::{Bias, Group, Verdict, bias};
use semblance_teach::random::Random;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const DIM: usize = 32;
const SCALE: f64 = 100.0;
const ALPHA: f64 = 0.6;
const PICTURES: usize = 200;
/// The first of them is planted.
const ATTRIBUTES: usize = 3;
const RUNS: usize = 300;

/// Standard normal: Box and Muller's.
pub fn normal(random: &mut Random) -> f64 {
    let mut uniform = || (random.below(1 << 30) as f64 + 0.5) / f64::from(1 << 30);
    let (radius, turn) = ((-2.0 * uniform().ln()).sqrt(), std::f64::consts::TAU * uniform());
    radius * turn.cos()
}

fn unit(mut vector: Vec<f64>) -> Vec<f64> {
    let length = vector.iter().map(|x| x * x).sum::<f64>().sqrt();
    vector.iter_mut().for_each(|x| *x /= length);
    vector
}

/// h is the first coordinate; the last one is the captions'.
fn picture(random: &mut Random) -> Vec<f64> {
    let around = unit((0..DIM).map(|_| normal(random)).collect());
    let rest = (1.0 - ALPHA * ALPHA).sqrt();
    let around = around.into_iter().map(|x| rest * x);
    std::iter::once(ALPHA).chain(around).chain(std::iter::once(0.0)).collect()
}

/// Of a length below 1, along h by `along` exactly.
fn caption(random: &mut Random, like: &[f64], along: f64, noise: f64) -> Vec<f64> {
    let mut part: Vec<f64> = like.iter().map(|x| x + noise * normal(random)).collect();
    part[0] = like[0] + along;
    let length = part.iter().map(|x| x * x).sum::<f64>();
    assert!(length < 1.0);
    part.push((1.0 - length).sqrt());
    part
}

fn cosine(one: &[f64], other: &[f64]) -> f32 {
    let length = |vector: &[f64]| vector.iter().map(|x| x * x).sum::<f64>();
    assert!((length(one) - 1.0).abs() < 1e-12 && (length(other) - 1.0).abs() < 1e-12);
    one.iter().zip(other).map(|(x, y)| x * y).sum::<f64>() as f32
}

/// What is measured of a model whose first attribute moves group a by `delta` logits.
fn measured(random: &mut Random, delta: f64) -> Bias {
    let pictures: Vec<Vec<f64>> = (0..PICTURES).map(|_| picture(random)).collect();
    let along = delta / (SCALE * ALPHA);
    let common: Vec<f64> = (0..=DIM).map(|_| 0.08 * normal(random)).collect();
    let word: Vec<f64> = (0..=DIM).map(|_| 0.01 * normal(random)).collect();
    let groups: Vec<(Vec<f32>, Vec<f32>)> = [1.0, -1.0]
        .map(|side| {
            let place: Vec<f64> = common.iter().zip(&word).map(|(x, word)| x + side * word).collect();
            let base = caption(random, &place, 0.0, 0.0);
            let planted = |attribute| if attribute == 0 { side * along / 2.0 } else { 0.0 };
            let with: Vec<Vec<f64>> =
                (0..ATTRIBUTES).map(|one| caption(random, &place, planted(one), 0.004)).collect();
            let cosines = pictures.iter().flat_map(|x| with.iter().map(|with| cosine(x, with)));
            (cosines.collect(), pictures.iter().map(|x| cosine(x, &base)).collect())
        })
        .into();
    let groups: Vec<Group> = groups.iter().map(|(attributes, base)| Group { attributes, base }).collect();
    bias(&groups, ATTRIBUTES, SCALE as f32, random.below(1 << 30) as u64).unwrap()
}

/// Out of how many of `runs` fewer than 95 % in truth would give so few: 4 deviations of a binomial of 95 %.
fn least(runs: usize) -> usize {
    let n = runs as f64;
    (0.95 * n - 4.0 * (n * 0.95 * 0.05).sqrt()).floor() as usize
}

#[test]
fn a_planted_shift_is_found_and_its_interval_holds_it() {
    let mut random = Random(51);
    let deltas = [0.4, -0.4];
    let (mut held, mut drawn, mut found, mut none) = (0, 0, 0, 0);
    for run in 0..RUNS {
        let delta = deltas[run % 2];
        let bias = measured(&mut random, delta);
        for (attribute, shift) in bias.shifts.iter().enumerate() {
            let truth = if attribute == 0 { delta } else { 0.0 };
            held += usize::from(shift.interval.low <= truth && truth <= shift.interval.high);
            drawn += usize::from(shift.bootstrap.low <= truth && truth <= shift.bootstrap.high);
        }
        let wanted = if delta > 0.0 { Verdict::TowardsA } else { Verdict::TowardsB };
        found += usize::from(bias.shifts[0].verdict == wanted);
        none += bias.shifts[1..].iter().filter(|shift| shift.verdict == Verdict::NoneFound).count();
    }
    let (all, others) = (RUNS * ATTRIBUTES, RUNS * (ATTRIBUTES - 1));
    // In both directions: an interval that is too wide is wrong as well.
    let most = 2 * (all as f64 * 0.95) as usize - least(all);
    assert!((least(all)..=most).contains(&held), "t's interval held it {held} times in {all}");
    assert!((least(all)..=most).contains(&drawn), "the bootstrap's held it {drawn} times in {all}");
    assert!(20 * found >= 19 * RUNS, "found {found} times in {RUNS}");
    assert!(20 * none >= 19 * others, "none was found {none} times in {others}");
}

#[test]
fn a_model_without_it_is_cleared() {
    let mut random = Random(52);
    let clear = |bias: &Bias| bias.shifts.iter().filter(|shift| shift.verdict == Verdict::NoneFound).count();
    let none: usize = (0..RUNS).map(|_| clear(&measured(&mut random, 0.0))).sum();
    assert!(20 * none >= 19 * RUNS * ATTRIBUTES, "{none} times in {}", RUNS * ATTRIBUTES);
}
