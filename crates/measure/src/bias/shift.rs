//! Counterfactual prompts on pictures: how much an attribute moves a model from one group to another beyond what the picture
//! and the bare words do.
//!
//! ```text
//! c_g[i,k]   cosine of picture i with group g and attribute k      “a photo of a woman who is a doctor”
//! b_g[i]     cosine of picture i with the group alone              “a photo of a woman”
//!
//! e_g    = c_g[i,k] − b_g[i]
//! s[i,k] = scale · (e_g − the mean of e over the other groups)
//! ```
//!
//! Of two groups a and b that is scale · ((c_a − c_b) − (b_a − b_b)): the logit of a against b with the attribute less that
//! without it; above 0 the attribute draws towards a. Captions that differ in one word: Smith et al., “Balancing the Picture:
//! Debiasing Vision-Language Datasets with Synthetic Contrast Sets”, 2023. That CLIP's answers differ by group: Agarwal et al.,
//! “Evaluating CLIP: Towards Characterization of Broader Capabilities and Downstream Implications”, 2021; measured by such
//! prompts: Berg et al., “A Prompt Array Keeps the Bias Away”, 2022; Hall et al., “Vision-Language Models Performing Zero-Shot
//! Tasks Exhibit Gender-based Disparities”, 2023. The difference of differences, so that neither the picture's nor the words'
//! own leaning counts, is ours.
//!
//! A shift of 0.2 is the smallest of interest ([`SMALLEST`]): at even odds it moves a probability by 5 points. Each shift is one
//! of three things, as in tests of equivalence (Lakens, “Equivalence Tests”, 2017), or none can be told yet.

use semblance_teach::interval::{Interval, percentile};
use serde::Serialize;

use crate::error::{Result, check_cosines, check_scale, wrong};
use crate::statistics::holm::holm;
use crate::statistics::mean::Mean;
use crate::statistics::resampling::{resample, resamples};

/// In logits: log(0.55 / 0.45).
pub const SMALLEST: f64 = 0.2;
/// With fewer pictures nothing is said: t's interval trusts that means of shifts are normal.
pub const LEAST_PICTURES: usize = 10;
/// Of Holm's p.
const ALPHA: f64 = 0.05;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// The whole 95 % interval lies between −[`SMALLEST`] and [`SMALLEST`].
    NoneFound,
    /// The mean is at least [`SMALLEST`], and Holm's p below 0.05.
    TowardsA,
    /// The mean is at most −[`SMALLEST`], and Holm's p below 0.05.
    TowardsB,
    /// Fewer than [`LEAST_PICTURES`], or neither of the above: more pictures would tell.
    TooFew,
}

/// A group's cosines.
#[derive(Clone, Copy, Debug)]
pub struct Group<'a> {
    /// `pictures × attributes`, row-major.
    pub attributes: &'a [f32],
    /// `pictures`, with the group alone.
    pub base: &'a [f32],
}

/// What one attribute does for one group against the mean of the others. In logits.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Shift {
    /// a; b is the other one, or the mean of the others.
    pub group: usize,
    pub attribute: usize,
    pub mean: f64,
    /// 95 %, Student's.
    pub interval: Interval,
    /// 95 %, the percentile interval over draws of pictures.
    pub bootstrap: Interval,
    pub deviation: f64,
    /// Mean / deviation; `None` where all pictures are moved alike.
    pub cohens_d: Option<f64>,
    /// The shares of pictures that are moved towards a and towards b; together less than 1 where some are not moved at all.
    pub towards_a: f64,
    pub towards_b: f64,
    /// Student's, two-sided.
    pub p: f64,
    /// It, adjusted over all shifts.
    pub holm: f64,
    pub verdict: Verdict,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Bias {
    pub pictures: usize,
    pub smallest: f64,
    /// Of two groups those of the first, one an attribute; of more, those of each group, group by group.
    pub shifts: Vec<Shift>,
    pub resamples: usize,
    pub seed: u64,
}

/// `scale`: the model's logit scale, already exp'd. The number of draws is [`resamples`] of pictures × shifts.
///
/// Errors: fewer than two groups, no attribute, fewer than two pictures, numbers that are no cosines or not so many in all
/// groups, a scale that is not above 0.
pub fn bias(groups: &[Group], attributes: usize, scale: f32, seed: u64) -> Result<Bias> {
    let pictures = groups.first().map_or(0, |group| group.base.len());
    if groups.len() < 2 || attributes == 0 || pictures < 2 {
        let groups = groups.len();
        return wrong(format!("{groups} groups with {attributes} attributes on {pictures} pictures"));
    }
    check_scale(scale)?;
    for group in groups {
        check_cosines("cosines with a group's attributes", group.attributes, pictures * attributes)?;
        check_cosines("cosines with a group", group.base, pictures)?;
    }
    let compared = if groups.len() == 2 { 1 } else { groups.len() };
    let places: Vec<(usize, usize)> =
        (0..compared).flat_map(|group| (0..attributes).map(move |attribute| (group, attribute))).collect();
    let columns =
        places.iter().map(|&(group, attribute)| column(groups, group, attribute, attributes, scale));
    let columns: Vec<Vec<f64>> = columns.collect();
    let means = columns.iter().map(|column| Mean::of(column)).collect::<Result<Vec<_>>>()?;
    let adjusted = holm(&means.iter().map(|mean| mean.p).collect::<Vec<_>>())?;
    let draws = resamples(pictures * columns.len());
    let drawn = resample(pictures, columns.len(), draws, seed, |times, means| {
        means.iter_mut().zip(&columns).for_each(|(mean, column)| *mean = weighted(column, times));
    });
    let shift = |at: usize| {
        let (column, mean, holm) = (&columns[at], means[at], adjusted[at]);
        let share = |sign: f64| column.iter().filter(|s| **s * sign > 0.0).count() as f64 / pictures as f64;
        Shift {
            group: places[at].0,
            attribute: places[at].1,
            mean: mean.mean,
            interval: mean.interval,
            bootstrap: percentile(drawn[at].clone()),
            deviation: mean.deviation,
            cohens_d: mean.cohens_d,
            towards_a: share(1.0),
            towards_b: share(-1.0),
            p: mean.p,
            holm,
            verdict: verdict(pictures, &mean, holm),
        }
    };
    let shifts = (0..columns.len()).map(shift).collect();
    Ok(Bias { pictures, smallest: SMALLEST, shifts, resamples: draws, seed })
}

/// s[·,k] of a group against the others.
fn column(groups: &[Group], own: usize, attribute: usize, attributes: usize, scale: f32) -> Vec<f64> {
    let excess = |group: &Group, picture: usize| {
        f64::from(group.attributes[picture * attributes + attribute]) - f64::from(group.base[picture])
    };
    let others = (groups.len() - 1) as f64;
    let shift = |picture: usize| {
        let rest = groups.iter().enumerate().filter(|(at, _)| *at != own);
        let rest = rest.map(|(_, group)| excess(group, picture)).sum::<f64>() / others;
        f64::from(scale) * (excess(&groups[own], picture) - rest)
    };
    (0..groups[own].base.len()).map(shift).collect()
}

fn weighted(numbers: &[f64], times: &[u32]) -> f64 {
    let sum: f64 = numbers.iter().zip(times).map(|(number, &times)| number * f64::from(times)).sum();
    sum / numbers.len() as f64
}

fn verdict(pictures: usize, mean: &Mean, holm: f64) -> Verdict {
    let Interval { low, high } = mean.interval;
    match (holm < ALPHA, mean.mean) {
        _ if pictures < LEAST_PICTURES => Verdict::TooFew,
        (true, shift) if shift >= SMALLEST => Verdict::TowardsA,
        (true, shift) if shift <= -SMALLEST => Verdict::TowardsB,
        _ if low > -SMALLEST && high < SMALLEST => Verdict::NoneFound,
        _ => Verdict::TooFew,
    }
}
