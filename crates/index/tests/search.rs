//! The search: brute force in f64 is what it is held to.

#![allow(clippy::unwrap_used)]

mod random;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use random::{Random, header};
use semblance_index::{Error, Facts, Filter, Hit, Index, Part, Shape};

/// Random pictures, their vectors as they were before they became 8 bits, and the file.
fn indexed(random: &mut Random, count: usize, dim: usize) -> (Index, Vec<Vec<f32>>, Vec<u8>) {
    let mut index = Index::new(header(dim, true));
    let (mut vectors, mut file) = (Vec::new(), Vec::new());
    for number in 0..count {
        let vector = random.unit(dim);
        let facts = random.facts(format!("{}/{number}.jpg", number % 3));
        let record = index.picture(&facts, &vector).unwrap();
        index.apply(&record, file.len() as u64);
        file.extend(record);
        vectors.push(vector);
    }
    (index, vectors, file)
}

fn dot(a: &[f32], b: &[f32]) -> f64 {
    a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum()
}

/// Numbers of the best k: pictures are numbered from 1 in their order.
fn brute(vectors: &[Vec<f32>], query: &[f32], k: usize) -> Vec<u32> {
    let mut all: Vec<(f64, u32)> =
        vectors.iter().enumerate().map(|(i, v)| (dot(v, query), i as u32 + 1)).collect();
    all.sort_by(|a, b| b.0.total_cmp(&a.0));
    all.into_iter().take(k).map(|(_, id)| id).collect()
}

#[test]
fn ranking_equals_brute_force() {
    let mut random = Random(1);
    for (count, dim, queries) in
        [(1, 16, 3), (9, 5, 5), (1000, 512, 600), (10_000, 512, 60), (3000, 192, 300)]
    {
        let (index, vectors, file) = indexed(&mut random, count, dim);
        let (mut found, mut expected) = (0, 0);
        for _ in 0..queries {
            let query = random.unit(dim);
            let hits = index.search(&query, 100, &Filter::default());
            assert_eq!(hits.len(), count.min(100));
            let truth = brute(&vectors, &query, 10);
            expected += truth.len();
            found += hits.iter().take(10).filter(|hit| truth.contains(&hit.id)).count();
            for Hit { id, cosine } in &hits {
                let error = (f64::from(*cosine) - dot(&vectors[*id as usize - 1], &query)).abs();
                assert!(error < 0.03 / (dim as f64).sqrt(), "{count} × {dim}: off by {error}");
            }

            let ids: Vec<u32> = hits.iter().map(|hit| hit.id).collect();
            let places = ids.iter().map(|&id| index.vector_place(id).unwrap());
            let bytes: Vec<u8> =
                places.flat_map(|(at, length)| file[at as usize..][..length].to_vec()).collect();
            let exact = index.rescore(&query, &ids, &bytes).unwrap();
            let order: Vec<u32> = exact.iter().take(10).map(|hit| hit.id).collect();
            assert_eq!(order, truth, "{count} × {dim}: after rescoring the best 100");
        }
        let recall = found as f64 / expected as f64;
        println!("{count} × {dim}: recall@10 from 8 bits alone {recall:.4}");
        assert!(recall >= 0.99, "{count} × {dim}: recall@10 {recall}");
    }
}

#[test]
fn equal_cosines_are_ordered_by_path() {
    let mut index = Index::new(header(4, false));
    for path in ["c", "a", "b/2", "b/1", "d"] {
        let record = index.picture(&Facts { path: path.into(), ..Facts::default() }, &[0.5; 4]).unwrap();
        index.apply(&record, 0);
    }
    for (k, expected) in
        [(0, vec![]), (1, vec!["a"]), (3, vec!["a", "b/1", "b/2"]), (9, vec!["a", "b/1", "b/2", "c", "d"])]
    {
        let hits = index.search(&[0.5; 4], k, &Filter::default());
        let paths: Vec<&str> = hits.iter().map(|hit| &*index.facts(hit.id).unwrap().path).collect();
        assert_eq!(paths, expected, "k = {k}");
    }
}

#[test]
fn only_what_is_there_and_what_the_filter_takes_is_found() {
    let mut random = Random(3);
    let (mut index, vectors, _) = indexed(&mut random, 5000, 16);
    for id in (1..=5000).filter(|id| id % 7 == 0) {
        let record = index.removal(id).unwrap();
        index.apply(&record, 0);
    }
    let filter = Filter { folder: "1".into(), shape: Some(Shape::Portrait), ..Filter::default() };
    let query = random.unit(16);
    let hits = index.search(&query, 5000, &filter);
    let expected = index.ids().into_iter().filter(|&id| {
        let facts = index.facts(id).unwrap();
        facts.path.starts_with("1/")
            && f64::from(facts.height) > 1.05 * f64::from(facts.width)
            && facts.width > 0
    });
    let mut expected: Vec<u32> = expected.collect();
    let mut found: Vec<u32> = hits.iter().map(|hit| hit.id).collect();
    assert!(hits.is_sorted_by(|a, b| a.cosine >= b.cosine));
    expected.sort_unstable();
    found.sort_unstable();
    assert_eq!(found, expected);
    assert!(found.len() > 500 && found.iter().all(|id| id % 7 != 0));

    // A slot that became free is taken by the next picture, and found.
    let record = index.picture(&random.facts("new.jpg".into()), &vectors[0]).unwrap();
    index.apply(&record, 0);
    let hits = index.search(&vectors[0], 2, &Filter::default());
    let paths: Vec<&str> = hits.iter().map(|hit| &*index.facts(hit.id).unwrap().path).collect();
    assert_eq!(paths, ["0/0.jpg", "new.jpg"]);
}

#[test]
fn several_parts_are_the_formula() {
    let mut random = Random(4);
    for dim in [16, 100] {
        let (index, vectors, _) = indexed(&mut random, 2000, dim);
        let parts: Vec<(Vec<f32>, f32)> = [1.0, 0.5, -2.0].map(|weight| (random.unit(dim), weight)).into();
        let mut expected = vec![0.0; dim];
        for (part, weight) in &parts {
            let cosines: Vec<f64> = vectors.iter().map(|vector| dot(vector, part)).collect();
            let mean = cosines.iter().sum::<f64>() / 2000.0;
            let spread = (cosines.iter().map(|cosine| (cosine - mean).powi(2)).sum::<f64>() / 2000.0).sqrt();
            expected
                .iter_mut()
                .zip(part)
                .for_each(|(sum, n)| *sum += f64::from(*weight) / spread * f64::from(*n));
        }
        let length = expected.iter().map(|n| n * n).sum::<f64>().sqrt();
        let parts: Vec<Part> =
            parts.iter().map(|(vector, weight)| Part { vector, weight: *weight }).collect();
        let query = index.combine(&parts).unwrap();
        for (found, expected) in query.iter().zip(&expected) {
            assert!(
                (f64::from(*found) - expected / length).abs() < 1e-3,
                "{found}, expected {}",
                expected / length
            );
        }
        // What is not wanted comes last.
        let against = index.combine(&[Part { vector: &vectors[7], weight: -1.0 }]).unwrap();
        assert_eq!(index.search(&against, 2000, &Filter::default()).last().unwrap().id, 8);
    }
}

#[test]
fn one_part_is_itself_and_parts_that_cancel_out_are_refused() {
    let mut random = Random(5);
    let (index, _, _) = indexed(&mut random, 10, 20);
    let one = random.unit(20);
    assert_eq!(index.combine(&[Part { vector: &one, weight: 0.3 }]).unwrap(), one);
    let parts = [Part { vector: &one, weight: 1.0 }, Part { vector: &one, weight: -1.0 }];
    assert_eq!(index.combine(&parts).unwrap_err(), Error::Nothing);
    assert_eq!(index.combine(&[]).unwrap_err(), Error::Nothing);
    assert!(index.combine(&[Part { vector: &one[1..], weight: 1.0 }]).is_err());
    // Of no picture nothing can be said but that it can be searched.
    let empty = Index::new(header(20, false));
    assert_eq!(
        empty
            .combine(&[Part { vector: &one, weight: 1.0 }, Part { vector: &one, weight: 1.0 }])
            .unwrap()
            .len(),
        20
    );
    assert_eq!(empty.search(&one, 5, &Filter::default()), []);
}

/// The middle, the spread and the line are the formulas', computed here in f64 by sorting.
#[test]
fn results_end_where_the_formula_says() {
    let mut random = Random(77);
    for (count, dim) in [(1, 16), (8, 16), (9, 16), (500, 32), (3001, 64)] {
        let (mut index, mut vectors, mut file) = indexed(&mut random, count, dim);
        let query = random.unit(dim);
        // Some that are much like it.
        for number in 0..count / 60 {
            let mixed: Vec<f32> = query.iter().zip(random.unit(dim)).map(|(a, b)| a + 0.3 * b).collect();
            let norm = mixed.iter().map(|number| number * number).sum::<f32>().sqrt();
            let vector: Vec<f32> = mixed.into_iter().map(|number| number / norm).collect();
            let record = index.picture(&random.facts(format!("like/{number}.jpg")), &vector).unwrap();
            index.apply(&record, file.len() as u64);
            file.extend(record);
            vectors.push(vector);
        }
        let ranking = index.rank(&query, &[], usize::MAX, &Filter::default()).unwrap();
        assert_eq!(ranking.hits, index.search(&query, vectors.len(), &Filter::default()));
        let mut cosines: Vec<f64> = ranking.hits.iter().map(|hit| hit.cosine.into()).collect();
        cosines.sort_by(f64::total_cmp);
        let middle = cosines[cosines.len() / 2];
        let mut below: Vec<f64> = cosines.iter().filter(|&&c| c < middle).map(|c| middle - c).collect();
        below.sort_by(f64::total_cmp);
        let spread = below.get(below.len() / 2).map_or(1e-6, |median| 1.4826 * median);
        let threshold = 2.5 + 0.6 * (vectors.len() as f64).log10();
        assert!((ranking.middle - middle).abs() < 1e-6 && (ranking.spread - spread).abs() < 1e-6, "{count}");
        assert!((ranking.threshold - threshold).abs() < 1e-12, "{count}");
        let line = cosines.iter().filter(|&&cosine| (cosine - middle) / spread >= threshold).count();
        assert_eq!(ranking.line, line, "{count}");
        assert!(count < 500 || line >= count / 60, "{count}: {line} of those that are like it");
        // One that is the query itself is no rival.
        assert_eq!(index.rank(&query, &[&query], 10, &Filter::default()).unwrap().line, ranking.line.min(10));
    }
}

#[test]
fn a_neutral_caption_that_fits_better_leaves_nothing() {
    let mut index = Index::new(header(16, false));
    let axis = |at: usize, lean: f32| -> Vec<f32> {
        let mut vector = vec![0.0; 16];
        (vector[0], vector[at]) = (lean, (1.0 - lean * lean).sqrt());
        vector
    };
    let mut length = 0;
    for number in 0..200 {
        // Three lean towards the query, all others away from it by different amounts.
        let lean = if number < 3 { 0.5 } else { -0.2 + 0.1 * (number % 11) as f32 / 11.0 };
        let vector = axis(if number < 3 { 1 } else { 2 + number % 14 }, lean);
        let record = index
            .picture(&Facts { path: format!("{number:03}").into(), ..Facts::default() }, &vector)
            .unwrap();
        index.apply(&record, length);
        length += record.len() as u64;
    }
    let line = |rivals: &[&[f32]]| index.rank(&axis(15, 1.0), rivals, 50, &Filter::default()).unwrap().line;
    assert_eq!(line(&[]), 3);
    assert_eq!(line(&[&axis(5, 0.3)]), 3, "it fits other pictures");
    assert_eq!(line(&[&axis(1, 0.0)]), 0, "it fits those three better");
}

#[test]
fn folders_and_neighbours_are_those_of_the_paths() {
    let mut index = Index::new(header(4, false));
    let mut length = 0;
    for path in ["a/b/2", "a/b/1", "a/b/3", "a/b", "a/b/c/1", "top", "d/4", "a/b/10"] {
        let facts = Facts { path: path.into(), ..Facts::default() };
        let record = index.picture(&facts, &[1.0, 0.0, 0.0, 0.0]).unwrap();
        index.apply(&record, length);
        length += record.len() as u64;
    }
    assert_eq!(index.folders(), ["a", "a/b", "a/b/c", "d"]);
    let around = |path: &str, count| -> Vec<&str> {
        let ids = index.neighbours(index.at_path(path).unwrap(), count).unwrap();
        ids.into_iter().map(|id| &*index.facts(id).unwrap().path).collect()
    };
    assert_eq!(around("a/b/2", 9), ["a/b/1", "a/b/10", "a/b/2", "a/b/3"]);
    assert_eq!(around("a/b/1", 2), ["a/b/1", "a/b/10"]);
    assert_eq!(around("a/b/3", 2), ["a/b/2", "a/b/3"]);
    assert_eq!(around("top", 5), ["top"]);
    assert!(index.neighbours(99, 3).is_err());
}
