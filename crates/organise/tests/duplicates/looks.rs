//! What is computed of a small picture, against Pillow, SciPy, NumPy and imagehash.

use semblance_organise::duplicates::agreement::agreement;
use semblance_organise::duplicates::look::Look;
use semblance_organise::duplicates::plane::{Part, Plane};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::golden::{cases, numbers, picture};

fn look(case: &serde_json::Value) -> Look {
    let picture = picture(case);
    Look::new(picture.as_raw(), picture.width(), picture.height()).unwrap()
}

#[test]
fn the_hash_is_that_of_imagehash() {
    for case in cases("looks") {
        let bits: String = case["dhash"].as_str().unwrap().into();
        let expected = bits.chars().enumerate().map(|(at, bit)| u64::from(bit == '1') << at).sum::<u64>();
        let off = (look(&case).hash() ^ expected).count_ones();
        // Pillow and `image` round a pixel of 9 × 8 differently now and then.
        assert!(off <= 2, "{}: {off} bits", case["picture"]);
    }
}

#[test]
fn sharpness_is_the_laplacians_variance() {
    for case in cases("looks") {
        let (found, expected) = (f64::from(look(&case).sharpness()), case["sharpness"].as_f64().unwrap());
        assert!((found / expected - 1.0).abs() < 0.05, "{}: {found} instead of {expected}", case["picture"]);
    }
}

#[test]
fn grey_is_pillows() {
    for case in cases("looks") {
        let look = look(&case);
        let mut cells = Vec::new();
        let grey = look.grey();
        grey.cells(&Part::WHOLE, 4, 4, &mut cells);
        for (cell, expected) in cells.iter().zip(numbers(&case["grey"])) {
            let found = cell + grey.mean();
            // What is kept is rounded to levels.
            assert!((found - expected).abs() < 0.3, "{}: {found} instead of {expected}", case["picture"]);
        }
        let [cb, cr] = look.colours().map(|plane| plane.mean());
        let expected = numbers(&case["colours"]);
        assert!((cb - expected[0]).abs() < 0.5 && (cr - expected[1]).abs() < 0.5, "{cb}, {cr}, {expected:?}");
        assert!(look.size() <= 5000, "{} bytes", look.size());
    }
}

#[test]
fn cells_are_means_over_parts_of_pixels() {
    for case in cases("cells") {
        let values = numbers(&case["values"]);
        let part = numbers(&case["part"]);
        let part = Part { left: part[0], top: part[1], width: part[2], height: part[3] };
        let size = |name: &str| case[name].as_u64().unwrap() as usize;
        let plane = Plane::new(&values, size("columns"));
        let mut cells = Vec::new();
        plane.cells(&part, size("across"), size("down"), &mut cells);
        let expected = numbers(&case["cells"]);
        assert_eq!(cells.len(), expected.len());
        for (cell, expected) in cells.iter().zip(expected) {
            let found = cell + plane.mean();
            assert!((found - expected).abs() < 1e-2, "{part:?}: {found} instead of {expected}");
        }
    }
}

#[test]
fn agreement_is_made_of_correlations() {
    for case in cases("agreements") {
        let found = agreement(&numbers(&case["a"]), &numbers(&case["b"]), 16);
        let expected = numbers(&case["agreement"]);
        for (found, expected) in
            [found.correlation, found.blocks, found.median, found.share].iter().zip(expected)
        {
            assert!((found - expected).abs() < 1e-3, "{found} instead of {expected}");
        }
    }
}

#[test]
fn what_is_transparent_lies_on_white() {
    let white = Look::new(&[0, 0, 0, 0], 1, 1).unwrap();
    assert_eq!(white, Look::new(&[255, 255, 255, 255], 1, 1).unwrap());
    assert_eq!(white.grey().mean(), 255.0);
}

#[test]
fn what_is_no_small_picture_is_refused() {
    for (bytes, width, height) in [(0, 0, 0), (4, 0, 1), (3, 1, 1), (8, 1, 1), (4 * 4097, 4097, 1)] {
        assert!(Look::new(&vec![0; bytes], width, height).is_err(), "{bytes} bytes, {width} × {height}");
    }
    // The smallest ones are computed of.
    for (width, height) in [(1, 1), (1, 9), (2, 1), (4096, 1)] {
        let look = Look::new(&vec![9; 4 * width * height], width as u32, height as u32).unwrap();
        assert!(look.sharpness().is_finite() && look.spread() == 0.0, "{width} × {height}");
    }
}
