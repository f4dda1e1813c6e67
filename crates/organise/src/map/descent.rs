//! t-SNE's gradient descent, an iteration at a time.
//!
//! ```text
//! w_ij = 1 / (1 + |y_i − y_j|²),   Z = Σ_{i ≠ j} w_ij
//! gradient_i = 4 (e Σ_j p_ij w_ij (y_i − y_j) − Σ_j w_ij² (y_i − y_j) / Z)
//! gain ← gain + 0.2 where the step turns, gain × 0.8 where it does not, at least 0.01
//! step ← m step − η gain gradient,   y ← y + step
//! ```
//!
//! p is 0 but for neighbours; the sums over all others are Barnes and Hut's (van der Maaten 2014), by the crate barnes-hut-tree. All
//! constants are those of scikit-learn's `TSNE`.

use barnes_hut_tree::{BarnesHutTree, Dim, Morton};

use crate::map::affinities::Affinities;

/// A cell is one point where its half width is less than this part of how far it is; scikit-learn's `angle` of 0.5 by the whole
/// width is 0.25 here.
const THETA: f32 = 0.5;
const LEAST_GAIN: f32 = 0.01;

/// An embedding that moves.
#[derive(Debug)]
pub struct Descent {
    affinities: Affinities,
    points: Vec<[f32; 2]>,
    steps: Vec<[f32; 2]>,
    gains: Vec<[f32; 2]>,
    pulls: Vec<[f32; 2]>,
    pushes: Vec<[f32; 2]>,
    tree: BarnesHutTree<f32, u64, 2>,
}

impl Descent {
    /// From these points on, one for each row of the affinities.
    pub fn new(affinities: Affinities, points: Vec<[f32; 2]>) -> Self {
        let n = points.len();
        Self {
            affinities,
            points,
            steps: vec![[0.0; 2]; n],
            gains: vec![[1.0; 2]; n],
            pulls: vec![[0.0; 2]; n],
            pushes: vec![[0.0; 2]; n],
            tree: BarnesHutTree::empty(),
        }
    }

    pub fn points(&self) -> &[[f32; 2]] {
        &self.points
    }

    /// One iteration with the exaggeration e and the momentum m.
    pub fn step(&mut self, exaggeration: f32, momentum: f32) {
        let n = self.points.len();
        let flat = self.points.as_flattened();
        self.tree.rebuild_uniform(flat);
        let mut stack = <Dim<2> as Morton<2>>::empty_stack();
        let mut total = 0.0_f64;
        for at in 0..n {
            let [x, y] = self.points[at];
            let (mut pull, mut push, mut weights) = ([0.0; 2], [0.0; 2], 0.0);
            for (other, p) in self.affinities.row(at) {
                let other = self.points[other as usize];
                let [dx, dy] = [x - other[0], y - other[1]];
                let weight = p / (1.0 + dx * dx + dy * dy);
                pull[0] += weight * dx;
                pull[1] += weight * dy;
            }
            self.tree.compute_non_edge_forces(
                at,
                THETA * THETA,
                flat,
                &mut push,
                &mut weights,
                stack.as_mut(),
            );
            self.pulls[at] = pull;
            self.pushes[at] = push;
            total += f64::from(weights);
        }
        let inverse = (1.0 / total.max(f64::MIN_POSITIVE)) as f32;
        // scikit-learn's, which is that of Belkina et al. 2019: n / 12, where the gradient has its factor of 4.
        let rate = (n as f32 / 48.0).max(50.0);
        let mut sums = [0.0_f64; 2];
        for at in 0..n {
            for (axis, sum) in sums.iter_mut().enumerate() {
                let gradient = 4.0 * (exaggeration * self.pulls[at][axis] - self.pushes[at][axis] * inverse);
                let (step, gain) = (&mut self.steps[at][axis], &mut self.gains[at][axis]);
                *gain = if *step * gradient < 0.0 { *gain + 0.2 } else { *gain * 0.8 }.max(LEAST_GAIN);
                *step = momentum * *step - rate * *gain * gradient;
                self.points[at][axis] += *step;
                *sum += f64::from(self.points[at][axis]);
            }
        }
        let means = sums.map(|sum| (sum / n.max(1) as f64) as f32);
        for point in &mut self.points {
            point[0] -= means[0];
            point[1] -= means[1];
        }
    }
}
