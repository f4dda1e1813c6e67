//! Between the page's folders nothing comes back. (That no file needs one that needs it: `tests/cycles`.)

use std::collections::{BTreeMap, BTreeSet};

use crate::javascript;

/// Who uses whom.
type Uses = BTreeMap<String, BTreeSet<String>>;

/// Folders in which what lies side by side, files and folders, forms no circle.
const ORDERED: [&str; 3] = ["www", "www/shell", "www/views"];

#[test]
fn folders_form_no_circle() {
    let mut uses = Uses::new();
    for file in javascript::sources() {
        uses.insert(file.to_string_lossy().into_owned(), javascript::imports(&file).into_iter().collect());
    }
    for folder in ORDERED {
        assert_eq!(circle(&side_by_side(&uses, folder)), None, "in {folder}");
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
    let down =
        [("w/a/1.js", "w/b/1.js"), ("w/b/2.js", "w/c.js"), ("w/a/1.js", "w/a/2.js"), ("w/b/2.js", "x/a.js")];
    assert_eq!(circle(&side_by_side(&uses(&down), "w")), None);
    let back = [("w/a/1.js", "w/b/1.js"), ("w/b/2.js", "w/a/3.js")];
    assert_eq!(circle(&side_by_side(&uses(&back), "w")).as_deref(), Some("a → b → a"));
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

/// The uses between what lies in a folder: each file or folder there is one.
fn side_by_side(uses: &Uses, folder: &str) -> Uses {
    let group = |path: &str| {
        let below = path.strip_prefix(folder)?.strip_prefix('/')?;
        Some(below.split('/').next()?.to_owned())
    };
    let mut between = Uses::new();
    for (user, used) in uses {
        let Some(from) = group(user) else { continue };
        let others: Vec<_> = used.iter().filter_map(|name| group(name)).filter(|to| *to != from).collect();
        between.entry(from).or_default().extend(others);
    }
    between
}
