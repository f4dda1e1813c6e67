//! The pointing game, by hand.

use semblance_measure::pointing::{Area, point};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const LEFT_HALF: Area = Area { left: 0.0, top: 0.0, right: 0.5, bottom: 1.0 };

#[test]
fn the_hottest_cell_is_in_the_box_or_not() {
    // 2 × 4 cells; the hottest is the third of the first row, with its centre at 5/8, 1/4.
    let heat = [1.0, 0.0, 5.0, 0.0, 2.0, 0.0, 0.0, 0.0];
    let hit = |left, top, right, bottom| point(&heat, 2, 4, Area { left, top, right, bottom }).unwrap().hit;
    assert!(!hit(0.0, 0.0, 0.5, 1.0));
    assert!(hit(0.5, 0.0, 1.0, 0.5));
    assert!(!hit(0.5, 0.5, 1.0, 1.0));
    // The edge is in it.
    assert!(hit(0.625, 0.25, 1.0, 1.0) && hit(0.0, 0.0, 0.625, 0.25));
    assert!(!hit(0.626, 0.0, 1.0, 1.0) && !hit(0.0, 0.0, 1.0, 0.249));
}

#[test]
fn of_equal_cells_the_first_counts() {
    assert!(point(&[0.0, 3.0, 3.0, 3.0], 1, 4, LEFT_HALF).unwrap().hit);
    assert!(!point(&[0.0, 2.0, 3.0, 3.0], 1, 4, LEFT_HALF).unwrap().hit);
}

#[test]
fn heat_is_shared_by_area() {
    let energy = |heat: &[f32], rows, columns, area| point(heat, rows, columns, area).unwrap().energy;
    assert_eq!(energy(&[1.0, 3.0], 1, 2, LEFT_HALF), Some(0.25));
    // The middle of three cells is half in it; what is negative is none.
    assert_eq!(energy(&[2.0, 4.0, -9.0], 1, 3, LEFT_HALF), Some(4.0 / 6.0));
    let quarter = Area { left: 0.25, top: 0.25, right: 0.75, bottom: 0.75 };
    assert_eq!(energy(&[1.0; 4], 2, 2, quarter), Some(0.25));
    assert_eq!(energy(&[7.0], 1, 1, quarter), Some(0.25));
    assert_eq!(point(&[7.0], 1, 1, quarter).unwrap().area, 0.25);
    assert_eq!(energy(&[0.0, -1.0], 1, 2, quarter), None);
}

#[test]
fn wrong_arguments_are_refused() {
    let area = |left, right| Area { left, right, ..LEFT_HALF };
    assert!(point(&[1.0], 1, 1, area(0.5, 0.5)).is_err());
    assert!(point(&[1.0], 1, 1, area(-0.1, 0.5)).is_err());
    assert!(point(&[1.0], 1, 1, area(0.5, 1.1)).is_err());
    assert!(point(&[1.0], 1, 1, area(f32::NAN, 1.0)).is_err());
    assert!(point(&[], 0, 3, LEFT_HALF).is_err());
    assert!(point(&[1.0, 2.0], 1, 1, LEFT_HALF).is_err());
    assert!(point(&[f32::NAN], 1, 1, LEFT_HALF).is_err());
}
