//! Ready-made rules for what sites often look out for. They advise: nobody has measured them on the pictures of whoever uses
//! them, and each says what is known.

use serde::Serialize;

use super::rule::{Action, Least, Rule};

/// A rule, and what there is to be said for and against it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Advice {
    pub rule: Rule,
    /// A sentence or some, with its source.
    pub evidence: &'static str,
}

/// What is written of each: name, action, labels, what is against them, evidence.
type Line = (&'static str, Action, &'static [&'static str], &'static [&'static str], &'static str);

const GENERAL: &str = "CLIP's authors found on the FairFace portraits that it takes people of some groups for criminals or animals \
    more often than others (Radford et al. 2021, section 7.1). Look at what is found before anybody is judged by it.";

const LINES: [Line; 6] = [
    (
        "Violence",
        Action::Blur,
        &[
            "a photo of people fighting",
            "a photo of a violent attack",
            "a photo of an injured person with blood",
            "a photo of a dead body",
            "a photo of a war scene with explosions",
        ],
        &[
            "a photo of people hugging",
            "a photo of people playing sports",
            "a photo of people dancing",
            "a photo of people at a peaceful event",
            "a photo of food",
            "a photo of an animal",
            "a photo of a place",
        ],
        "Schramowski et al. 2022 (“Can Machines Help Us Answering Question 16 in Datasheets?”) found with CLIP, after fitting its prompts to rated pictures, most of what people had rated as immoral in SMID. These words are not fitted to anything.",
    ),
    (
        "Nudity",
        Action::Blur,
        &[
            "a photo of a naked person",
            "a photo of a nude body",
            "a pornographic picture",
            "a photo of a person without clothes",
        ],
        &[
            "a photo of a person with clothes",
            "a portrait of a person",
            "a photo of people in swimwear at a beach",
            "a photo of a statue",
            "a photo of a baby",
            "a photo of an animal",
            "a photo of a place",
            "a photo of an object",
        ],
        "LAION's filter for its five billion pictures is a classifier over CLIP's vectors, and its authors say that it misses some and takes harmless ones (Schuhmann et al. 2022, appendix). These words are weaker than a classifier that was taught; teach one where it matters.",
    ),
    (
        "Weapons",
        Action::List,
        &[
            "a photo of a gun",
            "a photo of a rifle",
            "a photo of a pistol",
            "a photo of a knife as a weapon",
            "a photo of a person with a weapon",
        ],
        &[
            "a photo of a tool",
            "a photo of a kitchen",
            "a photo of a toy",
            "a photo of a camera",
            "a photo of a person",
            "a photo of a vehicle",
            "a photo of food",
            "a photo of a place",
        ],
        "A known weakness: a written word wins over what a picture shows (Goh et al. 2021, “Multimodal Neurons”), so a sign that says “gun” is found and a gun with a label on it may not be.",
    ),
    (
        "Drugs",
        Action::List,
        &[
            "a photo of illegal drugs",
            "a photo of cannabis",
            "a photo of a person smoking a joint",
            "a photo of a syringe with drugs",
            "a photo of white powder in a small bag",
        ],
        &[
            "a photo of medicine",
            "a photo of a plant",
            "a photo of food",
            "a photo of spices",
            "a photo of a person",
            "a photo of a drink",
            "a photo of an object",
            "a photo of a place",
        ],
        "No published figures for CLIP are known to us. Powders, pills and plants look like harmless ones: expect many wrong ones.",
    ),
    (
        "Identity documents and cards",
        Action::Blur,
        &[
            "a photo of an identity card",
            "a photo of a passport",
            "a photo of a driver's licence",
            "a photo of a credit card",
            "a photo of a bank card",
        ],
        &[
            "a photo of a business card",
            "a photo of a book",
            "a photo of a page of text",
            "a photo of a phone",
            "a portrait of a person",
            "a photo of an object",
            "a photo of a place",
        ],
        "CLIP reads large rendered text well and small handwritten text badly (Radford et al. 2021, section 3.1.5); whether a card is a real one it can't tell.",
    ),
    (
        "Screenshots and memes",
        Action::Tag,
        &[
            "a screenshot of a computer",
            "a screenshot of a phone",
            "a screenshot of a chat",
            "a meme with text over a picture",
        ],
        &[
            "a photo",
            "a photo of a person",
            "a photo of an animal",
            "a photo of food",
            "a photo of a place",
            "a drawing",
            "a painting",
        ],
        "On the Hateful Memes set CLIP, with a classifier taught on it, tells hateful from harmless ones with a ROC AUC of 0.77 at most (Radford et al. 2021, table 10 and figure 21); that something is a meme is easier, and not published.",
    ),
];

/// They are advisory, and say so.
pub fn advice() -> Vec<Advice> {
    let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    let one = |(name, action, labels, against, evidence): Line| Advice {
        rule: Rule {
            name: name.to_owned(),
            labels: owned(labels),
            against: owned(against),
            template: "{}".to_owned(),
            least: Least::Threshold(0.8),
            action,
        },
        evidence,
    };
    LINES.map(one).into()
}

/// What holds of all of them.
pub const fn general() -> &'static str {
    GENERAL
}
