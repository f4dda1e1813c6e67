//! Principal components: the directions in which a library spreads most.
//!
//! ```text
//! C = Σ (x − μ)(x − μ)ᵀ / (n − 1),   C v_i = λ_i v_i,   λ_1 ≥ λ_2 ≥ …,   coordinate i of x = (x − μ)·v_i
//! ```
//!
//! C is that of a sample; its first eigenvectors come by subspace iteration with Rayleigh and Ritz's projection (Halko, Martinsson and
//! Tropp 2011, which is also what scikit-learn's randomised solver does). Each v_i has its largest number positive, so that runs agree
//! (scikit-learn's rule).

use crate::error::{Result, wrong};
use crate::groups::kmeans::sample;
use crate::groups::products::{gather, products};
use crate::map::eigen::Subspace;
use crate::progress::Progress;
use crate::random::Random;
use crate::rows::Rows;

/// Rows that C is taken from: an eigenvalue's standard error is then a hundredth of it (√(2 / n), Anderson 1963).
const SAMPLE: usize = 20_000;
/// Rows of a step.
const BLOCK: usize = 1024;

/// Principal components.
#[derive(Clone, Debug)]
pub struct Pca {
    pub mean: Vec<f32>,
    /// `count × width`: orthogonal unit vectors.
    pub components: Vec<f32>,
    /// λ of each.
    pub variances: Vec<f32>,
}

/// Looking for components, step by step.
#[derive(Debug)]
pub struct Fitting {
    width: usize,
    rows: usize,
    count: usize,
    seed: u64,
    sample: Vec<u32>,
    at: usize,
    /// Of a few rows; sums of (x − centre), so that nothing is lost to a mean far from 0.
    centre: Vec<f32>,
    sums: Vec<f64>,
    /// Σ (x − centre)(x − centre)ᵀ
    scatter: Vec<f64>,
    turning: Option<Subspace>,
    found: Option<Pca>,
}

impl Fitting {
    /// At most `count` components (no more than the width, or rows).
    ///
    /// Errors: no rows, no components.
    pub fn new(rows: Rows, count: usize, seed: u64) -> Result<Self> {
        if rows.is_empty() || count == 0 {
            return wrong("principal components take at least one vector");
        }
        let width = rows.width();
        let sample = sample(rows.len(), SAMPLE, &mut Random(seed));
        let mut centre = vec![0.0; width];
        let first = &sample[..sample.len().min(BLOCK)];
        for &row in first {
            let part = 1.0 / first.len() as f32;
            centre.iter_mut().zip(rows.row(row as usize)).for_each(|(sum, number)| *sum += part * number);
        }
        Ok(Self {
            width,
            rows: rows.len(),
            count: count.min(width).min(rows.len()),
            seed,
            sample,
            at: 0,
            centre,
            sums: vec![0.0; width],
            scatter: vec![0.0; width * width],
            turning: None,
            found: None,
        })
    }

    /// In rows of the sample; the eigenvectors take about as long as a third of the rows.
    pub fn progress(&self) -> Progress {
        let (rows, turning) = (self.sample.len() as u64, 7000);
        let turned = self.turning.as_ref().map_or(0.0, |turning| turning.progress().share());
        let total = rows + turning;
        let done = self.at as u64 + (turning as f64 * turned) as u64;
        Progress { done: if self.found.is_some() { total } else { done.min(total - 1) }, total }
    }

    /// Some more rows, or the eigenvectors.
    ///
    /// Errors: other rows.
    pub fn step(&mut self, rows: Rows) -> Result<Progress> {
        if rows.len() != self.rows || rows.width() != self.width {
            return wrong("these are not the vectors that it began with");
        }
        if self.at < self.sample.len() {
            self.add(rows)?;
        } else if let Some(turning) = &mut self.turning {
            if self.found.is_none() && turning.step().is_over() {
                let (values, vectors) = turning.take();
                self.found = Some(self.components(&values, &vectors));
            }
        } else {
            let matrix = self.covariance();
            self.turning = Some(Subspace::new(matrix, self.width, self.count, self.seed));
        }
        Ok(self.progress())
    }

    /// The components. Errors: it is not over.
    pub fn finish(self) -> Result<Pca> {
        self.found.map_or_else(|| wrong("the principal components are not there yet"), Ok)
    }

    fn add(&mut self, rows: Rows) -> Result<()> {
        let end = (self.at + BLOCK).min(self.sample.len());
        let (mut block, mut flipped, mut scatter) = (Vec::new(), Vec::new(), Vec::new());
        gather(rows, &self.sample[self.at..end], &mut block);
        for row in block.chunks_exact_mut(self.width) {
            for ((number, centre), sum) in row.iter_mut().zip(&self.centre).zip(&mut self.sums) {
                *number -= centre;
                *sum += f64::from(*number);
            }
        }
        let count = end - self.at;
        flipped.resize(block.len(), 0.0);
        for (row, vector) in block.chunks_exact(self.width).enumerate() {
            vector.iter().enumerate().for_each(|(column, number)| flipped[column * count + row] = *number);
        }
        products(&flipped, &flipped, count, &mut scatter)?;
        self.scatter.iter_mut().zip(&scatter).for_each(|(sum, part)| *sum += f64::from(*part));
        self.at = end;
        Ok(())
    }

    fn covariance(&mut self) -> Vec<f64> {
        let n = self.sample.len() as f64;
        let mut matrix = std::mem::take(&mut self.scatter);
        for (at, number) in matrix.iter_mut().enumerate() {
            let correction = self.sums[at / self.width] * self.sums[at % self.width] / n;
            *number = (*number - correction) / (n - 1.0).max(1.0);
        }
        matrix
    }

    fn components(&self, values: &[f64], vectors: &[f64]) -> Pca {
        let n = self.sample.len() as f64;
        let means = self.centre.iter().zip(&self.sums).map(|(centre, sum)| centre + (sum / n) as f32);
        let mut components = Vec::with_capacity(vectors.len());
        for vector in vectors.chunks_exact(self.width) {
            let largest = vector
                .iter()
                .copied()
                .fold(0.0_f64, |best, number| if number.abs() > best.abs() { number } else { best });
            components.extend(vector.iter().map(|number| (number * largest.signum()) as f32));
        }
        Pca {
            mean: means.collect(),
            components,
            variances: values.iter().map(|&value| value.max(0.0) as f32).collect(),
        }
    }
}

impl Pca {
    /// All of it at once: see [`Fitting::new`].
    pub fn fit(rows: Rows, count: usize, seed: u64) -> Result<Self> {
        let mut fitting = Fitting::new(rows, count, seed)?;
        while !fitting.step(rows)?.is_over() {}
        fitting.finish()
    }

    /// How many components.
    pub fn count(&self) -> usize {
        self.variances.len()
    }

    /// Coordinates of some rows, `rows × count`.
    ///
    /// Errors: rows of another width.
    pub fn project(&self, rows: Rows) -> Result<Vec<f32>> {
        if rows.width() != self.mean.len() {
            return wrong("these vectors have another width than the principal components");
        }
        let mut means = Vec::new();
        products(&self.mean, &self.components, rows.width(), &mut means)?;
        let mut coordinates = Vec::new();
        products(rows.numbers(), &self.components, rows.width(), &mut coordinates)?;
        for row in coordinates.chunks_exact_mut(self.count().max(1)) {
            row.iter_mut().zip(&means).for_each(|(number, mean)| *number -= mean);
        }
        Ok(coordinates)
    }
}
