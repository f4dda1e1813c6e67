//! “Is it an animal or a vehicle?”, “Cat or dog?”, “Is the man sitting, standing or walking?”

use super::asked::Kind;
use super::known::Known;
use super::rule::Rule;
use super::statement::{PHOTO, is_medium, that_it_is};
use super::words::{PREPOSITIONS, after_pronoun};
use crate::filling::has_article;

const AUXILIARIES: [&str; 10] = ["is", "are", "was", "were", "does", "do", "did", "can", "has", "have"];
/// Verbs after which what is seen follows.
const SHOWS: [&str; 9] =
    ["show", "shows", "see", "depict", "contain", "look like", "you see", "we see", "there"];

pub fn read(text: &str, known: &Known) -> Option<Rule> {
    let (before, last) = text.rsplit_once(" or ")?;
    // “What is it: a cat or a dog”, “which is it, a cat or a dog”.
    let question = ["what", "which", "who", "where"].iter().any(|word| before.starts_with(word));
    let before = match before.split_once([':', ',']) {
        Some((_, list)) if question => list.trim(),
        _ if question => return None,
        _ => before,
    };
    let mut parts: Vec<&str> =
        before.split([',', '/']).map(str::trim).filter(|part| !part.is_empty()).collect();
    parts = parts.iter().flat_map(|part| part.split(" or ")).collect();
    let last = last.trim();
    let first = *parts.first()?;
    let (subject, alternative) = split(first, last);
    parts[0] = alternative;
    parts.push(last);
    if parts.iter().any(|part| part.is_empty()) {
        return None;
    }
    let medium = parts.iter().all(|part| is_medium(part));
    let named = parts.iter().any(|part| has_article(part));
    let of_kind = known.kind_with(last).or_else(|| known.kind_with(alternative));
    let template = match (subject, of_kind) {
        _ if medium => "{}".into(),
        _ if named => PHOTO.into(),
        (Some(subject), _) if after_pronoun(subject) != Some("") && subject != "there" => {
            that_it_is(subject, last)
        }
        (_, Some(kind)) => kind.template().into(),
        (Some(subject), None) => that_it_is(subject, last),
        (None, None) => PHOTO.into(),
    };
    Some(Rule::of(Kind::EitherOr, template, parts.iter().map(|part| (*part).to_owned()).collect()))
}

/// Who or what the question is about, if it says so, and the first alternative: as long as the last one, or from the last word on that
/// begins one.
fn split<'a>(first: &'a str, last: &str) -> (Option<&'a str>, &'a str) {
    let Some((auxiliary, rest)) = first.split_once(' ') else { return (None, first) };
    if !AUXILIARIES.contains(&auxiliary) {
        return (None, first);
    }
    if let Some(after) = after_pronoun(rest).filter(|after| !after.is_empty()) {
        let subject = rest[..rest.len() - after.len()].trim_end();
        return (Some(subject), after_show(after));
    }
    if let Some(after) = SHOWS.iter().find_map(|verb| rest.strip_prefix(verb)?.strip_prefix(' ')) {
        return (Some("there"), after);
    }
    let words: Vec<&str> = rest.split(' ').collect();
    let begins = last.split(' ').next().unwrap_or_default();
    let alike = |word: &str| {
        has_article(&format!("{begins} x")) && has_article(&format!("{word} x"))
            || PREPOSITIONS.contains(&begins) && PREPOSITIONS.contains(&word)
    };
    let at = (1..words.len()).rev().find(|at| alike(words[*at]));
    let at = at.unwrap_or_else(|| words.len().saturating_sub(last.split(' ').count()).max(1));
    if at >= words.len() {
        return (None, rest);
    }
    let split: usize = words[..at].iter().map(|word| word.len() + 1).sum();
    (Some(rest[..split].trim_end()), &rest[split..])
}

/// “it show a cat” → “a cat”.
fn after_show(text: &str) -> &str {
    SHOWS.iter().find_map(|verb| text.strip_prefix(verb)?.strip_prefix(' ')).unwrap_or(text)
}
