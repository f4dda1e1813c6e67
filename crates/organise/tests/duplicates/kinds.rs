//! What times and names say of two pictures.

use semblance_organise::duplicates::kind::{Closest, judge};
use semblance_organise::duplicates::look::Look;
use semblance_organise::duplicates::{Facts, Kind, Reason};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::changes::{jpeg, small};
use crate::made::Scene;

const CLOSEST: Closest = Closest { burst: 0.35, alike: 0.3, apart: 120_000 };

fn facts(path: &str, taken: Option<i64>) -> Facts {
    Facts { path: path.into(), taken, ..Facts::default() }
}

#[test]
fn names_count_up() {
    let cases = [
        ("a/IMG_1234.jpg", "a/IMG_1235.jpg", true),
        ("a/IMG_1235.JPG", "a/IMG_1234.heic", true),
        ("DSC00999.jpg", "DSC01004.jpg", true),
        ("DSC00999.jpg", "DSC01005.jpg", false),
        ("IMG_1234.jpg", "IMG_1234.jpg", false),
        ("a/IMG_1234.jpg", "b/IMG_1235.jpg", false),
        ("IMG_1234.jpg", "DSC_1235.jpg", false),
        ("IMG_999.jpg", "IMG_1000.jpg", false),
        ("IMG_1234 (1).jpg", "IMG_1234 (2).jpg", false),
        ("IMG_1234-edited.jpg", "IMG_1235.jpg", false),
        ("IMG_1234-a.jpg", "IMG_1235-a.jpg", true),
        ("2024/holiday.jpg", "2025/holiday.jpg", false),
        ("Möwe123.jpg", "Möwe124.jpg", true),
        ("99999999999999999999.jpg", "99999999999999999998.jpg", false),
        ("", "", false),
        (".jpg", "123", false),
        ("123", "124", true),
    ];
    for (a, b, expected) in cases {
        assert_eq!(facts(a, None).counts_up(&facts(b, None)), expected, "{a} and {b}");
        assert_eq!(facts(b, None).counts_up(&facts(a, None)), expected, "{b} and {a}");
    }
}

#[test]
fn times_and_names_tell_shots_from_copies() {
    let scene = Scene::new(5);
    let look = |picture: &image::RgbImage| {
        let small = small(picture);
        Look::new(small.as_raw(), small.width(), small.height()).unwrap()
    };
    let picture = scene.picture(320, 240);
    let original = look(&picture);
    let copy = look(&jpeg(&picture, 40));
    let shot = look(&scene.shot(320, 240, [0.05, 0.04, 1.08, 0.06], 8));
    let mut moved = picture.clone();
    for y in 20..110 {
        for x in 30..150 {
            moved.put_pixel(x, y, image::Rgb([200, 30, (2 * y) as u8]));
        }
    }
    let moved = look(&moved);
    let other = look(&Scene::new(6).picture(320, 240));
    let one = "IMG_1000.jpg";
    let (next, far) = ("IMG_1001.jpg", "copy.jpg");
    let minute = Some(60_000);
    // The second picture, its distance, times of both, its name, and what it is.
    type Case<'a> = (&'a str, &'a Look, f32, [Option<i64>; 2], &'a str, Option<(Kind, Reason)>);
    let cases: [Case; 17] = [
        ("a copy", &copy, 0.1, [None, None], far, Some((Kind::Same, Reason::Pixels))),
        ("with its time", &copy, 0.1, [minute, minute], far, Some((Kind::Same, Reason::Pixels))),
        ("without", &copy, 0.1, [minute, None], far, Some((Kind::Same, Reason::Pixels))),
        ("a copy whose name counts up", &copy, 0.1, [None, None], next, Some((Kind::Same, Reason::Pixels))),
        ("a logo", &moved, 0.1, [None, None], far, Some((Kind::Same, Reason::Overlay))),
        ("something moves", &moved, 0.1, [None, None], next, Some((Kind::Burst, Reason::Names))),
        ("a while later", &moved, 0.1, [Some(0), minute], far, Some((Kind::Burst, Reason::Times))),
        ("a tripod", &copy, 0.1, [Some(0), minute], far, Some((Kind::Burst, Reason::Times))),
        (
            "a tripod, an hour later",
            &copy,
            0.1,
            [Some(0), Some(3_600_000)],
            far,
            Some((Kind::Alike, Reason::Vectors)),
        ),
        ("a shot", &shot, 0.2, [Some(0), minute], far, Some((Kind::Burst, Reason::Times))),
        ("within a second", &shot, 0.2, [minute, minute], far, Some((Kind::Burst, Reason::Times))),
        ("by its name", &shot, 0.2, [None, None], next, Some((Kind::Burst, Reason::Names))),
        (
            "a time against a name",
            &shot,
            0.2,
            [Some(0), Some(3_600_000)],
            next,
            Some((Kind::Alike, Reason::Vectors)),
        ),
        ("nothing to go by", &shot, 0.2, [None, None], far, Some((Kind::Alike, Reason::Vectors))),
        ("not very close", &shot, 0.4, [Some(0), minute], next, None),
        ("another picture", &other, 0.2, [None, None], far, Some((Kind::Alike, Reason::Vectors))),
        ("far away", &other, 0.4, [None, None], far, None),
    ];
    let mut wrong = Vec::new();
    for (what, second, distance, [first_taken, taken], name, expected) in cases {
        let (a, b) = (facts(one, first_taken), facts(name, taken));
        for (facts, looks) in [([&a, &b], [&original, second]), ([&b, &a], [second, &original])] {
            let found = judge(facts, Some(looks), 0.9, distance, &CLOSEST);
            if found.map(|tie| (tie.kind, tie.reason)) != expected {
                wrong.push(format!("{what}: {found:?}"));
            }
        }
        let without = judge([&a, &b], None, 0.9, distance, &CLOSEST);
        assert!(without.is_none_or(|tie| tie.kind != Kind::Same), "{what}, without small pictures");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn red_and_blue_products_are_two_pictures() {
    let grey = Scene::new(5).picture(320, 240);
    let tinted = |by: [f32; 3]| {
        let mut tinted = grey.clone();
        for pixel in tinted.pixels_mut() {
            let level = 70.0 + 0.4 * f32::from(pixel.0[1]);
            pixel.0 = by.map(|by| (level + by) as u8);
        }
        let small = small(&tinted);
        Look::new(small.as_raw(), small.width(), small.height()).unwrap()
    };
    // Equally bright.
    let (red, blue, none) = (tinted([42.0, -21.0, 0.0]), tinted([0.0, -10.0, 53.0]), tinted([0.0; 3]));
    let (a, b) = (facts("a.jpg", None), facts("b.jpg", None));
    let kind =
        |one: &Look, other: &Look| judge([&a, &b], Some([one, other]), 0.9, 0.1, &CLOSEST).unwrap().kind;
    assert_eq!(
        (kind(&red, &blue), kind(&red, &red), kind(&red, &none)),
        (Kind::Alike, Kind::Same, Kind::Same)
    );
}

#[test]
fn the_same_file_is_the_same() {
    let hash = |byte| Facts { hash: Some([byte; 32]), ..facts("a", None) };
    let judged = |a: &Facts, b: &Facts| judge([a, b], None, 1.0, 0.0, &CLOSEST).unwrap();
    assert_eq!(judged(&hash(1), &hash(1)).reason, Reason::Bytes);
    assert_eq!(judged(&hash(1), &hash(2)).kind, Kind::Alike);
    assert_eq!(judged(&facts("a", None), &facts("a", None)).kind, Kind::Alike);
}

#[test]
fn plain_pictures_are_the_same_by_their_colour() {
    let plain = |colour| {
        let picture = small(&image::RgbImage::from_pixel(40, 30, image::Rgb(colour)));
        Look::new(picture.as_raw(), 40, 30).unwrap()
    };
    let (a, b) = (facts("a", None), facts("b", None));
    let reason = |one: &Look, other: &Look| {
        judge([&a, &b], Some([one, other]), 1.0, 0.0, &CLOSEST).map(|tie| tie.reason)
    };
    let black = plain([2, 2, 2]);
    assert_eq!(reason(&black, &plain([3, 3, 3])), Some(Reason::Plain));
    assert_eq!(reason(&black, &plain([40, 40, 40])), Some(Reason::Vectors));
    // As bright.
    assert_eq!(reason(&plain([200, 0, 0]), &plain([0, 102, 0])), Some(Reason::Vectors));
}
