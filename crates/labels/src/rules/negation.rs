//! “no dog”, “person without a hat”. The text tower of a CLIP hardly represents a negation: the prompt's vector is that of what it
//! names (Yuksekgonul et al., “When and Why Vision-Language Models Behave like Bags-of-Words, and What to Do about It?”, 2023;
//! Alhamoud et al., “Vision-Language Models Do Not Understand Negation”, 2025).

use crate::finding::{Finding, Kind, Severity};
use crate::language::text::bare;
use crate::set::{Part, Set, quoted};

/// What denies all that follows, at the start.
const STARTS: [&str; 12] = [
    "no ",
    "not a ",
    "not an ",
    "not the ",
    "not ",
    "without ",
    "anything but ",
    "everything but ",
    "everything except ",
    "anything except ",
    "never ",
    "lack of ",
];

/// What denies within.
const WITHIN: [&str; 14] = [
    " no ",
    " not ",
    " without ",
    " never ",
    " isn't ",
    " aren't ",
    " doesn't ",
    " don't ",
    " hasn't ",
    " wasn't ",
    " can't ",
    " lacking ",
    " but not ",
    " except ",
];

/// They are to be seen as they are.
const SIGNS: [&str; 10] = [
    "no entry",
    "no smoking",
    "no parking",
    "no trespassing",
    "no stopping",
    "no u turn",
    "no left turn",
    "no right turn",
    "no swimming",
    "no dogs allowed",
];

/// Said without a negation, by hand: what such a picture shows instead.
const POSITIVE: [(&str, &str); 24] = [
    ("without people", "empty place"),
    ("no people", "empty place"),
    ("no person", "empty place"),
    ("nobody", "empty place"),
    ("not smiling", "serious face"),
    ("without glasses", "bare face"),
    ("without a mask", "bare face"),
    ("without mask", "bare face"),
    ("without a face mask", "bare face"),
    ("without a helmet", "bareheaded person"),
    ("without helmet", "bareheaded person"),
    ("without a hat", "bareheaded person"),
    ("without a beard", "clean-shaven man"),
    ("without hair", "bald person"),
    ("not happy", "sad"),
    ("not sad", "happy"),
    ("not ripe", "unripe"),
    ("not empty", "full"),
    ("not full", "half-empty"),
    ("not open", "closed"),
    ("not closed", "open"),
    ("not broken", "intact"),
    ("not indoors", "outdoors"),
    ("not outdoors", "indoors"),
];

pub fn find(set: &Set) -> Vec<Finding> {
    let denying = set.parts().filter(|(_, part)| is_negation(part));
    let findings = denying.map(|(at, part)| {
        let positive = set.labels[at].parts.len() == 1;
        let positive =
            positive.then(|| positively(&part.folded)).flatten().and_then(|to| set.rename(at, &to));
        let message = format!(
            "A CLIP hardly reads a negation: {} fits the very pictures that it is to keep out.",
            quoted(&part.text)
        );
        let fixes = positive.into_iter().chain(set.give_up(at, is_negation)).collect();
        Finding { kind: Kind::Negation, severity: Severity::Problem, labels: vec![at], message, fixes }
    });
    let mut findings: Vec<Finding> = findings.collect();
    findings.dedup_by(|later, first| later.labels == first.labels);
    findings
}

fn is_negation(part: &Part) -> bool {
    negated(&part.folded).is_some()
}

/// What a folded text denies; empty where it denies within.
pub fn negated(folded: &str) -> Option<String> {
    if SIGNS.iter().any(|sign| folded.starts_with(sign))
        || folded.starts_with("none of ")
        || folded.ends_with(" sign")
    {
        return None;
    }
    let denied = STARTS.iter().filter_map(|start| folded.strip_prefix(start)).min_by_key(|rest| rest.len());
    if let Some(denied) = denied {
        return Some(bare(denied));
    }
    let spaced = format!(" {folded} ");
    let within = WITHIN.iter().any(|word| spaced.contains(word));
    let non = folded.split([' ', '(']).any(|word| {
        word.strip_prefix("non-").is_some_and(|rest| rest.len() > 2 && !["stick", "fiction"].contains(&rest))
    });
    if let Some(denied) = folded.strip_prefix("non-").or_else(|| folded.strip_prefix("non ")) {
        return non.then(|| bare(denied));
    }
    (within || non).then(String::new)
}

/// The same without a negation, where it is known.
fn positively(folded: &str) -> Option<String> {
    let (said, instead) = POSITIVE.iter().find(|(said, _)| folded.ends_with(said))?;
    let before = folded[..folded.len() - said.len()].trim_end();
    let before = before.strip_suffix(" who is").or_else(|| before.strip_suffix(" that is")).unwrap_or(before);
    let alone = before.is_empty() || instead.contains(' ');
    Some(if alone { (*instead).to_owned() } else { format!("{instead} {before}") })
}
