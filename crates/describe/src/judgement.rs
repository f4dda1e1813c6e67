//! How probable each answer is: zero-shot classification over statements, as TAP-C does it (Song et al. 2022, “CLIP Models are Few-shot
//! Learners”, arXiv:2203.07190), and whether any of them stands out from statements that say nothing.

use semblance_organise::rows::{Rows, dot};
use serde::Serialize;

use crate::error::{Error, Result};
use crate::question::{Asked, Kind};

/// An answer, and what speaks for it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Judged {
    pub answer: String,
    /// Among the answers, from 0 to 1.
    pub probability: f32,
    /// Of its statements the one that fits best, and its cosine with the picture.
    pub statement: String,
    pub cosine: f32,
}

/// What is said to a question.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Judgement {
    /// The most probable first.
    pub answers: Vec<Judged>,
    /// Nothing stands out: statements without an answer fit as well.
    pub cant_tell: bool,
    /// The statement without an answer that fits best.
    pub neutral: String,
    /// Its cosine.
    pub neutral_cosine: f32,
}

/// `cosines`: of the picture with every statement, answer after answer, and then with those that say nothing
/// ([`Asked::statements`]). p = softmax(logit scale × the largest cosine of an answer's statements). Of a question that is answered by
/// yes or no, what says nothing speaks for no.
///
/// Errors: numbers that are not the statements'.
pub fn judge(asked: &Asked, cosines: &[f32], logit_scale: f32) -> Result<Judgement> {
    let statements = asked.statements();
    if cosines.len() != statements.len() || cosines.iter().any(|cosine| !cosine.is_finite()) {
        return Err(Error::Argument(format!(
            "{} cosines for {} statements",
            cosines.len(),
            statements.len()
        )));
    }
    let mut at = 0;
    let mut best = |count: usize| {
        let range = at..at + count;
        at += count;
        range.reduce(|best, other| if cosines[other] > cosines[best] { other } else { best })
    };
    let of_answers: Vec<usize> =
        asked.answers.iter().filter_map(|answer| best(answer.statements.len())).collect();
    let neutral = best(asked.neutral.len());
    let mut fits = of_answers.clone();
    if let (Kind::YesNo, Some(neutral), Some(no)) = (asked.kind, neutral, fits.get_mut(1))
        && cosines[neutral] > cosines[*no]
    {
        *no = neutral;
    }
    let top = fits.iter().map(|at| cosines[*at]).fold(f32::NEG_INFINITY, f32::max);
    let weights: Vec<f32> = fits.iter().map(|at| (logit_scale * (cosines[*at] - top)).exp()).collect();
    let sum: f32 = weights.iter().sum();
    let mut answers: Vec<Judged> = asked
        .answers
        .iter()
        .zip(&fits)
        .zip(&weights)
        .map(|((answer, at), weight)| Judged {
            answer: answer.answer.clone(),
            probability: weight / sum,
            statement: statements[*at].to_owned(),
            cosine: cosines[*at],
        })
        .collect();
    let cant_tell = match asked.kind {
        Kind::YesNo => answers.iter().all(|answer| answer.probability < SURE),
        _ => neutral.is_some_and(|neutral| cosines[neutral] > top),
    };
    answers.sort_by(|a, b| b.probability.total_cmp(&a.probability));
    Ok(Judgement {
        answers,
        cant_tell,
        neutral: neutral.map_or_else(String::new, |at| statements[at].to_owned()),
        neutral_cosine: neutral.map_or(0.0, |at| cosines[at]),
    })
}

/// Of a picture's unit vector with each of the statements'.
///
/// Errors: vectors of different widths.
pub fn cosines(image: &[f32], statements: &[f32]) -> Result<Vec<f32>> {
    Ok(Rows::new(statements, image.len())?.iter().map(|row| dot(image, row)).collect())
}

/// Yes and no are told apart from this probability on.
const SURE: f32 = 0.6;
