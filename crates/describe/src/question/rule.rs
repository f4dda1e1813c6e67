//! What a rule makes of a question, and how that becomes statements.

use super::asked::{Answer, Asked, Kind};
use super::known::Known;
use super::statement;
use crate::filling::{fill, without_article};

/// What a rule makes of a question.
pub struct Rule {
    pub kind: Kind,
    /// The statement, `{}` where an answer goes; of a yes-or-no question what is asked about.
    pub template: String,
    pub answers: Vec<String>,
    /// Of a yes-or-no question: what is asked, and what it may be instead.
    pub yes: String,
    pub no: Vec<String>,
}

impl Rule {
    pub fn of(kind: Kind, template: String, answers: Vec<String>) -> Self {
        Self { kind, template, answers, yes: String::new(), no: Vec::new() }
    }

    pub fn asked(self, known: &Known, template: Option<&str>, own: &[String]) -> Asked {
        let yes_no = self.kind == Kind::YesNo && own.is_empty();
        let kind = if self.kind == Kind::YesNo && !yes_no { Kind::Open } else { self.kind };
        let template = template.unwrap_or(&self.template).to_owned();
        let fill = |answer: &str| fill(&template, answer);
        let answers = if yes_no {
            let others = distinct(self.no.iter().filter(|no| **no != self.yes).map(|no| fill(no)));
            vec![
                Answer {
                    answer: "yes".into(),
                    statements: statement::with_members(&template, &self.yes, known),
                },
                Answer { answer: "no".into(), statements: others },
            ]
        } else {
            let answers = if own.is_empty() { distinct(self.answers.into_iter()) } else { own.to_vec() };
            let expand = kind == Kind::EitherOr || !own.is_empty();
            let statements = |answer: &str| match expand {
                true => statement::with_members(&template, answer, known),
                false => vec![fill(answer)],
            };
            answers
                .iter()
                .map(|answer| Answer {
                    answer: without_article(answer).to_owned(),
                    statements: statements(answer),
                })
                .collect()
        };
        let said: Vec<&String> = answers.iter().flat_map(|answer| &answer.statements).collect();
        let neutral = statement::neutral(&template).into_iter().filter(|one| !said.contains(&one)).collect();
        let mut asked = Asked { kind, template, answers, neutral, caution: None };
        // What says nothing speaks for no; where there is nothing else, it is all that does.
        if yes_no && asked.answers[1].statements.is_empty() {
            asked.answers[1].statements = vec![asked.neutral[0].clone()];
        }
        asked
    }
}

/// Each once, in their order.
pub fn distinct(all: impl Iterator<Item = String>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for one in all {
        if !found.contains(&one) {
            found.push(one);
        }
    }
    found
}
