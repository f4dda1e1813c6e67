//! English words, as far as questions need them.

use crate::filling::{has_article, with_article, without_article};

/// Contractions, and what they stand for.
const CONTRACTIONS: [(&str, &str); 24] = [
    ("what's", "what is"),
    ("whats", "what is"),
    ("who's", "who is"),
    ("where's", "where is"),
    ("which's", "which is"),
    ("how's", "how is"),
    ("there's", "there is"),
    ("it's", "it is"),
    ("that's", "that is"),
    ("isn't", "is"),
    ("aren't", "are"),
    ("wasn't", "was"),
    ("weren't", "were"),
    ("doesn't", "does"),
    ("don't", "do"),
    ("didn't", "did"),
    ("hasn't", "has"),
    ("haven't", "have"),
    ("can't", "can"),
    ("raining", "rainy"),
    ("snowing", "snowy"),
    ("color", "colour"),
    ("colors", "colours"),
    ("coloured", "colour"),
];

/// Where a question says that it is about the picture: nothing is lost without it.
const ABOUT: [&str; 24] = [
    "in the picture",
    "in this picture",
    "in the photo",
    "in this photo",
    "in the image",
    "in this image",
    "in the photograph",
    "in this photograph",
    "on the picture",
    "on this picture",
    "on the photo",
    "on this photo",
    "in the scene",
    "in here",
    "on the image",
    "on this image",
    "in the painting",
    "in the drawing",
    "shown here",
    "visible here",
    "in the background of the picture",
    "visible",
    "shown",
    "depicted",
];

/// What a question may begin with, and is the same without.
const POLITE: [&str; 8] =
    ["please", "can you tell me", "could you tell me", "tell me", "do you know", "i wonder", "say", "guess"];

/// Who is spoken of: somebody.
const PERSONS: [&str; 8] = ["he", "she", "they", "him", "her", "someone", "somebody", "we"];

/// Do the words begin with somebody?
pub fn begins_with_person(words: &str) -> bool {
    PERSONS.contains(&words.split(' ').next().unwrap_or_default())
}

/// What stands for the picture's subject.
const PRONOUNS: [&str; 22] = [
    "it",
    "this",
    "that",
    "these",
    "those",
    "them",
    "the picture",
    "this picture",
    "the photo",
    "this photo",
    "the image",
    "this image",
    "the photograph",
    "this photograph",
    "the thing",
    "this thing",
    "the object",
    "this object",
    "the subject",
    "the item",
    "this one",
    "one",
];

pub const PREPOSITIONS: [&str; 27] = [
    "in", "on", "at", "under", "above", "behind", "beside", "near", "inside", "outside", "between", "next",
    "by", "with", "without", "over", "below", "against", "among", "through", "across", "around", "of",
    "from", "made", "into", "to",
];

/// Lower case, single spaces, no question mark, no contraction, nothing that says “in this picture”.
pub fn normalise(question: &str) -> String {
    let lower = question.to_lowercase().replace(['’', '‘'], "'");
    let kept: String =
        lower.chars().map(|c| if c == '?' || c == '!' || c == '"' || c == '.' { ' ' } else { c }).collect();
    let words = kept.split_whitespace().map(|word| {
        let (bare, comma) = word.strip_suffix(',').map_or((word, ""), |bare| (bare, ","));
        let whole = CONTRACTIONS.iter().find(|(short, _)| *short == bare).map_or(bare, |(_, whole)| whole);
        format!("{whole}{comma}")
    });
    let mut text = words.collect::<Vec<_>>().join(" ");
    for polite in POLITE {
        if let Some(rest) = text.strip_prefix(polite).and_then(|rest| rest.strip_prefix([' ', ','])) {
            text = rest.trim_start().to_owned();
        }
    }
    for about in ABOUT {
        let without = text.strip_suffix(about).and_then(|rest| rest.strip_suffix(' '));
        // “What is shown” is a question of its own.
        if let Some(without) = without.filter(|without| without.split(' ').count() > 2 || about.contains(' '))
        {
            text = without.to_owned();
        }
        if let Some(rest) = text.strip_prefix(about).and_then(|rest| rest.strip_prefix([' ', ','])) {
            text = rest.trim_start_matches([' ', ',']).to_owned();
        }
    }
    text.trim_matches([' ', ',']).to_owned()
}

pub fn is_pronoun(words: &str) -> bool {
    PRONOUNS.contains(&words)
}

/// The pronoun that a text begins with, and what follows it.
pub fn after_pronoun(text: &str) -> Option<&str> {
    let longest = PRONOUNS
        .iter()
        .filter(|pronoun| starts_with_words(text, pronoun))
        .max_by_key(|pronoun| pronoun.len())?;
    Some(text[longest.len()..].trim_start())
}

/// Does the text begin with these whole words?
pub fn starts_with_words(text: &str, words: &str) -> bool {
    text.strip_prefix(words).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
}

/// As it stands in “a photo of …”: with the indefinite article, unless there are several or it had none.
pub fn noun_phrase(text: &str) -> String {
    if PERSONS.contains(&text) {
        return "a person".into();
    }
    if !has_article(text) {
        return text.to_owned();
    }
    let noun = without_article(text);
    if is_plural(noun) { noun.to_owned() } else { with_article(noun) }
}

const PLURALS: [(&str, &str); 14] = [
    ("people", "person"),
    ("men", "man"),
    ("women", "woman"),
    ("children", "child"),
    ("feet", "foot"),
    ("teeth", "tooth"),
    ("mice", "mouse"),
    ("geese", "goose"),
    ("sheep", "sheep"),
    ("fish", "fish"),
    ("deer", "deer"),
    ("leaves", "leaf"),
    ("knives", "knife"),
    ("wolves", "wolf"),
];

/// Of the first noun of a phrase, which is the word before a preposition, or the last one.
fn is_plural(noun: &str) -> bool {
    let head = head(noun);
    match PLURALS.iter().find(|(plural, _)| *plural == head) {
        Some((plural, singular)) => plural != singular,
        None => {
            head.len() > 3 && head.ends_with('s') && !["ss", "us", "is"].iter().any(|end| head.ends_with(end))
        }
    }
}

/// The word that a phrase is about.
pub fn head(noun: &str) -> &str {
    let words: Vec<&str> = noun.split(' ').collect();
    let end =
        words.iter().skip(1).position(|word| PREPOSITIONS.contains(word)).map_or(words.len(), |at| at + 1);
    words[end - 1]
}

/// “birds” → “bird”, “people on a bench” → “person on a bench”.
pub fn singular(noun: &str) -> String {
    let head = head(noun);
    let one = match PLURALS.iter().find(|(plural, _)| *plural == head) {
        Some((_, singular)) => (*singular).to_owned(),
        None if head.ends_with("ies") && head.len() > 4 => format!("{}y", &head[..head.len() - 3]),
        None if ["ches", "shes", "xes", "sses", "zes"].iter().any(|end| head.ends_with(end)) => {
            head[..head.len() - 2].to_owned()
        }
        None if is_plural(head) => head[..head.len() - 1].to_owned(),
        None => head.to_owned(),
    };
    noun.replacen(head, &one, 1)
}

/// “wear” → “wearing”, “ride” → “riding”, “run” → “running”.
pub fn gerund(verb: &str) -> String {
    let vowels = |c: char| "aeiou".contains(c);
    let tail: Vec<char> = verb.chars().rev().take(3).collect();
    match tail[..] {
        ['e', 'i', _] => format!("{}ying", &verb[..verb.len() - 2]),
        ['e', before, ..] if before != 'e' => format!("{}ing", &verb[..verb.len() - 1]),
        [last, middle, before]
            if verb.len() <= 4
                && !vowels(last)
                && !"wxy".contains(last)
                && vowels(middle)
                && !vowels(before) =>
        {
            format!("{verb}{last}ing")
        }
        _ => format!("{verb}ing"),
    }
}

/// Comes after what it describes: “sitting”, “parked”, “on a table”.
pub fn stands_behind(words: &str) -> bool {
    let first = words.split(' ').next().unwrap_or_default();
    first.len() > 4 && first.ends_with("ing")
        || first.len() > 4 && first.ends_with("ed") && first != "naked"
        || PREPOSITIONS.contains(&first)
        || [
            "asleep", "awake", "alone", "indoors", "outdoors", "together", "upside", "full", "broken",
            "left", "right",
        ]
        .contains(&first)
        || words.contains(' ')
}
