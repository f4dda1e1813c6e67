//! Statements: what a caption would say if the answer were true.

use semblance_prompts::NEUTRAL;

use super::known::Known;
use super::words::{head, is_pronoun, noun_phrase, singular, stands_behind};
use crate::filling::{fill, with_article, without_article};

/// Of what is named with its article, or needs none.
pub const PHOTO: &str = "a photo of {}";
/// Of a noun without its article.
pub const A_PHOTO: &str = "a photo of a {}";

/// The statement of an answer and, where the answer is the name of a kind, of all that are of that kind: a CLIP says “a dog” of a dog more
/// surely than “an animal”.
pub fn with_members(template: &str, answer: &str, known: &Known) -> Vec<String> {
    let kind = known.kind(without_article(answer));
    let kind = kind.or_else(|| known.kind(&singular(without_article(answer))));
    let mut statements = vec![fill(template, answer)];
    if let Some(kind) = kind {
        let articled = template.ends_with("of {}") && kind.template() == A_PHOTO;
        let member = |member: &str| if articled { with_article(member) } else { member.to_owned() };
        statements.extend(kind.answers.iter().map(|one| fill(template, &member(one))));
    }
    statements
}

/// What the template says of nothing in particular, and captions that say nothing at all.
pub fn neutral(template: &str) -> Vec<String> {
    let after = template.split_once("{}").map_or("", |(_, after)| after).trim_start();
    let noun = after.is_empty() || stands_behind(after);
    let own: Vec<String> = match template.split_once("a {}") {
        // “a photo of a {} on the table”, and not “a photo of a {} car”.
        Some((before, after)) if noun => {
            vec![format!("{before}something{after}"), format!("{before}a thing{after}")]
        }
        Some((before, after)) => vec![format!("{before}{}", with_article(after.trim_start()))],
        None if template.ends_with("of {}") => vec![template.replace("{}", "something")],
        None => vec![without_ending(&template.replace(" {}", "").replace("{} ", ""))],
    };
    let mut all: Vec<String> = Vec::new();
    for one in own.into_iter().chain(NEUTRAL.iter().map(|caption| (*caption).to_owned())) {
        if !one.is_empty() && one != "{}" && !all.contains(&one) {
            all.push(one);
        }
    }
    all
}

/// Without the words that lead to what is left out: “a photo taken in” → “a photo”.
fn without_ending(text: &str) -> String {
    const LEADING: [&str; 9] = ["of", "a", "an", "in", "at", "with", "from the", "made", "taken"];
    let mut text = text.trim();
    while let Some(shorter) = LEADING.iter().find_map(|word| text.strip_suffix(word)?.strip_suffix(' ')) {
        text = shorter;
    }
    text.to_owned()
}

/// Of a thing, that it is so: “a photo of a red car”, “a photo of a dog sitting”, “a photo of something red”; `{}` where what it is goes,
/// of which `example` is one.
pub fn that_it_is(subject: &str, example: &str) -> String {
    let behind = stands_behind(example);
    let taken =
        matches!(example, "indoors" | "outdoors" | "inside" | "outside") || example.starts_with("at ");
    match (is_pronoun(subject) || subject == "there", behind) {
        (true, _) if taken => "a photo taken {}".into(),
        (true, _) => "a photo of something {}".into(),
        (false, true) => format!("a photo of {} {{}}", noun_phrase(subject)),
        (false, false) => {
            let noun = noun_phrase(subject);
            let bare = without_article(&noun);
            if bare == noun { format!("a photo of {{}} {noun}") } else { format!("a photo of a {{}} {bare}") }
        }
    }
}

/// Does an answer say what the picture itself is, “a painting”?
pub fn is_medium(answer: &str) -> bool {
    const MEDIA: [&str; 18] = [
        "photo",
        "photograph",
        "picture",
        "painting",
        "drawing",
        "sketch",
        "illustration",
        "render",
        "cartoon",
        "screenshot",
        "print",
        "collage",
        "logo",
        "icon",
        "map",
        "diagram",
        "watercolour",
        "poster",
    ];
    MEDIA.contains(&head(without_article(answer)))
}
