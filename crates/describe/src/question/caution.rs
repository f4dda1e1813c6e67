//! What a CLIP can't do, however it is asked. docs/asking.md names the evidence.

use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Caution {
    /// Counting past a few (Paiss et al. 2023, arXiv:2302.12066).
    Counting,
    /// Reading more than a word or two (Radford et al. 2021, section 3.1.5, arXiv:2103.00020).
    Reading,
    /// Left and right, above and below, and who does what to whom (Kamath et al. 2023, arXiv:2310.19785; Yüksekgönül et al. 2023, arXiv:2210.01936).
    Relations,
    /// “Not” and “without” (Alhamoud et al. 2025, arXiv:2501.09425).
    Negation,
}

const READING: [&str; 20] = [
    "read",
    "written",
    "write",
    "say",
    "says",
    "text",
    "word",
    "words",
    "letter",
    "letters",
    "spell",
    "spelled",
    "title",
    "caption",
    "headline",
    "inscription",
    "label",
    "number",
    "numbers",
    "digits",
];
const RELATIONS: [&str; 13] = [
    "left",
    "right",
    "above",
    "below",
    "beneath",
    "behind",
    "front",
    "leftmost",
    "rightmost",
    "beside",
    "facing",
    "taller",
    "nearer",
];
const NEGATION: [&str; 6] = ["not", "no", "without", "never", "nobody", "nothing"];

/// Of a question as it was asked; `counts`: it asks how many.
pub fn of(question: &str, counts: bool) -> Option<Caution> {
    let lower = question.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).collect();
    let any = |list: &[&str]| words.iter().any(|word| list.contains(word));
    match () {
        () if counts || lower.contains("how much") => Some(Caution::Counting),
        () if any(&READING) => Some(Caution::Reading),
        () if any(&RELATIONS) => Some(Caution::Relations),
        () if any(&NEGATION) => Some(Caution::Negation),
        () => None,
    }
}
