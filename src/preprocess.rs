//! RGBA → the pixels that the image tower sees, as HF's `CLIPImageProcessor` makes them with Pillow.
//!
//! ```text
//! composite on white → resize (antialiased, Pillow's filters) → centre crop → (value · rescale − mean) / std
//! ```
//! 1. Transparency is laid over white. (HF drops the alpha channel, which shows what lies hidden under it.)
//! 2. Only the part of the resized picture that the crop keeps is computed: the crop's box is mapped back to the
//!    source and the filter reads across its edges, so the pixels are the same and a 1 × 4000 picture costs no
//!    more than a square one.
//! 3. A resized picture smaller than the crop is padded with black, as HF does.

use std::ops::Range;

use candle_core::{Device, Tensor};
use fast_image_resize::images::{TypedImage, TypedImageRef};
use fast_image_resize::pixels::U8x3;
use fast_image_resize::{FilterType, ResizeAlg, ResizeOptions, Resizer};

use crate::bundle::PreprocessConfig;
use crate::bundle::preprocessor::{Resample, ResizeTo};
use crate::{Error, Picture, Result};

/// One picture as the image tower takes it: `[3, side, side]` f32, channel by channel, normalised.
#[derive(Clone, Debug)]
pub struct Pixels(pub(crate) Tensor);

impl Pixels {
    /// The same with a rectangle of it, in pixels, at the mean colour of the pictures that the model was trained on, which is
    /// 0 once normalised.
    ///
    /// Errors: none that a picture could cause.
    pub fn without(&self, x: Range<usize>, y: Range<usize>) -> Result<Self> {
        let (channels, height, width) = self.0.dims3()?;
        let mut values = self.rows().concat();
        for row in (0..channels).flat_map(|channel| y.clone().map(move |row| channel * height + row)) {
            values[row * width..][x.clone()].fill(0.0);
        }
        Ok(Self(Tensor::from_vec(values, (channels, height, width), &Device::Cpu)?))
    }

    /// The rows of all three channels, one after the other.
    pub fn rows(&self) -> Vec<Vec<f32>> {
        // `preprocess` made the tensor: f32 and of three dimensions.
        self.0.to_vec3().map(|planes: Vec<Vec<Vec<f32>>>| planes.concat()).unwrap_or_default()
    }
}

/// How one side is resized and cropped.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Axis {
    /// Length of the output.
    out: u32,
    /// First output pixel that shows the picture; those before are padding.
    pad: u32,
    /// Output pixels that show the picture.
    shown: u32,
    /// The part of the source that they show.
    from: f64,
    len: f64,
}

impl Axis {
    /// `source` pixels are resized to `resized`, of which the middle `crop` are kept.
    fn new(source: u32, resized: u32, crop: Option<u32>) -> Self {
        let out = crop.unwrap_or(resized);
        let shown = out.min(resized);
        // HF `center_crop`: (size − crop) // 2 from the left, or ceil((crop − size) / 2) of padding.
        let (skip, pad) = match resized.checked_sub(out) {
            Some(excess) => (excess / 2, 0),
            None => (0, (out - resized).div_ceil(2)),
        };
        let scale = f64::from(source) / f64::from(resized);
        Self { out, pad, shown, from: f64::from(skip) * scale, len: f64::from(shown) * scale }
    }

    /// The source pixels, of `source` in all, that the filter reads.
    fn reach(&self, source: u32, resample: Resample) -> Range<u32> {
        let scale = (self.len / f64::from(self.shown)).max(1.0);
        let radius = scale * support(resample) + 1.0;
        let start = (self.from - radius).floor().max(0.0) as u32;
        let end = (self.from + self.len + radius).ceil().min(f64::from(source)) as u32;
        start..end
    }
}

/// The 8-bit RGB pixels after resize and crop, before normalisation: `(rgb, width, height)`, row by row.
///
/// Equal to Pillow's within 1/255 per channel (`tests/fidelity/preprocess.rs`).
///
/// Errors: the resizing library refuses the sizes.
pub fn resize_and_crop(picture: &Picture, config: &PreprocessConfig) -> Result<(Vec<u8>, u32, u32)> {
    let (width, height) = picture.size();
    let wrong = |e: &dyn std::fmt::Display| {
        Error::Picture(format!("A picture of {width} × {height} pixels cannot be resized: {e}."))
    };
    let (resized_width, resized_height) = resized(width, height, config.resize);
    if resized_width.max(resized_height) == u32::MAX {
        return Err(wrong(&"it is too long for its width"));
    }
    let x = Axis::new(width, resized_width, config.crop.map(|(w, _)| w));
    let y = Axis::new(height, resized_height, config.crop.map(|(_, h)| h));

    // Pillow resamples one direction, rounds to 8 bits, then the other; with content of hard contrast the order
    // shows, so here too the two go one after the other, over the part that the second needs.
    let rows = y.reach(height, config.resample);
    let stride = 4 * width as usize;
    let rgb = on_white(&picture.rgba[rows.start as usize * stride..rows.end as usize * stride]);
    // Typed for RGB: the untyped calls bring the code and tables of every pixel type along.
    let options = ResizeOptions::new().resize_alg(algorithm(config.resample)).use_alpha(false);
    let count = rows.end - rows.start;
    let source = TypedImageRef::<U8x3>::from_buffer(width, count, &rgb).map_err(|e| wrong(&e))?;
    let from = y.from - f64::from(rows.start);
    let down = y.len.min(f64::from(count) - from);
    let mut shown = TypedImage::<U8x3>::new(x.shown, y.shown);
    if columns_first(width, height, resized_width, resized_height) {
        let columns = x.reach(width, config.resample);
        let (left, across) = (f64::from(columns.start), columns.end - columns.start);
        let mut lowered = TypedImage::<U8x3>::new(across, y.shown);
        let first = options.crop(left, from, f64::from(across), down);
        Resizer::new().resize_typed(&source, &mut lowered, &first).map_err(|e| wrong(&e))?;
        let from = x.from - left;
        let second = options.crop(from, 0.0, x.len.min(f64::from(across) - from), f64::from(y.shown));
        Resizer::new().resize_typed(&lowered, &mut shown, &second).map_err(|e| wrong(&e))?;
    } else {
        let mut narrowed = TypedImage::<U8x3>::new(x.shown, count);
        let first = options.crop(x.from, 0.0, x.len.min(f64::from(width) - x.from), f64::from(count));
        Resizer::new().resize_typed(&source, &mut narrowed, &first).map_err(|e| wrong(&e))?;
        let second = options.crop(0.0, from, f64::from(x.shown), down);
        Resizer::new().resize_typed(&narrowed, &mut shown, &second).map_err(|e| wrong(&e))?;
    }
    let shown: Vec<u8> = shown.pixels().iter().flat_map(|pixel| pixel.0).collect();
    if (x.shown, y.shown) == (x.out, y.out) {
        return Ok((shown, x.out, y.out));
    }

    let mut out = vec![0; 3 * x.out as usize * y.out as usize];
    let (row, out_row, pad) = (3 * x.shown as usize, 3 * x.out as usize, 3 * x.pad as usize);
    for (i, line) in shown.chunks_exact(row).enumerate() {
        let at = (y.pad as usize + i) * out_row + pad;
        out[at..at + row].copy_from_slice(line);
    }
    Ok((out, x.out, y.out))
}

/// Which direction Pillow 13 resamples first, as 3000 random sizes say (`tests/fidelity/blip.rs` has some of both):
/// columns where they lose more than twice the pixels that rows lose, or rows grow.
fn columns_first(width: u32, height: u32, resized_width: u32, resized_height: u32) -> bool {
    let lost = |from: u32, to: u32| i64::from(from) - i64::from(to);
    lost(height, resized_height) > 0 && lost(height, resized_height) > 2 * lost(width, resized_width)
}

/// The picture's normalised pixels, `[3, side, side]`.
///
/// Errors: the configuration's crop does not give the square that the tower takes.
pub fn preprocess(picture: &Picture, config: &PreprocessConfig, side: usize) -> Result<Pixels> {
    config.check_square(side)?;
    let (rgb, _, _) = resize_and_crop(picture, config)?;
    let mut values = vec![0f32; rgb.len()];
    for (channel, plane) in values.chunks_exact_mut(side * side).enumerate() {
        let (mean, std) = (config.mean[channel], config.std[channel]);
        for (value, pixel) in plane.iter_mut().zip(rgb.chunks_exact(3)) {
            *value = (f32::from(pixel[channel]) * config.rescale - mean) / std;
        }
    }
    Ok(Pixels(Tensor::from_vec(values, (3, side, side), &Device::Cpu)?))
}

/// The part of a picture of so many pixels that the image tower sees, in shares of its width and height: `[x, y, width,
/// height]`. Where it is padded, that reaches beyond the picture: below 0 and above 1.
pub fn seen(width: u32, height: u32, config: &PreprocessConfig) -> [f64; 4] {
    let (resized_width, resized_height) = resized(width, height, config.resize);
    let part = |source: u32, resized: u32, crop: Option<u32>| {
        let Axis { out, pad, shown, from, len } = Axis::new(source, resized, crop);
        let pixel = len / f64::from(shown) / f64::from(source);
        (from / f64::from(source) - f64::from(pad) * pixel, f64::from(out) * pixel)
    };
    let (x, across) = part(width, resized_width, config.crop.map(|(w, _)| w));
    let (y, down) = part(height, resized_height, config.crop.map(|(_, h)| h));
    [x, y, across, down]
}

/// HF `get_resize_output_image_size`: the long side is `int(size · long / short)`; `u32::MAX` where it is more.
fn resized(width: u32, height: u32, to: Option<ResizeTo>) -> (u32, u32) {
    match to {
        None => (width, height),
        Some(ResizeTo::Exact { width, height }) => (width, height),
        Some(ResizeTo::ShortestEdge(side)) => {
            let (short, long) = (width.min(height), width.max(height));
            let long = u64::from(side) * u64::from(long) / u64::from(short);
            let long = u32::try_from(long).unwrap_or(u32::MAX);
            if width <= height { (side, long) } else { (long, side) }
        }
    }
}

/// RGBA over white → RGB: `(c · a + 255 · (255 − a)) / 255`, rounded.
fn on_white(rgba: &[u8]) -> Vec<u8> {
    let mut rgb = Vec::with_capacity(rgba.len() / 4 * 3);
    for &[r, g, b, a] in rgba.as_chunks::<4>().0 {
        let over = |c: u8| match a {
            255 => c,
            _ => ((u32::from(c) * u32::from(a) + 255 * (255 - u32::from(a)) + 127) / 255) as u8,
        };
        rgb.extend_from_slice(&[over(r), over(g), over(b)]);
    }
    rgb
}

/// Half the filter's width in output pixels (Pillow's `Resample.c`).
fn support(resample: Resample) -> f64 {
    match resample {
        Resample::Nearest | Resample::Box => 0.5,
        Resample::Bilinear | Resample::Hamming => 1.0,
        Resample::Bicubic => 2.0,
        Resample::Lanczos => 3.0,
    }
}

/// Pillow's filters by their counterparts; `CatmullRom` is the cubic with a = −0.5 that Pillow calls bicubic.
fn algorithm(resample: Resample) -> ResizeAlg {
    ResizeAlg::Convolution(match resample {
        Resample::Nearest => return ResizeAlg::Nearest,
        Resample::Lanczos => FilterType::Lanczos3,
        Resample::Bilinear => FilterType::Bilinear,
        Resample::Bicubic => FilterType::CatmullRom,
        Resample::Box => FilterType::Box,
        Resample::Hamming => FilterType::Hamming,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_too_long_for_its_width_is_refused() {
        let config = PreprocessConfig::from_json(r#"{"size": 4096, "crop_size": 4096}"#).unwrap();
        let side = 4096;
        for (width, height) in [(u32::MAX / side + 1, 1), (1, u32::MAX / side + 1)] {
            let rgba = vec![0; 4 * width as usize * height as usize];
            let picture = Picture::from_rgba(rgba, width, height).unwrap();
            let refused = resize_and_crop(&picture, &config).unwrap_err().to_string();
            assert!(refused.contains("too long for its width"), "{refused}");
        }
    }

    #[test]
    fn the_crop_is_hfs() {
        // source, resized, crop → (out, pad, shown, from)
        let cases = [
            (100, 50, Some(20), (20, 0, 20, 30.0)),
            (101, 101, Some(20), (20, 0, 20, 40.0)),
            (10, 10, Some(15), (15, 3, 10, 0.0)),
            (10, 20, None, (20, 0, 20, 0.0)),
        ];
        for (source, resized, crop, expected) in cases {
            let axis = Axis::new(source, resized, crop);
            assert_eq!((axis.out, axis.pad, axis.shown, axis.from), expected, "{source} {resized} {crop:?}");
        }
    }

    #[test]
    fn transparency_becomes_white() {
        assert_eq!(
            on_white(&[10, 20, 30, 0, 10, 20, 30, 255, 0, 0, 0, 128]),
            [255, 255, 255, 10, 20, 30, 127, 127, 127]
        );
    }
}
