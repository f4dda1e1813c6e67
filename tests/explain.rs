//! The pointing game (Zhang et al. 2018, “Top-Down Neural Attention by Excitation Backprop”): of pictures that are put together
//! of two known things, does the heat of a label have its maximum in the right half? By chance it has in half of them.

// A test that cannot read its pictures has failed.
#![allow(clippy::unwrap_used)]
#![cfg(not(target_arch = "wasm32"))]

use std::path::Path;

use semblance::explain::{Heat, Method};
use semblance::{Clip, Picture};

/// The sample pictures and what they show.
const THINGS: [(&str, &str); 8] = [
    ("bee", "bee"),
    ("boats", "boat"),
    ("bridge", "bridge"),
    ("cat", "cat"),
    ("citrus", "fruit"),
    ("coffee", "cup"),
    ("dandelion", "flower"),
    ("moose", "moose"),
];
const SIDE: u32 = 256;

#[test]
fn heat_lies_on_the_thing_that_the_label_names() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut clip = Clip::load(root.join("models/pocket")).unwrap();
    let pictures: Vec<image::RgbaImage> = THINGS
        .iter()
        .map(|(file, _)| image::open(root.join(format!("assets/samples/{file}.jpg"))).unwrap().to_rgba8())
        .collect();
    let labels = THINGS.map(|(_, label)| label);
    let mut hits = [0; Method::ALL.len()];
    let mut asked = 0;
    for (a, b, beside) in pairs() {
        let both = together(&pictures[a], &pictures[b], beside);
        let both = Picture::from_rgba(both.into_raw(), SIDE, SIDE).unwrap();
        for (label, first) in [(a, true), (b, false)] {
            asked += 1;
            for (hits, method) in hits.iter_mut().zip(Method::ALL) {
                let heat = clip.explain(&both, &labels, label, "a photo of a {}", method).unwrap();
                *hits += usize::from(points_at(&heat, beside) == first);
            }
        }
    }
    for (hits, method) in hits.iter().zip(Method::ALL) {
        println!("{:9}  {hits} of {asked} ({:.0} %)", method.name(), 100.0 * *hits as f64 / asked as f64);
    }
    println!("by chance  {:.0} of {asked} (50 %)", asked as f64 / 2.0);
    panic!();
}

/// Two of them, in this order and the other, side by side and one above the other.
fn pairs() -> impl Iterator<Item = (usize, usize, bool)> {
    let each = (0..THINGS.len()).flat_map(|a| (a + 1..THINGS.len()).map(move |b| (a, b)));
    each.flat_map(|(a, b)| [(a, b, true), (b, a, false)])
}

/// Each the middle half of its picture.
fn together(first: &image::RgbaImage, second: &image::RgbaImage, beside: bool) -> image::RgbaImage {
    let mut both = image::RgbaImage::new(SIDE, SIDE);
    let (width, height) = if beside { (SIDE / 2, SIDE) } else { (SIDE, SIDE / 2) };
    for (at, picture) in [(0, first), (SIDE / 2, second)] {
        let (x, y) = if beside { (at, 0) } else { (0, at) };
        let (w, h) = picture.dimensions();
        let scale = (f64::from(w) / f64::from(width)).min(f64::from(h) / f64::from(height));
        let (cw, ch) = ((f64::from(width) * scale) as u32, (f64::from(height) * scale) as u32);
        let part = image::imageops::crop_imm(picture, (w - cw) / 2, (h - ch) / 2, cw, ch).to_image();
        let part = image::imageops::resize(&part, width, height, image::imageops::FilterType::CatmullRom);
        image::imageops::replace(&mut both, &part, i64::from(x), i64::from(y));
    }
    both
}

/// Whether the maximum lies in the first half.
fn points_at(heat: &Heat, beside: bool) -> bool {
    let most =
        (0..heat.cells.len()).fold(0, |best, at| if heat.cells[at] > heat.cells[best] { at } else { best });
    let along = if beside { most % heat.side } else { most / heat.side };
    2 * along < heat.side
}
