//! The same trees as scikit-learn's `AgglomerativeClustering(linkage="ward")`.

use semblance_organise::groups::{self, ward::ward};
use semblance_organise::rows::Rows;

use crate::golden::{WIDTH, first, inertia, made, near, nmi, numbers, renamed, size, u32s, vectors, whole};

#[cfg_attr(not(target_arch = "wasm32"), test)]
#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
fn cuts_are_those_of_scikit_learn() {
    let (golden, vectors) = (whole("ward.json"), vectors());
    let tree = groups::tree(first(&vectors, size(&golden["rows"])), 0).unwrap();
    for (count, said) in golden["cuts"].as_object().unwrap() {
        let groups = tree.cut(count.parse().unwrap());
        assert_eq!(renamed(&groups), renamed(&u32s(said)), "{count} groups");
    }
    for (at, (found, said)) in tree.heights().zip(numbers(&golden["heights"])).enumerate() {
        near(&format!("height {at}"), f64::from(found), said, 2e-5);
    }
    assert_eq!(tree.heights().count(), numbers(&golden["heights"]).len());
}

#[cfg_attr(not(target_arch = "wasm32"), test)]
#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
fn fifteen_hundred_pictures_are_grouped_as_scikit_learn_does() {
    let (golden, vectors) = (whole("kmeans.json"), vectors());
    let labels = u32s(&golden["labels"]);
    let rows = first(&vectors, labels.len());
    let groups = groups::tree(rows, 0).unwrap().cut(size(&golden["ward"]["count"]));
    let said = u32s(&golden["ward"]["groups"]);
    near("NMI of its own groups", nmi(&labels, &said), golden["ward"]["nmi"].as_f64().unwrap(), 1e-6);
    assert!(nmi(&groups, &said) > 0.999, "{}", nmi(&groups, &said));
    near("sum of squares", inertia(rows, &groups), inertia(rows, &said), 1e-3);
}

/// A leaf of several members is merged as if each were a leaf of its own, at the same place.
#[cfg_attr(not(target_arch = "wasm32"), test)]
#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
fn sizes_count_as_so_many_members() {
    let vectors = vectors();
    let means = &vectors[..40 * WIDTH];
    let sizes: Vec<u32> = (0..40).map(|at| 1 + at % 5).collect();
    let merges = ward(means, WIDTH, &sizes).unwrap();
    let members: Vec<f32> =
        means.chunks_exact(WIDTH).zip(&sizes).flat_map(|(mean, &size)| mean.repeat(size as usize)).collect();
    let all = ward(&members, WIDTH, &vec![1; members.len() / WIDTH]).unwrap();
    let above: Vec<f32> = all.iter().map(|merge| merge.height).filter(|&height| height > 0.01).collect();
    assert_eq!(merges.len(), 39);
    assert_eq!(above.len(), 39);
    for (at, (merge, height)) in merges.iter().zip(above).enumerate() {
        near(&format!("height {at}"), f64::from(merge.height), f64::from(height), 1e-5);
    }
}

#[cfg_attr(not(target_arch = "wasm32"), test)]
#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
fn heights_are_what_merging_adds() {
    let (vectors, _) = made(200, 16, 7, 0.5, 3);
    let rows = Rows::new(&vectors, 16).unwrap();
    let tree = groups::tree(rows, 0).unwrap();
    let heights: Vec<f32> = tree.heights().collect();
    for count in [1, 2, 5, 20, 90] {
        let added = inertia(rows, &tree.cut(count)) - inertia(rows, &tree.cut(count + 1));
        near(&format!("{count}"), f64::from(heights[200 - count - 1]).powi(2) / 2.0, added, 1e-4);
    }
}

#[cfg_attr(not(target_arch = "wasm32"), test)]
#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
fn what_does_not_fit_together_is_refused() {
    assert!(ward(&[0.0; 6], 2, &[1, 1]).is_err());
    assert!(ward(&[0.0; 4], 2, &[1, 0]).is_err());
    assert!(ward(&[0.0; 4], 0, &[1, 1]).is_err());
}
