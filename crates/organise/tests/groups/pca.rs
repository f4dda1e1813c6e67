//! The components of scikit-learn's `PCA`.

use semblance_organise::map::pca::Pca;
use semblance_organise::rows::Rows;

use crate::golden::{WIDTH, first, made, near, numbers, vectors, whole};

#[cfg_attr(not(target_arch = "wasm32"), test)]
#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
fn components_are_those_of_scikit_learn() {
    let (golden, vectors) = (whole("pca.json"), vectors());
    let rows = first(&vectors, vectors.len() / WIDTH);
    for count in [2, 10, WIDTH] {
        let pca = Pca::fit(rows, count, 1).unwrap();
        let pairs = |found: &[f32], said: &str, tolerance: f64| {
            for (at, (found, said)) in found.iter().zip(numbers(&golden[said])).enumerate() {
                near(&format!("{count}, number {at}"), f64::from(*found), said, tolerance);
            }
        };
        pairs(&pca.mean, "mean", 1e-6);
        pairs(&pca.variances, "variances", 1e-6);
        pairs(&pca.components, "components", 2e-4);
        let coordinates = pca.project(rows).unwrap();
        let plane: Vec<f32> = coordinates.chunks_exact(count).flat_map(|row| [row[0], row[1]]).collect();
        assert_eq!(plane.len(), numbers(&golden["plane"]).len());
        pairs(&plane, "plane", 2e-4);
    }
}

#[cfg_attr(not(target_arch = "wasm32"), test)]
#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
fn components_are_orthogonal_units_also_where_nothing_spreads() {
    let (clustered, _) = made(500, 24, 4, 0.5, 6);
    let flat: Vec<f32> = (0..60).flat_map(|row| [row as f32, 2.0 * row as f32, 0.0, 1.0]).collect();
    let equal = [0.5_f32; 80];
    for (numbers, width) in [(&clustered[..], 24), (&flat[..], 4), (&equal[..], 4), (&equal[..8], 8)] {
        let rows = Rows::new(numbers, width).unwrap();
        let pca = Pca::fit(rows, 50, 3).unwrap();
        assert_eq!(pca.count(), width.min(rows.len()));
        assert!(pca.variances.is_sorted_by(|one, other| one >= other));
        for (at, one) in pca.components.chunks_exact(width).enumerate() {
            for (there, other) in pca.components.chunks_exact(width).enumerate() {
                let product: f32 = one.iter().zip(other).map(|(a, b)| a * b).sum();
                near("product", f64::from(product), f64::from(u8::from(at == there)), 1e-5);
            }
        }
        assert!(pca.project(rows).unwrap().iter().all(|number| number.is_finite()));
    }
    let pca = Pca::fit(Rows::new(&flat, 4).unwrap(), 2, 3).unwrap();
    near("all variance is in one line", f64::from(pca.variances[1]), 0.0, 1e-6);
}

#[cfg_attr(not(target_arch = "wasm32"), test)]
#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
fn what_has_no_components_is_refused() {
    assert!(Pca::fit(Rows::new(&[], 4).unwrap(), 2, 1).is_err());
    assert!(Pca::fit(Rows::new(&[0.0; 8], 4).unwrap(), 0, 1).is_err());
    let pca = Pca::fit(Rows::new(&[0.0; 8], 4).unwrap(), 2, 1).unwrap();
    assert!(pca.project(Rows::new(&[0.0; 8], 2).unwrap()).is_err());
}
