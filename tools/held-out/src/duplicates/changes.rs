//! What people and programs make of a picture. Nothing here is shared with what is to find it again.

use anyhow::Result;
use image::codecs::jpeg::JpegEncoder;
use image::codecs::webp::WebPEncoder;
use image::imageops::{self, FilterType};
use image::{ImageFormat, Rgb, RgbImage};
use semblance_teach::random::Random;

/// What is done to a picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Change {
    Copy,
    Jpeg(u8),
    Png,
    Webp,
    Scaled(f32),
    Cropped(f32),
    CroppedUnevenly,
    Writing,
    Logo,
    Brightness,
    Contrast,
    Saturation,
    Sent,
    CroppedAndSent,
}

pub const CHANGES: [(Change, &str); 17] = [
    (Change::Copy, "none: the same file again"),
    (Change::Png, "PNG"),
    (Change::Webp, "WebP, lossless"),
    (Change::Jpeg(95), "JPEG 95"),
    (Change::Jpeg(60), "JPEG 60"),
    (Change::Jpeg(30), "JPEG 30"),
    (Change::Scaled(0.25), "to 25 %"),
    (Change::Scaled(0.5), "to 50 %"),
    (Change::Scaled(2.0), "to 200 %"),
    (Change::Cropped(0.05), "5 % off each side"),
    (Change::Cropped(0.1), "10 % off each side"),
    (Change::CroppedUnevenly, "0–10 % off each side, by chance"),
    (Change::Writing, "writing over it, half transparent"),
    (Change::Logo, "a logo in a corner"),
    (Change::Brightness, "brighter or darker by 12 %"),
    (Change::Contrast, "a fifth more or less contrast"),
    (Change::Saturation, "saturation by half more or less"),
];

/// Two of them at once.
pub const TWICE: [(Change, &str); 2] =
    [(Change::Sent, "to 50 %, JPEG 50"), (Change::CroppedAndSent, "0–7 % off each side, to 60 %, JPEG 60")];

/// Smaller pictures than this are left with nothing to see.
const SIDE_AT_LEAST: f32 = 28.0;

impl Change {
    /// The changed file, of a picture and its file; none where it would become too small.
    pub fn of(self, picture: &RgbImage, file: &[u8], random: &mut Random) -> Result<Option<Vec<u8>>> {
        let side = picture.width().min(picture.height()) as f32;
        let most = |factor: f32| side * factor >= SIDE_AT_LEAST;
        let up = random.below(2) == 0;
        Ok(Some(match self {
            Self::Copy => file.to_vec(),
            Self::Png => {
                let mut bytes = std::io::Cursor::new(Vec::new());
                picture.write_to(&mut bytes, ImageFormat::Png)?;
                bytes.into_inner()
            }
            Self::Webp => {
                let mut bytes = Vec::new();
                WebPEncoder::new_lossless(&mut bytes).encode(
                    picture.as_raw(),
                    picture.width(),
                    picture.height(),
                    image::ExtendedColorType::Rgb8,
                )?;
                bytes
            }
            Self::Jpeg(quality) => jpeg(picture, quality)?,
            Self::Scaled(factor) if !most(factor) => return Ok(None),
            Self::Scaled(factor) => jpeg(&scaled(picture, factor), 90)?,
            Self::Cropped(share) => jpeg(&cropped(picture, [share; 4]), 90)?,
            Self::CroppedUnevenly => jpeg(&cropped(picture, uneven(random, 0.1)), 90)?,
            Self::Writing => jpeg(&writing(picture, random), 90)?,
            Self::Logo => jpeg(&logo(picture, random), 90)?,
            Self::Brightness => jpeg(&each(picture, |value, _| value + if up { 30.0 } else { -30.0 }), 90)?,
            Self::Contrast => {
                jpeg(&each(picture, |value, _| 128.0 + (value - 128.0) * if up { 1.2 } else { 0.8 }), 90)?
            }
            Self::Saturation => {
                let factor = if up { 1.5 } else { 0.5 };
                jpeg(&each(picture, |value, grey| grey + (value - grey) * factor), 90)?
            }
            Self::Sent if !most(0.5) => return Ok(None),
            Self::Sent => jpeg(&scaled(picture, 0.5), 50)?,
            Self::CroppedAndSent if !most(0.6) => return Ok(None),
            Self::CroppedAndSent => jpeg(&scaled(&cropped(picture, uneven(random, 0.07)), 0.6), 60)?,
        }))
    }
}

pub fn jpeg(picture: &RgbImage, quality: u8) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, quality).encode_image(picture)?;
    Ok(bytes)
}

pub fn scaled(picture: &RgbImage, factor: f32) -> RgbImage {
    let side = |pixels: u32| ((pixels as f32 * factor).round() as u32).max(1);
    imageops::resize(picture, side(picture.width()), side(picture.height()), FilterType::CatmullRom)
}

/// From 0 to 1.
pub fn chance(random: &mut Random) -> f32 {
    random.below(1 << 20) as f32 / (1 << 20) as f32
}

fn uneven(random: &mut Random, most: f32) -> [f32; 4] {
    [0; 4].map(|_| most * chance(random))
}

fn cropped(picture: &RgbImage, [left, top, right, bottom]: [f32; 4]) -> RgbImage {
    let (width, height) = picture.dimensions();
    let off = |share: f32, of: u32| (share * of as f32).round() as u32;
    let (x, y) = (off(left, width), off(top, height));
    let (wide, high) = (width - x - off(right, width), height - y - off(bottom, height));
    imageops::crop_imm(picture, x, y, wide, high).to_image()
}

/// Of each value and the pixel's mean, another value.
fn each(picture: &RgbImage, change: impl Fn(f32, f32) -> f32) -> RgbImage {
    let mut changed = picture.clone();
    for pixel in changed.pixels_mut() {
        let grey = pixel.0.iter().map(|&value| f32::from(value)).sum::<f32>() / 3.0;
        pixel.0 = pixel.0.map(|value| change(f32::from(value), grey).clamp(0.0, 255.0) as u8);
    }
    changed
}

/// Letters of 5 × 7 dots: S, A, M, P, L, E.
const LETTERS: [[u8; 7]; 6] = [
    [0x0f, 0x10, 0x10, 0x0e, 0x01, 0x01, 0x1e],
    [0x0e, 0x11, 0x11, 0x1f, 0x11, 0x11, 0x11],
    [0x11, 0x1b, 0x15, 0x15, 0x11, 0x11, 0x11],
    [0x1e, 0x11, 0x11, 0x1e, 0x10, 0x10, 0x10],
    [0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x1f],
    [0x1f, 0x10, 0x10, 0x1e, 0x10, 0x10, 0x1f],
];

/// Whether a dot of the word is set, in units of a letter's height.
fn word(x: f32, y: f32) -> bool {
    if !(0.0..1.0).contains(&y) || x < 0.0 {
        return false;
    }
    let (column, row) = ((x * 7.0) as usize, (y * 7.0) as usize);
    let (letter, dot) = (column / 6, column % 6);
    letter < LETTERS.len() && dot < 5 && LETTERS[letter][row] >> (4 - dot) & 1 == 1
}

/// One word from side to side, or small ones in rows, level or slanting, white or black, 40 to 60 % of it.
fn writing(picture: &RgbImage, random: &mut Random) -> RgbImage {
    let (width, height) = (picture.width() as f32, picture.height() as f32);
    let (rows, slanting) = (random.below(2) == 0, random.below(2) == 0);
    let size = if rows { height / 9.0 } else { width / 6.0 };
    let ink = if random.below(3) == 0 { 0.0 } else { 255.0 };
    let strength = 0.4 + 0.2 * chance(random);
    let (sin, cos) = if slanting { (-0.35_f32).sin_cos() } else { (0.0, 1.0) };
    let mut changed = picture.clone();
    for (column, row, pixel) in changed.enumerate_pixels_mut() {
        let (x, y) = (column as f32 - width / 2.0, row as f32 - height / 2.0);
        let (x, y) = ((x * cos + y * sin) / size, (y * cos - x * sin) / size);
        let set =
            if rows { word(x.rem_euclid(6.5), y.rem_euclid(2.5)) } else { word(x + 36.0 / 14.0, y + 0.5) };
        if set {
            pixel.0 = pixel.0.map(|value| (f32::from(value) * (1.0 - strength) + ink * strength) as u8);
        }
    }
    changed
}

/// A box with a ring in it, a quarter of the shorter side.
fn logo(picture: &RgbImage, random: &mut Random) -> RgbImage {
    let (width, height) = picture.dimensions();
    let size = width.min(height) / 4;
    let edge = size / 6;
    let left = if random.below(2) == 0 { edge } else { width - size - edge };
    let top = if random.below(2) == 0 { edge } else { height - size - edge };
    let colour = [0; 3].map(|_| random.below(256) as u8);
    let mut changed = picture.clone();
    for y in 0..size {
        for x in 0..size {
            let far = (x as f32 - size as f32 / 2.0).hypot(y as f32 - size as f32 / 2.0) / size as f32;
            let ring = (0.25..0.4).contains(&far);
            changed.put_pixel(left + x, top + y, if ring { Rgb([250; 3]) } else { Rgb(colour) });
        }
    }
    changed
}
