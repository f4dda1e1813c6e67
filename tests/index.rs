//! Libraries of pictures natively: the files are the browser's, and everything comes back.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)]

#[path = "../crates/index/tests/random/mod.rs"]
#[allow(dead_code, reason = "the index's own tests use all of it")]
mod random;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use random::{Random, header};
use semblance::index::{Added, Facts, Filter, Format, Index, Part, Term, model_hash};
use semblance::{Clip, Error, Picture};
use semblance_index::Header;

fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn filled(folder: &Path, count: u32, exact: bool) -> (Index, Vec<Vec<f32>>) {
    let mut random = Random(3);
    let mut index = Index::open_with(folder, Some(header(40, exact))).unwrap();
    let vectors: Vec<Vec<f32>> = (0..count).map(|_| random.unit(40)).collect();
    for (number, vector) in vectors.iter().enumerate() {
        let facts = random.facts(format!("ä b/{}/{number}.jpg", number % 5));
        index.put(&facts, vector, (number % 3 == 0).then_some(&[number as u8; 9])).unwrap();
    }
    (index, vectors)
}

/// Everything that is known of each picture, by its path.
fn contents(index: &mut Index) -> BTreeMap<String, (Facts, Option<Vec<u8>>)> {
    let ids = index.ids();
    ids.into_iter()
        .map(|id| {
            let facts = index.facts(id).unwrap().clone();
            let small = index.thumbnail(id).unwrap();
            (facts.path.to_string(), (Facts { thumbnail: None, ..facts }, small))
        })
        .collect()
}

#[test]
fn what_was_put_is_there_when_it_is_opened_again() {
    for exact in [false, true] {
        let folder = tempfile::tempdir().unwrap();
        let (mut index, vectors) = filled(folder.path(), 300, exact);
        index.remove(&[5, 9]).unwrap();
        let before = contents(&mut index);
        let query = [Part { vector: &vectors[17], weight: 1.0 }];
        let found = index.rank(&query, &[], 20, &Filter::default()).unwrap();
        assert_eq!(found.hits[0].id, 18);
        let held = Index::open_with(folder.path(), None).map(drop).unwrap_err().to_string();
        assert!(held.contains("another process"), "{held}");
        drop(index);
        let mut index = Index::open_with(folder.path(), Some(header(40, exact))).unwrap();
        assert_eq!((index.stats().pictures, index.damaged()), (298, 0));
        assert_eq!(contents(&mut index), before);
        assert_eq!(index.rank(&query, &[], 20, &Filter::default()).unwrap(), found);
        let similar = index.similar_to(18, 20, &Filter::default()).unwrap();
        assert!(similar.hits.iter().all(|hit| hit.id != 18) && similar.hits.len() == 20);
        if exact {
            assert_eq!(index.vector(18).unwrap(), vectors[17]);
        }
        drop(index);
        // Another model's.
        let other = Header { model: [8; 32], ..header(40, exact) };
        assert!(matches!(Index::open_with(folder.path(), Some(other)), Err(Error::Index(_))));
        // Cut off in the middle of its last record.
        let file = folder.path().join("0.records");
        let length = fs::metadata(&file).unwrap().len();
        fs::OpenOptions::new().write(true).open(&file).unwrap().set_len(length - 3).unwrap();
        let index = Index::open_with(folder.path(), None).unwrap();
        assert_eq!(index.stats().pictures, 299, "the last removal is not whole");
    }
    let nothing = tempfile::tempdir().unwrap();
    assert!(Index::open_with(nothing.path().join("none"), None).is_err());
}

#[test]
fn a_library_leaves_and_comes_back_in_every_format() {
    for exact in [false, true] {
        let folder = tempfile::tempdir().unwrap();
        let (mut index, vectors) = filled(&folder.path().join("first"), 1100, exact);
        let (before, header) = (contents(&mut index), *index.header());
        for (format, name) in [
            (Format::Library, "whole.zip"),
            (Format::Npy, "npy.zip"),
            (Format::Safetensors, "safetensors.zip"),
            (Format::Parquet, "table.parquet"),
        ] {
            let file = folder.path().join(name);
            index.export(format, &file).unwrap();
            let to = folder.path().join(format!("from {name}"));
            let mut back = Index::import(&file, &to, exact).unwrap();
            assert_eq!(*back.header(), header, "{name}");
            let mut expected = before.clone();
            if format != Format::Library {
                expected.values_mut().for_each(|(_, small)| *small = None);
            }
            assert_eq!(contents(&mut back), expected, "{name}");
            for (number, vector) in vectors.iter().enumerate().step_by(97) {
                let id = back.at_path(&format!("ä b/{}/{number}.jpg", number % 5)).unwrap();
                let found = back.vector(id).unwrap();
                let most = found.iter().zip(vector).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
                assert!(most <= if exact { 0.0 } else { 0.006 }, "{name}: off by {most}");
            }
            assert!(Index::import(&file, &to, exact).is_err(), "{name}: there is one already");
        }
        let wrong = folder.path().join("wrong");
        for bytes in [&b"PAR1 and nothing"[..], b"PK\x05\x06", b"text"] {
            fs::write(&wrong, bytes).unwrap();
            assert!(Index::import(&wrong, folder.path().join("never"), exact).is_err());
        }
    }
}

#[test]
fn a_folder_is_added_searched_and_added_again() {
    let (folder, library) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let trip = folder.path().join("trip");
    fs::create_dir_all(trip.join("deep")).unwrap();
    for name in ["bee", "boats", "bridge", "cat", "citrus", "coffee"] {
        fs::copy(repository(&format!("assets/samples/{name}.jpg")), trip.join(format!("{name}.jpg")))
            .unwrap();
    }
    fs::write(trip.join("bad.jpg"), "no picture").unwrap();
    fs::write(trip.join("notes.txt"), "no picture either").unwrap();
    let mut clip = Clip::load(repository("models/pocket")).unwrap();
    let hash = model_hash(repository("models/pocket/pocket-q8_0.gguf")).unwrap();
    let mut index = Index::open(library.path(), &clip, hash).unwrap();
    let added = index.add_folder(&clip, &trip, |_, _| {}).unwrap();
    assert_eq!((added.added, added.failed.len()), (6, 1));
    let any = Filter::default();
    let path = |index: &Index, id| index.facts(id).unwrap().path.to_string();
    let found = index.search(&mut clip, &[(Term::Text("a photo of a bridge"), 1.0)], 3, &any).unwrap();
    assert_eq!(path(&index, found.hits[0].id), "trip/bridge.jpg");
    let cat = Picture::open(trip.join("cat.jpg")).unwrap();
    let found = index.search(&mut clip, &[(Term::Picture(&cat), 1.0)], 1, &any).unwrap();
    assert_eq!(path(&index, found.hits[0].id), "trip/cat.jpg");
    let terms = [(Term::Text("a photo of a bee"), 1.0), (Term::Id(found.hits[0].id), -1.0)];
    let found = index.search(&mut clip, &terms, 9, &any).unwrap();
    assert_eq!(path(&index, found.hits[0].id), "trip/bee.jpg");
    assert_eq!(path(&index, found.hits[5].id), "trip/cat.jpg");
    let small = index.thumbnail(found.hits[0].id).unwrap().unwrap();
    let (width, height) = Picture::decode(&small).unwrap().size();
    assert_eq!(width.max(height), 256);

    fs::rename(trip.join("cat.jpg"), trip.join("deep/tom.jpg")).unwrap();
    fs::remove_file(trip.join("boats.jpg")).unwrap();
    fs::copy(trip.join("bee.jpg"), trip.join("copy.jpg")).unwrap();
    fs::copy(repository("assets/samples/moose.jpg"), trip.join("moose.jpg")).unwrap();
    let again = index.add_folder(&clip, &trip, |_, _| {}).unwrap();
    let expected =
        Added { added: 1, unchanged: 4, same: 1, renamed: 1, removed: 1, failed: again.failed.clone() };
    assert_eq!(again, expected);
    let paths: Vec<String> = index.ids().into_iter().map(|id| path(&index, id)).collect();
    let names =
        ["bee.jpg", "bridge.jpg", "citrus.jpg", "coffee.jpg", "copy.jpg", "deep/tom.jpg", "moose.jpg"];
    assert_eq!(paths, names.map(|name| format!("trip/{name}")));
}
