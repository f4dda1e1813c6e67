//! Where a picture lies in another one.

use semblance_organise::duplicates::look::Look;
use semblance_organise::duplicates::registration::{Inside, register};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::changes::{ALL, cropped, jpeg, small};
use crate::made::Scene;

fn look(picture: &image::RgbImage) -> Look {
    let small = small(picture);
    Look::new(small.as_raw(), small.width(), small.height()).unwrap()
}

#[test]
fn a_part_is_found_where_it_was_cut_out() {
    let cases: [[f32; 4]; 7] = [
        [0.0, 0.0, 0.0, 0.0],
        [0.05, 0.05, 0.05, 0.05],
        [0.1, 0.1, 0.1, 0.1],
        [0.1, 0.0, 0.0, 0.0],
        [0.0, 0.1, 0.05, 0.0],
        [0.1, 0.1, 0.0, 0.0],
        [0.03, 0.09, 0.07, 0.02],
    ];
    for seed in 1..4 {
        let whole = Scene::new(seed).picture(400, 300);
        for off in cases {
            let part = jpeg(&cropped(&whole, off), 85);
            for turned in [false, true] {
                let (first, second) = (look(&whole), look(&part));
                let found = if turned { register(&second, &first) } else { register(&first, &second) };
                let what = format!("seed {seed}, {off:?}, {found:?}");
                let expected = match (off == [0.0; 4], turned) {
                    (true, _) => Inside::Neither,
                    (false, true) => Inside::First,
                    (false, false) => Inside::Second,
                };
                assert_eq!(found.inside, expected, "{what}");
                assert!(found.blocks > 0.85 && found.share > 0.9 && found.colours > 0.9, "{what}");
                let edges = [
                    found.part.left,
                    found.part.top,
                    1.0 - found.part.left - found.part.width,
                    1.0 - found.part.top - found.part.height,
                ];
                for (edge, off) in edges.iter().zip(off) {
                    assert!((edge - off).abs() < 0.02, "{what}");
                }
            }
        }
    }
}

#[test]
fn what_lies_over_a_picture_does_not_make_it_a_part() {
    for seed in 1..12 {
        let picture = Scene::new(seed).picture(400, 300);
        for (name, change) in ALL.iter().filter(|(name, _)| name.contains("logo") || name.contains("writing"))
        {
            let found = register(&look(&picture), &look(&change(&picture)));
            assert_eq!(found.inside, Inside::Neither, "seed {seed}, {name}: {found:?}");
            assert!(found.blocks > 0.75, "seed {seed}, {name}: {found:?}");
        }
    }
}

#[test]
fn colours_are_compared_where_both_have_one() {
    let picture = Scene::new(3).picture(320, 240);
    // As bright, and of one hue: BT.601's Cr or Cb is 30, or both are.
    let tinted = |cb: f32, cr: f32| {
        let mut tinted = picture.clone();
        for pixel in tinted.pixels_mut() {
            let [r, g, b] = pixel.0.map(f32::from);
            let y = 70.0 + 0.4 * (0.299 * r + 0.587 * g + 0.114 * b);
            let colour = [y + 1.402 * cr, y - 0.344 * cb - 0.714 * cr, y + 1.772 * cb];
            pixel.0 = colour.map(|value| value.round() as u8);
        }
        look(&tinted)
    };
    let red = tinted(0.0, 30.0);
    for (cb, cr, expected) in [
        (0.0, 30.0, 1.0),
        (0.0, 12.0, 1.0),
        (0.0, 0.0, 1.0),
        (30.0, 30.0, 0.707),
        (30.0, 0.0, 0.0),
        (0.0, -30.0, -1.0),
    ] {
        let found = register(&red, &tinted(cb, cr));
        assert!((found.colours - expected).abs() < 0.03, "Cb {cb}, Cr {cr}: {found:?}");
        assert!(found.blocks > 0.97, "{found:?}");
    }
}

#[test]
fn other_pictures_do_not_lie_anywhere() {
    for seed in 1..20 {
        let scene = Scene::new(seed);
        let first = look(&scene.picture(320, 240));
        for other in [scene.alike(seed + 500), Scene::new(seed + 100)] {
            let found = register(&first, &look(&other.picture(320, 240)));
            assert!(found.blocks < 0.5 && found.share < 0.5, "seed {seed}: {found:?}");
        }
    }
}

#[test]
fn plain_pictures_do_not_agree_by_chance() {
    let plain = look(&image::RgbImage::from_pixel(64, 48, image::Rgb([200, 200, 200])));
    let found = register(&plain, &look(&Scene::new(1).picture(64, 48)));
    assert_eq!((found.blocks, found.share, found.colours), (0.0, 0.0, 1.0));
}
