//! Questions that begin with what, which, where, who or how many.

use super::asked::Kind;
use super::known::Known;
use super::rule::Rule;
use super::statement::A_PHOTO;
use super::words::{
    PREPOSITIONS, after_pronoun, begins_with_person, gerund, is_pronoun, noun_phrase, singular,
    starts_with_words,
};
use crate::banks::Bank;
use crate::filling::{has_article, without_article};

/// A photo shows these many surely enough to be told apart, if any.
const NUMBERS: [&str; 6] = ["one", "two", "three", "four", "five", "many"];
/// What comes between a kind's name and what is asked of it.
const BE: [&str; 5] = ["is", "are", "was", "were", "do"];
/// What is done to things of these kinds.
const DONE_TO: [(&str, &str); 12] = [
    ("eating", "food"),
    ("drinking", "drink"),
    ("wearing", "clothing"),
    ("riding", "vehicle"),
    ("driving", "vehicle"),
    ("cooking", "food"),
    ("playing", "musical instrument"),
    ("reading", "book type"),
    ("cutting", "food"),
    ("throwing", "ball"),
    ("feeding", "animal"),
    ("using", "tool"),
];

pub fn read(text: &str, known: &Known) -> Option<Rule> {
    if matches!(
        text,
        "what" | "what is" | "what is there" | "what is this a picture of" | "what does it show"
    ) {
        return Some(Rule::of(Kind::Which, A_PHOTO.into(), known.of_bank(Bank::Subject)));
    }
    how_many(text).or_else(|| place(text, known)).or_else(|| who(text, known)).or_else(|| what(text, known))
}

fn how_many(text: &str) -> Option<Rule> {
    let rest = text.strip_prefix("how many ")?;
    let at = BE
        .iter()
        .chain(&["does", "did", "can", "has", "have"])
        .filter_map(|be| rest.find(&format!(" {be} ")))
        .chain([" are", " is", " can"].iter().filter_map(|end| rest.strip_suffix(end).map(str::len)))
        .min();
    let (noun, after) = at.map_or((rest, ""), |at| {
        (&rest[..at], rest[at..].trim_start().split_once(' ').map_or("", |(_, after)| after))
    });
    let after = ["there", "you see", "we see", "here"]
        .iter()
        .fold(after, |after, filler| after.strip_prefix(filler).unwrap_or(after))
        .trim();
    let owner = after.strip_suffix(" have").or(after.strip_suffix(" has"));
    if let Some(owner) = owner {
        let owner = if is_pronoun(owner) { "something".to_owned() } else { noun_phrase(owner) };
        return Some(Rule::of(Kind::HowMany, format!("a photo of {owner} with {{}}"), counted(noun)));
    }
    let after = if after.is_empty() { String::new() } else { format!(" {after}") };
    Some(Rule::of(Kind::HowMany, format!("a photo of {{}}{after}"), counted(noun)))
}

fn counted(noun: &str) -> Vec<String> {
    let one = singular(noun);
    NUMBERS.iter().map(|number| format!("{number} {}", if *number == "one" { &one } else { noun })).collect()
}

fn place(text: &str, known: &Known) -> Option<Rule> {
    let rest = text.strip_prefix("where ")?.split_once(' ')?.1;
    let rest = ["taken", "located", "standing", "sitting", "lying"]
        .iter()
        .fold(rest, |rest, done| rest.strip_suffix(done).unwrap_or(rest))
        .trim();
    let template = if is_pronoun(rest) || rest.is_empty() {
        "{}".to_owned()
    } else {
        format!("a photo of {} {{}}", noun_phrase(rest))
    };
    Some(Rule::of(Kind::Where, template, known.of_bank(Bank::Place)))
}

fn who(text: &str, known: &Known) -> Option<Rule> {
    let rest = text.strip_prefix("who ")?;
    let (verb, after) = rest.split_once(' ').unwrap_or((rest, ""));
    let does = if BE.contains(&verb) {
        after.to_owned()
    } else {
        format!("{} {after}", gerund(verb.trim_end_matches('s')))
    };
    let does = does.trim();
    let template =
        if does.is_empty() || is_pronoun(does) { A_PHOTO.to_owned() } else { format!("{A_PHOTO} {does}") };
    Some(Rule::of(Kind::Who, template, answers(known, "person")))
}

fn what(text: &str, known: &Known) -> Option<Rule> {
    let (first, rest) = text.split_once(' ')?;
    if first == "how" {
        // “How is the weather”, “how old is the man”.
        let rest = rest.strip_prefix("is ").or(rest.strip_prefix("are "))?;
        let name = without_article(rest);
        return known
            .kind(name)
            .map(|kind| Rule::of(Kind::Which, kind.template().into(), strings(&kind.answers)));
    }
    if first != "what" && first != "which" {
        return None;
    }
    if let Some((verb, rest)) = rest.split_once(' ').filter(|(verb, _)| BE.contains(verb)) {
        return what_is(verb, rest, known);
    }
    let rest = rest.strip_suffix(" like").unwrap_or(rest);
    let of = [
        "kind of ",
        "kinds of ",
        "type of ",
        "types of ",
        "sort of ",
        "sorts of ",
        "breed of ",
        "species of ",
        "style of ",
    ];
    let named = of.iter().fold(rest, |rest, of| rest.strip_prefix(of).unwrap_or(rest));
    // The kind's name is the longest beginning that is one.
    let words: Vec<&str> = named.split(' ').collect();
    let verb_at = words
        .iter()
        .position(|word| BE.contains(word) || ["does", "did", "can"].contains(word))
        .unwrap_or(words.len());
    let noun = words[..verb_at].join(" ");
    let after = words.get(verb_at + 1..).unwrap_or_default().join(" ");
    if matches!(noun.as_str(), "colour" | "colours") {
        return Some(colour(&after, known));
    }
    let kind = known
        .kind(rest.split(" is ").next().unwrap_or(rest))
        .or_else(|| known.kind(&noun))
        .or_else(|| known.kind(&singular(&noun)));
    let kind = kind.or_else(|| known.kind(noun.rsplit(' ').next().unwrap_or(&noun)));
    if noun.is_empty() {
        return None;
    }
    let (template, answers) = match kind {
        Some(kind) => (kind.template().to_owned(), strings(&kind.answers)),
        None => (A_PHOTO.to_owned(), things(known)),
    };
    let filler = after.is_empty()
        || is_pronoun(&after)
        || ["there", "you see", "we see", "shown", "it like", "it show"].contains(&after.as_str())
        || after_pronoun(&after).is_some()
        || has_article(&after)
        || begins_with_person(&after);
    let template = if filler { template } else { format!("{template} {after}") };
    Some(Rule::of(Kind::Which, template, answers))
}

/// After “what is”.
fn what_is(verb: &str, rest: &str, known: &Known) -> Option<Rule> {
    if verb == "do" || matches!(rest, "shown" | "visible" | "depicted" | "there") {
        return Some(Rule::of(Kind::Which, A_PHOTO.into(), known.of_bank(Bank::Subject)));
    }
    let rest = rest.strip_suffix(" like").unwrap_or(rest);
    let bare = without_article(rest);
    if let Some(of) = ["colour of ", "colours of "].iter().find_map(|colour| bare.strip_prefix(colour)) {
        return Some(colour(of, known));
    }
    if let Some(subject) = rest.strip_suffix(" made of").or(rest.strip_suffix(" made from")) {
        let template = if is_pronoun(subject) {
            "a photo of something made of {}".to_owned()
        } else {
            format!("a photo of {} made of {{}}", noun_phrase(subject))
        };
        return Some(Rule::of(Kind::Which, template, answers(known, "material")));
    }
    if let Some(subject) =
        rest.strip_suffix(" doing").or((rest == "happening" || rest == "going on").then_some("it"))
    {
        let template = match subject {
            _ if is_pronoun(subject) => "a photo of something {}".to_owned(),
            "everyone" | "everybody" | "someone" => "a photo of people {}".to_owned(),
            _ => format!("a photo of {} {{}}", noun_phrase(subject)),
        };
        return Some(Rule::of(Kind::Doing, template, known.of_bank(Bank::Action)));
    }
    if let Some(kind) = known.kind(bare).or_else(|| known.kind(bare.split(" of ").next().unwrap_or(bare))) {
        return Some(Rule::of(Kind::Which, kind.template().into(), strings(&kind.answers)));
    }
    if is_pronoun(rest) || after_pronoun(rest).is_some_and(|after| after.is_empty() || after == "of") {
        return Some(Rule::of(Kind::Which, A_PHOTO.into(), known.of_bank(Bank::Subject)));
    }
    // “What is the man holding”, “what is on the table”.
    if let Some((subject, action)) = rest.rsplit_once(' ').filter(|(_, action)| action.ends_with("ing")) {
        let of = DONE_TO
            .iter()
            .find(|(done, _)| *done == action)
            .map(|(_, kind)| answers(known, kind))
            .filter(|found| !found.is_empty());
        let subject = if is_pronoun(subject) { "something".to_owned() } else { noun_phrase(subject) };
        let answers = of.unwrap_or_else(|| things(known));
        return Some(Rule::of(Kind::Which, format!("a photo of {subject} {action} a {{}}"), answers));
    }
    if PREPOSITIONS.iter().any(|preposition| starts_with_words(rest, preposition)) {
        return Some(Rule::of(Kind::Which, format!("{A_PHOTO} {rest}"), things(known)));
    }
    None
}

/// Of what it is.
fn colour(subject: &str, known: &Known) -> Rule {
    let template = match subject {
        "" => "a photo of something {}".to_owned(),
        _ if is_pronoun(subject) => "a photo of something {}".to_owned(),
        _ => {
            let noun = noun_phrase(subject);
            let bare = without_article(&noun);
            if bare == noun { format!("a photo of {{}} {noun}") } else { format!("a photo of a {{}} {bare}") }
        }
    };
    Rule::of(Kind::Colour, template, answers(known, "colour"))
}

fn answers(known: &Known, kind: &str) -> Vec<String> {
    known.kind(kind).map_or(Vec::new(), |kind| strings(&kind.answers))
}

/// What may lie on a table or in a hand: the usual things of several kinds.
fn things(known: &Known) -> Vec<String> {
    const KINDS: [&str; 20] = [
        "animal",
        "person",
        "food",
        "drink",
        "fruit",
        "flower",
        "book type",
        "electronic device",
        "tool",
        "toy",
        "bag",
        "container",
        "kitchen utensil",
        "tableware",
        "musical instrument",
        "ball",
        "clothing",
        "furniture",
        "vehicle",
        "household item",
    ];
    KINDS.iter().flat_map(|kind| answers(known, kind)).collect()
}

fn strings(all: &[&str]) -> Vec<String> {
    all.iter().map(|one| (*one).to_owned()).collect()
}
