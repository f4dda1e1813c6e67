//! The page's and the library's modules.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::is_comment;
use crate::sources::{files, read, resolve};

/// Which files and folders a module may import from, by where it lies.
const IMPORTS: [(&str, &[&str]); 11] = [
    ("semblance.js", &["www/engine/", "www/site.js"]),
    ("semblance-classifier.js", &["www/element/", "semblance.js"]),
    ("www/element/", &["www/element/"]),
    ("www/engine/", &["www/engine/", "www/site.js", "wasm/"]),
    ("www/main.js", &["www/shell/", "www/views.js", "www/engine/running/builds.js", "semblance.js"]),
    ("www/views.js", &["www/views/"]),
    ("www/site.js", &[]),
    ("www/start.js", &["www/engine/running/builds.js", "www/engine/api/protocol.js"]),
    ("www/shell/offline.js", &["www/site.js", "www/engine/running/builds.js"]),
    ("www/shell/leaving.js", &["www/engine/storage/zip.js", "www/engine/storage/crc32.js"]),
    ("www/shell/", &["www/shell/", "www/site.js"]),
];

#[test]
fn javascript_imports_point_down() {
    let mut wrong = Vec::new();
    for file in sources() {
        let name = file.to_string_lossy();
        let allowed = allowed(&name);
        for target in imports(&file) {
            if !allowed.iter().any(|folder| target.starts_with(folder)) {
                wrong.push(format!("{name} imports {target}; allowed: {allowed:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What views with a library of pictures have in common is theirs alone: the first visit does without it.
#[test]
fn the_shell_itself_knows_no_library() {
    let shell = sources().into_iter().filter(|file| file.starts_with("www/shell"));
    let own = shell.filter(|file| !file.starts_with("www/shell/library"));
    let wrong: Vec<_> = own
        .filter(|file| imports(file).iter().any(|target| target.starts_with("www/shell/library/")))
        .collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}

/// A view is loaded when it is opened, by its line in the list, and each line has its folder.
#[test]
fn every_view_is_a_line_and_a_folder() {
    let list = read("www/views.js".as_ref());
    let folders = files("www/views", "js");
    let folders: BTreeSet<_> = folders.iter().filter_map(|file| file.iter().nth(2)?.to_str()).collect();
    for view in folders {
        let line = format!("import(\"./views/{view}/{view}.js\")");
        assert_eq!(list.lines().filter(|text| text.contains(&line)).count(), 1, "{view} in www/views.js");
        for part in [format!("{view}.js"), "view.css".into(), "view.html".into(), "words.js".into()] {
            read(format!("www/views/{view}/{part}").as_ref());
        }
        let markup = read(format!("www/views/{view}/view.html").as_ref());
        assert!(
            markup.contains(&format!("data-view=\"{view}\"")),
            "www/views/{view}/view.html says whose it is"
        );
    }
}

/// A view knows the shell and itself: nothing of another view, and nothing of the engine.
fn allowed(name: &str) -> Vec<String> {
    if let Some(view) = name.strip_prefix("www/views/").and_then(|rest| rest.split('/').next()) {
        return vec!["www/shell/".to_owned(), format!("www/views/{view}/")];
    }
    let (_, allowed) = IMPORTS.iter().find(|(from, _)| name.starts_with(from)).unwrap();
    allowed.iter().map(|&folder| folder.to_owned()).collect()
}

pub(crate) fn sources() -> Vec<PathBuf> {
    let mut sources = files("www", "js");
    sources.extend(["semblance.js".into(), "semblance-classifier.js".into()]);
    sources
}

/// What a module imports, as paths from the root.
pub(crate) fn imports(file: &Path) -> Vec<String> {
    let source = read(file);
    let lines = source.lines().filter(|line| !is_comment(line));
    let quoted = lines.flat_map(|line| {
        ["from \"", "import \"", "import(\""]
            .into_iter()
            .filter_map(move |word| line.split(word).nth(1)?.split('"').next())
    });
    quoted.map(|target| resolve(file.parent().unwrap(), target)).collect()
}
