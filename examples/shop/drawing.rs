//! Product pictures, drawn: silhouettes in one colour on a light ground.

use image::{Rgb, RgbImage};

pub const COLOURS: [(&str, [u8; 3]); 8] = [
    ("red", [200, 30, 35]),
    ("green", [40, 140, 60]),
    ("blue", [35, 70, 180]),
    ("yellow", [235, 205, 40]),
    ("orange", [235, 130, 30]),
    ("purple", [120, 50, 150]),
    ("pink", [240, 140, 180]),
    ("black", [25, 25, 28]),
];

/// A kind of product, and whether a place from -1 to 1 is on it.
type Shape = (&'static str, fn(f32, f32) -> bool);

pub const SHAPES: [Shape; 6] = [
    ("mug", |x, y| boxed(x + 0.12, y, 0.42, 0.5) || ring(x - 0.42, y, 0.28, 0.16)),
    ("ball", |x, y| x.hypot(y) < 0.62),
    ("chair", |x, y| {
        boxed(x + 0.35, y + 0.25, 0.08, 0.6)
            || boxed(x, y - 0.1, 0.43, 0.09)
            || boxed(x + 0.35, y - 0.5, 0.07, 0.4)
            || boxed(x - 0.35, y - 0.5, 0.07, 0.4)
    }),
    ("bottle", |x, y| boxed(x, y - 0.25, 0.25, 0.55) || boxed(x, y + 0.5, 0.09, 0.35)),
    ("T-shirt", |x, y| {
        boxed(x, y - 0.15, 0.36, 0.55) || (boxed(x, y + 0.4, 0.75, 0.2) && y > -0.7 + 0.25 * x.abs())
    }),
    ("book", |x, y| boxed(x + 0.15 * y, y, 0.4, 0.58) && !boxed(x + 0.15 * y + 0.3, y, 0.02, 0.5)),
];

/// A picture of one.
pub struct Product {
    pub name: String,
    pub shape: usize,
    pub colour: usize,
    /// Which of two.
    take: usize,
}

/// Every kind in every colour, twice.
pub fn products() -> Vec<Product> {
    let all = (0..SHAPES.len()).flat_map(|shape| (0..COLOURS.len()).map(move |colour| (shape, colour)));
    all.flat_map(|(shape, colour)| {
        (0..2).map(move |take| Product {
            name: format!("{}-{}-{}.jpg", COLOURS[colour].0, SHAPES[shape].0, take + 1),
            shape,
            colour,
            take,
        })
    })
    .collect()
}

impl Product {
    pub fn jpeg(&self) -> Vec<u8> {
        const SIDE: u32 = 224;
        let seed = (self.shape * 31 + self.colour * 7 + self.take * 101) as f32;
        // As good as any numbers that are the same in every run.
        let wobble = |factor: f32| (seed * factor).sin();
        let (dx, dy, size) = (0.18 * wobble(1.7), 0.15 * wobble(2.9), 0.85 + 0.2 * wobble(4.3));
        let ground = 225.0 + 20.0 * wobble(5.9);
        let [r, g, b] = COLOURS[self.colour].1;
        let inside = SHAPES[self.shape].1;
        let picture = RgbImage::from_fn(SIDE, SIDE, |column, row| {
            let place = |at: u32| 2.0 * (at as f32 + 0.5) / SIDE as f32 - 1.0;
            let (x, y) = ((place(column) - dx) / size, (place(row) - dy) / size);
            let shade = |colour: u8| {
                (f32::from(colour) * (1.05 - 0.25 * (x * 0.5 + y * 0.3 + 0.4))).clamp(0.0, 255.0) as u8
            };
            if inside(x, y) {
                Rgb([shade(r), shade(g), shade(b)])
            } else {
                let light = (ground - 14.0 * place(row)).clamp(0.0, 255.0) as u8;
                Rgb([light, light, light.saturating_sub(4)])
            }
        });
        let mut bytes = Vec::new();
        // Into memory that only fails where there is none.
        let _ =
            picture.write_with_encoder(image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, 90));
        bytes
    }
}

fn boxed(x: f32, y: f32, width: f32, height: f32) -> bool {
    x.abs() < width && y.abs() < height
}

fn ring(x: f32, y: f32, outer: f32, inner: f32) -> bool {
    let distance = x.hypot(y);
    distance < outer && distance > inner
}
