//! Neighbours, against looking at every pair.

use semblance_organise::map::neighbours::Neighbours;
use semblance_organise::rows::Rows;

use crate::golden::{made, near};

fn apart(rows: Rows, one: usize, other: usize) -> f64 {
    let pairs = rows.row(one).iter().zip(rows.row(other));
    pairs.map(|(a, b)| (f64::from(*a) - f64::from(*b)).powi(2)).sum()
}

fn exact(rows: Rows, row: usize, k: usize) -> Vec<u32> {
    let mut all: Vec<usize> = (0..rows.len()).filter(|&other| other != row).collect();
    all.sort_by(|&one, &other| apart(rows, row, one).total_cmp(&apart(rows, row, other)));
    all[..k].iter().map(|&row| row as u32).collect()
}

#[cfg_attr(not(target_arch = "wasm32"), test)]
#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
fn of_few_rows_all_are_found() {
    let (vectors, _) = made(900, 20, 9, 0.8, 2);
    let rows = Rows::new(&vectors, 20).unwrap();
    let found = Neighbours::new(rows, 15, 1).unwrap();
    for row in 0..900 {
        let near_ones: Vec<u32> = found.of(row).map(|(other, _)| other).collect();
        assert_eq!(near_ones, exact(rows, row, 15), "{row}");
        for (other, squared) in found.of(row) {
            near("squared", f64::from(squared), apart(rows, row, other as usize), 1e-5);
        }
    }
}

/// Clusters that overlap, and no clusters at all in few directions.
#[cfg_attr(not(target_arch = "wasm32"), test)]
#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
fn of_many_rows_nine_in_ten_are_found() {
    for (classes, noise, width) in [(40, 0.9, 24), (1, 1000.0, 8)] {
        let (vectors, _) = made(12_000, width, classes, noise, 3);
        let rows = Rows::new(&vectors, width).unwrap();
        let found = Neighbours::new(rows, 30, 1).unwrap();
        let asked: Vec<usize> = (0..12_000).step_by(60).collect();
        let right: usize = asked
            .iter()
            .map(|&row| {
                let said = exact(rows, row, 30);
                found.of(row).filter(|(other, _)| said.contains(other)).count()
            })
            .sum();
        let recall = right as f64 / (30 * asked.len()) as f64;
        assert!(recall >= 0.9, "{recall} of {classes} classes");
        for row in 0..12_000 {
            let list: Vec<(u32, f32)> = found.of(row).collect();
            assert!(list.is_sorted_by(|one, other| one.1 <= other.1));
            assert!(list.iter().all(|&(other, _)| other as usize != row));
        }
        let mut order = found.order.clone();
        order.sort_unstable();
        assert!(order.iter().enumerate().all(|(at, &row)| at == row as usize));
    }
}

#[cfg_attr(not(target_arch = "wasm32"), test)]
#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
fn fewer_rows_than_neighbours_are_all_neighbours() {
    for count in [1, 2, 5, 4000] {
        let equal = vec![0.5; count * 3];
        let found = Neighbours::new(Rows::new(&equal, 3).unwrap(), 30, 1).unwrap();
        assert_eq!(found.k, 30.min(count - 1));
        for row in 0..count {
            let mut others: Vec<u32> = found.of(row).map(|(other, _)| other).collect();
            others.sort_unstable();
            others.dedup();
            assert!(others.len() == found.k && !others.contains(&(row as u32)), "{count}: {row}");
        }
    }
}
