//! The layers of ARCHITECTURE.md hold: imports point down only, every platform feature has one
//! home, and no folder becomes a drawer.

// A test that cannot read its golden has failed.
#![allow(clippy::unwrap_used)]
#![cfg(not(target_arch = "wasm32"))]

mod circles;
mod folders;
mod homes;
mod javascript;
mod rust;

#[path = "../sources/mod.rs"]
mod sources;

/// Tests may use what they like.
fn without_tests(source: &str) -> String {
    source.split("#[cfg(test)]").next().unwrap().to_owned()
}

fn is_comment(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("//") || line.starts_with('*') || line.starts_with("/*")
}
