//! What a classifier is taught with, as vectors.

use std::collections::HashSet;

use semblance_teach::{Background, Error as TeachError, Examples, Method, Words};

use crate::classify::Encoder;
use crate::{Clip, Error, Picture, Result, prompt};

/// Pictures, or the vectors that the same model made of them.
#[derive(Clone, Copy, Debug)]
pub enum Images<'a> {
    Pictures(&'a [Picture]),
    /// Each of the model's `projection_dim` numbers; of any length, since only their direction counts.
    Vectors(&'a [Vec<f32>]),
}

/// What is shown of one class.
#[derive(Clone, Copy, Debug)]
pub struct ClassExamples<'a> {
    pub name: &'a str,
    /// The words for it, as they are; without any, [`TeachOptions::template`] with its name.
    pub prompt: Option<&'a str>,
    /// None at all is allowed where there are words.
    pub images: Images<'a>,
}

/// How it is taught. By default: the best method, words without a template, no captions, no background.
#[derive(Clone, Copy, Debug)]
pub struct TeachOptions<'a> {
    /// None: the one with the least log loss on held-out examples. One that is asked for is tried however long it takes.
    pub method: Option<Method>,
    /// For the classes' words; `{}` is the name.
    pub template: &'a str,
    /// Whether the classes' names mean anything to the model. Without, every class takes an example.
    pub words: bool,
    /// Captions that mean nothing in particular: how well known a picture is, is measured against them. Unused without words.
    pub captions: &'a [&'a str],
    /// What is of none of the classes: the threshold is drawn between it and the examples.
    pub background: Images<'a>,
}

impl Default for TeachOptions<'_> {
    fn default() -> Self {
        Self {
            method: None,
            template: prompt::PLAIN,
            words: true,
            captions: &[],
            background: Images::Vectors(&[]),
        }
    }
}

/// Everything that teaching takes.
pub(super) struct Lesson {
    pub examples: Examples,
    pub words: Option<Words>,
    pub background: Background,
    pub names: Vec<String>,
    /// Of the classes, or none.
    pub prompts: Vec<String>,
}

impl Lesson {
    /// Errors: as [`super::Classifier::teach`].
    pub fn new(clip: &mut Clip, classes: &[ClassExamples<'_>], options: &TeachOptions<'_>) -> Result<Self> {
        let names = names(classes)?;
        let prompts = if options.words { prompts(classes, options.template)? } else { Vec::new() };
        let dim = clip.config().projection_dim;
        let (mut vectors, mut labels) = (Vec::new(), Vec::new());
        for (class, label) in classes.iter().zip(0..) {
            let rows = rows(clip, class.images)?;
            labels.extend(std::iter::repeat_n(label, rows.len() / dim));
            vectors.extend(rows);
        }
        let examples = Examples::new(vectors, dim, labels, classes.len())?;
        let mut background = Background { captions: Vec::new(), pictures: rows(clip, options.background)? };
        let mut words = None;
        if options.words {
            let vectors = clip.embed_texts(&prompts)?.concat();
            words = Some(Words::new(vectors, dim, classes.len(), clip.logit_scale())?);
            background.captions = clip.embed_texts(options.captions)?.concat();
        }
        Ok(Self { examples, words, background, names, prompts })
    }
}

fn names(classes: &[ClassExamples<'_>]) -> Result<Vec<String>> {
    let mut seen = HashSet::new();
    for &ClassExamples { name, .. } in classes {
        if name.trim().is_empty() {
            return Err(Error::Text("A class has no name: give it one.".into()));
        }
        if !seen.insert(name) {
            return Err(Error::Text(format!("There are two classes “{name}”. Give each a name of its own.")));
        }
    }
    Ok(classes.iter().map(|class| class.name.to_owned()).collect())
}

fn prompts(classes: &[ClassExamples<'_>], template: &str) -> Result<Vec<String>> {
    let mut prompts = Vec::with_capacity(classes.len());
    for class in classes {
        let (template, words) = class.prompt.map_or((template, class.name), |own| (prompt::PLAIN, own));
        prompts.extend(prompt::fill(template, &[words])?);
    }
    Ok(prompts)
}

/// Vectors of pictures, one after another.
///
/// Errors: a picture cannot be prepared, or a vector is of another length than the model's.
fn rows(clip: &Clip, images: Images<'_>) -> Result<Vec<f32>> {
    match images {
        Images::Pictures(pictures) => Ok(clip.embed_images(pictures)?.concat()),
        Images::Vectors(vectors) => joined(vectors, clip.config().projection_dim),
    }
}

/// Vectors of `dim` numbers, one after another.
///
/// Errors: one is of another length.
pub(super) fn joined(vectors: &[Vec<f32>], dim: usize) -> Result<Vec<f32>> {
    match vectors.iter().find(|vector| vector.len() != dim) {
        None => Ok(vectors.concat()),
        Some(other) => Err(TeachError::Argument(format!(
            "a vector has {} numbers, and those of the model have {dim}",
            other.len()
        ))
        .into()),
    }
}
