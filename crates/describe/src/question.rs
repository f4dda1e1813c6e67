//! A question → statements with its possible answers in them (TAP-C, Song et al. 2022, section 4: the question's type, a template, the
//! answers). Rules over English words; what was made of a question is shown, and may be changed.
//!
//! | question | kind | statements |
//! |---|---|---|
//! | Is it a cat? | yes or no | “a photo of a cat”, against what else it may be |
//! | Is it an animal or a vehicle? | either, or | “a photo of an animal”, and of each animal |
//! | What colour is the car? | colour | “a photo of a red car” … |
//! | Which bird is it? What kind of food is on the table? | which | “a photo of a robin” … |
//! | Where is the dog? | where | “a photo of a dog on a beach” … |
//! | How many birds are there? | how many | “a photo of two birds” … |
//! | Who is riding the horse? | who | “a photo of a woman riding the horse” … |
//! | What is the man doing? | doing | “a photo of a man cooking” … |

mod asked;
mod caution;
mod either;
mod known;
mod open;
mod opposites;
mod rule;
mod statement;
mod words;
mod yes_no;

pub use asked::{Answer, Asked, Kind};
pub use caution::Caution;

use crate::error::{Error, Result};
use known::Known;
use rule::{Rule, distinct};

/// What a question's reader goes by, and what a person says instead.
#[derive(Clone, Copy, Debug, Default)]
pub struct Own<'a> {
    /// The answers to choose from.
    pub answers: &'a [String],
    /// The statement, `{}` where an answer goes.
    pub template: Option<&'a str>,
}

/// Read a question; `model`: the name of the one whose words answers must be.
///
/// Errors: an empty question, one that no rule knows (and there are no answers to choose from), a template without `{}`, a single answer.
pub fn read(question: &str, own: Own, model: Option<&str>) -> Result<Asked> {
    if let Some(template) = own.template
        && template.matches("{}").count() != 1
    {
        return Err(Error::Question(format!("“{template}” needs one {{}}, where an answer goes.")));
    }
    let own_answers = distinct(own.answers.iter().map(|answer| answer.trim().to_owned()));
    if own_answers.len() == 1 {
        return Err(Error::Question("One answer leaves nothing to choose from: give two or more.".into()));
    }
    let text = words::normalise(question);
    if text.is_empty() {
        return Err(Error::Question("There is no question.".into()));
    }
    let known = Known::of(model);
    let found = either::read(&text, &known)
        .or_else(|| open::read(&text, &known))
        .or_else(|| yes_no::read(&text, &known));
    let caution = caution::of(question, found.as_ref().is_some_and(|found| found.kind == Kind::HowMany));
    let rule = match (found, own_answers.is_empty() && own.template.is_none()) {
        (Some(rule), _) => rule,
        (None, false) => Rule::of(Kind::Open, statement::PHOTO.into(), own_answers.clone()),
        (None, true) if caution == Some(Caution::Reading) => {
            return Err(Error::Question("A CLIP hardly reads. Give the answers to choose from.".into()));
        }
        (None, true) => {
            return Err(Error::Question(
                "This question is not understood. It may begin with is, are, does, which, what, where, who or how many; or give answers to choose from.".into(),
            ));
        }
    };
    let mut asked = rule.asked(&known, own.template, &own_answers);
    asked.answers.retain(|answer| !answer.answer.is_empty());
    if asked.answers.len() < 2 {
        return Err(Error::Question("There are fewer than two answers to choose from: give some.".into()));
    }
    asked.caution = caution;
    Ok(asked)
}
