//! What can go wrong, as sentences.

/// The error of every fallible call in this crate.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// There is nothing to tell apart.
    #[error("A classifier takes at least two classes; this one has {0}.")]
    Classes(usize),
    /// A class without pictures and without words.
    #[error("The class “{0}” has neither a picture nor words that a model knows it by: give it a picture.")]
    Empty(String),
    /// Numbers that do not fit together, or are none.
    #[error("Teaching was called in a wrong way: {0}.")]
    Argument(String),
    /// Another model made the vectors.
    #[error(
        "This classifier was taught with another model, and its vectors mean nothing to it. Load that model."
    )]
    OtherModel,
    /// The file is not one of ours.
    #[error("This file is not a classifier: {0}.")]
    NoClassifier(String),
    /// It was written by a later version.
    #[error(
        "This classifier was written by a newer version of Semblance (layout {0}). Reload the page to get that version."
    )]
    Newer(u32),
}

impl Error {
    /// The error's name in JavaScript (`Error.name`).
    pub fn name(&self) -> &'static str {
        match self {
            Self::OtherModel | Self::NoClassifier(_) | Self::Newer(_) => "ModelError",
            Self::Classes(_) | Self::Empty(_) | Self::Argument(_) => "EngineError",
        }
    }
}

/// The crate's result.
pub type Result<T, E = Error> = std::result::Result<T, E>;
