//! What is computed of a small picture once: enough to tell whether another one is made of it.

use image::GrayImage;
use image::imageops::{self, FilterType};
use image_hasher::{HashAlg, HasherConfig};

use super::plane::{Part, Plane};
use crate::error::{Result, wrong};

/// Cells a side of the grey picture that is kept: twice as many as registration compares, so that a part of it has enough.
pub const GREY: usize = 64;
/// Cells a side of the colours that are kept.
pub const COLOURS: usize = 8;
/// The long side on which sharpness is measured, in pixels: that of a small picture.
const SHARP: u32 = 256;
/// The most that a small picture may be, in pixels a side.
const SIDE_AT_MOST: u32 = 4096;

/// A picture, made small: about 4.3 kB.
#[derive(Clone, Debug, PartialEq)]
pub struct Look {
    /// Of the small picture: width / height.
    aspect: f32,
    /// `rows × columns` grey levels, at most 64 a side.
    grey: Box<[u8]>,
    columns: u8,
    /// Cb, then Cr, each 8 × 8, less 128.
    colours: Box<[i8; 2 * COLOURS * COLOURS]>,
    /// Standard deviation of the grey levels that are kept.
    spread: f32,
    hash: u64,
    sharpness: f32,
}

impl Look {
    /// Of `width × height` pixels, RGBA with 8 bits, row by row, alpha not premultiplied; what is transparent lies on white.
    ///
    /// - Grey is Y = 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601, as JPEG and Pillow have it), averaged over at most 64 × 64
    ///   cells; colours are BT.601's Cb and Cr over 8 × 8.
    /// - The hash is dHash (Krawetz 2013, “Kind of Like That”): grey made 9 × 8 pixels, a bit for each pixel that is darker than
    ///   its right neighbour, by `image_hasher`.
    /// - Sharpness is Var(Δg) / Var(g), where Δ is the Laplacian of four neighbours (Pech-Pacheco et al. 2000, “Diatom
    ///   autofocusing in brightfield microscopy”) and g the grey picture made so large that its long side has 256 pixels; by the
    ///   picture's own variance, since a copy with more contrast is not sharper.
    ///
    /// Errors: no pixel, a side above 4096, or another number of bytes.
    pub fn new(rgba: &[u8], width: u32, height: u32) -> Result<Self> {
        let pixels = u64::from(width) * u64::from(height);
        if pixels == 0 || width.max(height) > SIDE_AT_MOST || rgba.len() as u64 != 4 * pixels {
            return wrong(format!("{} bytes are no small picture of {width} × {height} pixels", rgba.len()));
        }
        let (columns, rows) = (width as usize, height as usize);
        let mut grey = Vec::with_capacity(columns * rows);
        let mut planes: [Vec<f32>; 3] = Default::default();
        for &[r, g, b, alpha] in rgba.as_chunks().0 {
            let [r, g, b] = [r, g, b].map(|value| on_white(value, alpha));
            let y = luma(r, g, b);
            grey.push(y);
            let [r, g, b] = [r, g, b].map(f32::from);
            planes[0].push(f32::from(y));
            planes[1].push(-0.168_736 * r - 0.331_264 * g + 0.5 * b);
            planes[2].push(0.5 * r - 0.418_688 * g - 0.081_312 * b);
        }
        let [y, cb, cr] = planes.map(|values| Plane::new(&values, columns));
        let mut colours = Box::new([0; 2 * COLOURS * COLOURS]);
        let mut cells = Vec::new();
        for (plane, kept) in [cb, cr].iter().zip(colours.chunks_exact_mut(COLOURS * COLOURS)) {
            plane.cells(&Part::WHOLE, COLOURS, COLOURS, &mut cells);
            for (kept, cell) in kept.iter_mut().zip(&cells) {
                *kept = (cell + plane.mean()).round().clamp(-127.0, 127.0) as i8;
            }
        }
        let (kept_columns, kept_rows) = (columns.min(GREY), rows.min(GREY));
        y.cells(&Part::WHOLE, kept_columns, kept_rows, &mut cells);
        let spread = (cells.iter().map(|cell| cell * cell).sum::<f32>() / cells.len() as f32).sqrt();
        let kept = cells.iter().map(|cell| (cell + y.mean()).round().clamp(0.0, 255.0) as u8).collect();
        let Some(grey) = GrayImage::from_raw(width, height, grey) else {
            return wrong("a small picture has another number of pixels than it says");
        };
        Ok(Self {
            aspect: width as f32 / height as f32,
            grey: kept,
            columns: kept_columns as u8,
            colours,
            spread,
            hash: hash(&grey),
            sharpness: sharpness(&grey),
        })
    }

    pub fn aspect(&self) -> f32 {
        self.aspect
    }

    /// Of the shorter side, as much as is kept: 1 to 64 cells.
    pub fn side(&self) -> usize {
        let columns = usize::from(self.columns);
        columns.min(self.grey.len() / columns.max(1))
    }

    /// Standard deviation of the grey levels, of 255.
    pub fn spread(&self) -> f32 {
        self.spread
    }

    /// Row by row; the first bit of dHash is the lowest.
    pub fn hash(&self) -> u64 {
        self.hash
    }

    /// 0 and more; only to be compared with that of the same scene.
    pub fn sharpness(&self) -> f32 {
        self.sharpness
    }

    /// Of 64 bits, those in which the hashes differ.
    pub fn hash_distance(&self, other: &Self) -> u32 {
        (self.hash ^ other.hash).count_ones()
    }

    /// The grey levels.
    pub fn grey(&self) -> Plane {
        Plane::new(&self.grey.iter().map(|&level| f32::from(level)).collect::<Vec<_>>(), self.columns.into())
    }

    /// Cb and Cr, less 128.
    pub fn colours(&self) -> [Plane; 2] {
        let plane = |from: usize| {
            let cells = &self.colours[from * COLOURS * COLOURS..(from + 1) * COLOURS * COLOURS];
            Plane::new(&cells.iter().map(|&cell| f32::from(cell)).collect::<Vec<_>>(), COLOURS)
        };
        [plane(0), plane(1)]
    }

    /// Bytes that it takes.
    pub fn size(&self) -> usize {
        size_of::<Self>() + self.grey.len() + self.colours.len()
    }
}

fn on_white(value: u8, alpha: u8) -> u8 {
    let (value, alpha) = (u32::from(value), u32::from(alpha));
    ((value * alpha + 255 * (255 - alpha) + 127) / 255) as u8
}

/// As Pillow's `convert("L")`.
fn luma(r: u8, g: u8, b: u8) -> u8 {
    ((u32::from(r) * 19595 + u32::from(g) * 38470 + u32::from(b) * 7471 + 0x8000) >> 16) as u8
}

fn hash(grey: &GrayImage) -> u64 {
    let config = HasherConfig::with_bytes_type::<[u8; 8]>()
        .hash_size(8, 8)
        .hash_alg(HashAlg::Gradient)
        .resize_filter(FilterType::Lanczos3);
    let bytes: [u8; 8] = config.to_hasher().hash_image(grey).as_bytes().try_into().unwrap_or_default();
    u64::from_le_bytes(bytes)
}

fn sharpness(grey: &GrayImage) -> f32 {
    let (width, height) = grey.dimensions();
    let factor = f64::from(SHARP) / f64::from(width.max(height));
    let side = |pixels: u32| ((f64::from(pixels) * factor).round() as u32).max(1);
    let (width, height) = (side(width), side(height));
    let grey = imageops::resize(grey, width, height, FilterType::Triangle);
    let at = |x: u32, y: u32| f64::from(grey.get_pixel(x, y)[0]);
    let (mut levels, mut edges) = (Variance::default(), Variance::default());
    for y in 1..height.saturating_sub(1) {
        for x in 1..width.saturating_sub(1) {
            levels.push(at(x, y));
            edges.push(at(x - 1, y) + at(x + 1, y) + at(x, y - 1) + at(x, y + 1) - 4.0 * at(x, y));
        }
    }
    let variance = levels.get();
    if variance > 0.0 { (edges.get() / variance) as f32 } else { 0.0 }
}

#[derive(Default)]
struct Variance {
    count: f64,
    sum: f64,
    squares: f64,
}

impl Variance {
    fn push(&mut self, value: f64) {
        self.count += 1.0;
        self.sum += value;
        self.squares += value * value;
    }

    fn get(&self) -> f64 {
        let count = self.count.max(1.0);
        (self.squares / count - (self.sum / count).powi(2)).max(0.0)
    }
}
