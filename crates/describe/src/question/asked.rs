//! What was made of a question.

use serde::{Deserialize, Serialize};

use super::caution::Caution;

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Kind {
    YesNo,
    EitherOr,
    Colour,
    Which,
    Where,
    HowMany,
    Who,
    Doing,
    /// Answers, or the statement, are the person's own, and no rule knows the question.
    Open,
}

/// A possible answer, and the statements that speak for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    pub answer: String,
    /// At least one; the first is the answer's own, others are of what is one of its kind.
    pub statements: Vec<String>,
}

/// What was made of a question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    pub kind: Kind,
    /// The statement, `{}` where an answer goes.
    pub template: String,
    /// Two at least, each once. Of a yes-or-no question, yes and no.
    pub answers: Vec<Answer>,
    /// Statements that speak for no answer.
    pub neutral: Vec<String>,
    /// What a CLIP can't do of this.
    pub caution: Option<Caution>,
}

impl Asked {
    /// Every statement: answer after answer, and then those that speak for none.
    pub fn statements(&self) -> Vec<&str> {
        let of_answers = self.answers.iter().flat_map(|answer| &answer.statements);
        of_answers.chain(&self.neutral).map(String::as_str).collect()
    }
}
