//! The layers of ARCHITECTURE.md hold: imports point down only, and every platform feature has one home.

// A test that cannot read its golden has failed.
#![allow(clippy::unwrap_used)]
#![cfg(not(target_arch = "wasm32"))]

mod sources;

use std::path::Path;

use sources::{files, read, resolve};

/// The Rust modules from the bottom up: each may use those of the lines above it, and its own parts.
const LAYERS: [&[&str]; 11] = [
    &["error"],
    &["kernels"],
    &["bundle", "picture"],
    &["tokenizer", "preprocess"],
    &["model"],
    &["prompt"],
    &["classify"],
    &["text_cache"],
    &["clip"],
    &["loader"],
    &["api"],
];

/// What may be used where: a word, the kind of file it is looked for in, and its homes.
const HOMES: [(&str, &str, &[&str]); 15] = [
    ("wasm_bindgen", "rs", &["src/api.rs"]),
    ("js_sys", "rs", &["src/api.rs"]),
    ("unsafe ", "rs", &["src/kernels/"]),
    ("postMessage(", "js", MESSAGES),
    (
        "fetch(",
        "js",
        &[
            "www/engine/fetching/download.js",
            "www/shell/pictures/address.js",
            "www/shell/pictures/samples.js",
        ],
    ),
    ("XMLHttpRequest", "js", &[]),
    ("caches.", "js", &["www/engine/storage/disk.js"]),
    ("getDirectory(", "js", &["www/engine/storage/disk.js"]),
    ("navigator.locks", "js", &["www/engine/storage/store.js"]),
    ("indexedDB", "js", &["www/engine/storage/vectors.js"]),
    ("localStorage", "js", &[]),
    ("sessionStorage", "js", &["www/shell/isolation.js"]),
    (
        "serviceWorker",
        "js",
        &["www/shell/isolation.js", "www/shell/offline.js", "www/shell/panel/status-panel.js"],
    ),
    ("innerHTML", "js", &[]),
    (
        "new Worker(",
        "js",
        &[
            "www/start.js",
            "www/engine/api/client.js",
            "www/engine/pictures/decoders.js",
            "www/engine/running/threads.js",
        ],
    ),
];

/// Both ends of each kind of worker, the one that yields through a channel, and the page's to the service worker.
const MESSAGES: &[&str] = &[
    "www/shell/offline.js",
    "www/engine/api/client.js",
    "www/engine/api/worker.js",
    "www/engine/running/steps.js",
    "www/engine/pictures/decoder.js",
    "www/engine/pictures/decoders.js",
    "www/engine/running/thread.js",
    "www/engine/running/threads.js",
];

/// Which folders a JavaScript file may import from.
const IMPORTS: [(&str, &[&str]); 8] = [
    ("semblance.js", &["www/engine/"]),
    ("www/engine/", &["www/engine/", "www/site.js", "wasm/"]),
    ("www/main.js", &["www/", "semblance.js"]),
    ("www/site.js", &[]),
    ("www/start.js", &["www/engine/running/builds.js"]),
    ("www/shell/offline.js", &["www/site.js", "www/engine/running/builds.js"]),
    ("www/shell/", &["www/shell/", "www/site.js"]),
    ("www/views/match/", &["www/shell/", "www/views/match/"]),
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

#[test]
fn every_platform_feature_has_one_home() {
    let mut wrong = Vec::new();
    for (word, kind, homes) in HOMES {
        let mut sources = files(if kind == "rs" { "src" } else { "www" }, kind);
        if kind == "js" {
            sources.push("semblance.js".into());
        }
        for file in sources {
            let at_home = homes.iter().any(|home| file.to_string_lossy().starts_with(home));
            // Rust's unit tests run in the browser as well, by `wasm_bindgen_test`.
            let text = if kind == "rs" { without_tests(&read(&file)) } else { read(&file) };
            let found = text.lines().any(|line| !is_comment(line) && line.contains(word));
            if found && !at_home {
                wrong.push(format!("{} uses {word}; its home is {homes:?}", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn javascript_imports_point_down() {
    let mut sources = files("www", "js");
    sources.push("semblance.js".into());
    let mut wrong = Vec::new();
    for file in sources {
        let name = file.to_string_lossy().into_owned();
        let (_, allowed) = IMPORTS.iter().find(|(from, _)| name.starts_with(from)).unwrap();
        for line in read(&file).lines().filter(|line| !is_comment(line)) {
            let quoted =
                ["from \"", "import \"", "import(\""].iter().find_map(|word| line.split(word).nth(1));
            let Some(target) = quoted.and_then(|rest| rest.split('"').next()) else { continue };
            let target = resolve(file.parent().unwrap(), target);
            if !allowed.iter().any(|folder| target.starts_with(folder)) {
                wrong.push(format!("{name} imports {target}; allowed: {allowed:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn colours_stand_in_the_tokens_only() {
    let mut wrong = Vec::new();
    for file in files("www", "css").iter().filter(|file| !file.ends_with("styles/tokens.css")) {
        for (i, line) in read(file).lines().enumerate() {
            let hex = line.split('#').skip(1).any(|rest| {
                let digits = rest.chars().take_while(char::is_ascii_hexdigit).count();
                [3, 4, 6, 8].contains(&digits) && line.contains(':')
            });
            if hex || ["rgb(", "rgba(", "hsl(", "oklch("].iter().any(|word| line.contains(word)) {
                wrong.push(format!("{}:{}: {}", file.display(), i + 1, line.trim()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
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

/// Tests may use what they like.
fn without_tests(source: &str) -> String {
    source.split("#[cfg(test)]").next().unwrap().to_owned()
}

fn is_comment(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("//") || line.starts_with('*') || line.starts_with("/*")
}
