//! Which template (“a photo of a {}”) suits pictures without labels.
//!
//! ```text
//! p_i        softmax of picture i's logits; of several views the mean over the 10 % with the least entropy
//! mean       1/n Σ_i H(p_i)         small where each picture is told for sure
//! marginal   H(1/n Σ_i p_i)         large where not all are told the same
//! I          marginal − mean        the mutual information of picture and answer
//! ```
//!
//! I as what to maximise without labels: Bridle, Heading and MacKay, “Unsupervised Classifiers, Mutual Information and ‘Phantom
//! Targets’”, 1991. The entropy of the mean over confident views of one picture is what Shu et al. minimise (“Test-Time Prompt
//! Tuning for Zero-Shot Generalization in Vision-Language Models”, 2022), and the 10 % are theirs. Entropies in nats.

use semblance_teach::interval::{Interval, percentile};
use semblance_teach::scored::softmax;
use serde::Serialize;

use crate::error::{Error, Result, check, wrong};
use crate::statistics::resampling::{resample, resamples};

/// Of a picture's views that so many are averaged, at least one: Shu et al.'s ρ.
pub const CONFIDENT: f64 = 0.1;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fit {
    Present,
    /// The whole interval of its difference from the present one lies above 0.
    Better,
    /// It lies below 0.
    Worse,
    NoClearDifference,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Template {
    pub template: usize,
    pub mean_entropy: f64,
    pub marginal_entropy: f64,
    /// 0 to log classes; more is better.
    pub mutual_information: f64,
    /// Its mutual information less that of the present template.
    pub difference: f64,
    /// 95 %, the percentile interval over draws of pictures, the same for all templates.
    pub interval: Interval,
    pub fit: Fit,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Templates {
    pub pictures: usize,
    pub present: usize,
    /// The most mutual information first; equal ones in their order.
    pub ranked: Vec<Template>,
    pub resamples: usize,
    pub seed: u64,
}

/// `logits`: of each template `pictures × views × classes`, the logit scale in them, a picture's views one after another; `views`:
/// 1 where pictures are seen once; `present`: the template that the others are compared with. The number of draws is
/// [`resamples`] of all logits.
///
/// Errors: no template or picture, fewer than two classes, no view, templates with other numbers of logits, logits that are no
/// numbers, a present template that is none of them.
pub fn templates(
    logits: &[&[f32]],
    classes: usize,
    views: usize,
    present: usize,
    seed: u64,
) -> Result<Templates> {
    let Some(first) = logits.get(present) else {
        return wrong(format!("a present template {present} of {}", logits.len()));
    };
    if classes < 2 {
        return Err(Error::Classes(classes));
    }
    let pictures = first.len() / (classes * views).max(1);
    if views == 0 || pictures == 0 {
        return wrong(format!("{pictures} pictures in {views} views"));
    }
    for logits in logits {
        check("logits of a template", logits, pictures * views * classes)?;
    }
    let draws = resamples(pictures * classes * logits.len());
    let seen = |logits: &&[f32]| Seen::of(logits, classes, views).drawn(draws, seed);
    let own = seen(first);
    let compared = |(template, logits): (usize, &&[f32])| {
        let other = if template == present { own.clone() } else { seen(logits) };
        let [mean_entropy, marginal_entropy] = other.entropies;
        let differences = other.information.iter().zip(&own.information).map(|(one, own)| one - own);
        let interval = percentile(differences.collect());
        Template {
            template,
            mean_entropy,
            marginal_entropy,
            mutual_information: marginal_entropy - mean_entropy,
            difference: (marginal_entropy - mean_entropy) - (own.entropies[1] - own.entropies[0]),
            interval,
            fit: fit(template == present, interval),
        }
    };
    let mut ranked: Vec<Template> = logits.iter().enumerate().map(compared).collect();
    ranked.sort_by(|one, other| other.mutual_information.total_cmp(&one.mutual_information));
    Ok(Templates { pictures, present, ranked, resamples: draws, seed })
}

fn fit(present: bool, interval: Interval) -> Fit {
    match interval {
        _ if present => Fit::Present,
        Interval { low, .. } if low > 0.0 => Fit::Better,
        Interval { high, .. } if high < 0.0 => Fit::Worse,
        _ => Fit::NoClearDifference,
    }
}

fn entropy(probabilities: &[f64]) -> f64 {
    probabilities.iter().filter(|p| **p > 0.0).map(|p| -p * p.ln()).sum()
}

/// Pictures as a template has them.
struct Seen {
    classes: usize,
    /// p, `pictures × classes`; 24 bits are enough for a mean.
    probabilities: Vec<f32>,
    /// H(p) of each picture.
    entropies: Vec<f64>,
}

/// What all draws of them came to.
#[derive(Clone)]
struct Drawn {
    /// Mean and marginal, of the pictures as they are.
    entropies: [f64; 2],
    information: Vec<f64>,
}

impl Seen {
    fn of(logits: &[f32], classes: usize, views: usize) -> Self {
        let kept = ((views as f64 * CONFIDENT).floor() as usize).max(1);
        let (mut probabilities, mut entropies) = (Vec::new(), Vec::new());
        for picture in logits.chunks(classes * views) {
            let views = picture.chunks(classes).map(|row| softmax(row.iter().map(|&z| f64::from(z))));
            let mut views: Vec<(f64, Vec<f64>)> = views.map(|p| (entropy(&p), p)).collect();
            views.sort_by(|one, other| one.0.total_cmp(&other.0));
            views.truncate(kept);
            let mean = |class: usize| views.iter().map(|(_, p)| p[class]).sum::<f64>() / kept as f64;
            let p: Vec<f64> = (0..classes).map(mean).collect();
            entropies.push(entropy(&p));
            probabilities.extend(p.iter().map(|&p| p as f32));
        }
        Self { classes, probabilities, entropies }
    }

    fn drawn(&self, draws: usize, seed: u64) -> Drawn {
        let pictures = self.entropies.len();
        let mut marginal = vec![0.0; self.classes];
        let mut of = |times: &[u32]| self.means(times, &mut marginal);
        let entropies = of(&vec![1; pictures]);
        let mut drawn = resample(pictures, 1, draws, seed, |times, information| {
            let [mean, marginal] = of(times);
            information[0] = marginal - mean;
        });
        let information = drawn.swap_remove(0);
        Drawn { entropies, information }
    }

    fn means(&self, times: &[u32], marginal: &mut [f64]) -> [f64; 2] {
        marginal.fill(0.0);
        let mut mean = 0.0;
        let share = 1.0 / times.len() as f64;
        for ((row, entropy), &times) in
            self.probabilities.chunks(self.classes).zip(&self.entropies).zip(times)
        {
            if times > 0 {
                let weight = f64::from(times) * share;
                mean += weight * entropy;
                marginal.iter_mut().zip(row).for_each(|(sum, &p)| *sum += weight * f64::from(p));
            }
        }
        [mean, entropy(marginal)]
    }
}
