//! A label's text, made comparable.

use std::collections::HashSet;

/// In lower case, with single spaces.
pub fn fold(text: &str) -> String {
    let lower = text.to_lowercase().replace('’', "'");
    let mut folded = String::with_capacity(lower.len());
    for word in lower.split_whitespace() {
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.push_str(word);
    }
    folded
}

/// The synonyms of a label: what stands between `|`.
pub fn parts(label: &str) -> impl Iterator<Item = &str> {
    label.split('|').map(str::trim).filter(|part| !part.is_empty())
}

/// The synonyms of several labels as one label, each once.
pub fn join<'a>(labels: impl IntoIterator<Item = &'a str>) -> String {
    let mut seen = HashSet::new();
    let all = labels.into_iter().flat_map(parts).filter(|part| seen.insert(fold(part)));
    all.collect::<Vec<_>>().join(" | ")
}

const ARTICLES: [&str; 3] = ["a ", "an ", "the "];

/// A text without its article, which may be in any case; none where it has none, or is nothing else.
pub fn without_article(text: &str) -> Option<&str> {
    let text = text.trim_start();
    let rest = ARTICLES.iter().find_map(|article| {
        let start = text.get(..article.len())?;
        start.eq_ignore_ascii_case(article).then(|| text[article.len()..].trim_start())
    })?;
    (!rest.is_empty()).then_some(rest)
}

/// A folded text without article, remarks in parentheses, punctuation at its ends, and with spaces for `-` and `_`.
pub fn bare(folded: &str) -> String {
    let mut depth = 0usize;
    let kept: String = folded
        .chars()
        .filter_map(|c| match c {
            '(' | '[' => {
                depth += 1;
                Some(' ')
            }
            ')' | ']' => {
                depth = depth.saturating_sub(1);
                Some(' ')
            }
            _ if depth > 0 => None,
            '-' | '_' | '–' => Some(' '),
            _ => Some(c),
        })
        .collect();
    let kept = fold(kept.trim_matches(|c: char| c.is_whitespace() || ".,;:!?\"“”‘".contains(c)));
    match without_article(&kept) {
        Some(rest) => rest.to_owned(),
        None => kept,
    }
}

/// What a folded text has of words: letters, with apostrophes and hyphens among them.
pub fn words(folded: &str) -> impl Iterator<Item = &str> {
    folded
        .split(|c: char| !(c.is_alphanumeric() || c == '\'' || c == '-'))
        .map(|word| word.trim_matches(['\'', '-']))
        .filter(|word| !word.is_empty())
}
