//! What a command prints, and how it ended, as a shell sees it: 0 well, 1 not at all, 2 words that are not understood, 3 well but
//! for some files, 141 read by nobody any more.

use std::fmt::Arguments;
use std::io::{Write, stdout};
use std::process::ExitCode;

use anyhow::{Context, Result};

/// A line on standard output, as [`println!`]. That nobody reads on is no panic, and neither is a full disk: it has the error
/// that there may be.
macro_rules! say {
    ($($text:tt)*) => { $crate::outcome::line(format_args!($($text)*)) };
}
pub(crate) use say;

/// Errors: nobody reads it any more, or it cannot be written.
pub fn line(text: Arguments) -> Result<()> {
    writeln!(stdout().lock(), "{text}").context("standard output cannot be written")
}

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
