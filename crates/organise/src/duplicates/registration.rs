//! Whether a picture is another one, or a part of it: the part of one whose cells correlate best with the whole of the other,
//! found coarsely and then finer (normalised cross-correlation, as in Lewis 1995, “Fast normalized cross-correlation”, over
//! positions and scales).

use serde::Serialize;

use super::agreement::{Agreement, agreement, score};
use super::look::{COLOURS, Look};
use super::plane::{Part, Plane};

/// What may be off each side: a tenth, and a little more, since small pictures are rounded to whole pixels.
pub const OFF_EACH_SIDE: f32 = 0.12;
/// The part's size in the coarse search, of the largest that has the other's shape: between two, each edge is 2 % off at most.
const SCALES: [f32; 4] = [1.0, 0.92, 0.84, 0.76];
/// The coarse search's steps are at most so far from each other: a coarse cell, so that half of one is the most that it is off.
const STEP: f32 = 0.0625;
/// Cells a side of the coarse search, and of the fine one.
const COARSE: usize = 16;
const FINE: usize = 32;
/// Steps by which the best places are moved, on the coarse cells and on the fine ones, in shares of the picture.
const COARSE_STEPS: [f32; 2] = [0.03, 0.015];
const FINE_STEPS: [f32; 2] = [0.01, 0.005];
/// At each of them so many improvements.
const ROUNDS: usize = 6;
/// What fits less than this on the coarse cells, at its best place, is not laid on the fine ones: what is a part ends above 0.9.
const GIVEN_UP: f32 = 0.6;
/// Places of the coarse search from which better ones are searched.
const STARTS: usize = 2;
/// Below this score (the mean of two correlations) a place leads nowhere.
const HOPELESS: f32 = 0.3;
/// From this score of the two whole pictures on no part is looked for.
const CLEAR: f32 = 0.97;
/// A part has to fit by so much better than the whole: what lies over a picture fits a little better elsewhere.
const BETTER: f32 = 0.03;
/// A part of at least this area is the whole: within what small pictures are rounded to.
const WHOLE: f32 = 0.96;
/// Colours that are on average no longer than this are grey; of 127.
const GREYISH: f32 = 3.0;

/// Which picture is a part of the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Inside {
    /// Both show the same.
    Neither,
    /// The first is a part of the second.
    First,
    /// The second is a part of the first.
    Second,
}

/// How two pictures lie on each other best.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Registration {
    pub inside: Inside,
    /// The part of the larger picture that the other one shows.
    pub part: Part,
    /// Of all cells there, −1 to 1.
    pub correlation: f32,
    /// Mean and median of many small blocks' correlations, by what is in them.
    pub blocks: f32,
    pub median: f32,
    /// How much of what is there agrees, 0 to 1: the rest has something laid over it, or has changed.
    pub share: f32,
    /// How far colours point the same way there, −1 to 1; 1 where one picture is grey.
    pub colours: f32,
}

/// Lay `first` and `second` on each other: the whole on the whole, and each one's parts, down to 12 % off each side, on the other.
pub fn register(first: &Look, second: &Look) -> Registration {
    let (a, b) = (first.grey(), second.grey());
    let mut best = Found { part: Part::WHOLE, score: 0.0, agreement: Agreement::default() };
    let mut search = Search::new(&b, &a);
    best.score = search.fine(&Part::WHOLE);
    best.agreement = search.agreement();
    let (whole, mut inside) = (best.score, Inside::Neither);
    if best.score < CLEAR {
        let shape = second.aspect() / first.aspect();
        let mut other = Search::new(&a, &b);
        for (search, shape, which) in
            [(&mut search, shape, Inside::Second), (&mut other, 1.0 / shape, Inside::First)]
        {
            if let Some(found) = search.part(shape)
                && found.score > best.score
                && found.score > whole + BETTER
            {
                (best, inside) = (found, which);
            }
        }
    }
    if best.part.area() >= WHOLE {
        inside = Inside::Neither;
    }
    let (larger, smaller) = if inside == Inside::First { (second, first) } else { (first, second) };
    let Agreement { correlation, blocks, median, share } = best.agreement;
    let colours = colours(larger, &best.part, smaller);
    Registration { inside, part: best.part, correlation, blocks, median, share, colours }
}

#[derive(Clone, Copy)]
struct Found {
    part: Part,
    score: f32,
    agreement: Agreement,
}

/// A search for a picture in another one.
struct Search<'a> {
    other: &'a Plane,
    coarse: Vec<f32>,
    fine: Vec<f32>,
    /// Cells a side of the fine search: no more than the smaller picture has pixels.
    side: usize,
    cells: Vec<f32>,
}

impl<'a> Search<'a> {
    fn new(picture: &Plane, other: &'a Plane) -> Self {
        let pixels = picture.columns().min(picture.rows()).min(other.columns()).min(other.rows());
        let side = if pixels >= FINE { FINE } else { COARSE };
        let (mut coarse, mut fine) = (Vec::new(), Vec::new());
        picture.cells(&Part::WHOLE, COARSE, COARSE, &mut coarse);
        picture.cells(&Part::WHOLE, side, side, &mut fine);
        Self { other, coarse, fine, side, cells: Vec::new() }
    }

    fn coarse(&mut self, part: &Part) -> f32 {
        self.other.cells(part, COARSE, COARSE, &mut self.cells);
        score(&self.cells, &self.coarse, COARSE)
    }

    fn fine(&mut self, part: &Part) -> f32 {
        self.other.cells(part, self.side, self.side, &mut self.cells);
        score(&self.cells, &self.fine, self.side)
    }

    /// Of the part that was looked at last.
    fn agreement(&self) -> Agreement {
        agreement(&self.cells, &self.fine, self.side)
    }

    /// The part of the other picture that fits best. `shape`: this picture's width / height, by the other's.
    fn part(&mut self, shape: f32) -> Option<Found> {
        let mut places: Vec<(f32, Part)> = Vec::new();
        for scale in SCALES {
            let width = scale * shape.min(1.0);
            let height = scale / shape.max(1.0);
            let least = 1.0 - 2.0 * OFF_EACH_SIDE;
            if width < least || height < least {
                continue;
            }
            for left in steps(1.0 - width) {
                for top in steps(1.0 - height) {
                    let part = Part { left, top, width, height };
                    places.push((self.coarse(&part), part));
                }
            }
        }
        places.sort_by(|a, b| b.0.total_cmp(&a.0));
        let starts = places.into_iter().take(STARTS).filter(|&(score, _)| score >= HOPELESS);
        let better: Vec<(f32, Part)> =
            starts.map(|start| climb(start, &COARSE_STEPS, |part| self.coarse(part))).collect();
        let (_, part) =
            better.into_iter().filter(|&(score, _)| score >= GIVEN_UP).max_by(|a, b| a.0.total_cmp(&b.0))?;
        let start = (self.fine(&part), part);
        let (score, part) = climb(start, &FINE_STEPS, |part| self.fine(part));
        self.fine(&part);
        Some(Found { part, score, agreement: self.agreement() })
    }
}

/// Move and stretch a part by ever smaller steps, as long as that makes it fit better.
fn climb(mut best: (f32, Part), steps: &[f32], mut score: impl FnMut(&Part) -> f32) -> (f32, Part) {
    for &step in steps {
        for _ in 0..ROUNDS {
            let moved = moves(&best.1, step).map(|part| (score(&part), part));
            match moved.max_by(|a, b| a.0.total_cmp(&b.0)) {
                Some(found) if found.0 > best.0 => best = found,
                _ => break,
            }
        }
    }
    best
}

/// The largest slack in equal steps, of which no two are further than [`STEP`] from each other.
fn steps(slack: f32) -> impl Iterator<Item = f32> {
    let slack = slack.max(0.0);
    let count = (slack / STEP).ceil() as usize;
    (0..=count).map(move |at| slack * at as f32 / count.max(1) as f32)
}

/// A part with its edges moved: all of it to four sides, larger and smaller, and each edge out and in; as far as more than 12 %
/// a side is left, on the whole.
fn moves(part: &Part, step: f32) -> impl Iterator<Item = Part> {
    let edges = [part.left, part.top, part.left + part.width, part.top + part.height];
    const MOVES: [[f32; 4]; 14] = [
        [1.0, 0.0, 1.0, 0.0],
        [-1.0, 0.0, -1.0, 0.0],
        [0.0, 1.0, 0.0, 1.0],
        [0.0, -1.0, 0.0, -1.0],
        [-1.0, -1.0, 1.0, 1.0],
        [1.0, 1.0, -1.0, -1.0],
        [1.0, 0.0, 0.0, 0.0],
        [-1.0, 0.0, 0.0, 0.0],
        [0.0, 1.0, 0.0, 0.0],
        [0.0, -1.0, 0.0, 0.0],
        [0.0, 0.0, 1.0, 0.0],
        [0.0, 0.0, -1.0, 0.0],
        [0.0, 0.0, 0.0, 1.0],
        [0.0, 0.0, 0.0, -1.0],
    ];
    MOVES.iter().filter_map(move |by| {
        let [left, top, right, bottom] =
            [0, 1, 2, 3].map(|edge| (edges[edge] + step * by[edge]).clamp(0.0, 1.0));
        let least = 1.0 - 2.0 * OFF_EACH_SIDE;
        (right - left >= least && bottom - top >= least).then_some(Part {
            left,
            top,
            width: right - left,
            height: bottom - top,
        })
    })
}

/// Σ min(|c|, |d|) cos(c, d) / Σ min(|c|, |d|) over 8 × 8 cells, where c and d are a cell's (Cb, Cr), less 128: a changed saturation
/// leaves it at 1, another hue does not, and a colour that only one of them has (a logo) says nothing. 1 where one of the two is
/// grey.
fn colours(larger: &Look, part: &Part, smaller: &Look) -> f32 {
    let (mut cells, mut others) = ([Vec::new(), Vec::new()], [Vec::new(), Vec::new()]);
    for (at, (a, b)) in larger.colours().iter().zip(&smaller.colours()).enumerate() {
        a.cells(part, COLOURS, COLOURS, &mut cells[at]);
        b.cells(&Part::WHOLE, COLOURS, COLOURS, &mut others[at]);
        cells[at].iter_mut().for_each(|cell| *cell += a.mean());
        others[at].iter_mut().for_each(|cell| *cell += b.mean());
    }
    let (mut sum, mut weights) = (0.0_f32, 0.0_f32);
    for cell in 0..COLOURS * COLOURS {
        let (c, d) = ([cells[0][cell], cells[1][cell]], [others[0][cell], others[1][cell]]);
        let (long, other) = (c[0].hypot(c[1]), d[0].hypot(d[1]));
        let weight = long.min(other);
        if weight > 0.0 {
            sum += weight * (c[0] * d[0] + c[1] * d[1]) / (long * other);
            weights += weight;
        }
    }
    if weights < GREYISH * (COLOURS * COLOURS) as f32 { 1.0 } else { sum / weights }
}
