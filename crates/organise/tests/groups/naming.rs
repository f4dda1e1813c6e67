//! Words for groups.

use semblance_organise::groups::naming::{Naming, names};
use semblance_organise::rows::Rows;

use crate::golden::{made, unit};

/// Axes are terms: three groups near the axes 0, 1 and 2 of six, and a term in the direction of all pictures.
fn library() -> (Vec<f32>, Vec<u32>) {
    let (noise, groups) = made(90, 6, 3, 1.0, 11);
    let numbers: Vec<f64> = noise
        .chunks_exact(6)
        .zip(&groups)
        .flat_map(|(noise, &group)| {
            let at = |axis: usize| {
                1.5 + if axis == group as usize { 2.0 } else { 0.0 } + 0.4 * f64::from(noise[axis])
            };
            (0..6).map(at).collect::<Vec<_>>()
        })
        .collect();
    (unit(&numbers, 6), groups)
}

fn axis(at: usize) -> [f64; 6] {
    let mut axis = [0.0; 6];
    axis[at] = 1.0;
    axis
}

#[cfg_attr(not(target_arch = "wasm32"), test)]
#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
fn groups_get_what_they_have_more_of_than_the_library() {
    let (vectors, groups) = library();
    let rows = Rows::new(&vectors, 6).unwrap();
    // The first term is nearest to every picture, and says nothing of any group.
    let terms = unit(&[[1.0; 6], axis(2), axis(0), axis(1), axis(5)].concat(), 6);
    let found = names(rows, &groups, Rows::new(&terms, 6).unwrap(), 1).unwrap();
    assert_eq!(found, [[2], [3], [1]]);
    let everything = names(rows, &[0; 90], Rows::new(&terms, 6).unwrap(), 3).unwrap();
    assert_eq!(everything, [[0_u32; 0]], "one group has nothing more than the library");
}

#[cfg_attr(not(target_arch = "wasm32"), test)]
#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
fn two_groups_do_not_share_a_first_name_where_another_is_nearly_as_good() {
    let (vectors, mut groups) = library();
    let rows = Rows::new(&vectors, 6).unwrap();
    // Group 0 in two halves: both are best named by the axis 0.
    groups.iter_mut().enumerate().for_each(|(row, group)| {
        if *group == 0 && row % 2 == 0 {
            *group = 3;
        }
    });
    let nearly = [1.0, 0.0, 0.0, 0.08, 0.0, 0.0];
    let good = unit(&[axis(0), axis(1), axis(2), nearly, axis(4)].concat(), 6);
    let found = names(rows, &groups, Rows::new(&good, 6).unwrap(), 3).unwrap();
    let mut firsts: Vec<u32> = found.iter().map(|names| names[0]).collect();
    firsts.sort_unstable();
    assert_eq!(firsts, [0, 1, 2, 3]);
    // What says the same is there once.
    assert!(found.iter().all(|names| !(names.contains(&0) && names.contains(&3))), "{found:?}");
    // Without anything nearly as good they do share it.
    let bad = unit(&[axis(0), axis(1), axis(2), axis(3), axis(4)].concat(), 6);
    let found = names(rows, &groups, Rows::new(&bad, 6).unwrap(), 3).unwrap();
    assert_eq!((found[0][0], found[3][0]), (0, 0));
}

#[cfg_attr(not(target_arch = "wasm32"), test)]
#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
fn as_many_as_wanted_and_no_more() {
    let (vectors, groups) = library();
    let rows = Rows::new(&vectors, 6).unwrap();
    let (terms, _) = made(400, 6, 400, 1.0, 12);
    let terms = Rows::new(&terms, 6).unwrap();
    let naming = Naming::new(rows, terms, 1).unwrap();
    for most in [0, 1, 3] {
        let found = naming.names(rows, &groups, most).unwrap();
        assert!(found.iter().all(|names| names.len() == most), "{found:?}");
    }
    assert!(naming.names(rows, &groups[1..], 3).is_err());
    assert!(Naming::new(rows, Rows::new(&[], 6).unwrap(), 1).is_err());
    assert!(Naming::new(rows, Rows::new(&[1.0; 5], 5).unwrap(), 1).is_err());
}
