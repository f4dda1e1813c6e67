//! Means over any part of a picture, from sums of all that is above and to the left (Crow 1984, “Summed-area tables for texture
//! mapping”).

use serde::Serialize;

/// A part of a picture, in shares of its width and height, from the top left.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Part {
    pub left: f32,
    pub top: f32,
    pub width: f32,
    pub height: f32,
}

impl Part {
    pub const WHOLE: Self = Self { left: 0.0, top: 0.0, width: 1.0, height: 1.0 };

    /// In shares of the picture's.
    pub fn area(&self) -> f32 {
        self.width * self.height
    }
}

/// One number a pixel, ready to be averaged over any rectangle.
#[derive(Clone, Debug)]
pub struct Plane {
    /// `(rows + 1) × (columns + 1)`: of all pixels above and to the left of a corner, less the mean, so that the sums stay
    /// small.
    sums: Vec<f64>,
    columns: usize,
    rows: usize,
    mean: f64,
}

impl Plane {
    /// Of `rows × columns` values, row by row. Where there are none, it is one pixel of 0.
    pub fn new(values: &[f32], columns: usize) -> Self {
        if columns == 0 || values.len() < columns {
            return Self::new(&[0.0], 1);
        }
        let rows = values.len() / columns;
        let values = &values[..rows * columns];
        let mean = values.iter().map(|&value| f64::from(value)).sum::<f64>() / values.len() as f64;
        let width = columns + 1;
        let mut sums = vec![0.0; width * (rows + 1)];
        for (row, line) in values.chunks_exact(columns).enumerate() {
            let mut so_far = 0.0;
            for (column, &value) in line.iter().enumerate() {
                so_far += f64::from(value) - mean;
                sums[(row + 1) * width + column + 1] = sums[row * width + column + 1] + so_far;
            }
        }
        Self { sums, columns, rows, mean }
    }

    pub fn columns(&self) -> usize {
        self.columns
    }

    pub fn rows(&self) -> usize {
        self.rows
    }

    pub fn mean(&self) -> f32 {
        self.mean as f32
    }

    /// Means less the whole plane's mean over `rows × columns` equal cells of a part, row by row, into `cells`. A pixel that a
    /// cell cuts counts by the share of it that lies in the cell. What reaches over the picture's edge is cut off.
    pub fn cells(&self, part: &Part, columns: usize, rows: usize, cells: &mut Vec<f32>) {
        let xs = corners(part.left, part.width, self.columns, columns);
        let ys = corners(part.top, part.height, self.rows, rows);
        let width = self.columns + 1;
        cells.clear();
        cells.resize(columns * rows, 0.0);
        let mut above = vec![0.0; columns + 1];
        for (line, &(row, down, y)) in ys.iter().enumerate() {
            let (upper, lower) = (&self.sums[row * width..], &self.sums[(row + 1).min(self.rows) * width..]);
            let mut before = 0.0;
            for (at, &(column, right, x)) in xs.iter().enumerate() {
                let next = (column + 1).min(self.columns);
                let top = upper[column] + (upper[next] - upper[column]) * right;
                let bottom = lower[column] + (lower[next] - lower[column]) * right;
                let sum = top + (bottom - top) * down;
                let strip = sum - above[at];
                if line > 0 && at > 0 {
                    let area = (y - ys[line - 1].2) * (x - xs[at - 1].2);
                    cells[(line - 1) * columns + at - 1] = ((strip - before) / area.max(1e-9)) as f32;
                }
                before = strip;
                above[at] = sum;
            }
        }
    }
}

/// Where the corners of the cells lie: the pixel, the share of it, and both as one number.
fn corners(from: f32, length: f32, pixels: usize, cells: usize) -> Vec<(usize, f64, f64)> {
    (0..=cells)
        .map(|at| {
            let share = f64::from(from) + f64::from(length) * at as f64 / cells as f64;
            let place = share.clamp(0.0, 1.0) * pixels as f64;
            (place as usize, place.fract(), place)
        })
        .collect()
}
