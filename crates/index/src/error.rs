//! What can go wrong, as sentences.

/// The error of every fallible call in this crate.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The file is no index, or nothing of it can be read.
    #[error("This file is not an index of pictures, or its beginning and every copy of it are damaged.")]
    NoIndex,
    /// It was written by a later version.
    #[error(
        "This index was written by a newer version of Semblance (layout {0}). Reload the page to get that version."
    )]
    Newer(u32),
    /// Another model made its vectors.
    #[error(
        "The vectors of this index come from another model. A search compares vectors of one model only."
    )]
    OtherModel,
    /// A vector of another length, or with numbers that are none.
    #[error("A vector of this index has {expected} finite numbers; this one has {found}.")]
    Vector { expected: usize, found: String },
    /// A path longer than the file's layout takes.
    #[error("The path “{0}…” is longer than 65,535 bytes.")]
    Path(String),
    /// Nobody has this number.
    #[error("There is no picture with the number {0} in this index.")]
    Missing(u32),
    /// What a caller gave is of no use.
    #[error("An index was called in a wrong way: {0}.")]
    Argument(String),
    /// The query takes pictures and words into account that cancel each other out.
    #[error("What is searched for and what is not cancel each other out: nothing is left to look for.")]
    Nothing,
}

impl Error {
    /// The error's name in JavaScript (`Error.name`).
    pub fn name(&self) -> &'static str {
        match self {
            Self::NoIndex | Self::Newer(_) => "StorageError",
            Self::OtherModel => "ModelError",
            Self::Nothing => "TextError",
            Self::Vector { .. } | Self::Path(_) | Self::Missing(_) | Self::Argument(_) => "EngineError",
        }
    }
}

/// The crate's result.
pub type Result<T, E = Error> = std::result::Result<T, E>;
