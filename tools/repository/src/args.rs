//! The words after a command's name: `--flag value` pairs and plain words.

use std::ffi::OsString;
use std::process::ExitCode;
use std::str::FromStr;

use anyhow::{Context, Result, anyhow, bail};

/// What is left of the command line.
pub struct Args {
    words: Vec<OsString>,
}

impl Args {
    pub fn new(words: impl Iterator<Item = OsString>) -> Self {
        Self { words: words.collect() }
    }

    /// Take `--name value` or `--name=value` out of the words. `None` when it was not given.
    pub fn value<T: FromStr>(&mut self, name: &str) -> Result<Option<T>>
    where
        T::Err: std::fmt::Display,
    {
        let joined = format!("{name}=");
        let Some(at) = self
            .words
            .iter()
            .position(|word| word == name || word.to_str().is_some_and(|word| word.starts_with(&joined)))
        else {
            return Ok(None);
        };
        let word = self.words.remove(at);
        let value = match word.to_str().and_then(|word| word.strip_prefix(&joined)) {
            Some(value) => value.to_owned(),
            None if at < self.words.len() => self
                .words
                .remove(at)
                .into_string()
                .map_err(|word| anyhow!("{name} takes readable text, not {word:?}"))?,
            None => bail!("{name} needs a value"),
        };
        match value.parse() {
            Ok(value) => Ok(Some(value)),
            Err(error) => bail!("{name} {value}: {error}"),
        }
    }

    /// Take a word that stands alone out of the words: was it there?
    pub fn flag(&mut self, name: &str) -> bool {
        let before = self.words.len();
        self.words.retain(|word| word != name);
        self.words.len() < before
    }

    /// Every word as it was typed.
    pub fn rest(self) -> Vec<OsString> {
        self.words
    }

    /// The plain words; a flag that nobody took is an error.
    pub fn plain(self) -> Result<Vec<String>> {
        self.words
            .into_iter()
            .map(|word| {
                let word = word.into_string().ok().context("arguments must be readable text")?;
                match word.starts_with('-') {
                    true => bail!("there is no flag {word}"),
                    false => Ok(word),
                }
            })
            .collect()
    }

    /// No words may be left.
    pub fn none(self) -> Result<()> {
        match self.plain()?.first() {
            Some(word) => bail!("nothing is known about {word:?} here"),
            None => Ok(()),
        }
    }
}

/// Run a program: an error is a sentence for people, with its causes; never a backtrace.
pub fn exit(program: impl FnOnce() -> Result<()>) -> ExitCode {
    match program() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(words: &[&str]) -> Args {
        Args::new(words.iter().map(OsString::from))
    }

    #[test]
    fn values_are_taken_out_in_both_spellings() {
        for words in [["a", "--port", "81"].as_slice(), &["--port=81", "a"]] {
            let mut args = args(words);
            assert_eq!(args.value::<u16>("--port").unwrap(), Some(81));
            assert_eq!(args.plain().unwrap(), ["a"]);
        }
    }

    #[test]
    fn what_nobody_knows_is_an_error() {
        assert!(args(&["--port"]).value::<u16>("--port").is_err());
        assert!(args(&["--port", "x"]).value::<u16>("--port").is_err());
        assert!(args(&["--colour"]).plain().is_err());
        assert!(args(&["word"]).none().is_err());
        assert!(args(&[]).none().is_ok());
    }
}
