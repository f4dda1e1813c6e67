//! The engine's modules.

use std::path::Path;

use crate::sources::{files, read};
use crate::without_tests;

/// The Rust modules from the bottom up: each may use those of the lines above it, and its own parts.
const LAYERS: [&[&str]; 17] = [
    &["error"],
    &["kernels"],
    &["bundle", "picture"],
    &["tokenizer", "preprocess"],
    &["model"],
    &["prompt"],
    &["classify"],
    &["explain"],
    &["clip"],
    &["measure"],
    &["index"],
    &["organise"],
    &["describe"],
    &["classifier"],
    &["loader"],
    &["captioner"],
    &["api"],
];

#[test]
fn rust_modules_use_only_what_lies_below() {
    let mut wrong = Vec::new();
    for (layer, modules) in LAYERS.iter().enumerate() {
        let allowed: Vec<&str> = LAYERS[..layer].concat();
        for file in files("src", "rs").iter().filter(|file| modules.contains(&module_of(file).as_str())) {
            for line in without_tests(&read(file)).lines() {
                for used in modules_used(line) {
                    if used != module_of(file) && !allowed.contains(&used.as_str()) {
                        wrong.push(format!("{}: {}", file.display(), line.trim()));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "imports that point up or sideways:\n{}", wrong.join("\n"));
    for file in files("src", "rs") {
        let module = module_of(&file);
        assert!(module == "lib" || LAYERS.concat().contains(&module.as_str()), "{module} is in no layer");
    }
}

/// The modules that a line names: `crate::bundle::…` names one, `crate::{Result, prompt}` may name several.
fn modules_used(line: &str) -> Vec<String> {
    let paths = line.split("crate::").skip(1).flat_map(|path| match path.strip_prefix('{') {
        Some(group) => group.split('}').next().unwrap().split(',').collect(),
        None => vec![path],
    });
    let name = |path: &str| path.trim().chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect();
    paths.map(name).filter(|name: &String| !name.is_empty()).collect()
}

/// The top-level module a source file belongs to.
fn module_of(file: &Path) -> String {
    let below = file.strip_prefix("src").unwrap();
    below.iter().next().unwrap().to_string_lossy().trim_end_matches(".rs").to_owned()
}
