//! A classifier that was taught: its file, and its answers.

use std::fs;
use std::path::Path;

use semblance_teach::classifier::About;
use semblance_teach::report::{Report, conclude};
use semblance_teach::{Classifier as Core, Error as TeachError, Teaching};

use super::lesson::{ClassExamples, Lesson, TeachOptions, joined};
use crate::{Clip, Error, Picture, Result};

/// A classifier of one's own.
#[derive(Clone, Debug, PartialEq)]
pub struct Classifier {
    core: Core,
}

/// What a classifier says of a picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer<'a> {
    /// The most probable class, or none where it is none of them: `known` is below [`About::threshold`].
    pub label: Option<&'a str>,
    /// Of every class, the most probable first.
    pub scores: Vec<ClassScore<'a>>,
    /// How well known what the picture shows is, in nats.
    pub known: f32,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ClassScore<'a> {
    pub label: &'a str,
    /// 0..=1; over all classes they sum to 1. Calibrated where there were examples to do it by.
    pub probability: f32,
}

impl Classifier {
    /// Try each method on examples that are held out, fit the best one to all of them, and calibrate it. `model`:
    /// [`model_hash`](crate::index::model_hash) of the file that `clip` was loaded from; the classifier takes vectors of no
    /// other. What is known of it by the held-out examples comes beside it.
    ///
    /// Errors: fewer than two classes; a name that is blank or another's, too; a blank prompt or a template without `{}`; a
    /// class with neither examples nor words; a picture that cannot be prepared, a vector of another length; zero-shot
    /// without words; or the model has not both towers.
    pub fn teach(
        clip: &mut Clip,
        model: [u8; 32],
        classes: &[ClassExamples<'_>],
        options: &TeachOptions<'_>,
    ) -> Result<(Self, Report)> {
        let Lesson { examples, words, background, names, prompts } = Lesson::new(clip, classes, options)?;
        let taught = Teaching::new(examples, words, options.method, &names)?.finish(options.method)?;
        let (core, report) = conclude(&taught, background, names, prompts, hex(model))?;
        Ok((Self { core }, report))
    }

    /// A classifier from its file, which may come from anywhere. `model`: as in [`Classifier::teach`].
    ///
    /// Errors: the file cannot be read or is no classifier, a newer version wrote it, or another model's vectors taught it.
    pub fn open(path: impl AsRef<Path>, model: [u8; 32]) -> Result<Self> {
        let core = read(path.as_ref())?;
        if core.about.model != hex(model) {
            return Err(TeachError::OtherModel.into());
        }
        Ok(Self { core })
    }

    /// Write its file; no picture is in it, but of a Tip-Adapter the examples' vectors are.
    ///
    /// Errors: it cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<()> {
        let path = path.as_ref();
        fs::write(path, self.core.to_bytes()?)
            .map_err(|source| Error::Write { path: path.display().to_string(), source })
    }

    /// Names of the classes, the method, how good it is, and the threshold.
    pub fn about(&self) -> &About {
        &self.core.about
    }

    /// `known` below it is none of the classes; none, or what is no number, refuses nothing.
    pub fn set_threshold(&mut self, threshold: Option<f64>) {
        self.core.about.threshold = threshold.filter(|threshold| threshold.is_finite());
    }

    /// What pictures show, in their order. `clip`: the model that it was taught with.
    ///
    /// Errors: a picture cannot be prepared, the image tower was freed, or the model's vectors are of another length.
    pub fn classify(&self, clip: &Clip, pictures: &[Picture]) -> Result<Vec<Answer<'_>>> {
        if clip.config().projection_dim != self.core.dim() {
            return Err(TeachError::OtherModel.into());
        }
        self.classify_vectors(&clip.embed_images(pictures)?)
    }

    /// The same of vectors that the model made.
    ///
    /// Errors: one is of another length, all zero, or has something in it that is no number.
    pub fn classify_vectors(&self, vectors: &[Vec<f32>]) -> Result<Vec<Answer<'_>>> {
        let answers = self.core.classify(joined(vectors, self.core.dim())?)?;
        let rows = answers.probabilities.chunks(self.about().classes.len());
        Ok(rows.zip(answers.known).map(|(row, known)| self.answer(row, known)).collect())
    }

    fn answer(&self, probabilities: &[f32], known: f32) -> Answer<'_> {
        let About { classes, threshold, .. } = self.about();
        let mut scores: Vec<_> = classes
            .iter()
            .zip(probabilities)
            .map(|(label, &probability)| ClassScore { label, probability })
            .collect();
        scores.sort_by(|a, b| b.probability.total_cmp(&a.probability));
        let refused = threshold.is_some_and(|threshold| f64::from(known) < threshold);
        Answer { label: scores.first().filter(|_| !refused).map(|best| best.label), scores, known }
    }
}

fn hex(hash: [u8; 32]) -> String {
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What a classifier's file says of itself, whichever model taught it.
///
/// Errors: it cannot be read, is no classifier, or a newer version wrote it.
pub fn read_about(path: impl AsRef<Path>) -> Result<About> {
    Ok(read(path.as_ref())?.about)
}

fn read(path: &Path) -> Result<Core> {
    let bytes = fs::read(path).map_err(|source| Error::Io { path: path.display().to_string(), source })?;
    Ok(Core::from_bytes(&bytes)?)
}
