//! Where an embedding begins: at the principal components, so that the whole is where it belongs and runs agree, or at a map of a
//! part of the rows (both of Kobak and Berens, “The art of using t-SNE for single-cell transcriptomics”, 2019).

use crate::map::neighbours::Neighbours;
use crate::random::Random;

/// The standard deviation of the first coordinate at the start; scikit-learn has it, too.
const DEVIATION: f32 = 1e-4;
/// Known neighbours that a row is put amid.
const AMID: usize = 3;
/// Times that rows without one wait for their neighbours to get a place.
const WAITS: usize = 3;

/// A plane whose first coordinate has the deviation 10⁻⁴; equal rows are a hundredth of that apart, or they would never part.
pub fn small(plane: &[[f32; 2]], seed: u64) -> Vec<[f32; 2]> {
    let mut random = Random(seed);
    let count = plane.len().max(1) as f64;
    let mean = plane.iter().map(|point| f64::from(point[0])).sum::<f64>() / count;
    let variance = plane.iter().map(|point| (f64::from(point[0]) - mean).powi(2)).sum::<f64>() / count;
    let scale = if variance > 0.0 { DEVIATION / variance.sqrt() as f32 } else { 0.0 };
    let mut noise = || DEVIATION / 100.0 * noise(&mut random);
    plane.iter().map(|point| point.map(|number| number * scale + noise())).collect()
}

/// Points for all rows, from those (`there`) of some: where they are, and each other row amid its nearest ones of these. Everything
/// grows by √(all / some), since a map's area is as its rows.
pub fn grown(neighbours: &Neighbours, some: &[u32], there: &[[f32; 2]], seed: u64) -> Vec<[f32; 2]> {
    let mut random = Random(seed);
    let n = neighbours.len();
    let scale = (n as f32 / some.len().max(1) as f32).sqrt();
    let mut points = vec![None; n];
    for (&row, point) in some.iter().zip(there) {
        points[row as usize] = Some(point.map(|number| number * scale));
    }
    for _ in 0..WAITS {
        let known = points.clone();
        for row in (0..n).filter(|&row| known[row].is_none()) {
            let near: Vec<[f32; 2]> =
                neighbours.of(row).filter_map(|(other, _)| known[other as usize]).take(AMID).collect();
            let mean = |axis: usize| near.iter().map(|point| point[axis]).sum::<f32>() / near.len() as f32;
            if !near.is_empty() {
                points[row] = Some([mean(0) + noise(&mut random), mean(1) + noise(&mut random)]);
            }
        }
    }
    // Whoever has none lies at the middle.
    points
        .into_iter()
        .map(|point| point.unwrap_or_else(|| [noise(&mut random), noise(&mut random)]))
        .collect()
}

/// From −0.5 to 0.5.
fn noise(random: &mut Random) -> f32 {
    random.below(1 << 20) as f32 / (1 << 20) as f32 - 0.5
}
