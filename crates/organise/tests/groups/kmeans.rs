//! k-means: its best of ten as good as scikit-learn's.

use semblance_organise::groups::kmeans::{KMeans, Kind, kmeans};
use semblance_organise::rows::Rows;

use crate::golden::{first, inertia, made, nmi, size, u32s, vectors, whole};

#[cfg_attr(not(target_arch = "wasm32"), test)]
#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
fn clusters_are_as_tight_and_as_true_as_those_of_scikit_learn() {
    let (golden, vectors) = (whole("kmeans.json"), vectors());
    let labels = u32s(&golden["labels"]);
    let rows = first(&vectors, labels.len());
    for kind in [Kind::Mean, Kind::Direction] {
        for case in golden["cases"].as_array().unwrap() {
            let what = format!("{kind:?}, {}", case["count"]);
            let runs = (0..10).map(|seed| kmeans(rows, size(&case["count"]), kind, seed).unwrap().cluster);
            let mut runs: Vec<(f64, Vec<u32>)> = runs.map(|found| (inertia(rows, &found), found)).collect();
            runs.sort_by(|one, other| one.0.total_cmp(&other.0));
            let said = case["inertia"].as_f64().unwrap();
            let (best, worst) = (runs[0].0 / said, runs[9].0 / said);
            let (found, said) = (nmi(&runs[0].1, &labels), case["nmi"].as_f64().unwrap());
            // Directions are clustered by another sum.
            let (most, below) = if kind == Kind::Mean { (1.005, 0.005) } else { (1.04, 0.02) };
            assert!(best < most && worst < 1.07, "{what}: {best} to {worst} of scikit-learn's");
            assert!(found > said - below, "{what}: {found}, {said}");
        }
    }
}

#[cfg_attr(not(target_arch = "wasm32"), test)]
#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
fn clusters_have_the_means_and_sizes_of_their_rows() {
    let (vectors, _) = made(700, 8, 5, 0.8, 2);
    let rows = Rows::new(&vectors, 8).unwrap();
    for kind in [Kind::Mean, Kind::Direction] {
        let found = kmeans(rows, 30, kind, 3).unwrap();
        assert_eq!(found.cluster.len(), 700);
        assert_eq!(found.sizes.iter().sum::<u32>(), 700);
        for (cluster, &size) in found.sizes.iter().enumerate() {
            let members: Vec<usize> =
                (0..700).filter(|&row| found.cluster[row] as usize == cluster).collect();
            assert_eq!(members.len(), size as usize);
            assert!(size > 0);
            for i in 0..8 {
                let mean = members.iter().map(|&row| rows.row(row)[i]).sum::<f32>() / size as f32;
                assert!((found.means[cluster * 8 + i] - mean).abs() < 1e-5);
            }
        }
    }
}

#[cfg_attr(not(target_arch = "wasm32"), test)]
#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
fn more_clusters_than_different_rows_are_as_many_as_differ() {
    let three: Vec<f32> = [[1.0, 0.0], [0.0, 1.0], [0.6, 0.8]].concat().repeat(50);
    let rows = Rows::new(&three, 2).unwrap();
    for count in [1, 2, 3, 10, 150, 999] {
        let found = kmeans(rows, count, Kind::Direction, 1).unwrap();
        assert_eq!(found.sizes.len(), count.min(3), "{count}");
    }
    let one = kmeans(Rows::new(&[0.6, 0.8], 2).unwrap(), 5, Kind::Mean, 1).unwrap();
    assert_eq!((one.cluster, one.sizes), (vec![0], vec![1]));
    let zeros = kmeans(Rows::new(&[0.0; 20], 2).unwrap(), 5, Kind::Direction, 1).unwrap();
    assert_eq!(zeros.cluster, vec![0; 10]);
    assert!(KMeans::new(rows, 0, Kind::Mean, 1).is_err());
    assert!(KMeans::new(Rows::new(&[], 2).unwrap(), 3, Kind::Mean, 1).is_err());
    assert!(KMeans::new(rows, 2, Kind::Mean, 1).unwrap().finish().is_err());
}
