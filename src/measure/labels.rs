//! What is wrong with labels, with what the model itself says of them: tokens, and cosines of their prompts.

use semblance_labels::threshold::reference_pairs;
use semblance_labels::{Context, Finding, Vocabulary};

use crate::classify::dot;
use crate::{Clip, Result, prompt};

/// The cosines of more labels are a matrix too large to be worth it, as in the browser.
const MATRIX_AT_MOST: usize = 300;
/// Between a label's words, as [`semblance_labels`] has it.
const OR: char = '|';
/// What the pairs of [`threshold`] are put into.
const TEMPLATE: &str = "a photo of a {}";

/// What is wrong with labels for this model, the worst first. A label may be several words with `|` between them, whose vectors
/// are averaged. `vocabulary`: the words that the model has learnt, where they are known ([`Vocabulary::of`]).
///
/// Blank labels are found without the model; of more than 300 labels, or where one is blank, the model is not asked for cosines.
///
/// Errors: the template has no `{}`, or a text cannot be tokenised.
pub fn check_labels(
    clip: &mut Clip,
    labels: &[impl AsRef<str>],
    template: &str,
    vocabulary: Option<&Vocabulary>,
) -> Result<Vec<Finding>> {
    let words: Vec<String> = labels.iter().map(|label| with_words(label.as_ref())).collect();
    let mut context = Context { template, vocabulary, ..Context::default() };
    if prompt::check(&words).is_err() {
        return Ok(semblance_labels::check(labels, &context)?);
    }
    let prompts = prompt::fill(template, &words)?;
    let longest = |text: &String| {
        let mut longest = 0;
        for one in text.split(prompt::WITH) {
            longest = longest.max(clip.tokenize(one)?.ids.len());
        }
        Ok(longest)
    };
    let tokens = prompts.iter().map(longest).collect::<Result<Vec<usize>>>()?;
    context.tokens = Some(&tokens);
    context.context_length = Some(clip.config().text_config.max_position_embeddings);
    let mut cosines = Vec::new();
    if labels.len() <= MATRIX_AT_MOST {
        let vectors = clip.embed_texts(&prompts)?;
        cosines = vectors.iter().flat_map(|one| vectors.iter().map(|other| dot(one, other))).collect();
        context.threshold = threshold(clip)?;
    }
    context.cosines = (!cosines.is_empty()).then_some(&cosines);
    Ok(semblance_labels::check(labels, &context)?)
}

/// From which cosine on two prompts mean the same to this model, by pairs that do and pairs that do not
/// ([`semblance_labels::threshold`]); none where its cosines do not tell them apart.
///
/// Errors: a text cannot be tokenised, or the text tower was freed.
pub fn threshold(clip: &mut Clip) -> Result<Option<f32>> {
    let (same, different) = reference_pairs();
    let mut cosines = |pairs: &[(&str, &str)]| -> Result<Vec<f32>> {
        let labels: Vec<&str> = pairs.iter().flat_map(|&(one, other)| [one, other]).collect();
        let vectors = clip.embed_texts(&prompt::fill(TEMPLATE, &labels)?)?;
        Ok(vectors.chunks(2).map(|pair| dot(&pair[0], &pair[1])).collect())
    };
    let (same, different) = (cosines(same)?, cosines(different)?);
    Ok(semblance_labels::threshold::threshold(&same, &different))
}

/// `cat | kitty` as one label of several words, whose vectors are averaged ([`prompt::synonyms`]).
pub fn with_words(label: &str) -> String {
    let words: Vec<&str> = label.split(OR).map(str::trim).collect();
    prompt::synonyms(&words)
}
