//! Labels that are not English, for a model that has learnt English captions alone.
//!
//! ```text
//! foreign     a word of another language's list that is no English one
//! language    the one that most labels have foreign words of
//! ```
//!
//! A word that is English as well (“chat”, “Boot”) is taken for the other language's only where at least half of the other labels
//! have foreign words of it.

use crate::finding::{Finding, Kind, Severity};
use crate::language::dictionary::is_english;
use crate::language::foreign::{Language, languages};
use crate::language::text::{join, words};
use crate::set::{Part, Set};

pub fn find(set: &Set) -> Vec<Finding> {
    if !set.context.english {
        return Vec::new();
    }
    // Of each language, the labels with foreign words of it.
    let foreign =
        |part: &Part, language: &Language| words(&part.folded).any(|word| is_foreign(word, language));
    let labels = |language: &Language| -> Vec<usize> {
        let mut labels: Vec<usize> =
            set.parts().filter(|(_, part)| foreign(part, language)).map(|(at, _)| at).collect();
        labels.dedup();
        labels
    };
    let votes: Vec<(&Language, Vec<usize>)> = languages()
        .iter()
        .map(|language| (language, labels(language)))
        .filter(|one| !one.1.is_empty())
        .collect();
    let most = votes.iter().map(|one| one.1.len()).max().unwrap_or(0);
    let findings = set.labels.iter().enumerate().filter_map(|(at, label)| {
        if label.parts.iter().any(|part| is_other_script(&part.folded)) {
            return Some(finding(set, at, None));
        }
        let own = votes.iter().filter(|one| one.1.contains(&at)).max_by_key(|one| one.1.len());
        let language = match own {
            Some(own) => votes.iter().find(|one| one.1.len() == own.1.len() && one.1.contains(&at))?.0,
            None => {
                let of_set = votes
                    .iter()
                    .find(|one| one.1.len() == most && 2 * most >= set.len().saturating_sub(1))?
                    .0;
                let all = |part: &Part| words(&part.folded).all(|word| of_set.words.contains_key(word));
                (!label.folded.is_empty() && label.parts.iter().all(all)).then_some(of_set)?
            }
        };
        Some(finding(set, at, Some(language)))
    });
    findings.collect()
}

/// Articles alone don't tell a language: names have them, too.
fn is_foreign(word: &str, language: &Language) -> bool {
    language.words.get(word).is_some_and(|means| !means.is_empty()) && !is_english(word)
}

/// Whether more than half of its letters are not Latin ones.
fn is_other_script(text: &str) -> bool {
    let letters = text.chars().filter(|c| c.is_alphabetic());
    let (other, all) = letters.fold((0, 0), |(other, all), c| (other + usize::from(!is_latin(c)), all + 1));
    2 * other > all
}

/// Basic Latin to Latin Extended-B, IPA's and Latin Extended Additional's blocks of Unicode, and what styled letters are made of.
fn is_latin(c: char) -> bool {
    matches!(c, '\0'..='\u{2af}' | '\u{1e00}'..='\u{1eff}' | '\u{2c60}'..='\u{2c7f}' | '\u{a720}'..='\u{a7ff}' | '\u{fb00}'..='\u{fb06}' | '\u{ff21}'..='\u{ff5a}' | '\u{2100}'..='\u{214f}')
}

fn finding(set: &Set, at: usize, language: Option<&Language>) -> Finding {
    let message = match language {
        Some(Language { name, .. }) => format!(
            "{} is {name}. The model has learnt English captions alone and knows such a word hardly or not at all.",
            set.quoted(at)
        ),
        None => format!(
            "{} is in a script that the model, which has learnt English captions alone, cannot read.",
            set.quoted(at)
        ),
    };
    let english = language.and_then(|language| {
        let parts = set.labels[at].parts.iter().map(|part| translated(&part.folded, language));
        parts.collect::<Option<Vec<_>>>()
    });
    let english = english.map(|parts| join(parts.iter().map(String::as_str)));
    let fixes = english.and_then(|english| set.rename(at, &english)).into_iter().collect();
    Finding { kind: Kind::Language, severity: Severity::Problem, labels: vec![at], message, fixes }
}

/// Word by word; none where a word is not known.
fn translated(folded: &str, language: &Language) -> Option<String> {
    let words = words(folded).map(|word| match language.words.get(word) {
        Some(means) => Some(*means),
        None => is_english(word).then_some(word),
    });
    let words: Vec<&str> = words.collect::<Option<_>>()?;
    let english = words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    (!english.is_empty() && english.split(' ').all(is_english)).then_some(english)
}
