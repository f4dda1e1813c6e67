//! What can go wrong, as sentences.

/// The error of every fallible call in this crate.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// There is nothing to tell apart.
    #[error("Measuring a model takes at least two classes; here is {0}.")]
    Classes(usize),
    /// Numbers that do not fit together, or are none.
    #[error("Measuring was called in a wrong way: {0}.")]
    Argument(String),
    /// Too few to say what is usual.
    #[error("What is usual for a model takes at least {least} pictures; these are {pictures}.")]
    TooFew { pictures: usize, least: usize },
}

impl Error {
    /// The error's name in JavaScript (`Error.name`).
    pub fn name(&self) -> &'static str {
        "EngineError"
    }
}

impl From<semblance_teach::Error> for Error {
    fn from(error: semblance_teach::Error) -> Self {
        match error {
            semblance_teach::Error::Classes(classes) => Self::Classes(classes),
            semblance_teach::Error::Argument(what) => Self::Argument(what),
            other => Self::Argument(other.to_string()),
        }
    }
}

/// The crate's result.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What was wrong with the arguments.
pub(crate) fn wrong<T>(what: impl Into<String>) -> Result<T> {
    Err(Error::Argument(what.into()))
}

/// Errors: anything but `wanted` finite numbers.
pub(crate) fn check(what: &str, numbers: &[f32], wanted: usize) -> Result<()> {
    if numbers.len() != wanted {
        return wrong(format!("{} {what} where {wanted} belong", numbers.len()));
    }
    if numbers.iter().any(|number| !number.is_finite()) {
        return wrong(format!("one of the {what} is no number"));
    }
    Ok(())
}

/// Errors: also one that is no cosine, so far beyond 1 as rounding to 16 bits never brings it.
pub(crate) fn check_cosines(what: &str, cosines: &[f32], wanted: usize) -> Result<()> {
    const MOST: f32 = 1.01;
    check(what, cosines, wanted)?;
    match cosines.iter().find(|cosine| cosine.abs() > MOST) {
        Some(cosine) => wrong(format!("one of the {what} is {cosine}, which is no cosine")),
        None => Ok(()),
    }
}

/// Errors: a logit scale that is none.
pub(crate) fn check_scale(scale: f32) -> Result<()> {
    if scale.is_finite() && scale > 0.0 { Ok(()) } else { wrong(format!("a logit scale of {scale}")) }
}
