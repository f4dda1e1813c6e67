//! Against files that NumPy, safetensors and Arrow wrote (`tests/tools/make_tables.py`), natively and in the browser.

#![allow(clippy::unwrap_used)]

use semblance_tables::parquet::{self, Writer};
use semblance_tables::{Error, List, Table, vectors};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

macro_rules! golden {
    ($name:literal) => {
        include_bytes!(concat!("../../../tests/golden/tables/", $name))
    };
}

const NPY: &[u8] = golden!("vectors.npy");
const SAFETENSORS: &[u8] = golden!("vectors.safetensors");
const LIST: &[u8] = golden!("pictures.json");
const PARQUET: &[u8] = golden!("table.parquet");

fn table() -> Table {
    Table::new(List::from_json(LIST).unwrap(), vectors::from_npy(NPY).unwrap().0).unwrap()
}

#[test]
fn what_others_wrote_is_read() {
    let table = table();
    assert_eq!((table.list.pictures.len(), table.list.dim), (7, 5));
    assert_eq!(table.vectors[..4], [-0.5, 37.0 / 64.0 - 0.5, 10.0 / 64.0 - 0.5, 47.0 / 64.0 - 0.5]);
    assert_eq!(table.list.pictures[2].path, "日本/c d.webp");
    assert_eq!(table.list.pictures[2].taken, Some(-172_800_000));
    assert_eq!(table.list.pictures[1].taken, None);
    assert_eq!(vectors::from_safetensors(SAFETENSORS).unwrap(), vectors::from_npy(NPY).unwrap());
    assert_eq!(parquet::read(PARQUET.to_vec()).unwrap(), table);
}

fn numbers(table: &Table) -> Vec<u8> {
    table.vectors.iter().flat_map(|number| number.to_le_bytes()).collect()
}

#[test]
fn what_is_written_is_what_others_write() {
    let table = table();
    assert_eq!([vectors::npy_header(7, 5), numbers(&table)].concat(), NPY);
    assert_eq!([vectors::safetensors_header(7, 5).unwrap(), numbers(&table)].concat(), SAFETENSORS);
    assert_eq!(List::from_json(&table.list.to_json()).unwrap(), table.list);
    let file = written(&table, 3);
    assert_eq!(parquet::read(file.clone()).unwrap(), table);
    // For `make_tables.py --check`.
    #[cfg(not(target_arch = "wasm32"))]
    {
        let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("tables");
        std::fs::create_dir_all(&folder).unwrap();
        let npy = [vectors::npy_header(7, 5), numbers(&table)].concat();
        let safetensors = [vectors::safetensors_header(7, 5).unwrap(), numbers(&table)].concat();
        for (name, bytes) in [
            ("vectors.npy", npy),
            ("vectors.safetensors", safetensors),
            ("pictures.json", table.list.to_json()),
            ("table.parquet", file),
        ] {
            std::fs::write(folder.join(name), bytes).unwrap();
        }
    }
}

/// Written in groups of so many.
fn written(table: &Table, group: usize) -> Vec<u8> {
    let mut writer = Writer::new(&table.list.model, table.list.dim).unwrap();
    let mut file = Vec::new();
    let dim = table.list.dim as usize;
    for (pictures, vectors) in table.list.pictures.chunks(group).zip(table.vectors.chunks(group * dim)) {
        file.extend(writer.push(pictures, vectors).unwrap());
    }
    file.extend(writer.finish().unwrap());
    file
}

#[test]
fn headers_of_any_length_are_numpys() {
    for (count, dim) in [(0, 1), (1, 512), (99_999, 768), (1_000_000, 1024), (u32::MAX, 65_536)] {
        let header = vectors::npy_header(count, dim);
        assert_eq!(header.len() % 64, 0, "{count} × {dim}");
        if count < 100 {
            let bytes = [header, vec![0; 4 * (count * dim) as usize]].concat();
            assert_eq!(vectors::from_npy(&bytes).unwrap(), (vec![0.0; (count * dim) as usize], dim));
        }
    }
}

#[test]
fn what_is_wrong_is_refused_and_said() {
    let changed = |from: &str, to: &str| {
        let text = String::from_utf8_lossy(&NPY[..128]).into_owned();
        let at = text.find(from).unwrap();
        let mut bytes = NPY.to_vec();
        // Lossy text has three bytes for the first one.
        bytes[at - 2..at - 2 + to.len()].copy_from_slice(to.as_bytes());
        bytes
    };
    let cases = [
        (NPY[..40].to_vec(), "cut off"),
        (NPY[..200].to_vec(), "cut off"),
        (b"text".to_vec(), "begin"),
        (changed("<f4", "<f8"), "float32"),
        (changed("False", "True "), "column"),
        (changed("(7, 5)", "(35, )"), "two axes"),
        (changed("(7, 5)", "(9, 9)"), "cut off"),
    ];
    for (bytes, why) in cases {
        let said = vectors::from_npy(&bytes).unwrap_err().to_string();
        assert!(said.contains(why), "{said}, expected {why}");
    }
    for length in [0, 7, 8, 60, SAFETENSORS.len() - 1] {
        assert!(vectors::from_safetensors(&SAFETENSORS[..length]).is_err(), "{length}");
    }
    for length in [0, 4, PARQUET.len() / 2, PARQUET.len() - 1] {
        assert!(matches!(parquet::read(PARQUET[..length].to_vec()), Err(Error::Parquet(_))), "{length}");
    }
    let list = table().list;
    assert!(matches!(Table::new(list.clone(), vec![0.0; 34]), Err(Error::Fit { .. })));
    assert!(matches!(Table::new(list, vec![f32::NAN; 35]), Err(Error::NotFinite)));
    let bad = String::from_utf8_lossy(LIST).replace("\"width\"", "\"wide\"");
    assert!(matches!(List::from_json(bad.as_bytes()), Err(Error::List(_))));
}

/// Damage in any place of a table is an error, or other contents, and nothing worse; in WebAssembly the module may stop,
/// and whoever has called it starts another one.
#[cfg(not(target_arch = "wasm32"))]
#[test]
fn no_damage_to_a_table_is_a_panic() {
    // What the crate says when it panics is of no interest.
    std::panic::set_hook(Box::new(|_| {}));
    let mut state = 1_u64;
    for _ in 0..3000 {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let mut bytes = PARQUET.to_vec();
        let at = (state >> 33) as usize % bytes.len();
        bytes[at] ^= 1 << (state % 8);
        let _ = parquet::read(bytes);
    }
    let _ = std::panic::take_hook();
}
