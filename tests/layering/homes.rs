//! What may be used in one place only.

use crate::sources::{files, read};
use crate::{is_comment, without_tests};

/// What may be used where: a word, the kind of file it is looked for in, and its homes.
const HOMES: [(&str, &str, &[&str]); 15] = [
    ("wasm_bindgen", "rs", APIS),
    ("js_sys", "rs", APIS),
    ("unsafe ", "rs", &["src/kernels/", "crates/index/src/scan/"]),
    ("postMessage(", "js", MESSAGES),
    (
        "fetch(",
        "js",
        &[
            "www/engine/fetching/download.js",
            "www/shell/navigation/views.js",
            "www/shell/pictures/address.js",
            "www/shell/pictures/samples.js",
        ],
    ),
    ("XMLHttpRequest", "js", &[]),
    ("caches.", "js", &["www/engine/storage/disk.js"]),
    ("getDirectory(", "js", &["www/engine/storage/disk.js", "www/engine/index/files.js"]),
    ("navigator.locks", "js", &["www/engine/storage/store.js", "www/engine/index/files.js"]),
    ("indexedDB", "js", &["www/engine/storage/vectors.js", "www/shell/keeping.js"]),
    ("localStorage", "js", &[]),
    ("sessionStorage", "js", &["www/shell/isolation.js"]),
    (
        "serviceWorker",
        "js",
        &["www/shell/isolation.js", "www/shell/offline.js", "www/shell/panel/status-panel.js"],
    ),
    ("innerHTML", "js", &[]),
    ("new Worker(", "js", &["www/start.js", "www/engine/running/workers.js"]),
];

/// Where Rust meets JavaScript.
const APIS: &[&str] = &[
    "src/api/captioner.rs",
    "src/api/clip.rs",
    "src/api/shared.rs",
    "crates/describe/src/api.rs",
    "crates/index/src/api.rs",
    "crates/labels/src/api.rs",
    "crates/measure/src/api.rs",
    "crates/organise/src/api.rs",
    "crates/tables/src/api.rs",
    "crates/teach/src/api.rs",
];

/// Both ends of each kind of worker, the one that yields through a channel, and the page's to the service worker.
const MESSAGES: &[&str] = &[
    "www/shell/offline.js",
    "www/engine/api/client.js",
    "www/engine/api/worker.js",
    "www/engine/index/worker.js",
    "www/engine/running/answering.js",
    "www/engine/running/messenger.js",
    "www/engine/running/steps.js",
    "www/engine/pictures/decoder.js",
    "www/engine/pictures/decoders.js",
    "www/engine/running/thread.js",
    "www/engine/running/threads.js",
    "www/engine/storage/hasher.js",
];

#[test]
fn every_platform_feature_has_one_home() {
    let mut wrong = Vec::new();
    for (word, kind, homes) in HOMES {
        let mut sources = files(if kind == "rs" { "src" } else { "www" }, kind);
        match kind {
            "rs" => sources.extend(
                files("crates", kind)
                    .into_iter()
                    .filter(|file| file.iter().nth(2).is_some_and(|part| part == "src")),
            ),
            _ => sources.extend(["semblance.js".into(), "semblance-classifier.js".into()]),
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
