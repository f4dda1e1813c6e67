//! What can go wrong, as sentences.

/// The error of every fallible call in this crate.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Numbers that do not fit together, or are none.
    #[error("Describing was called in a wrong way: {0}.")]
    Argument(String),
    /// A question that can't be answered as it is.
    #[error("{0}")]
    Question(String),
}

impl Error {
    /// The error's name in JavaScript (`Error.name`).
    pub fn name(&self) -> &'static str {
        match self {
            Self::Argument(_) => "EngineError",
            Self::Question(_) => "TextError",
        }
    }
}

impl From<semblance_organise::Error> for Error {
    fn from(error: semblance_organise::Error) -> Self {
        match error {
            semblance_organise::Error::Argument(what) => Self::Argument(what),
            other => Self::Argument(other.to_string()),
        }
    }
}

/// The crate's result.
pub type Result<T, E = Error> = std::result::Result<T, E>;
