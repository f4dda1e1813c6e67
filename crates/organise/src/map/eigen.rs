//! The largest eigenvalues of a symmetric matrix that has none below 0, with their vectors.

use crate::progress::Progress;
use crate::random::Random;

/// Directions besides those wanted; they make the last ones wanted come as fast as the first (Halko, Martinsson and Tropp 2011).
const BESIDES: usize = 10;
const ROUNDS: u64 = 60;
/// Eigenvalues that move by less than this share of the largest one have arrived.
const SETTLED: f64 = 1e-7;
/// Rounds of Jacobi's method, which has arrived after some eight.
const SWEEPS: usize = 30;

/// Subspace iteration that is under way.
#[derive(Debug)]
pub struct Subspace {
    matrix: Vec<f64>,
    width: usize,
    count: usize,
    /// One after another.
    vectors: Vec<f64>,
    values: Vec<f64>,
    rounds: u64,
    settled: bool,
}

impl Subspace {
    /// For `count` eigenvalues of a `width × width` matrix.
    pub fn new(matrix: Vec<f64>, width: usize, count: usize, seed: u64) -> Self {
        let together = (count + BESIDES).min(width);
        let mut random = Random(seed);
        let mut start = || random.below(1 << 20) as f64 / f64::from(1 << 20) - 0.5;
        let mut vectors: Vec<f64> = (0..together * width).map(|_| start()).collect();
        orthogonal(&mut vectors, width);
        Self { matrix, width, count, vectors, values: vec![0.0; together], rounds: 0, settled: false }
    }

    /// In rounds; those that are not needed count as done.
    pub fn progress(&self) -> Progress {
        Progress { done: if self.settled { ROUNDS } else { self.rounds.min(ROUNDS - 1) }, total: ROUNDS }
    }

    /// One round: images of all vectors, turned into the eigenvectors of VᵀAV (Rayleigh and Ritz).
    pub fn step(&mut self) -> Progress {
        if self.settled {
            return self.progress();
        }
        let (width, together) = (self.width, self.values.len());
        let images: Vec<f64> = self
            .vectors
            .chunks_exact(width)
            .flat_map(|vector| self.matrix.chunks_exact(width).map(|row| dot(row, vector)))
            .collect();
        let mut small = vec![0.0; together * together];
        for (row, image) in images.chunks_exact(width).enumerate() {
            for (column, vector) in self.vectors.chunks_exact(width).enumerate() {
                small[row * together + column] = dot(image, vector);
            }
        }
        let (found, turns) = jacobi(small, together);
        let moved = found.iter().zip(&self.values).take(self.count).map(|(new, old)| (new - old).abs());
        self.rounds += 1;
        self.settled = moved.fold(0.0, f64::max) <= SETTLED * found[0].abs() || self.rounds == ROUNDS;
        self.values = found;
        let mut turned = vec![0.0; together * width];
        for (to, turn) in turned.chunks_exact_mut(width).zip(turns.chunks_exact(together)) {
            let from = if self.settled { &self.vectors } else { &images };
            for (vector, part) in from.chunks_exact(width).zip(turn) {
                to.iter_mut().zip(vector).for_each(|(to, number)| *to += part * number);
            }
        }
        self.vectors = turned;
        orthogonal(&mut self.vectors, width);
        self.progress()
    }

    /// The eigenvalues, the largest first, and as many orthogonal unit vectors, one after another.
    pub fn take(&mut self) -> (Vec<f64>, Vec<f64>) {
        self.values.truncate(self.count);
        self.vectors.truncate(self.count * self.width);
        (std::mem::take(&mut self.values), std::mem::take(&mut self.vectors))
    }
}

/// Gram and Schmidt, twice, since once leaves what rounding made. What depends on those before becomes the unit vector that depends
/// on them least.
fn orthogonal(vectors: &mut [f64], width: usize) {
    for at in 0..vectors.len() / width {
        let (before, rest) = vectors.split_at_mut(at * width);
        let vector = &mut rest[..width];
        let before_length = dot(vector, vector).sqrt();
        let mut length = remove(before, vector, width);
        if length <= 1e-10 * before_length || length == 0.0 {
            let mut most = (0, -1.0);
            for axis in 0..width {
                let taken: f64 = before.chunks_exact(width).map(|other| other[axis] * other[axis]).sum();
                if 1.0 - taken > most.1 {
                    most = (axis, 1.0 - taken);
                }
            }
            vector.fill(0.0);
            vector[most.0] = 1.0;
            length = remove(before, vector, width);
        }
        vector.iter_mut().for_each(|number| *number /= length);
    }
}

/// What is left of a vector without those before, and its length.
fn remove(before: &[f64], vector: &mut [f64], width: usize) -> f64 {
    for _ in 0..2 {
        for other in before.chunks_exact(width) {
            let part = dot(other, vector);
            vector.iter_mut().zip(other).for_each(|(number, other)| *number -= part * other);
        }
    }
    dot(vector, vector).sqrt()
}

/// All eigenvalues of a small symmetric matrix, the largest first, and their vectors, one after another: Jacobi's rotations
/// (Golub and Van Loan, Matrix Computations, 8.5).
fn jacobi(mut a: Vec<f64>, size: usize) -> (Vec<f64>, Vec<f64>) {
    let mut v = vec![0.0; size * size];
    (0..size).for_each(|at| v[at * size + at] = 1.0);
    for _ in 0..SWEEPS {
        let off: f64 = (0..size * size).filter(|at| at / size != at % size).map(|at| a[at] * a[at]).sum();
        let whole: f64 = a.iter().map(|number| number * number).sum();
        if off <= 1e-26 * whole {
            break;
        }
        for p in 0..size {
            for q in p + 1..size {
                let between = a[p * size + q];
                if between == 0.0 {
                    continue;
                }
                let tau = (a[q * size + q] - a[p * size + p]) / (2.0 * between);
                let t = if tau >= 0.0 { 1.0 } else { -1.0 } / (tau.abs() + (1.0 + tau * tau).sqrt());
                let c = 1.0 / (1.0 + t * t).sqrt();
                rotate(&mut a, size, p, q, c, t * c);
                for k in 0..size {
                    let (one, other) = (v[p * size + k], v[q * size + k]);
                    v[p * size + k] = c * one - t * c * other;
                    v[q * size + k] = t * c * one + c * other;
                }
            }
        }
    }
    let mut order: Vec<usize> = (0..size).collect();
    order.sort_by(|&one, &other| a[other * size + other].total_cmp(&a[one * size + one]));
    let values = order.iter().map(|&at| a[at * size + at]).collect();
    (values, order.iter().flat_map(|&at| v[at * size..(at + 1) * size].to_vec()).collect())
}

/// JᵀAJ.
fn rotate(a: &mut [f64], size: usize, p: usize, q: usize, c: f64, s: f64) {
    for k in 0..size {
        let (one, other) = (a[k * size + p], a[k * size + q]);
        a[k * size + p] = c * one - s * other;
        a[k * size + q] = s * one + c * other;
    }
    for k in 0..size {
        let (one, other) = (a[p * size + k], a[q * size + k]);
        a[p * size + k] = c * one - s * other;
        a[q * size + k] = s * one + c * other;
    }
}

/// Σ aᵢbᵢ, four sums at a time.
fn dot(a: &[f64], b: &[f64]) -> f64 {
    let mut sums = [0.0; 4];
    let (a_parts, b_parts) = (a.chunks_exact(4), b.chunks_exact(4));
    let rest: f64 = a_parts.remainder().iter().zip(b_parts.remainder()).map(|(a, b)| a * b).sum();
    for (a, b) in a_parts.zip(b_parts) {
        for i in 0..4 {
            sums[i] += a[i] * b[i];
        }
    }
    sums.iter().sum::<f64>() + rest
}
