//! How far two grids of numbers agree, whatever their brightness and contrast, and even where something lies over a part of
//! one: correlations of many small blocks, of which some may be wrong.

/// A grid is cut into so many pieces a side; four pieces that touch are a block, and blocks overlap by half.
const PIECES: usize = 8;
const BLOCKS: usize = (PIECES - 1) * (PIECES - 1);
/// Variance that coding leaves in a cell, 2 levels squared: blocks without anything in them correlate by chance, so they are
/// drawn towards 0.
const NOISE: f32 = 4.0;
/// From this standard deviation on a block counts fully, so that hard lettering counts no more than a leaf.
const FULL: f32 = 16.0;
/// A block agrees from this correlation on.
pub const BLOCK: f32 = 0.6;

/// How far two grids agree; each number is 1 where they are the same up to brightness and contrast.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Agreement {
    /// Pearson's correlation of all cells.
    pub correlation: f32,
    /// The mean of the blocks' correlations, each weighted by how much there is in it.
    pub blocks: f32,
    /// Their median by the same weights: what lies over less than half of the picture leaves it alone.
    pub median: f32,
    /// The weight of the blocks that agree (from [`BLOCK`] on), of all.
    pub share: f32,
}

/// Of what Pearson's correlation is made.
#[derive(Clone, Copy, Default)]
struct Moments {
    a: f32,
    b: f32,
    aa: f32,
    bb: f32,
    ab: f32,
}

impl Moments {
    fn add(&mut self, other: &Self) {
        self.a += other.a;
        self.b += other.b;
        self.aa += other.aa;
        self.bb += other.bb;
        self.ab += other.ab;
    }

    /// cov / √((var a + `noise`)(var b + `noise`)), and √(var a · var b).
    fn correlation(&self, count: f32, noise: f32) -> (f32, f32) {
        let (a, b) = (self.a / count, self.b / count);
        let covariance = self.ab / count - a * b;
        let (in_a, in_b) = ((self.aa / count - a * a).max(0.0), (self.bb / count - b * b).max(0.0));
        let within = ((in_a + noise) * (in_b + noise)).sqrt();
        (if within > 0.0 { covariance / within } else { 0.0 }, (in_a * in_b).sqrt())
    }
}

/// Of two grids of `side × side` cells, grey levels less any constant. `side` is a multiple of 8.
///
/// A block's weight is min(σ_a σ_b, 16²), so that what is flat in either counts little: sky says nothing of a picture.
pub fn agreement(a: &[f32], b: &[f32], side: usize) -> Agreement {
    let (correlation, mut blocks) = correlations(a, b, side);
    blocks.sort_unstable_by(|one, other| one.0.total_cmp(&other.0));
    let weight: f32 = blocks.iter().map(|(_, weight)| weight).sum();
    if weight <= 0.0 {
        return Agreement { correlation, ..Agreement::default() };
    }
    let sum: f32 = blocks.iter().map(|(block, weight)| weight * block).sum();
    let agreeing: f32 = blocks.iter().filter(|block| block.0 >= BLOCK).map(|(_, weight)| weight).sum();
    let mut below = 0.0;
    let median = blocks.iter().find(|(_, of)| {
        below += of;
        2.0 * below >= weight
    });
    let median = median.map_or(0.0, |block| block.0);
    Agreement { correlation, blocks: sum / weight, median, share: agreeing / weight }
}

/// The mean of the correlation of all cells and of the blocks': the whole's leads from far away, the blocks' to the very place.
pub(super) fn score(a: &[f32], b: &[f32], side: usize) -> f32 {
    let (correlation, blocks) = correlations(a, b, side);
    let (sum, weight) =
        blocks.iter().fold((0.0, 0.0), |(sum, all), (block, weight)| (sum + weight * block, all + weight));
    0.5 * (correlation + if weight > 0.0 { sum / weight } else { 0.0 })
}

/// The correlation of all cells; of each block its own and its weight.
fn correlations(a: &[f32], b: &[f32], side: usize) -> (f32, [(f32, f32); BLOCKS]) {
    let cells = side / PIECES;
    let mut pieces = [Moments::default(); PIECES * PIECES];
    for (row, (a, b)) in a.chunks_exact(side).zip(b.chunks_exact(side)).enumerate().take(cells * PIECES) {
        for (column, (a, b)) in a.chunks_exact(cells).zip(b.chunks_exact(cells)).enumerate().take(PIECES) {
            let piece = &mut pieces[row / cells * PIECES + column];
            for (&a, &b) in a.iter().zip(b) {
                piece.add(&Moments { a, b, aa: a * a, bb: b * b, ab: a * b });
            }
        }
    }
    let mut all = Moments::default();
    pieces.iter().for_each(|piece| all.add(piece));
    let count = (cells * cells) as f32;
    let blocks = std::array::from_fn(|block| {
        let at = block / (PIECES - 1) * PIECES + block % (PIECES - 1);
        let mut block = pieces[at];
        [at + 1, at + PIECES, at + PIECES + 1].iter().for_each(|&next| block.add(&pieces[next]));
        let (correlation, spread) = block.correlation(4.0 * count, NOISE);
        (correlation, spread.min(FULL * FULL))
    });
    (all.correlation(count * (PIECES * PIECES) as f32, NOISE).0, blocks)
}
