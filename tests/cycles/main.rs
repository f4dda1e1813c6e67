//! No file needs, by whatever way round, one that needs it: a folder's module may use its parts, and then they don't
//! use it back. What a module only hands on (`pub use`) counts as used from where it stands.

// A test that cannot read its sources has failed.
#![allow(clippy::unwrap_used)]
#![cfg(not(target_arch = "wasm32"))]

mod rust;
#[path = "../sources/mod.rs"]
mod sources;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use sources::{files, read, resolve};

/// Which file uses which others.
type Uses = BTreeMap<String, BTreeSet<String>>;

#[test]
fn rust_files_need_each_other_in_no_circle() {
    // A use that is known is found, lest a blind reader find no circle.
    for (root, known) in [
        ("src", ("src/kernels/relaxed.rs", "src/kernels/tile.rs")),
        ("tools/pack/src", ("tools/pack/src/source.rs", "tools/pack/src/fetch.rs")),
    ] {
        let uses = rust::uses(&texts(root, "rs"), root);
        assert!(uses[known.0].contains(known.1), "{} uses {}", known.0, known.1);
        assert_eq!(circles(&uses), Vec::<String>::new());
    }
}

#[test]
fn javascript_files_import_each_other_in_no_circle() {
    let mut files = texts("www", "js");
    files.extend(["semblance.js"].map(|file| (file.to_owned(), read(Path::new(file)))));
    let uses: Uses = files.iter().map(|(file, source)| (file.clone(), imports(file, source))).collect();
    assert!(uses["semblance.js"].contains("www/engine/api/client.js"));
    assert_eq!(circles(&uses), Vec::<String>::new());
}

#[test]
fn circles_are_found() {
    let rust = |files: &[(&str, &str)]| {
        let files: Vec<_> =
            files.iter().map(|(file, text)| (format!("s/{file}.rs"), (*text).into())).collect();
        circles(&rust::uses(&files, "s"))
    };
    let mut wrong = Vec::new();
    for (what, files, expected) in [
        ("down only", &[("a", "mod b; mod c;"), ("a/b", "use super::c::X;"), ("a/c", "")][..], &[][..]),
        ("side by side", &[("b", "use crate::c;"), ("c", "use super::b::X;")], &["s/b.rs → s/c.rs → s/b.rs"]),
        ("parent and part", &[("a", "mod b;"), ("a/b", "use super::X;")], &["s/a.rs → s/a/b.rs → s/a.rs"]),
        (
            "handed on",
            &[("a", "mod b; mod c; pub use b::{self, X};"), ("a/b", ""), ("a/c", "use super::X;")],
            &[],
        ),
        (
            "handed on from afar",
            &[
                ("lib", "mod a; mod b; pub use a::X;"),
                ("a", "struct X; impl X { fn f(_: crate::X) {} }"),
                ("b", "use crate::X;"),
            ],
            &[],
        ),
        (
            "in a group, over lines, renamed",
            &[("a", "use crate::{c as d, b::{\n self,\n X as Y}};"), ("b", "use crate::a::{Z};"), ("c", "")],
            &["s/a.rs → s/b.rs → s/a.rs"],
        ),
        (
            "in the code",
            &[("a", "fn f() { crate::b::f(1) }"), ("b", "type X = super::a::X;")],
            &["s/a.rs → s/b.rs → s/a.rs"],
        ),
        ("all of it", &[("a", "use crate::b::*;"), ("b", "use crate::a::*;")], &["s/a.rs → s/b.rs → s/a.rs"]),
        (
            "comments and texts",
            &[
                ("a", "// use crate::b;\n/* use crate::b; */ const X: &str = \"crate::b\";"),
                ("b", "use crate::a;"),
            ],
            &[],
        ),
        (
            "tests",
            &[
                ("a", "#[cfg(test)]\nmod tests { use crate::b; fn f() {} }\nuse crate::c;"),
                ("b", "use crate::a;"),
                ("c", "use crate::a;"),
            ],
            &["s/a.rs → s/c.rs → s/a.rs"],
        ),
    ] {
        let found = rust(files);
        if found != expected {
            wrong.push(format!("{what}: {found:?} instead of {expected:?}"));
        }
    }
    for (source, expected) in [
        ("import { a } from \"./a.js\";", &["www/x/a.js"][..]),
        ("import {\n  a,\n} from \"../a.js\";\nimport \"./b.js\";", &["www/a.js", "www/x/b.js"]),
        ("export * from \"./a.js\";", &["www/x/a.js"]),
        ("/** @import { A } from \"./a.js\" */\n// import \"./b.js\";", &[]),
        ("/** @typedef {import(\"./a.js\").A} A */\nconst a = () => import(\"./b.js\");", &[]),
    ] {
        let found: Vec<String> = imports("www/x/y.js", source).into_iter().collect();
        if found != expected {
            wrong.push(format!("{source}: {found:?} instead of {expected:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Every circle that a walk through all files closes, each as `a → b → a`.
fn circles(uses: &Uses) -> Vec<String> {
    fn walk<'a>(
        uses: &'a Uses,
        file: &'a str,
        way: &mut Vec<&'a str>,
        done: &mut BTreeSet<&'a str>,
        found: &mut Vec<String>,
    ) {
        if let Some(start) = way.iter().position(|before| *before == file) {
            found.push([&way[start..], &[file]].concat().join(" → "));
        } else if !done.contains(file) {
            way.push(file);
            for used in uses.get(file).into_iter().flatten() {
                walk(uses, used, way, done, found);
            }
            way.pop();
            done.insert(file);
        }
    }
    let (mut done, mut found) = (BTreeSet::new(), Vec::new());
    for file in uses.keys() {
        walk(uses, file, &mut Vec::new(), &mut done, &mut found);
    }
    found
}

/// What a JavaScript file imports before it runs. Types are imported in comments.
fn imports(file: &str, source: &str) -> BTreeSet<String> {
    let is_comment = |line: &&str| ["//", "*", "/*"].iter().any(|start| line.starts_with(start));
    let lines = source.lines().map(str::trim_start).filter(|line| !is_comment(line));
    let folder = Path::new(file).parent().unwrap();
    let target = |line: &str| {
        let ends_one = ["import ", "export ", "} from "].iter().any(|start| line.starts_with(start));
        let quoted = ["from \"", "import \""].iter().find_map(|word| line.split_once(word))?.1;
        ends_one.then(|| resolve(folder, quoted.split('"').next().unwrap_or_default()))
    };
    lines.filter_map(target).collect()
}

/// All files below a folder with this extension: their paths from the root, and their texts.
fn texts(folder: &str, extension: &str) -> Vec<(String, String)> {
    let text = |file: &PathBuf| (file.to_str().unwrap().replace('\\', "/"), read(file));
    files(folder, extension).iter().map(text).collect()
}
