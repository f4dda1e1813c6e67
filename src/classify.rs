//! Zero-shot classification: which of these labels fits the picture?
//!
//! Radford et al. 2021, "Learning Transferable Visual Models From Natural Language Supervision", section 3.1:
//! the labels' prompts and the picture are embedded, their cosines are multiplied by the learned logit scale, and a
//! softmax over the labels gives probabilities.

use crate::prompt::Templates;
use crate::{Result, prompt};

/// What a task needs of a model, so that its tests can do without one.
pub trait Encoder {
    /// One unit vector a text, and whether the text was cut to the context length; of several prompts in one text (divided by
    /// [`prompt::WITH`]) their mean, made a unit vector.
    fn encode_texts(&mut self, texts: &[String]) -> Result<Vec<TextEmbedding>>;

    /// `exp` of the checkpoint's `logit_scale`: what cosines are multiplied by.
    fn logit_scale(&self) -> f32;
}

/// A text's unit vector.
#[derive(Clone, Debug, PartialEq)]
pub struct TextEmbedding {
    pub vector: std::rc::Rc<[f32]>,
    /// The text was longer than the model's context and was cut.
    pub cut: bool,
}

/// How well one label fits one picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Score {
    /// The first of its words, where it has several.
    pub label: String,
    /// Softmax of the logits over all labels, 0..=1. Over a single label it is always 1.
    pub probability: f32,
    /// `cosine · logit scale`.
    pub logit: f32,
    /// Cosine of the two embeddings, −1..=1.
    pub cosine: f32,
    /// The prompt (one of several) was longer than the model's context and was cut.
    pub cut: bool,
}

/// Every picture against every text; all arrays are row-major, `rows` pictures × `cols` texts.
#[derive(Clone, Debug, PartialEq)]
pub struct Similarity {
    pub rows: usize,
    pub cols: usize,
    pub cosine: Vec<f32>,
    pub logits: Vec<f32>,
    /// Softmax of every row's logits: for this picture, how likely is each text.
    pub over_texts: Vec<f32>,
    /// Softmax of every column's logits: for this text, how likely is each picture.
    pub over_images: Vec<f32>,
    /// For each text: it was cut.
    pub cut: Vec<bool>,
}

/// Scores of a picture's embedding for `labels`, in their order; of labels that are equal but for the space around them,
/// one score, since two would halve the probability between them.
///
/// Errors: the template has no `{}`, there are no labels, one is blank, or a prompt cannot be tokenised.
pub fn classify<'a>(
    encoder: &mut impl Encoder,
    image: &[f32],
    labels: &[impl AsRef<str>],
    templates: impl Into<Templates<'a>>,
) -> Result<Vec<Score>> {
    prompt::check(labels)?;
    let labels = prompt::distinct(labels);
    let similarity = similarity(encoder, &[image], &labels, templates)?;
    let scores = labels.iter().enumerate().map(|(i, label)| Score {
        label: prompt::name(label).to_owned(),
        probability: similarity.over_texts[i],
        logit: similarity.logits[i],
        cosine: similarity.cosine[i],
        cut: similarity.cut[i],
    });
    Ok(scores.collect())
}

/// Pictures' embeddings against texts.
///
/// Errors: as [`classify`].
pub fn similarity<'a>(
    encoder: &mut impl Encoder,
    images: &[&[f32]],
    texts: &[impl AsRef<str>],
    templates: impl Into<Templates<'a>>,
) -> Result<Similarity> {
    let prompts = prompt::fill(templates, texts)?;
    let embeddings = encoder.encode_texts(&prompts)?;
    let scale = encoder.logit_scale();
    let (rows, cols) = (images.len(), embeddings.len());

    let pairs = images.iter().flat_map(|image| embeddings.iter().map(|text| dot(image, &text.vector)));
    let cosine: Vec<f32> = pairs.collect();
    let logits: Vec<f32> = cosine.iter().map(|c| c * scale).collect();
    let mut over_texts = logits.clone();
    over_texts.chunks_exact_mut(cols).for_each(softmax);
    let mut over_images = logits.clone();
    for col in 0..cols {
        let mut column: Vec<f32> = logits.iter().skip(col).step_by(cols).copied().collect();
        softmax(&mut column);
        for (row, value) in column.into_iter().enumerate() {
            over_images[row * cols + col] = value;
        }
    }
    let cut = embeddings.iter().map(|text| text.cut).collect();
    Ok(Similarity { rows, cols, cosine, logits, over_texts, over_images, cut })
}

pub(crate) fn dot(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

/// `exp(xᵢ − max) / Σ exp(xⱼ − max)`, in place.
fn softmax(values: &mut [f32]) {
    let max = values.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let mut sum = 0.0;
    for value in values.iter_mut() {
        *value = (*value - max).exp();
        sum += *value;
    }
    for value in values.iter_mut() {
        *value /= sum;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Texts point along the axis of their length, so that cosines are known.
    struct Fake;

    impl Encoder for Fake {
        fn encode_texts(&mut self, texts: &[String]) -> Result<Vec<TextEmbedding>> {
            let axis = |text: &String| {
                let mut vector = vec![0.0; 4];
                vector[text.len() % 4] = 1.0;
                TextEmbedding { vector: vector.into(), cut: text.len() > 4 }
            };
            Ok(texts.iter().map(axis).collect())
        }

        fn logit_scale(&self) -> f32 {
            10.0
        }
    }

    #[test]
    fn probabilities_are_the_softmax_of_scaled_cosines() {
        let scores = classify(&mut Fake, &[0.0, 0.6, 0.8, 0.0], &["x", "xx", "xxxxxx"], "{}").unwrap();
        let (a, b) = (6f32.exp(), 8f32.exp());
        assert!((scores[0].probability - a / (a + b + b)).abs() < 1e-6);
        assert_eq!((scores[1].cosine, scores[1].logit, scores[1].cut), (0.8, 8.0, false));
        assert!(scores[2].cut);
    }

    #[test]
    fn equal_labels_are_reported_once_and_blank_ones_by_their_place() {
        let image = [0.0, 0.6, 0.8, 0.0];
        let once = classify(&mut Fake, &image, &["x", "xx"], "{}").unwrap();
        assert_eq!(classify(&mut Fake, &image, &["x", "xx ", " x", "xx"], "{}").unwrap(), once);
        let error = classify(&mut Fake, &image, &["x", "x", " "], "{}").unwrap_err();
        assert!(error.to_string().starts_with("Label 3 of 3"), "{error}");
    }

    #[test]
    fn a_single_label_has_probability_one_and_its_cosine() {
        let scores = classify(&mut Fake, &[0.6, 0.8, 0.0, 0.0], &["x"], "{}").unwrap();
        assert_eq!((scores[0].probability, scores[0].cosine), (1.0, 0.8));
    }

    #[test]
    fn columns_sum_to_one_over_images() {
        let images: [&[f32]; 3] = [&[1.0, 0.0, 0.0, 0.0], &[0.0, 1.0, 0.0, 0.0], &[0.0, 0.6, 0.8, 0.0]];
        let s = similarity(&mut Fake, &images, &["x", "xx"], "{}").unwrap();
        for col in 0..2 {
            let sum: f32 = (0..3).map(|row| s.over_images[row * 2 + col]).sum();
            assert!((sum - 1.0).abs() < 1e-6);
        }
        assert_eq!((s.rows, s.cols), (3, 2));
    }

    #[test]
    fn huge_logits_do_not_overflow() {
        let mut values = [1e4, 1e4 - 1.0, -1e4];
        softmax(&mut values);
        assert!((values.iter().sum::<f32>() - 1.0).abs() < 1e-6);
    }
}
