//! Whether an explanation points at what is there: the pointing game (Zhang et al., “Top-down Neural Attention by Excitation
//! Backprop”, 2018), and its energy-based form (Wang et al., “Score-CAM”, 2020).

use serde::Serialize;

use crate::error::{Result, check, wrong};

/// A box in parts of the picture, 0 to 1 from the left and from the top.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Area {
    pub left: f32,
    pub top: f32,
    pub right: f32,
    pub bottom: f32,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Pointing {
    /// Whether the centre of the hottest cell lies in the box, its edge included; of equal cells the first counts, row by row.
    pub hit: bool,
    /// The share of the heat that lies in the box, a cell on its edge by the part of its area. Negative heat counts as none.
    /// `None` where nothing is hot.
    pub energy: Option<f64>,
    /// The box's share of the picture: what even heat would give.
    pub area: f64,
}

/// `heat`: `rows × columns`, row-major, over the whole picture.
///
/// Errors: no cell, heat that is not `rows × columns` finite numbers, a box without area or beyond the picture.
pub fn point(heat: &[f32], rows: usize, columns: usize, area: Area) -> Result<Pointing> {
    let Area { left, top, right, bottom } = area;
    let fits = |low: f32, high: f32| 0.0 <= low && low < high && high <= 1.0;
    if !fits(left, right) || !fits(top, bottom) {
        return wrong(format!("a box from {left}, {top} to {right}, {bottom}"));
    }
    if rows == 0 || columns == 0 {
        return wrong("heat of no cell");
    }
    check("numbers of heat", heat, rows * columns)?;
    let hottest = semblance_teach::scored::best(heat);
    let centre = |at: usize, of: usize| (at as f64 + 0.5) / of as f64;
    let inside = |at: f64, low: f32, high: f32| (f64::from(low)..=f64::from(high)).contains(&at);
    let hit = inside(centre(hottest / columns, rows), top, bottom)
        && inside(centre(hottest % columns, columns), left, right);
    let (mut within, mut whole) = (0.0, 0.0);
    for (at, &heat) in heat.iter().enumerate() {
        let heat = f64::from(heat.max(0.0));
        whole += heat;
        within +=
            heat * covered(at / columns, rows, top, bottom) * covered(at % columns, columns, left, right);
    }
    let size = f64::from(right - left) * f64::from(bottom - top);
    Ok(Pointing { hit, energy: (whole > 0.0).then(|| within / whole), area: size })
}

/// How much of a cell lies between two edges, 0 to 1.
fn covered(at: usize, of: usize, low: f32, high: f32) -> f64 {
    let (low, high) = (f64::from(low) * of as f64, f64::from(high) * of as f64);
    ((at as f64 + 1.0).min(high) - (at as f64).max(low)).max(0.0)
}
