//! Two systems on the same pictures, and several against one of them.

use semblance_teach::interval::{Interval, wilson};
use serde::Serialize;

use crate::comparing::mcnemar::{McNemar, mcnemar};
use crate::comparing::newcombe::newcombe;
use crate::error::{Result, wrong};
use crate::statistics::holm::holm;
use crate::statistics::resampling::mean_interval;

/// The first system less the second.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Comparison {
    pub pictures: usize,
    pub both_right: usize,
    /// b: only the first is right.
    pub only_first: usize,
    /// c: only the second is right.
    pub only_second: usize,
    pub both_wrong: usize,
    /// The first's accuracy less the second's.
    pub difference: f64,
    /// 95 %, Newcombe's method 10.
    pub interval: Interval,
    /// 95 %, the percentile interval over draws of pictures.
    pub bootstrap: Interval,
    pub mcnemar: McNemar,
}

/// `first` and `second`: of each picture whether the system is right.
///
/// Errors: no picture, or not the same number of them.
pub fn compare(first: &[bool], second: &[bool], seed: u64) -> Result<Comparison> {
    let pictures = first.len();
    if pictures == 0 || second.len() != pictures {
        return wrong(format!("a comparison of {pictures} pictures with {}", second.len()));
    }
    let pairs = || first.iter().copied().zip(second.iter().copied());
    let count = |wanted: (bool, bool)| pairs().filter(|pair| *pair == wanted).count();
    let (both_right, both_wrong) = (count((true, true)), count((false, false)));
    let (only_first, only_second) = (count((true, false)), count((false, true)));
    let differences: Vec<f64> = pairs().map(|(one, other)| f64::from(one) - f64::from(other)).collect();
    Ok(Comparison {
        pictures,
        both_right,
        only_first,
        only_second,
        both_wrong,
        difference: (only_first as f64 - only_second as f64) / pictures as f64,
        interval: newcombe([both_right, only_first, only_second, both_wrong]),
        bootstrap: mean_interval(&differences, seed),
        mcnemar: mcnemar(only_first, only_second),
    })
}

/// Which system the others are compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Against {
    First,
    /// The one that is right most often, the first of equal ones.
    Best,
}

/// A system of several.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Ranked {
    pub system: usize,
    pub correct: usize,
    pub accuracy: f64,
    /// 95 %, Wilson's.
    pub wilson: Interval,
    /// It less the one that all are compared with; `None` of that one itself.
    pub comparison: Option<Comparison>,
    /// McNemar's p, adjusted by Holm over all comparisons.
    pub holm: Option<f64>,
}

/// All systems in their order, each but one with its comparison. That the best is chosen on the same pictures flatters it a
/// little, so that a difference from [`Against::Best`] is rather too large.
///
/// Errors: no system, and as [`compare`].
pub fn compare_all(systems: &[&[bool]], against: Against, seed: u64) -> Result<Vec<Ranked>> {
    let correct = |system: usize| systems[system].iter().filter(|right| **right).count();
    let better = |best: usize, system: usize| if correct(system) > correct(best) { system } else { best };
    let base = match against {
        Against::First => 0,
        Against::Best => (0..systems.len()).fold(0, better),
    };
    let Some(&other) = systems.get(base) else { return wrong("a comparison of no system") };
    if other.is_empty() {
        return wrong("a comparison on no picture");
    }
    let compare_one = |system: usize| {
        let comparison = if system == base { None } else { Some(compare(systems[system], other, seed)?) };
        let (correct, pictures) = (correct(system), other.len());
        let (accuracy, wilson) = (correct as f64 / pictures as f64, wilson(correct, pictures));
        Ok(Ranked { system, correct, accuracy, wilson, comparison, holm: None })
    };
    let mut ranked = (0..systems.len()).map(compare_one).collect::<Result<Vec<_>>>()?;
    let p: Vec<f64> = ranked.iter().filter_map(|one| Some(one.comparison?.mcnemar.p)).collect();
    let compared = ranked.iter_mut().filter(|one| one.comparison.is_some());
    compared.zip(holm(&p)?).for_each(|(one, p)| one.holm = Some(p));
    Ok(ranked)
}
