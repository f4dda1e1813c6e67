//! How much rows belong together: t-SNE's joint probabilities (van der Maaten and Hinton 2008), among neighbours only (van der
//! Maaten 2014).
//!
//! ```text
//! p_{j|i} ∝ exp(−β_i |x_i − x_j|²) over the neighbours j of i, β_i such that exp(entropy) = the perplexity
//! p_ij = (p_{j|i} + p_{i|j}) / 2n
//! ```

use crate::error::{Result, wrong};
use crate::map::neighbours::Neighbours;

/// Halvings of the interval that β is in, and how near the entropy comes (both as scikit-learn has them).
const HALVINGS: usize = 100;
const TOLERANCE: f64 = 1e-5;
/// Rows of a step.
const BLOCK: usize = 4096;

/// A symmetric matrix of n rows that are mostly 0: row i has `columns[starts[i]..starts[i + 1]]`; all values together are 1.
#[derive(Clone, Debug)]
pub struct Affinities {
    pub starts: Vec<u32>,
    pub columns: Vec<u32>,
    pub values: Vec<f32>,
}

/// Affinities that are under way.
#[derive(Debug)]
pub struct Joining {
    neighbours: Neighbours,
    perplexity: f64,
    /// p_{j|i}, `rows × k`.
    conditional: Vec<f32>,
    at: usize,
}

impl Joining {
    /// Among rows that are numbered anew: row `i` here is `neighbours.order[i]` there. `perplexity`: about how many neighbours
    /// count, at least 1; where there are fewer than three times as many neighbours, a third of them.
    ///
    /// Errors: no neighbours, a perplexity below 1.
    pub fn new(neighbours: Neighbours, perplexity: f64) -> Result<Self> {
        if neighbours.k == 0 || perplexity.is_nan() || perplexity < 1.0 {
            return wrong("affinities take neighbours, and a perplexity of 1 at least");
        }
        let perplexity = perplexity.min((neighbours.k as f64 / 3.0).max(1.0));
        Ok(Self { conditional: vec![0.0; neighbours.near.len()], neighbours, perplexity, at: 0 })
    }

    pub fn order(&self) -> &[u32] {
        &self.neighbours.order
    }

    pub fn neighbours(&self) -> &Neighbours {
        &self.neighbours
    }

    /// Some rows more, and in the last step all of them together.
    pub fn step(&mut self) -> Option<Affinities> {
        let k = self.neighbours.k;
        if self.at == self.neighbours.len() {
            return Some(joint(&self.neighbours, &self.conditional));
        }
        let end = (self.at + BLOCK).min(self.neighbours.len());
        for row in self.at..end {
            let range = row * k..(row + 1) * k;
            conditional_of(
                &self.neighbours.squared[range.clone()],
                self.perplexity,
                &mut self.conditional[range],
            );
        }
        self.at = end;
        None
    }
}

impl Affinities {
    /// All of it at once: see [`Joining::new`].
    pub fn new(neighbours: Neighbours, perplexity: f64) -> Result<Self> {
        let mut joining = Joining::new(neighbours, perplexity)?;
        loop {
            if let Some(affinities) = joining.step() {
                return Ok(affinities);
            }
        }
    }

    /// Rows.
    pub fn len(&self) -> usize {
        self.starts.len() - 1
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub fn row(&self, row: usize) -> impl Iterator<Item = (u32, f32)> + '_ {
        let range = self.starts[row] as usize..self.starts[row + 1] as usize;
        self.columns[range.clone()].iter().copied().zip(self.values[range].iter().copied())
    }
}

fn joint(neighbours: &Neighbours, conditional: &[f32]) -> Affinities {
    let (n, k) = (neighbours.len(), neighbours.k);
    let mut place = vec![0_u32; n];
    neighbours.order.iter().zip(0..).for_each(|(&row, at)| place[row as usize] = at);
    let mut counts = vec![k as u32; n];
    neighbours.near.iter().for_each(|&other| counts[other as usize] += 1);
    // Both directions, each row's columns in their order; then those that are there twice become one.
    let mut next = Vec::with_capacity(n);
    let mut sum = 0_usize;
    for &row in &neighbours.order {
        next.push(sum);
        sum += counts[row as usize] as usize;
    }
    let mut entries = vec![(0_u32, 0.0_f32); sum];
    let mut put = |row: u32, column: u32, value: f32| {
        entries[next[row as usize]] = (column, value);
        next[row as usize] += 1;
    };
    for (at, &row) in neighbours.order.iter().enumerate() {
        let values = &conditional[row as usize * k..(row as usize + 1) * k];
        for ((other, _), &value) in neighbours.of(row as usize).zip(values) {
            put(at as u32, place[other as usize], value);
            put(place[other as usize], at as u32, value);
        }
    }
    let mut joint = Affinities { starts: vec![0], columns: Vec::new(), values: Vec::new() };
    let mut begin = 0;
    for end in next {
        let row = &mut entries[begin..end];
        row.sort_unstable_by_key(|entry| entry.0);
        let first = joint.columns.len();
        for &(column, value) in row.iter() {
            let value = value / (2 * n) as f32;
            if joint.columns.len() > first && joint.columns.last() == Some(&column) {
                joint.values.last_mut().into_iter().for_each(|sum| *sum += value);
            } else {
                joint.columns.push(column);
                joint.values.push(value);
            }
        }
        joint.starts.push(joint.columns.len() as u32);
        begin = end;
    }
    joint
}

/// p_{j|i} of one row's squared distances, the nearest first.
fn conditional_of(squared: &[f32], perplexity: f64, to: &mut [f32]) {
    let nearest = f64::from(squared[0]);
    let away: Vec<f64> = squared.iter().map(|&squared| f64::from(squared) - nearest).collect();
    let mean = away.iter().sum::<f64>() / away.len() as f64;
    // Equally far ones are equally near.
    let mut beta = if mean > 0.0 { 1.0 / mean } else { 1.0 };
    let (mut low, mut high) = (0.0, f64::INFINITY);
    let wanted = perplexity.ln();
    let mut sum = 1.0;
    for _ in 0..HALVINGS {
        sum = 0.0;
        let mut weighted = 0.0;
        for (away, to) in away.iter().zip(to.iter_mut()) {
            let value = (-beta * away).exp();
            *to = value as f32;
            sum += value;
            weighted += value * away;
        }
        let above = sum.ln() + beta * weighted / sum - wanted;
        if above.abs() <= TOLERANCE {
            break;
        }
        if above > 0.0 {
            low = beta;
            beta = if high.is_finite() { (beta + high) / 2.0 } else { beta * 2.0 };
        } else {
            high = beta;
            beta = (beta + low) / 2.0;
        }
    }
    to.iter_mut().for_each(|value| *value = (f64::from(*value) / sum) as f32);
}
