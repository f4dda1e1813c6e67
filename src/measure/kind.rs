//! Whether pictures are of the kind that a model knows, and which template suits them; by cosines with labels and with captions
//! that mean nothing in particular ([`NEUTRAL`]).

use semblance_measure::statistic::Cosines;
use semblance_measure::templates::{self, Templates as Ranked};
use semblance_measure::unusual::{self, Domain};
use semblance_measure::usual::Usual;
use semblance_prompts::NEUTRAL;

use crate::classify::Encoder;
use crate::prompt::{PLAIN, Templates};
use crate::{Clip, Result};

/// How far pictures are from what the model's cosines usually look like ([`semblance_measure::unusual`]). `vectors`: of
/// [`Clip::embed_images`]; `reference`: of [`usual`] on pictures that the model knows.
///
/// Errors: no picture, fewer than two labels, a vector of another length, a template without `{}`; a reference that is none.
pub fn domain<'a>(
    clip: &mut Clip,
    vectors: &[impl AsRef<[f32]>],
    labels: &[impl AsRef<str>],
    templates: impl Into<Templates<'a>>,
    reference: &Usual,
    seed: u64,
) -> Result<Domain> {
    with_cosines(clip, vectors, labels, templates, |cosines| unusual::domain(cosines, reference, seed))
}

/// The reference for [`domain`], of pictures that the model knows, at least 101.
///
/// Errors: fewer pictures, and as [`domain`].
pub fn usual<'a>(
    clip: &mut Clip,
    vectors: &[impl AsRef<[f32]>],
    labels: &[impl AsRef<str>],
    templates: impl Into<Templates<'a>>,
) -> Result<Usual> {
    with_cosines(clip, vectors, labels, templates, Usual::of)
}

/// Which of several templates suits pictures without truths, by the mutual information of picture and answer
/// ([`semblance_measure::templates`]). Each of `candidates` is one template or several, whose vectors are averaged; the first is
/// the one that the others are compared with.
///
/// Errors: no template or picture, fewer than two labels, a vector of another length, a template without `{}`.
pub fn compare_templates<'a>(
    clip: &mut Clip,
    vectors: &[impl AsRef<[f32]>],
    labels: &[impl AsRef<str>],
    candidates: impl IntoIterator<Item = impl Into<Templates<'a>>>,
    seed: u64,
) -> Result<Ranked> {
    let images = check_vectors(clip, vectors)?;
    let logits = candidates.into_iter().map(|one| Ok(clip.similarity(&images, labels, one)?.logits));
    let logits = logits.collect::<Result<Vec<_>>>()?;
    let logits: Vec<&[f32]> = logits.iter().map(Vec::as_slice).collect();
    Ok(templates::templates(&logits, labels.len(), 1, 0, seed)?)
}

/// The vectors, which are all of this model's length.
///
/// Errors: one is not.
pub(super) fn check_vectors<'v>(clip: &Clip, vectors: &'v [impl AsRef<[f32]>]) -> Result<Vec<&'v [f32]>> {
    let dim = clip.config().projection_dim;
    match vectors.iter().map(|vector| vector.as_ref().len()).find(|&length| length != dim) {
        None => Ok(vectors.iter().map(AsRef::as_ref).collect()),
        Some(length) => {
            let told = format!("a vector of {length} numbers, where the model's have {dim}");
            Err(semblance_measure::Error::Argument(told).into())
        }
    }
}

fn with_cosines<'a, T>(
    clip: &mut Clip,
    vectors: &[impl AsRef<[f32]>],
    labels: &[impl AsRef<str>],
    templates: impl Into<Templates<'a>>,
    conclude: impl FnOnce(&Cosines) -> semblance_measure::Result<T>,
) -> Result<T> {
    let images = check_vectors(clip, vectors)?;
    let asked = clip.similarity(&images, labels, templates)?;
    let neutral = clip.similarity(&images, &NEUTRAL, PLAIN)?;
    let scale = clip.logit_scale();
    Ok(conclude(&Cosines::new(&asked.cosine, asked.cols, &neutral.cosine, neutral.cols, scale)?)?)
}
