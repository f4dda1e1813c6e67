//! “Is it a cat?”, “Are there people?”, “Is the sky blue?”, “Does it have wings?”, “Do you see a car?”

use super::asked::Kind;
use super::known::Known;
use super::opposites;
use super::rule::Rule;
use super::statement::{PHOTO, is_medium, that_it_is};
use super::words::{after_pronoun, gerund, head, noun_phrase, singular, stands_behind};
use crate::filling::{has_article, with_article, without_article};

const BE: [&str; 4] = ["is", "are", "was", "were"];
const DO: [&str; 3] = ["does", "do", "did"];
const SEE: [&str; 8] = [
    "can you see",
    "could you see",
    "can we see",
    "can i see",
    "do you see",
    "do we see",
    "does it show",
    "does it contain",
];
const ANYBODY: [&str; 6] = ["anyone", "anybody", "someone", "somebody", "a person", "there anyone"];

/// What is asked about, and what it may be instead: kinds of things, when a kind is asked about.
const KINDS: [&str; 15] = [
    "animal",
    "person",
    "plant",
    "food",
    "drink",
    "vehicle",
    "building",
    "furniture",
    "clothing",
    "tool",
    "toy",
    "machine",
    "landscape",
    "book type",
    "musical instrument",
];

pub fn read(text: &str, known: &Known) -> Option<Rule> {
    if let Some(thing) = SEE.iter().find_map(|see| text.strip_prefix(see)?.strip_prefix(' ')) {
        return Some(there_is(thing, known));
    }
    let (first, rest) = text.split_once(' ')?;
    if BE.contains(&first) {
        return Some(being(rest, known));
    }
    if DO.contains(&first) || ["has", "have", "can", "will", "would"].contains(&first) {
        return doing(first, rest, known);
    }
    None
}

/// After “is”.
fn being(rest: &str, known: &Known) -> Rule {
    if let Some(thing) = rest.strip_prefix("there ") {
        return there_is(thing, known);
    }
    if let Some(does) = ANYBODY.iter().find_map(|anybody| rest.strip_prefix(anybody)?.strip_prefix(' ')) {
        return about("a person", does, known);
    }
    if let Some(after) = after_pronoun(rest).filter(|after| !after.is_empty()) {
        let after = after.strip_prefix("taken ").unwrap_or(after);
        let after = after.strip_prefix("showing ").or(after.strip_prefix("of ")).unwrap_or(after);
        return if has_article(after) { there_is(after, known) } else { about("it", after, known) };
    }
    let (subject, predicate) = split(rest);
    if predicate.is_empty() {
        return there_is(subject, known);
    }
    if has_article(predicate) { there_is(predicate, known) } else { about(subject, predicate, known) }
}

/// After “does”, “has” or “can”.
fn doing(auxiliary: &str, rest: &str, known: &Known) -> Option<Rule> {
    let (subject, action) = match after_pronoun(rest) {
        Some(after) => ("it", after),
        None => {
            let words: Vec<&str> = rest.split(' ').collect();
            let at = if has_article(rest) { 2 } else { 1 };
            let split: usize = words.iter().take(at).map(|word| word.len() + 1).sum();
            (rest.get(..split.saturating_sub(1))?, rest.get(split..)?)
        }
    };
    let (verb, object) = action.split_once(' ').unwrap_or((action, ""));
    let behind = match verb {
        _ if matches!(auxiliary, "has" | "have") => format!("with {action}"),
        "have" | "has" | "contain" | "include" => format!("with {object}"),
        "show" | "depict" => return Some(there_is(object, known)),
        "look" | "seem" => return Some(about(subject, object, known)),
        "" => return None,
        _ => format!("{} {object}", gerund(verb)).trim_end().to_owned(),
    };
    Some(about(subject, &behind, known))
}

/// “Is it a painting”: it is, or it is something else that a picture may be.
fn is_medium_of(thing: &str) -> Rule {
    let others =
        ["a photograph", "a painting", "a drawing", "an illustration", "a screenshot", "a 3D render"];
    let others =
        others.iter().filter(|other| !other.contains(head(thing))).map(|other| (*other).to_owned()).collect();
    Rule { yes: thing.to_owned(), no: others, ..Rule::of(Kind::YesNo, "{}".into(), Vec::new()) }
}

/// “Is there a cat”: it is, or something else of its kind is.
fn there_is(thing: &str, known: &Known) -> Rule {
    let thing = noun_phrase(thing);
    if is_medium(&thing) {
        return is_medium_of(&thing);
    }
    let bare = without_article(&thing);
    let one = singular(bare);
    let is_kind = known.kind(&one).map(|kind| kind.name()).filter(|name| KINDS.contains(name));
    let others: Vec<String> = match (is_kind, known.kind_with(&one)) {
        (Some(own), _) => {
            let kinds = KINDS.iter().filter(|kind| **kind != own).filter_map(|kind| known.kind(kind));
            kinds
                .flat_map(|kind| std::iter::once(kind.name()).chain(kind.answers.iter().copied()))
                .map(with_article)
                .collect()
        }
        (None, Some(kind)) => {
            kind.answers.iter().filter(|other| !says(other, &one)).map(|other| with_article(other)).collect()
        }
        (None, None) => described(bare, known),
    };
    Rule { yes: thing, no: others, ..Rule::of(Kind::YesNo, PHOTO.into(), Vec::new()) }
}

/// “A red car”: a car that is otherwise, or whatever a car may be instead.
fn described(noun: &str, known: &Known) -> Vec<String> {
    let split =
        |(at, _): (usize, &str)| noun.split_at_checked(at).map(|(how, what)| (how, what.trim_start()));
    let found = noun
        .match_indices(' ')
        .rev()
        .filter_map(split)
        .find_map(|(how, what)| Some((known.kind_with(how)?, how, what)));
    let Some((kind, how, what)) = found else {
        return opposites::of(noun);
    };
    let others = kind
        .answers
        .iter()
        .filter(|other| !says(other, how))
        .map(|other| with_article(&format!("{other} {what}")));
    let instead = known.kind_with(what).map_or(&[][..], |kind| &kind.answers);
    let instead = instead.iter().filter(|other| !says(other, what)).map(|other| with_article(other));
    std::iter::once(with_article(what)).chain(others).chain(instead).collect()
}

/// “Dark blue” says “blue”.
fn says(words: &str, other: &str) -> bool {
    words.split(' ').any(|word| word == other) || words == other
}

/// “Is the sky blue”: it is, or it is of another colour.
fn about(subject: &str, predicate: &str, known: &Known) -> Rule {
    let opposites = opposites::of(predicate);
    let kind = known.kind_with(predicate);
    let others: Vec<String> = match kind {
        Some(kind) if opposites.is_empty() => kind
            .answers
            .iter()
            .filter(|other| !says(other, predicate))
            .map(|other| (*other).to_owned())
            .collect(),
        _ => opposites,
    };
    let template = match kind {
        Some(kind) if subject == "it" && opposites::of(predicate).is_empty() => kind.template().to_owned(),
        _ => that_it_is(subject, predicate),
    };
    Rule { yes: predicate.to_owned(), no: others, ..Rule::of(Kind::YesNo, template, Vec::new()) }
}

/// “the man in the hat smiling” → who or what, and what of them: from the first word on that can begin it, or the last one.
fn split(rest: &str) -> (&str, &str) {
    let words: Vec<&str> = rest.split(' ').collect();
    let from = if has_article(rest) { 2 } else { 1 };
    let tail = |at: usize| {
        let split: usize = words[..at].iter().map(|word| word.len() + 1).sum();
        (rest[..split].trim_end(), &rest[split.min(rest.len())..])
    };
    let begins = |at: &usize| stands_behind(words[*at]) || has_article(&words[*at..].join(" "));
    match (from..words.len()).find(begins) {
        Some(at) => tail(at),
        None if words.len() > from => tail(words.len() - 1),
        None => (rest, ""),
    }
}
