//! The words of English, and which one a word was meant to be.

use std::collections::HashSet;
use std::sync::LazyLock;

use crate::language::distance::{distance, edits};
use crate::language::inflection::stems;
use crate::language::lexicon::lexicon;
use crate::language::names::is_name;

const ENGLISH: &str = include_str!("../../data/english.txt");

struct Dictionary {
    /// Sorted.
    common: Vec<String>,
    others: HashSet<String>,
    names: HashSet<String>,
}

static DICTIONARY: LazyLock<Dictionary> = LazyLock::new(|| {
    let mut lists = ENGLISH.split("\n\n").map(unpack);
    let common = lists.next().unwrap_or_default();
    let mut others = lists.map(|list| list.into_iter().collect());
    Dictionary { common, others: others.next().unwrap_or_default(), names: others.next().unwrap_or_default() }
});

/// Each line has a character for how many letters it shares with the one before.
fn unpack(list: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for line in list.lines().filter(|line| !line.is_empty()) {
        let shared = usize::from(line.as_bytes()[0].saturating_sub(b'0'));
        let last = words.last().map_or("", String::as_str);
        let word = last.chars().take(shared).chain(line.chars().skip(1)).collect();
        words.push(word);
    }
    words
}

fn is_common(word: &str) -> bool {
    DICTIONARY.common.binary_search_by(|one| one.as_str().cmp(word)).is_ok()
}

fn listed(word: &str) -> bool {
    is_common(word) || DICTIONARY.others.contains(word) || lexicon().has(word)
}

/// “shorthair”: two common words.
fn is_compound(word: &str) -> bool {
    word.is_ascii()
        && (3..word.len().saturating_sub(3)).any(|at| is_common(&word[..at]) && is_common(&word[at..]))
}

/// The letters without their accents, as English writes words that it took over: “café”.
fn plain(word: &str) -> String {
    let plain = |c| match c {
        'à'..='å' => 'a',
        'ç' => 'c',
        'è'..='ë' => 'e',
        'ì'..='ï' => 'i',
        'ñ' => 'n',
        'ò'..='ö' => 'o',
        'ù'..='ü' => 'u',
        c => c,
    };
    word.chars().map(plain).collect()
}

/// Whether a word in lower case is English, or a name that English texts have. A compound with hyphens is where its parts are.
pub fn is_english(word: &str) -> bool {
    if word.contains('-') {
        return listed(word) || word.split('-').all(|part| part.len() < 3 || is_english(part));
    }
    let known = |word: &str| listed(word) || stems(word).iter().any(|stem| listed(stem));
    known(word)
        || DICTIONARY.names.contains(word)
        || is_name(word)
        || known(&plain(word))
        || is_compound(word)
}

/// The common words that a word which there is not may be a slip of, all at the same distance: those with the fewest edits, at
/// most [`edits`], and with the same first letter, which is the one that is hardly ever mistaken (Yannakoudakis and Fawthrop,
/// “The Rules of Spelling Errors”, 1983).
pub fn meant(word: &str) -> Vec<&'static str> {
    let Some(first) = word.chars().next() else { return Vec::new() };
    let common = &DICTIONARY.common;
    let from = common.partition_point(|one| one.chars().next() < Some(first));
    let to = common.partition_point(|one| one.chars().next() <= Some(first));
    nearest(word, common[from..to].iter().map(String::as_str))
}

/// The same among given words.
pub fn nearest<'a>(word: &str, among: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let letters: Vec<char> = word.chars().collect();
    let mut least = edits(letters.len());
    let mut best = Vec::new();
    for one in among {
        let length = one.len();
        if length + least < letters.len() || length > letters.len() + least || !one.starts_with(letters[0]) {
            continue;
        }
        match distance(&letters, one, least) {
            Some(2) if !one.ends_with(letters[letters.len() - 1]) => {}
            Some(away) if away < least => {
                least = away;
                best = vec![one];
            }
            Some(away) if away > 0 => best.push(one),
            _ => {}
        }
    }
    best
}
