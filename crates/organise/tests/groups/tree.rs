//! Cuts of a tree: what must hold of any, and of vectors of which there is nothing to say.

use semblance_organise::groups::{self, Grouping, central::central};
use semblance_organise::rows::Rows;

use crate::golden::{made, nmi, renamed};

fn sizes(groups: &[u32]) -> Vec<usize> {
    let mut sizes = vec![0; *groups.iter().max().unwrap() as usize + 1];
    groups.iter().for_each(|&group| sizes[group as usize] += 1);
    sizes
}

/// Of pictures that are each a leaf, and of small clusters.
#[cfg_attr(not(target_arch = "wasm32"), test)]
#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
fn more_groups_only_divide_fewer_ones() {
    for rows in [300, 4000] {
        let (vectors, _) = made(rows, 16, 12, 0.6, 1);
        let tree = groups::tree(Rows::new(&vectors, 16).unwrap(), 1).unwrap();
        assert_eq!(tree.len(), rows);
        assert!(tree.leaves() == rows || (1000..=1024).contains(&tree.leaves()), "{}", tree.leaves());
        let mut before = tree.cut(1);
        assert_eq!(before, vec![0; rows]);
        for count in (2..60).chain([tree.leaves()]) {
            let groups = tree.cut(count);
            let found = sizes(&groups);
            assert_eq!(found.len(), count);
            assert_eq!(found.iter().sum::<usize>(), rows);
            assert!(found.is_sorted_by(|one, other| one >= other), "largest first: {found:?}");
            let firsts: Vec<_> =
                (0..count as u32).map(|g| groups.iter().position(|&other| other == g)).collect();
            assert!((1..count).all(|g| found[g] < found[g - 1] || firsts[g] > firsts[g - 1]), "{count}");
            let mut upper = vec![None; count];
            for (&group, &before) in groups.iter().zip(&before) {
                assert_eq!(*upper[group as usize].get_or_insert(before), before, "{count} of {rows}");
            }
            before = groups;
        }
        assert!(tree.heights().is_sorted());
        assert_eq!(tree.cut(0), tree.cut(1));
        assert_eq!(tree.cut(usize::MAX), tree.cut(tree.leaves()));
    }
}

#[cfg_attr(not(target_arch = "wasm32"), test)]
#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
fn classes_far_apart_are_the_suggested_groups() {
    for (rows, classes) in [(120, 5), (600, 9), (900, 17), (2000, 12), (4000, 31)] {
        let (vectors, labels) = made(rows, 32, classes, 0.35, 5);
        let tree = groups::tree(Rows::new(&vectors, 32).unwrap(), 2).unwrap();
        assert_eq!(tree.suggested(), classes, "of {rows}");
        assert_eq!(renamed(&tree.cut(classes)), renamed(&labels), "of {rows}");
    }
}

/// Where nothing is grouped, no count is likelier than others; the plain ratio of heights would say 4 or 5.
#[cfg_attr(not(target_arch = "wasm32"), test)]
#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
fn vectors_without_groups_are_not_always_few_groups() {
    let counts: Vec<usize> = (0..12)
        .map(|seed| {
            let (vectors, _) = made(500, 16, 1, 1000.0, seed);
            groups::tree(Rows::new(&vectors, 16).unwrap(), 0).unwrap().suggested()
        })
        .collect();
    assert!(counts.iter().filter(|&&count| count > 10).count() >= 4, "{counts:?}");
}

#[cfg_attr(not(target_arch = "wasm32"), test)]
#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
fn a_seed_gives_the_same_groups_and_another_one_nearly() {
    let (vectors, _) = made(3000, 16, 10, 0.7, 9);
    let rows = Rows::new(&vectors, 16).unwrap();
    let cut = |seed| groups::tree(rows, seed).unwrap().cut(10);
    assert_eq!(cut(1), cut(1));
    assert!(nmi(&cut(1), &cut(2)) > 0.9, "{}", nmi(&cut(1), &cut(2)));
}

#[cfg_attr(not(target_arch = "wasm32"), test)]
#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
fn few_or_equal_pictures_are_groups_too() {
    let one = groups::tree(Rows::new(&[1.0, 0.0], 2).unwrap(), 0).unwrap();
    assert_eq!((one.cut(1), one.cut(9), one.suggested()), (vec![0], vec![0], 1));
    let two = groups::tree(Rows::new(&[1.0, 0.0, 0.0, 1.0], 2).unwrap(), 0).unwrap();
    assert_eq!((two.cut(1), two.cut(2), two.suggested()), (vec![0, 0], vec![0, 1], 2));
    for rows in [3, 40, 2000] {
        let equal = [0.6_f32, 0.8].repeat(rows);
        let tree = groups::tree(Rows::new(&equal, 2).unwrap(), 0).unwrap();
        assert_eq!(tree.cut(1), vec![0; rows]);
        assert!((1..=rows).contains(&tree.suggested()));
        assert_eq!(sizes(&tree.cut(3)).iter().sum::<usize>(), rows);
    }
    assert!(Grouping::new(Rows::new(&[], 2).unwrap(), 0).is_err());
}

#[cfg_attr(not(target_arch = "wasm32"), test)]
#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
fn progress_only_grows_and_ends_when_it_is_over() {
    let (vectors, _) = made(5000, 8, 10, 0.7, 9);
    let rows = Rows::new(&vectors, 8).unwrap();
    let mut grouping = Grouping::new(rows, 1).unwrap();
    assert!(grouping.step(Rows::new(&vectors[8..], 8).unwrap()).is_err(), "other vectors");
    let mut grouping_again = Grouping::new(rows, 1).unwrap();
    std::mem::swap(&mut grouping, &mut grouping_again);
    let (mut before, mut steps) = (grouping.progress(), 0);
    loop {
        let now = grouping.step(rows).unwrap();
        assert!(now.done >= before.done && now.total == before.total && now.done <= now.total);
        (before, steps) = (now, steps + 1);
        if now.is_over() {
            break;
        }
    }
    assert!(steps > 20, "{steps}");
    assert_eq!(before.share(), 1.0);
    grouping.finish().unwrap();
    assert!(Grouping::new(rows, 1).unwrap().finish().is_err());
}

#[cfg_attr(not(target_arch = "wasm32"), test)]
#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
fn central_pictures_are_the_nearest_to_the_mean() {
    let (vectors, labels) = made(60, 8, 3, 0.5, 4);
    let rows = Rows::new(&vectors, 8).unwrap();
    let found = central(rows, &labels, 4).unwrap();
    assert_eq!(found.len(), 3);
    for (group, pictures) in found.iter().enumerate() {
        let members: Vec<usize> = (0..60).filter(|&row| labels[row] as usize == group).collect();
        let mean: Vec<f32> = (0..8)
            .map(|i| members.iter().map(|&row| rows.row(row)[i]).sum::<f32>() / members.len() as f32)
            .collect();
        let away =
            |row: usize| -> f32 { rows.row(row).iter().zip(&mean).map(|(x, m)| (x - m) * (x - m)).sum() };
        let mut sorted = members.clone();
        sorted.sort_by(|&one, &other| away(one).total_cmp(&away(other)));
        assert_eq!(pictures.iter().map(|&row| row as usize).collect::<Vec<_>>(), sorted[..4]);
    }
    assert_eq!(central(rows, &labels, 999).unwrap().iter().map(Vec::len).sum::<usize>(), 60);
    assert!(central(rows, &labels[1..], 4).is_err());
    assert!(central(rows, &[u32::MAX; 60], 4).is_err());
}
