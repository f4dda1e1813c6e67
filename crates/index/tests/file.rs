//! The file: whatever was written is read back, whatever happened to it.

#![allow(clippy::unwrap_used)]

mod random;

use std::collections::BTreeMap;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use random::{Random, header};
use semblance_index::{Error, Facts, Index, Opened, Opening, Report};

/// A file, and the index of what was written to it.
struct Written {
    index: Index,
    file: Vec<u8>,
    /// Where each record ends.
    ends: Vec<usize>,
}

impl Written {
    fn new(dim: usize, exact: bool) -> Self {
        Self { index: Index::new(header(dim, exact)), file: Vec::new(), ends: vec![0] }
    }

    fn append(&mut self, record: &[u8]) {
        self.index.apply(record, self.file.len() as u64);
        self.file.extend(record);
        self.ends.push(self.file.len());
    }

    fn add(&mut self, facts: &Facts, vector: &[f32]) {
        let record = self.index.picture(facts, vector).unwrap();
        self.append(&record);
    }
}

/// So many pictures, some of them changed, renamed and removed again; and by their paths what should be there.
fn written(
    random: &mut Random,
    exact: bool,
    pictures: usize,
) -> (Written, BTreeMap<String, (Facts, Vec<f32>)>) {
    let dim = 1 + random.below(70);
    let mut written = Written::new(dim, exact);
    let mut expected = BTreeMap::<String, (Facts, Vec<f32>)>::new();
    for number in 0..pictures {
        let some = |random: &mut Random, expected: &BTreeMap<String, _>| {
            expected.keys().nth(random.below(expected.len().max(1))).cloned()
        };
        match (random.below(6), some(random, &expected)) {
            (0, Some(path)) => {
                let record = written.index.removal(written.index.at_path(&path).unwrap()).unwrap();
                written.append(&record);
                expected.remove(&path);
            }
            (1, Some(path)) => {
                // To a name of its own, or to one that another has.
                let to = some(random, &expected)
                    .filter(|_| number % 3 == 0)
                    .unwrap_or(format!("renamed/{number}"));
                let (facts, vector) = expected.remove(&path).unwrap();
                let facts = Facts { path: to.as_str().into(), ..facts };
                let record = written.index.renewed(written.index.at_path(&path).unwrap(), &facts).unwrap();
                written.append(&record);
                expected.insert(to, (facts, vector));
            }
            (kind, path) => {
                let path = path.filter(|_| kind == 2).unwrap_or(format!("pictures/{number} – ä.jpg"));
                let (facts, vector) = (random.facts(path.clone()), random.unit(dim));
                written.add(&facts, &vector);
                expected.insert(path, (facts, vector));
            }
        }
    }
    (written, expected)
}

fn open(file: &[u8], chunk: usize) -> Result<(Index, Report), Error> {
    let mut opening = Opening::new();
    loop {
        file.chunks(chunk).for_each(|bytes| opening.push(bytes));
        match opening.finish()? {
            Opened::Whole(index, report) => return Ok((index, report)),
            Opened::Again(next) => opening = next,
        }
    }
}

fn check(index: &Index, file: &[u8], expected: &BTreeMap<String, (Facts, Vec<f32>)>) {
    let paths: Vec<_> = index.ids().iter().map(|&id| index.facts(id).unwrap().path.to_string()).collect();
    assert_eq!(paths, expected.keys().cloned().collect::<Vec<_>>());
    for (path, (facts, vector)) in expected {
        let id = index.at_path(path).unwrap();
        assert_eq!(index.facts(id).unwrap(), facts);
        let same = index.of_content(&facts.hash).unwrap();
        assert_eq!(index.facts(same).unwrap().hash, facts.hash);
        let back = index.vector(id).unwrap();
        let cosine: f32 = back.iter().zip(vector).map(|(a, b)| a * b).sum();
        assert!((cosine - 1.0).abs() < 0.01, "{path}: cosine {cosine}");
        let (at, length) = index.vector_place(id).unwrap();
        let bytes = &file[at as usize..][..length];
        if index.header().exact {
            assert_eq!(index.exact_vector(bytes).as_ref(), Some(vector));
        } else {
            assert_eq!(index.exact_vector(bytes), None);
        }
    }
}

#[test]
fn what_was_written_is_read_back_in_chunks_of_any_size() {
    for seed in 0..20 {
        let mut random = Random(seed);
        let (written, expected) = written(&mut random, seed % 2 == 0, 300);
        check(&written.index, &written.file, &expected);
        for chunk in [1 + random.below(40), 4096, written.file.len()] {
            let (index, report) = open(&written.file, chunk).unwrap();
            assert_eq!(report, Report { length: written.file.len() as u64, damaged: 0 });
            check(&index, &written.file, &expected);
            assert_eq!(index.stats(), written.index.stats());
        }
    }
}

#[test]
fn a_file_that_was_cut_off_ends_with_its_last_whole_record() {
    let mut random = Random(5);
    let (written, _) = written(&mut random, false, 30);
    // The first append is two records: the header, and a picture.
    for length in written.ends[1]..written.file.len() {
        let (index, report) = open(&written.file[..length], 1 << 20).unwrap();
        let end = *written.ends.iter().rfind(|&&end| end <= length).unwrap();
        assert_eq!(report, Report { length: end as u64, damaged: 0 }, "cut to {length}");
        let (whole, _) = open(&written.file[..end], 1 << 20).unwrap();
        assert_eq!(index.ids(), whole.ids());
    }
    // Nothing but zeros where the rest should be: the disk lost its power.
    let mut zeros = written.file.clone();
    zeros.resize(zeros.len() + 5000, 0);
    let (_, report) = open(&zeros, 777).unwrap();
    assert_eq!(report, Report { length: written.file.len() as u64, damaged: 0 });
}

#[test]
fn after_damage_in_twenty_places_all_other_pictures_are_there() {
    for seed in 0..30 {
        let mut random = Random(100 + seed);
        let dim = 1 + random.below(100);
        let mut written = Written::new(dim, seed % 3 == 0);
        for number in 0..2500 {
            let (facts, vector) = (random.facts(format!("{number:04}.jpg")), random.unit(dim));
            written.add(&facts, &vector);
        }
        let mut file = written.file.clone();
        let mut hit = std::collections::BTreeSet::new();
        for place in 0..20 {
            // The very first record is among them now and then.
            let at = if place == 0 && seed % 2 == 0 { random.below(70) } else { random.below(file.len()) };
            file[at] ^= 1 << random.below(8);
            hit.insert(written.ends.iter().rposition(|&end| end <= at).unwrap());
        }
        let (index, report) = open(&file, 1 << 16).unwrap();
        let lost = 2500 - index.len();
        assert!(lost <= hit.len() && lost + 2 >= hit.len(), "{lost} lost, {} records hit", hit.len());
        assert!(report.damaged > 0);
        for number in (0..2500).filter(|number| !hit.contains(number)) {
            let path = format!("{number:04}.jpg");
            let id = index.at_path(&path).unwrap();
            assert_eq!(index.facts(id).unwrap(), written.index.facts(id).unwrap());
            assert_eq!(index.vector(id).unwrap(), written.index.vector(id).unwrap());
        }
    }
}

#[test]
fn a_new_file_of_what_counts_is_the_same_index() {
    let mut random = Random(9);
    let (written, expected) = written(&mut random, true, 2000);
    let (index, _) = open(&written.file, 1 << 16).unwrap();
    let before = index.stats();
    assert!(before.waste > 0 && before.waste < before.bytes);
    let mut compact = Written::new(index.header().dim as usize, true);
    for id in index.ids() {
        let (at, length) = index.vector_place(id).unwrap();
        let vector = written.file[at as usize..][..length].to_vec();
        let facts = index.facts(id).unwrap();
        let record = compact.index.copy(id, facts, &vector).unwrap();
        compact.append(&record);
    }
    check(&compact.index, &compact.file, &expected);
    assert_eq!(compact.index.ids(), index.ids());
    assert!(compact.index.stats().waste < 1000 && compact.file.len() < written.file.len());
}

#[test]
fn files_that_are_none_and_vectors_that_do_not_fit_are_refused() {
    assert_eq!(open(b"", 1).err(), Some(Error::NoIndex));
    assert_eq!(open(&[7; 100_000], 999).err(), Some(Error::NoIndex));

    let mut index = Index::new(header(3, false));
    let facts = Random(1).facts("a.jpg".into());
    let short = index.picture(&facts, &[1.0, 0.0]).unwrap_err();
    assert_eq!(short.to_string(), "A vector of this index has 3 finite numbers; this one has 2.");
    assert!(index.picture(&facts, &[1.0, 0.0, f32::NAN]).is_err());
    assert!(index.picture_with(&facts, &[0; 5]).is_err());
    assert_eq!(index.removal(1).unwrap_err(), Error::Missing(1));
    assert_eq!(index.renewed(1, &facts).unwrap_err(), Error::Missing(1));
}
