//! What a model's cosines usually look like: of each statistic 101 quantiles over pictures that the model knows, some
//! kilobytes that are kept with the model.
//!
//! ```text
//! q_i = the quantile at (i + 1/2) / 101,   i = 0 … 100
//! ```
//!
//! The middles of 101 equal parts: taken as a sample they are nowhere further than half a part from the distribution.

use semblance_teach::interval::quantile;
use serde::{Deserialize, Serialize};

use crate::domain::statistic::{Cosines, Statistic};
use crate::error::{Error, Result, wrong};

/// As many quantiles of each statistic.
pub const QUANTILES: usize = 101;

/// A statistic's quantiles, the least first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UsualStatistic {
    pub statistic: Statistic,
    pub quantiles: Vec<f32>,
}

/// The reference for one model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Usual {
    /// How many it was made of.
    pub pictures: usize,
    pub classes: usize,
    pub logit_scale: f32,
    pub statistics: Vec<UsualStatistic>,
}

impl Usual {
    /// Errors: fewer pictures than [`QUANTILES`], so that a quantile never counts for more than a picture.
    pub fn of(cosines: &Cosines) -> Result<Self> {
        let pictures = cosines.pictures();
        if pictures < QUANTILES {
            return Err(Error::TooFew { pictures, least: QUANTILES });
        }
        let quantiles = |(statistic, mut numbers): (Statistic, Vec<f64>)| {
            numbers.sort_by(f64::total_cmp);
            let share = |part: usize| (part as f64 + 0.5) / QUANTILES as f64;
            let quantiles = (0..QUANTILES).map(|part| quantile(&numbers, share(part)) as f32);
            UsualStatistic { statistic, quantiles: quantiles.collect() }
        };
        Ok(Self {
            pictures,
            classes: cosines.classes(),
            logit_scale: cosines.logit_scale(),
            statistics: cosines.statistics().into_iter().map(quantiles).collect(),
        })
    }

    /// One that was read from a file is asked before it is used. Errors: quantiles that are not 101 ascending numbers.
    pub fn check(&self) -> Result<()> {
        for UsualStatistic { statistic, quantiles } in &self.statistics {
            let ascending = quantiles.is_sorted() && quantiles.iter().all(|quantile| quantile.is_finite());
            if quantiles.len() != QUANTILES || !ascending {
                let given = quantiles.len();
                return wrong(format!(
                    "a reference whose {statistic:?} has {given} quantiles, or not in order"
                ));
            }
        }
        Ok(())
    }

    /// Of a statistic, where it was measured.
    pub fn quantiles(&self, statistic: Statistic) -> Option<Vec<f64>> {
        let own = self.statistics.iter().find(|one| one.statistic == statistic)?;
        Some(own.quantiles.iter().map(|&quantile| f64::from(quantile)).collect())
    }
}
