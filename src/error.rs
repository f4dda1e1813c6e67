//! Everything that can go wrong, as sentences: what failed, what was expected, what was found.

/// The error of every fallible call in this crate.
///
/// The variants are the kinds a caller may want to tell apart; the text inside is for people.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A model's files are wrong or do not fit each other.
    #[error("{0}")]
    Model(String),
    /// A tensor that the configuration asks for is not in the weights.
    #[error("The weights have no tensor “{name}”; the configuration asks for one of shape {expected:?}.")]
    MissingTensor { name: String, expected: Vec<usize> },
    /// A tensor has another shape than the configuration asks for.
    #[error("The tensor “{name}” has shape {found:?}; the configuration asks for {expected:?}.")]
    TensorShape { name: String, expected: Vec<usize>, found: Vec<usize> },
    /// The weights say nothing of the factor between cosines and logits: clip.cpp's files leave it out.
    #[error(
        "The weights have no logit scale, the factor between cosines and logits, without which there are no probabilities. It is about 100 for OpenAI's and LAION's models: give the model's own."
    )]
    LogitScaleMissing,
    /// A picture cannot be read or prepared.
    #[error("{0}")]
    Picture(String),
    /// A text, a list of labels or a template cannot be used.
    #[error("{0}")]
    Text(String),
    /// A file cannot be read.
    #[error("Cannot read {path}: {source}.")]
    Io { path: String, source: std::io::Error },
    /// A file cannot be written.
    #[cfg(not(target_arch = "wasm32"))]
    #[error("Cannot write {path}: {source}.")]
    Write { path: String, source: std::io::Error },
    /// A library of pictures cannot be opened, written or read.
    #[cfg(not(target_arch = "wasm32"))]
    #[error("{0}")]
    Library(String),
    #[cfg(not(target_arch = "wasm32"))]
    #[error(transparent)]
    Index(#[from] semblance_index::Error),
    #[cfg(not(target_arch = "wasm32"))]
    #[error(transparent)]
    Tables(#[from] semblance_tables::Error),
    #[cfg(not(target_arch = "wasm32"))]
    #[error(transparent)]
    Teach(#[from] semblance_teach::Error),
    #[cfg(not(target_arch = "wasm32"))]
    #[error(transparent)]
    Measure(#[from] semblance_measure::Error),
    #[cfg(not(target_arch = "wasm32"))]
    #[error(transparent)]
    Labels(#[from] semblance_labels::Error),
    #[cfg(not(target_arch = "wasm32"))]
    #[error(transparent)]
    Organise(#[from] semblance_organise::Error),
    #[cfg(not(target_arch = "wasm32"))]
    #[error(transparent)]
    Describe(#[from] semblance_describe::Error),
    /// The tensor library refused a computation: a defect of ours, not of the input.
    #[error("The computation failed: {0}.")]
    Compute(#[from] candle_core::Error),
}

/// The crate's result.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// A tower that was not asked for, or was freed.
    pub(crate) fn not_loaded(tower: &str) -> Self {
        Self::Model(format!("The {tower} tower is not loaded."))
    }

    /// The weights that `what` names cannot be computed with.
    pub(crate) fn not_finite(what: &str) -> Self {
        Self::Model(format!(
            "The weights of {what} have infinite numbers or NaN in them; the model is damaged."
        ))
    }

    /// The error's name on the JavaScript side (`Error.name`).
    pub fn name(&self) -> &'static str {
        match self {
            Error::Model(_) | Error::MissingTensor { .. } | Error::TensorShape { .. } => "ModelError",
            Error::LogitScaleMissing => "LogitScaleMissing",
            Error::Picture(_) => "PictureError",
            Error::Text(_) => "TextError",
            Error::Io { .. } => "StorageError",
            #[cfg(not(target_arch = "wasm32"))]
            Error::Write { .. } | Error::Library(_) | Error::Tables(_) => "StorageError",
            #[cfg(not(target_arch = "wasm32"))]
            Error::Index(error) => error.name(),
            #[cfg(not(target_arch = "wasm32"))]
            Error::Teach(error) => error.name(),
            #[cfg(not(target_arch = "wasm32"))]
            Error::Measure(error) => error.name(),
            #[cfg(not(target_arch = "wasm32"))]
            Error::Labels(error) => error.name(),
            #[cfg(not(target_arch = "wasm32"))]
            Error::Organise(error) => error.name(),
            #[cfg(not(target_arch = "wasm32"))]
            Error::Describe(error) => error.name(),
            Error::Compute(_) => "EngineError",
        }
    }
}
