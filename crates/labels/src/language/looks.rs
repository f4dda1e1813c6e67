//! Words for things that look nothing like one another, and what to say instead. `data/hand/senses.txt` says how it is written.

use std::collections::HashMap;
use std::sync::LazyLock;

const SENSES: &str = include_str!("../../data/hand/senses.txt");

pub struct Look {
    /// Nouns: what is one of these speaks for it.
    pub kinds: Vec<&'static str>,
    /// What to write instead.
    pub wording: &'static str,
}

pub struct Looks {
    /// Whether the first is what everybody means.
    pub settled: bool,
    /// The commonest first.
    pub all: Vec<Look>,
}

static LOOKS: LazyLock<HashMap<&str, Looks>> = LazyLock::new(|| {
    let lines = SENSES.lines().filter(|line| !line.starts_with('#'));
    let words = lines.filter_map(|line| {
        let (word, senses) = line.split_once(": ")?;
        let all = senses.split("; ").filter_map(|sense| {
            let (kinds, wording) = sense.split_once(" > ")?;
            Some(Look { kinds: kinds.split(',').collect(), wording })
        });
        let looks = Looks { settled: word.starts_with('!'), all: all.collect() };
        Some((word.trim_start_matches('!'), looks))
    });
    words.collect()
});

/// Of a word in lower case.
pub fn looks(word: &str) -> Option<&'static Looks> {
    LOOKS.get(word)
}

#[cfg(test)]
mod tests {
    use super::{LOOKS, looks};

    #[test]
    fn no_wording_is_itself_in_doubt() {
        assert!(LOOKS.len() > 100);
        for (word, senses) in &*LOOKS {
            assert!(senses.all.len() > 1, "{word}");
            for look in &senses.all {
                assert!(looks(look.wording).is_none(), "{word}: {}", look.wording);
            }
        }
    }
}
