//! What people and programs make of a picture.

use image::codecs::jpeg::JpegEncoder;
use image::imageops::{self, FilterType};
use image::{Rgb, RgbImage, RgbaImage};

/// Its name, and what it makes of a picture.
pub type Change = (&'static str, fn(&RgbImage) -> RgbImage);

pub const ALL: [Change; 12] = [
    ("nothing", Clone::clone),
    ("JPEG 90", |picture| jpeg(picture, 90)),
    ("JPEG 30", |picture| jpeg(picture, 30)),
    ("to 25 %", |picture| scaled(picture, 0.25)),
    ("to 50 %, JPEG 60", |picture| jpeg(&scaled(picture, 0.5), 60)),
    ("to 200 %", |picture| scaled(picture, 2.0)),
    ("5 % off each side", |picture| cropped(picture, [0.05; 4])),
    ("10 % off each side", |picture| cropped(picture, [0.1; 4])),
    ("10 % off the left and the top", |picture| cropped(picture, [0.1, 0.1, 0.0, 0.0])),
    ("a logo", logo),
    ("writing all over it", writing),
    ("brighter, with more contrast, less colourful", edited),
];

pub fn jpeg(picture: &RgbImage, quality: u8) -> RgbImage {
    let mut file = Vec::new();
    JpegEncoder::new_with_quality(&mut file, quality).encode_image(picture).unwrap();
    image::load_from_memory(&file).unwrap().into_rgb8()
}

pub fn scaled(picture: &RgbImage, factor: f32) -> RgbImage {
    let side = |pixels: u32| (pixels as f32 * factor).round() as u32;
    imageops::resize(picture, side(picture.width()), side(picture.height()), FilterType::CatmullRom)
}

/// Shares off the left, top, right and bottom.
pub fn cropped(picture: &RgbImage, off: [f32; 4]) -> RgbImage {
    let (width, height) = picture.dimensions();
    let pixels = |share: f32, of: u32| (share * of as f32).round() as u32;
    let [left, top] = [pixels(off[0], width), pixels(off[1], height)];
    let (wide, high) = (width - left - pixels(off[2], width), height - top - pixels(off[3], height));
    imageops::crop_imm(picture, left, top, wide, high).to_image()
}

fn logo(picture: &RgbImage) -> RgbImage {
    let mut changed = picture.clone();
    let (width, height) = picture.dimensions();
    for y in height * 4 / 5..height * 19 / 20 {
        for x in width * 7 / 10..width * 19 / 20 {
            changed.put_pixel(x, y, if (x + y) % 16 < 5 { Rgb([250; 3]) } else { Rgb([160, 10, 30]) });
        }
    }
    changed
}

/// Strokes in two lines, half transparent.
fn writing(picture: &RgbImage) -> RgbImage {
    let mut changed = picture.clone();
    let (width, height) = picture.dimensions();
    for (x, y, pixel) in changed.enumerate_pixels_mut() {
        let (across, down) = (x as f32 / width as f32, y as f32 / height as f32);
        let line = (0.25..0.33).contains(&down) || (0.6..0.68).contains(&down);
        if line && (across * 40.0).fract() < 0.4 && (0.1..0.9).contains(&across) {
            pixel.0 = pixel.0.map(|value| value / 2 + 127);
        }
    }
    changed
}

fn edited(picture: &RgbImage) -> RgbImage {
    let mut changed = picture.clone();
    for pixel in changed.pixels_mut() {
        let grey = pixel.0.iter().map(|&value| f32::from(value)).sum::<f32>() / 3.0;
        pixel.0 = pixel.0.map(|value| {
            let value = grey + 0.7 * (f32::from(value) - grey);
            (128.0 + 1.15 * (value - 128.0) + 15.0).clamp(0.0, 255.0) as u8
        });
    }
    changed
}

/// As a page makes it: at most 256 pixels a side, RGBA.
pub fn small(picture: &RgbImage) -> RgbaImage {
    let (width, height) = picture.dimensions();
    let factor = 256.0 / width.max(height) as f32;
    let small = if factor < 1.0 {
        let side = |pixels: u32| ((pixels as f32 * factor).round() as u32).max(1);
        imageops::resize(picture, side(width), side(height), FilterType::Triangle)
    } else {
        picture.clone()
    };
    image::DynamicImage::ImageRgb8(small).into_rgba8()
}
