//! Labels that are cut, or of which the model weighs only some. A CLIP reads 77 tokens at most, and of captions it has seen few
//! words: the effective length is below 20 tokens (Zhang et al., “Long-CLIP: Unlocking the Long-Text Capability of CLIP”, 2024).

use crate::finding::{Finding, Kind, Severity};
use crate::set::{Label, Part, Set};

/// Of these words more are too many: about 20 tokens with a template.
const WORDS: usize = 12;

pub fn find(set: &Set) -> Vec<Finding> {
    let long = set.labels.iter().enumerate().filter_map(|(at, label)| {
        let cut = set
            .context
            .tokens
            .zip(set.context.context_length)
            .is_some_and(|(tokens, most)| tokens[at] > most);
        let longest = label.parts.iter().max_by_key(|part| count(&part.text))?;
        (cut || count(&longest.text) > WORDS).then(|| finding(set, at, longest, cut))
    });
    long.collect()
}

fn count(text: &str) -> usize {
    text.split_whitespace().count()
}

fn finding(set: &Set, at: usize, part: &Part, cut: bool) -> Finding {
    let fix = shorter(&part.text).and_then(|short| match &set.labels[at] {
        Label { parts, .. } if parts.iter().filter(|one| count(&one.text) > WORDS).count() > 1 => None,
        _ => set.rename_part(at, part, &short),
    });
    let (severity, message) = if cut {
        (
            Severity::Problem,
            format!("The prompt of {} is longer than the model reads: its end is cut off.", set.quoted(at)),
        )
    } else {
        let words = count(&part.text);
        let message = format!(
            "{} has {words} words. A CLIP has learnt from short captions, and weighs little of what comes after the first few.",
            set.quoted(at)
        );
        (Severity::Hint, message)
    };
    Finding { kind: Kind::Long, severity, labels: vec![at], message, fixes: fix.into_iter().collect() }
}

/// A text up to where something is added to what it names; none where that is not shorter, or still too long.
fn shorter(text: &str) -> Option<String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let starts = |word: &str| {
        ["that", "which", "who", "while", "because", "when", "where", "whose", "although"].contains(&word)
            || word.starts_with(['(', '–', '—'])
    };
    let clause = words.iter().enumerate().find_map(|(at, word)| match () {
        () if at > 0 && starts(word) => Some(at),
        () if word.ends_with([',', ';', ':', '.']) => Some(at + 1),
        () => None,
    });
    let mut end = clause.unwrap_or(words.len());
    // The last of its descriptions go, until it is short enough.
    while end > WORDS {
        end = (2..end).rev().find(|&at| {
            ["with", "in", "on", "next", "near", "under", "and", "at", "by", "beside"].contains(&words[at])
        })?;
    }
    let short = words[..end].join(" ");
    let short = short.trim_end_matches([',', ';', ':', '.', ' ']);
    (end > 1 && end < words.len() && !short.is_empty()).then(|| short.to_owned())
}
