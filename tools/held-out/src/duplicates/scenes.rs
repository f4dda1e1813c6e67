//! Scenes of several photographs, which a made camera looks at: larger pictures than the held-out ones, and shots of one scene.

use image::{Rgb, RgbImage};
use semblance_teach::random::Random;

use crate::duplicates::changes::chance;

/// Photographs that stand in a scene, besides the one behind them.
const THINGS: usize = 7;
const SIZES: [(u32, u32); 4] = [(640, 480), (480, 640), (720, 480), (560, 560)];

#[derive(Clone)]
struct Thing {
    photo: usize,
    /// The middle and half of the sides, in shares of the scene.
    x: f32,
    y: f32,
    wide: f32,
    high: f32,
    round: bool,
}

#[derive(Clone)]
pub struct Scene {
    behind: usize,
    things: Vec<Thing>,
    tint: [f32; 3],
    size: (u32, u32),
    grain: u64,
}

/// Where the camera stands: moved by shares of the picture, nearer by a factor, turned.
#[derive(Clone, Copy)]
pub struct Camera {
    x: f32,
    y: f32,
    zoom: f32,
    turned: f32,
    light: f32,
}

impl Camera {
    pub const FIRST: Self = Self { x: 0.0, y: 0.0, zoom: 1.0, turned: 0.0, light: 1.0 };

    /// By hand, some seconds later: up to 6 % aside, 5 % nearer or further, 3° turned, 6 % lighter or darker.
    pub fn later(random: &mut Random) -> Self {
        let mut by = |most: f32| most * (2.0 * chance(random) - 1.0);
        Self { x: by(0.06), y: by(0.06), zoom: 1.0 + by(0.05), turned: by(0.052), light: 1.0 + by(0.06) }
    }
}

impl Scene {
    /// Of so many photographs, which are numbered.
    pub fn new(photos: usize, random: &mut Random) -> Self {
        let things = (0..THINGS)
            .map(|_| Thing {
                photo: random.below(photos),
                x: chance(random),
                y: chance(random),
                wide: 0.08 + 0.14 * chance(random),
                high: 0.08 + 0.14 * chance(random),
                round: random.below(2) == 0,
            })
            .collect();
        Self {
            behind: random.below(photos),
            things,
            tint: [0; 3].map(|_| 0.85 + 0.15 * chance(random)),
            size: SIZES[random.below(SIZES.len())],
            grain: random.below(usize::MAX) as u64,
        }
    }

    /// The same photographs in another order: merely alike.
    pub fn rearranged(&self, random: &mut Random) -> Self {
        let mut other = self.clone();
        for thing in &mut other.things {
            (thing.x, thing.y) = (chance(random), chance(random));
        }
        other.grain ^= 1;
        other
    }

    /// Something in it has gone on.
    pub fn later(&self, random: &mut Random) -> Self {
        let mut other = self.clone();
        for thing in other.things.iter_mut().take(2) {
            thing.x += 0.12 * (chance(random) - 0.5);
            thing.y += 0.12 * (chance(random) - 0.5);
        }
        other
    }

    pub fn shot(&self, photos: &[RgbImage], camera: Camera, random: &mut Random) -> RgbImage {
        let (width, height) = self.size;
        let (sin, cos) = camera.turned.sin_cos();
        let shape = width as f32 / height as f32;
        RgbImage::from_fn(width, height, |column, row| {
            let x = ((column as f32 + 0.5) / width as f32 - 0.5) * shape;
            let y = (row as f32 + 0.5) / height as f32 - 0.5;
            let (x, y) = ((x * cos - y * sin) / camera.zoom / shape, (x * sin + y * cos) / camera.zoom);
            let (x, y) = (x + 0.5 + camera.x, y + 0.5 + camera.y);
            // The photograph behind reaches over the edges.
            let mut pixel = sample(&photos[self.behind], 0.1 + 0.8 * x, 0.1 + 0.8 * y);
            for thing in &self.things {
                let (across, down) = ((x - thing.x) / thing.wide, (y - thing.y) / thing.high);
                let within = if thing.round {
                    across * across + down * down < 1.0
                } else {
                    across.abs() < 1.0 && down.abs() < 1.0
                };
                if within {
                    pixel = sample(&photos[thing.photo], 0.5 + 0.5 * across, 0.5 + 0.5 * down);
                }
            }
            let texture = 8.0 * self.texture(x * 160.0 * shape, y * 160.0);
            let noise = 8.0 * (chance(random) - 0.5);
            let mut tint = self.tint.iter();
            Rgb(pixel.map(|value| {
                let tint = tint.next().copied().unwrap_or(1.0);
                ((value + texture) * tint * camera.light + noise).clamp(0.0, 255.0) as u8
            }))
        })
    }

    /// What is fine in the scene itself: a grain between −1 and 1 that stays where it is.
    fn texture(&self, x: f32, y: f32) -> f32 {
        let at = |x: f32, y: f32| {
            let place = (i64::from(x as i32) as u64) << 32 ^ (i64::from(y as i32) as u64 & 0xffff_ffff);
            chance(&mut Random(place ^ self.grain)) * 2.0 - 1.0
        };
        let (left, top) = (x.floor(), y.floor());
        let (right, down) = (x - left, y - top);
        let upper = at(left, top) * (1.0 - right) + at(left + 1.0, top) * right;
        let lower = at(left, top + 1.0) * (1.0 - right) + at(left + 1.0, top + 1.0) * right;
        upper * (1.0 - down) + lower * down
    }
}

/// Between its pixels, up to the edge.
fn sample(photo: &RgbImage, x: f32, y: f32) -> [f32; 3] {
    let (width, height) = photo.dimensions();
    let place = |share: f32, pixels: u32| (share * pixels as f32 - 0.5).clamp(0.0, pixels as f32 - 1.0);
    let (x, y) = (place(x, width), place(y, height));
    let (left, top) = (x as u32, y as u32);
    let (next, below) = ((left + 1).min(width - 1), (top + 1).min(height - 1));
    let (right, down) = (x.fract(), y.fract());
    let at = |column: u32, row: u32| photo.get_pixel(column, row).0.map(f32::from);
    let (a, b, c, d) = (at(left, top), at(next, top), at(left, below), at(next, below));
    [0, 1, 2].map(|i| {
        (a[i] * (1.0 - right) + b[i] * right) * (1.0 - down) + (c[i] * (1.0 - right) + d[i] * right) * down
    })
}
