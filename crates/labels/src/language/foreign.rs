//! Words of six other languages, and the English ones.

use std::collections::HashMap;
use std::sync::LazyLock;

const FOREIGN: &str = include_str!("../../data/foreign.txt");

pub struct Language {
    pub name: &'static str,
    /// A word in lower case, and the English one: empty where English has none in that place, as for an article.
    pub words: HashMap<&'static str, &'static str>,
}

const NAMES: [(&str, &str); 6] = [
    ("de", "German"),
    ("fr", "French"),
    ("es", "Spanish"),
    ("it", "Italian"),
    ("pt", "Portuguese"),
    ("nl", "Dutch"),
];

static LANGUAGES: LazyLock<Vec<Language>> = LazyLock::new(|| {
    let sections = FOREIGN.split('=').filter_map(|section| section.split_once('\n'));
    let languages = sections.filter_map(|(code, lines)| {
        let name = NAMES.iter().find(|name| name.0 == code)?.1;
        let words = lines.lines().map(|line| line.split_once('\t').unwrap_or((line, ""))).collect();
        Some(Language { name, words })
    });
    languages.collect()
});

pub fn languages() -> &'static [Language] {
    &LANGUAGES
}
