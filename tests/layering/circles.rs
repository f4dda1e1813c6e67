//! No module needs, by whatever way round, one that needs it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::{files, javascript, read, without_comments, without_tests};

/// Who uses whom.
type Uses = BTreeMap<String, BTreeSet<String>>;

/// The Rust sources that are looked through, each a crate.
const CRATES: [&str; 2] = ["src", "tools/pack/src"];

/// Folders in which what lies side by side (files and folders) forms no circle either.
const ORDERED: [&str; 3] = ["www", "www/shell", "www/views"];

#[test]
fn javascript_modules_form_no_circle() {
    let mut uses = Uses::new();
    for file in javascript::sources() {
        let targets = javascript::imports(&file).into_iter().filter(|target| !target.starts_with("wasm/"));
        uses.insert(file.to_string_lossy().into_owned(), targets.collect());
    }
    assert_eq!(circle(&uses), None);
    for folder in ORDERED {
        let side_by_side = |path: &str| {
            let below = path.strip_prefix(folder)?.strip_prefix('/')?;
            Some(below.split('/').next()?.to_owned())
        };
        assert_eq!(circle(&grouped(&uses, side_by_side)), None, "in {folder}");
    }
}

/// A part may use what its parent declares, and the parent its parts; beside and across, nothing comes back.
#[test]
fn rust_modules_form_no_circle() {
    for root in CRATES {
        let sources = files(root, "rs");
        let modules: BTreeSet<String> = sources.iter().map(|file| module(root, file)).collect();
        let mut uses = Uses::new();
        for file in &sources {
            let user = module(root, file);
            let source = without_comments(&without_tests(&read(file)));
            let used = paths(&source, &user).into_iter().filter_map(|path| owner(&path, &modules));
            let others = used.filter(|used| !within(&user, used) && !within(used, &user)).collect();
            uses.insert(user, others);
        }
        assert_eq!(circle(&uses), None, "in {root}");
    }
}

#[test]
fn circles_are_found() {
    let uses = |pairs: &[(&str, &str)]| {
        let mut uses = Uses::new();
        for (from, to) in pairs {
            uses.entry((*from).to_owned()).or_default().insert((*to).to_owned());
        }
        uses
    };
    assert_eq!(circle(&uses(&[("a", "b"), ("b", "c"), ("a", "c")])), None);
    assert_eq!(circle(&uses(&[("a", "b"), ("b", "c"), ("c", "b")])).as_deref(), Some("b → c → b"));
    let source = "use super::{gguf, names::{self, Change}};\nlet x = crate::model::Model::new();\nuse super::super::d;";
    let found = paths(source, "bundle::stream");
    assert_eq!(found, ["bundle::gguf", "bundle::names", "bundle::names::Change", "model::Model::new", "d"]);
}

/// One circle, if there is any.
fn circle(uses: &Uses) -> Option<String> {
    let mut left = uses.clone();
    // Whoever uses nobody that is left is in no circle.
    loop {
        let names: BTreeSet<String> = left.keys().cloned().collect();
        for used in left.values_mut() {
            used.retain(|name| names.contains(name));
        }
        let before = left.len();
        left.retain(|_, used| !used.is_empty());
        if left.len() == before {
            break;
        }
    }
    let mut way = vec![left.keys().next()?.clone()];
    loop {
        let next = left[way.last()?].first()?.clone();
        if let Some(start) = way.iter().position(|name| *name == next) {
            way.push(next);
            return Some(way[start..].join(" → "));
        }
        way.push(next);
    }
}

/// The same between groups; who is in none is left out.
fn grouped(uses: &Uses, group: impl Fn(&str) -> Option<String>) -> Uses {
    let mut grouped = Uses::new();
    for (user, used) in uses {
        let Some(from) = group(user) else { continue };
        let others = used.iter().filter_map(|name| group(name)).filter(|to| *to != from);
        grouped.entry(from.clone()).or_default().extend(others.collect::<Vec<_>>());
    }
    grouped
}

/// `src/bundle/gguf.rs` → `bundle::gguf`.
fn module(root: &str, file: &Path) -> String {
    let below = file.strip_prefix(root).unwrap().with_extension("");
    let parts: Vec<_> = below.iter().map(|part| part.to_string_lossy()).collect();
    parts.join("::").trim_end_matches("::mod").to_owned()
}

/// Whether a module is another, or lies in it.
fn within(inner: &str, outer: &str) -> bool {
    inner == outer || inner.strip_prefix(outer).is_some_and(|rest| rest.starts_with("::"))
}

/// The module that a path leads into. What the crate's root hands on is not the root's own.
fn owner(path: &str, modules: &BTreeSet<String>) -> Option<String> {
    let mut path = path;
    loop {
        if modules.contains(path) {
            return Some(path.to_owned());
        }
        path = path.rsplit_once("::")?.0;
    }
}

/// Every path that begins with `crate` or `super`, from the crate's root, groups written out.
fn paths(source: &str, module: &str) -> Vec<String> {
    let mut found = Vec::new();
    let starts = |word: &'static str| source.match_indices(word).map(|(at, _)| at);
    let mut places: Vec<usize> = starts("crate::").chain(starts("super::")).collect();
    places.sort_unstable();
    let mut end = 0;
    for at in places {
        let inside = source[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
        if at < end || inside {
            continue;
        }
        let mut here: Vec<&str> = module.split("::").collect();
        let mut rest = &source[at..];
        if let Some(after) = rest.strip_prefix("crate::") {
            (here, rest) = (Vec::new(), after);
        }
        while let Some(after) = rest.strip_prefix("super::") {
            here.pop();
            rest = after;
        }
        let rest = written_out(rest, &here.join("::"), &mut found);
        end = source.len() - rest.len();
    }
    found
}

/// Reads `a::b` or `a::{b, c::d}`, and says what of the text is left.
fn written_out<'a>(text: &'a str, before: &str, found: &mut Vec<String>) -> &'a str {
    let text = text.trim_start();
    let Some(mut rest) = text.strip_prefix('{') else {
        let length = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
        let (name, rest) = text.split_at(length);
        let path = match name {
            "self" | "" => before.to_owned(),
            name => [before, name].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("::"),
        };
        if let Some(deeper) = rest.strip_prefix("::") {
            return written_out(deeper, &path, found);
        }
        found.push(path);
        return rest;
    };
    loop {
        rest = written_out(rest, before, found).trim_start();
        // A renamed one: `names as other`.
        rest = rest.trim_start_matches(|c| c != ',' && c != '}');
        match rest.strip_prefix(',') {
            Some(more) if !more.trim_start().starts_with('}') => rest = more,
            Some(more) => return &more.trim_start()[1..],
            None => return rest.get(1..).unwrap_or(""),
        }
    }
}
