//! t-SNE (van der Maaten and Hinton 2008; Barnes and Hut's form, van der Maaten 2014), step by step: affinities, and then one
//! iteration after another.

use crate::error::{Result, wrong};
use crate::map::affinities::Joining;
use crate::map::descent::Descent;
use crate::map::neighbours::Neighbours;
use crate::progress::Progress;

/// Momentum while groups form and afterwards, as scikit-learn has them.
const MOMENTUM_FIRST: f32 = 0.5;
const MOMENTUM: f32 = 0.8;

/// How an embedding goes.
#[derive(Clone, Copy, Debug)]
pub struct Schedule {
    /// About how many neighbours count.
    pub perplexity: f64,
    /// Iterations in which the affinities are multiplied, and by how much: that is where groups form.
    pub first: u32,
    pub exaggeration: f32,
    /// Iterations after these.
    pub then: u32,
}

#[derive(Debug)]
enum Stage {
    Joining { joining: Box<Joining>, points: Vec<[f32; 2]> },
    Descending { order: Vec<u32>, descent: Box<Descent> },
}

/// An embedding that is under way.
#[derive(Debug)]
pub struct Embedding {
    schedule: Schedule,
    stage: Stage,
    iteration: u32,
}

impl Embedding {
    /// Of rows whose neighbours are known (three times as many as the perplexity), from a point for each.
    ///
    /// Errors: points of another count, or that are no numbers; no neighbours; a perplexity below 1.
    pub fn new(neighbours: Neighbours, points: Vec<[f32; 2]>, schedule: Schedule) -> Result<Self> {
        if points.len() != neighbours.len() || points.as_flattened().iter().any(|number| !number.is_finite())
        {
            return wrong("an embedding takes a point for each row");
        }
        let joining = Box::new(Joining::new(neighbours, schedule.perplexity)?);
        Ok(Self { schedule, stage: Stage::Joining { joining, points }, iteration: 0 })
    }

    /// In iterations.
    pub fn progress(&self) -> Progress {
        let total = u64::from(self.schedule.first + self.schedule.then) + 1;
        let descends = matches!(self.stage, Stage::Descending { .. });
        Progress { done: u64::from(self.iteration) + u64::from(descends), total }
    }

    /// Some of the affinities, or one iteration.
    pub fn step(&mut self) -> Progress {
        let Schedule { first, exaggeration, then, .. } = self.schedule;
        match &mut self.stage {
            Stage::Joining { joining, points } => {
                if let Some(affinities) = joining.step() {
                    let order = joining.order().to_vec();
                    let ordered = order.iter().map(|&row| points[row as usize]).collect();
                    let descent = Box::new(Descent::new(affinities, ordered));
                    self.stage = Stage::Descending { order, descent };
                }
            }
            Stage::Descending { descent, .. } if self.iteration < first + then => {
                if self.iteration < first {
                    descent.step(exaggeration, MOMENTUM_FIRST);
                } else {
                    descent.step(1.0, MOMENTUM);
                }
                self.iteration += 1;
            }
            Stage::Descending { .. } => {}
        }
        self.progress()
    }

    /// The points as they are now, in the rows' order.
    pub fn points(&self) -> Vec<[f32; 2]> {
        match &self.stage {
            Stage::Joining { points, .. } => points.clone(),
            Stage::Descending { order, descent } => {
                let mut points = vec![[0.0; 2]; order.len()];
                order.iter().zip(descent.points()).for_each(|(&row, &point)| points[row as usize] = point);
                points
            }
        }
    }
}
