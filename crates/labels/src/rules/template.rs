//! Labels that are no English in the template: an article after an article, or the template in the label.

use std::collections::HashSet;

use crate::finding::{Edit, Finding, Fix, Kind, Severity};
use crate::language::text::{fold, join, parts, without_article};
use crate::set::{Label, Set, quoted};

pub fn find(set: &Set) -> Vec<Finding> {
    let before = set.context.template.split("{}").next().unwrap_or("").trim();
    let before = fold(before);
    let article =
        ["a", "an", "the", "this", "my"].iter().any(|word| before.split(' ').next_back() == Some(word));
    if before.is_empty() {
        return Vec::new();
    }
    let wrong: Vec<(usize, String)> = set
        .texts
        .iter()
        .enumerate()
        .filter_map(|(at, text)| {
            let stripped: Vec<&str> = parts(text).map(|part| strip(part, &before, article)).collect();
            let changed = parts(text).zip(&stripped).any(|(part, stripped)| part != *stripped);
            changed.then(|| (at, join(stripped)))
        })
        .collect();
    let Some((first, to)) = wrong.first() else { return Vec::new() };
    // What becomes equal to another label is dropped.
    let about: HashSet<usize> = wrong.iter().map(|one| one.0).collect();
    let others = (0..set.len()).filter(|at| !about.contains(at));
    let mut taken: HashSet<String> = others.map(|at| set.labels[at].folded.clone()).collect();
    let edits = wrong.iter().map(|(label, to)| {
        let new = taken.insert(Label::new(to).folded);
        Edit { label: *label, to: new.then(|| to.clone()) }
    });
    let edits = edits.collect();
    let title =
        if wrong.len() == 1 { format!("Use “{to}”") } else { "Leave out what is there twice".into() };
    let message = format!(
        "With the template this becomes {}. A CLIP has read captions that people wrote, and such a one is unlike them.",
        quoted(&set.context.template.replace("{}", set.texts[*first].trim()))
    );
    vec![Finding {
        kind: Kind::Template,
        severity: Severity::Hint,
        labels: wrong.iter().map(|one| one.0).collect(),
        message,
        fixes: vec![Fix { title, edits, add: Vec::new() }],
    }]
}

/// A part without what the template says already. What is nothing else stays.
fn strip<'a>(part: &'a str, before: &str, article: bool) -> &'a str {
    let mut rest = part;
    let words = before.split(' ').count();
    if words > 1 {
        let mut end = 0;
        for word in part.split_whitespace().take(words) {
            end = part[end..].find(word).map_or(end, |at| end + at + word.len());
        }
        let after = part[end..].trim_start();
        if !after.is_empty() && fold(&part[..end]) == before {
            rest = after;
        }
    }
    let stripped = rest.len() < part.len();
    if article || stripped {
        while let Some(after) = without_article(rest) {
            rest = after;
        }
    }
    rest
}
