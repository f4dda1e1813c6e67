//! How a command ended, as a shell sees it: 0 well, 1 not at all, 2 words that are not understood, 3 well but for some files.

use std::process::ExitCode;

/// Not at all is an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Whole,
    /// Some files could not be read; each was said.
    Partly,
}

impl Outcome {
    pub fn of(failed: usize) -> Self {
        if failed == 0 { Self::Whole } else { Self::Partly }
    }
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Whole => Self::SUCCESS,
            Outcome::Partly => Self::from(3),
        }
    }
}
