//! What can go wrong, as sentences.

/// The error of every fallible call in this crate.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Numbers that do not fit together, or are none.
    #[error("Organising was called in a wrong way: {0}.")]
    Argument(String),
}

impl Error {
    /// The error's name in JavaScript (`Error.name`).
    pub fn name(&self) -> &'static str {
        "EngineError"
    }
}

/// The crate's result.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What was wrong with the arguments.
pub(crate) fn wrong<T>(what: impl Into<String>) -> Result<T> {
    Err(Error::Argument(what.into()))
}
