//! Maps that keep neighbourhoods as scikit-learn's `TSNE` does.

use semblance_organise::map::affinities::Affinities;
use semblance_organise::map::neighbours::Neighbours;
use semblance_organise::map::quality::quality;
use semblance_organise::map::starts::grown;
use semblance_organise::map::{Mapping, map};
use semblance_organise::rows::Rows;

use crate::golden::{WIDTH, first, made, near, size, vectors, whole};

/// No more than this below scikit-learn's.
const BELOW: f64 = 0.02;

#[cfg_attr(not(target_arch = "wasm32"), test)]
#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
fn neighbourhoods_are_kept_as_well_as_by_scikit_learn() {
    let (golden, vectors) = (whole("embedding.json"), vectors());
    let rows = first(&vectors, vectors.len() / WIDTH);
    let all: Vec<u32> = (0..rows.len() as u32).collect();
    let said = &golden["tsne"];
    for seed in [1, 2] {
        let found = quality(rows, &map(rows, seed).unwrap(), size(&said["k"]), &all).unwrap();
        assert!(
            found.trustworthiness > said["trustworthiness"].as_f64().unwrap() - BELOW,
            "{found:?}, {said}"
        );
        assert!(found.kept > said["kept"].as_f64().unwrap() - BELOW, "{found:?}, {said}");
    }
}

/// The way of many pictures, of which a part is embedded first, is no worse than that of few.
#[cfg_attr(not(target_arch = "wasm32"), test)]
#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
fn many_pictures_are_mapped_as_well_as_few() {
    let (vectors, labels) = made(5500, 16, 25, 0.6, 4);
    let asked: Vec<u32> = (0..4900).step_by(10).collect();
    let of = |count: usize| {
        let rows = Rows::new(&vectors[..count * 16], 16).unwrap();
        let points = map(rows, 1).unwrap();
        let near_ones = nearest_of_the_same_class(&points, &labels[..count]);
        (quality(rows, &points, 10, &asked).unwrap(), near_ones)
    };
    let (few, few_of_class) = of(4900);
    let (many, many_of_class) = of(5500);
    assert!(many.trustworthiness > few.trustworthiness - 0.005, "{few:?}, {many:?}");
    assert!(many.kept > few.kept - 0.01, "{few:?}, {many:?}");
    assert!(many_of_class > few_of_class - 0.01, "{few_of_class}, {many_of_class}");
}

/// The share of points whose nearest point is of their class.
fn nearest_of_the_same_class(points: &[[f32; 2]], labels: &[u32]) -> f64 {
    let asked: Vec<usize> = (0..points.len()).step_by(11).collect();
    let same = asked.iter().filter(|&&row| {
        let apart =
            |other: usize| (points[row][0] - points[other][0]).hypot(points[row][1] - points[other][1]);
        let others = (0..points.len()).filter(|&other| other != row);
        let nearest = others.min_by(|&one, &other| apart(one).total_cmp(&apart(other))).unwrap();
        labels[nearest] == labels[row]
    });
    same.count() as f64 / asked.len() as f64
}

#[cfg_attr(not(target_arch = "wasm32"), test)]
#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
fn affinities_are_symmetric_and_have_the_perplexity_asked_for() {
    let (vectors, _) = made(400, 8, 4, 0.8, 4);
    let neighbours = Neighbours::new(Rows::new(&vectors, 8).unwrap(), 399, 1).unwrap();
    let found = Affinities::new(neighbours.clone(), 20.0).unwrap();
    let mut matrix = vec![0.0_f64; 400 * 400];
    let mut sum = 0.0;
    for row in 0..400 {
        for (column, value) in found.row(row) {
            assert!(value >= 0.0 && column as usize != row);
            matrix[row * 400 + column as usize] = f64::from(value);
            sum += f64::from(value);
        }
    }
    near("all together", sum, 1.0, 1e-4);
    for row in 0..400 {
        for column in 0..row {
            near("both ways", matrix[row * 400 + column], matrix[column * 400 + row], 1e-9);
        }
    }
    // Where the distances are all equal, p_ij ∝ 1, and no other perplexity than the number of neighbours is possible: each row's
    // share is 1 / n. Where they are not, a row's share is about that.
    let share = matrix.chunks_exact(400).map(|row| row.iter().sum::<f64>() * 400.0);
    assert!(share.clone().all(|share| share > 0.5), "half of it is the row's own");
    assert!(Affinities::new(neighbours.clone(), 0.5).is_err());
    assert!(Affinities::new(neighbours, f64::NAN).is_err());
}

#[cfg_attr(not(target_arch = "wasm32"), test)]
#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
fn few_or_equal_pictures_have_places_too() {
    assert_eq!(map(Rows::new(&[1.0, 0.0], 2).unwrap(), 1).unwrap(), [[0.0, 0.0]]);
    for (rows, width) in [(2, 1), (2, 8), (3, 8), (7, 8), (40, 2)] {
        let (vectors, _) = made(rows, width, rows, 1.0, 3);
        let points = map(Rows::new(&vectors, width).unwrap(), 1).unwrap();
        assert_eq!(points.len(), rows);
        assert!(points.as_flattened().iter().all(|number| number.is_finite()), "{points:?}");
    }
    for rows in [2, 50, 6000] {
        let equal = [0.6_f32, 0.8, 0.0].repeat(rows);
        let points = map(Rows::new(&equal, 3).unwrap(), 1).unwrap();
        assert!(points.as_flattened().iter().all(|number| number.is_finite()), "{rows}");
    }
    assert!(Mapping::new(Rows::new(&[], 3).unwrap(), 1).is_err());
}

/// Two pictures that are the same lie near each other, and not on each other.
#[cfg_attr(not(target_arch = "wasm32"), test)]
#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
fn equal_pictures_are_apart() {
    let (mut vectors, _) = made(300, 8, 6, 0.6, 3);
    vectors.copy_within(0..8, 8);
    let points = map(Rows::new(&vectors, 8).unwrap(), 1).unwrap();
    let apart = |other: usize| (points[0][0] - points[other][0]).hypot(points[0][1] - points[other][1]);
    assert!(apart(1) > 0.0);
    let nearer = (2..300).filter(|&other| apart(other) < apart(1)).count();
    assert!(nearer < 5, "{nearer}");
    let points = map(Rows::new(&[0.6_f32, 0.8].repeat(50), 2).unwrap(), 1).unwrap();
    assert!((1..50).all(|row| !points[..row].contains(&points[row])), "{points:?}");
}

#[cfg_attr(not(target_arch = "wasm32"), test)]
#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
fn a_map_of_some_grows_into_one_of_all() {
    let (vectors, labels) = made(400, 8, 4, 0.4, 3);
    let neighbours = Neighbours::new(Rows::new(&vectors, 8).unwrap(), 20, 1).unwrap();
    let some: Vec<u32> =
        (0..400).step_by(4).flat_map(|row| if row % 16 == 0 { row..row + 4 } else { row..row }).collect();
    assert_eq!(some.len(), 100);
    let corner = |class: u32| [10.0 * (class % 2) as f32, 10.0 * (class / 2) as f32];
    let there: Vec<[f32; 2]> = some.iter().map(|&row| corner(labels[row as usize])).collect();
    let points = grown(&neighbours, &some, &there, 1);
    for (row, point) in points.iter().enumerate() {
        // Four times as many rows are twice as wide.
        let [x, y] = corner(labels[row]).map(|number| 2.0 * number);
        assert!((point[0] - x).abs() <= 0.5 && (point[1] - y).abs() <= 0.5, "{row}: {point:?}");
        assert!(!some.contains(&(row as u32)) || *point == [x, y], "{row}");
    }
}

#[cfg_attr(not(target_arch = "wasm32"), test)]
#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
fn a_map_can_be_drawn_at_any_time_and_is_the_same_again() {
    let (vectors, _) = made(5100, 6, 8, 0.6, 3);
    for rows in [700, 5100] {
        let rows = Rows::new(&vectors[..rows * 6], 6).unwrap();
        let mut mapping = Mapping::new(rows, 1).unwrap();
        assert!(mapping.points().is_empty());
        let (mut before, mut steps, mut drawn) = (mapping.progress(), 0, 0);
        loop {
            let now = mapping.step(rows).unwrap();
            assert!(now.done >= before.done && now.total == before.total, "{before:?}, {now:?}");
            let points = if steps % 50 == 0 || now.is_over() { mapping.points() } else { Vec::new() };
            assert!(points.as_flattened().iter().all(|number| number.is_finite()));
            drawn += usize::from(points.len() == rows.len());
            (before, steps) = (now, steps + 1);
            if now.is_over() {
                break;
            }
        }
        assert!(drawn > 5 && steps > 100, "{drawn}, {steps}");
        assert_eq!(mapping.points(), map(rows, 1).unwrap());
        let mut mapping = Mapping::new(rows, 1).unwrap();
        assert!(mapping.step(Rows::new(&vectors[..60], 6).unwrap()).is_err(), "other vectors");
    }
}
