//! Which files of a crate name which others, read from their words: no compiler says it.

use std::collections::BTreeMap;

use crate::Uses;

/// What the files of one crate use of each other.
pub fn uses(files: &[(String, String)], root: &str) -> Uses {
    let modules: BTreeMap<Vec<String>, Module> = files
        .iter()
        .map(|(file, source)| {
            let path = file.strip_prefix(root).unwrap().trim_start_matches('/').trim_end_matches(".rs");
            let path =
                path.split('/').filter(|part| !["lib", "mod"].contains(part)).map(str::to_owned).collect();
            (path, Module::read(file, source))
        })
        .collect();
    let mut uses = Uses::new();
    for (at, module) in &modules {
        let used = module.paths.iter().filter_map(|path| resolve(&modules, at, path, 0));
        uses.insert(module.file.clone(), used.filter(|file| *file != module.file).collect());
    }
    uses
}

/// The file of what a path names, seen from a module; `None`: another crate's.
fn resolve(
    modules: &BTreeMap<Vec<String>, Module>,
    from: &[String],
    path: &[String],
    depth: usize,
) -> Option<String> {
    assert!(depth < 20, "{} is handed on without an end", path.join("::"));
    let (mut at, mut rest) = (from.to_vec(), path);
    let mut rooted = true;
    match rest[0].as_str() {
        "crate" => (at, rest) = (Vec::new(), &rest[1..]),
        "self" => rest = &rest[1..],
        "super" => {
            while rest.first().is_some_and(|part| part == "super") {
                at.pop();
                rest = &rest[1..];
            }
        }
        _ => rooted = false,
    }
    while let Some((part, more)) = rest.split_first() {
        let deeper = [&at[..], std::slice::from_ref(part)].concat();
        if modules.contains_key(&deeper) {
            (at, rest, rooted) = (deeper, more, true);
            continue;
        }
        if let Some(path) = modules.get(&at).and_then(|module| module.names.get(part))
            && path != &rest[..1]
        {
            return resolve(modules, &at, &[path, more].concat(), depth + 1);
        }
        break;
    }
    rooted.then(|| modules.get(&at).map(|module| module.file.clone()))?
}

/// A Rust source as far as it names others.
struct Module {
    file: String,
    /// Every path that can lead to a module: those of `use` and `mod`, and all that begin at the crate or above.
    paths: Vec<Vec<String>>,
    /// What `use` brings in, by the name that it has here.
    names: BTreeMap<String, Vec<String>>,
}

impl Module {
    fn read(file: &str, source: &str) -> Self {
        let words = without_tests(words(source));
        let mut module = Self { file: file.to_owned(), paths: Vec::new(), names: BTreeMap::new() };
        let mut at = 0;
        while at < words.len() {
            match words[at].as_str() {
                "use" => at = module.tree(&words, at + 1, &[], true),
                "mod" if words[at + 2] == ";" => {
                    module.paths.push(vec!["self".into(), words[at + 1].clone()]);
                    at += 2;
                }
                "mod" => panic!("{file}: what is in mod {} belongs into a file of its own", words[at + 1]),
                // `pub(crate)` names nothing.
                "crate" | "super" | "self" if words.get(at + 1).is_some_and(|next| next == "::") => {
                    at = module.tree(&words, at, &[], false);
                }
                _ => at += 1,
            }
        }
        module
    }

    /// Takes in `a::{b, c as d, e::*}`, which stands at `at` and goes on from `before`: where it ends. `named`: it is a
    /// `use`, which gives what it leads to a name here.
    fn tree(&mut self, words: &[String], mut at: usize, before: &[String], named: bool) -> usize {
        let mut path = before.to_vec();
        loop {
            match words[at].as_str() {
                "{" => {
                    at += 1;
                    while words[at] != "}" {
                        at = self.tree(words, at, &path, named);
                        at += usize::from(words[at] == ",");
                    }
                    return at + 1;
                }
                "*" => at += 1,
                "self" if !path.is_empty() => at += 1,
                part => {
                    path.push(part.to_owned());
                    at += 1;
                }
            }
            match words.get(at).map(String::as_str) {
                Some("::") => at += 1,
                Some("as") if named => {
                    self.names.insert(words[at + 1].clone(), path.clone());
                    self.paths.push(path);
                    return at + 2;
                }
                _ => {
                    if let Some(name) = path.last().filter(|_| named) {
                        self.names.insert(name.clone(), path.clone());
                    }
                    self.paths.push(path);
                    return at;
                }
            }
        }
    }
}

/// Names, `::`, and single signs; comments and texts left out.
fn words(source: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = source;
    while let Some(first) = rest.chars().next() {
        let until = |end: &str| rest[1..].find(end).map_or(rest.len(), |at| 1 + at + end.len());
        let is_name = |c: char| c.is_alphanumeric() || c == '_';
        let length = if rest.starts_with("//") {
            until("\n")
        } else if rest.starts_with("/*") {
            until("*/")
        } else if rest.starts_with("r#\"") {
            until("\"#")
        } else if first == '"' {
            let mut escaped = false;
            let end = rest[1..].find(|c| {
                let ends = c == '"' && !escaped;
                escaped = c == '\\' && !escaped;
                ends
            });
            end.map_or(rest.len(), |at| at + 2)
        } else if first == '\'' {
            // `'a'` and `'\''` are characters, `'a` is a lifetime.
            let mut signs = rest[1..].chars();
            match (signs.next(), signs.next()) {
                (Some('\\'), Some(second)) => {
                    let from = 2 + second.len_utf8();
                    from + rest[from..].find('\'').unwrap() + 1
                }
                (Some(sign), Some('\'')) => 2 + sign.len_utf8(),
                _ => 1,
            }
        } else if is_name(first) {
            let length = rest.find(|c| !is_name(c)).unwrap_or(rest.len());
            words.push(rest[..length].to_owned());
            length
        } else if rest.starts_with("::") {
            words.push("::".into());
            2
        } else {
            if !first.is_whitespace() {
                words.push(first.into());
            }
            first.len_utf8()
        };
        rest = &rest[length..];
    }
    words
}

/// Tests may use what they like: what stands under `#[cfg(test)]` goes.
fn without_tests(words: Vec<String>) -> Vec<String> {
    let mut left = Vec::new();
    let mut at = 0;
    while at < words.len() {
        if !words[at..].starts_with(&["#", "[", "cfg", "(", "test", ")", "]"].map(str::to_owned)) {
            left.push(words[at].clone());
            at += 1;
            continue;
        }
        let mut depth = 0;
        loop {
            let word = words[at].as_str();
            depth += i32::from(word == "{") - i32::from(word == "}");
            at += 1;
            if depth == 0 && [";", "}"].contains(&word) {
                break;
            }
        }
    }
    left
}
