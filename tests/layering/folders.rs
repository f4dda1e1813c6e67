//! How much lies in one place.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::sources::{files_below, read};

/// Where code lies.
const CODE: [&str; 7] = ["www", "src", "crates", "xtask/src", "tests", "tools", "benches"];
const KINDS: [&str; 7] = ["rs", "js", "ts", "css", "html", "py", "sh"];

/// More than this nobody takes in at a glance.
const FILES_AT_MOST: usize = 20;
const MAIN_AT_MOST: usize = 150;

#[test]
fn no_folder_of_code_is_a_drawer() {
    let mut folders = BTreeMap::<PathBuf, usize>::new();
    for root in CODE {
        for file in files_below(root) {
            if file.extension().is_some_and(|ext| KINDS.iter().any(|kind| ext == *kind)) {
                *folders.entry(file.parent().unwrap().to_owned()).or_default() += 1;
            }
        }
    }
    let full: Vec<_> = folders.iter().filter(|(_, count)| **count > FILES_AT_MOST).collect();
    assert!(full.is_empty(), "folders with more than {FILES_AT_MOST} files of code: {full:?}");
}

#[test]
fn the_composition_root_is_short() {
    let lines = read("www/main.js".as_ref()).lines().count();
    assert!(lines <= MAIN_AT_MOST, "www/main.js has {lines} lines");
}
