//! Several thousand everyday words for what pictures show.

/// `data/make.py` says where they come from. A line is a kind's letter, “·” where pocket was not trained on the word, and the word.
const LINES: &str = include_str!("../../data/vocabulary.txt");

/// What a word is a word for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Kind {
    Animal,
    Plant,
    Food,
    Thing,
    Person,
    Place,
    Activity,
    Material,
    Colour,
    Style,
}

impl Kind {
    pub const ALL: [Self; 10] = [
        Self::Animal,
        Self::Plant,
        Self::Food,
        Self::Thing,
        Self::Person,
        Self::Place,
        Self::Activity,
        Self::Material,
        Self::Colour,
        Self::Style,
    ];

    /// The prompt, `{}` where the word goes.
    pub fn template(self) -> &'static str {
        match self {
            Self::Activity => "a photo of {}",
            Self::Material => "a photo of something made of {}",
            Self::Colour => "a photo of something {}",
            Self::Style => "{}",
            _ => "a photo of a {}",
        }
    }

    fn of(letter: char) -> Option<Self> {
        "apftrlmcus".chars().position(|other| other == letter).map(|at| Self::ALL[at])
    }
}

/// A word of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Term {
    pub word: &'static str,
    pub kind: Kind,
}

/// All of them or, for the model of that name, those that it knows: a small one has arbitrary vectors for words that it never saw.
pub fn vocabulary(model: Option<&str>) -> Vec<Term> {
    let pocket = model == Some("pocket");
    let term = |line: &'static str| {
        let kind = Kind::of(line.chars().next()?)?;
        let rest = &line[1..];
        match rest.strip_prefix('·') {
            Some(_) if pocket => None,
            Some(word) => Some(Term { word, kind }),
            None => Some(Term { word: rest, kind }),
        }
    };
    LINES.lines().filter_map(term).collect()
}
