//! Completions and man pages, from the same definition as the words themselves.

use std::fs;
use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Command;
use clap_complete::Shell;

use crate::outcome::Outcome;

#[derive(clap::Args)]
pub struct CompletionsArgs {
    /// bash, zsh, fish, elvish or powershell.
    shell: Shell,
}

#[derive(clap::Args)]
pub struct ManArgs {
    /// The folder they go into: semblance.1, and one for each command.
    folder: PathBuf,
}

/// To standard output.
///
/// Errors: it cannot be written.
pub fn completions(args: &CompletionsArgs, mut command: Command) -> Result<Outcome> {
    let (name, mut text) = (command.get_name().to_owned(), Vec::new());
    clap_complete::generate(args.shell, &mut command, name, &mut text);
    std::io::stdout().write_all(&text).context("standard output cannot be written")?;
    Ok(Outcome::Whole)
}

/// Errors: they cannot be written.
pub fn man(args: &ManArgs, command: Command) -> Result<Outcome> {
    let failed = || format!("{} could not be written", args.folder.display());
    fs::create_dir_all(&args.folder).with_context(failed)?;
    clap_mangen::generate_to(command, &args.folder).with_context(failed)?;
    Ok(Outcome::Whole)
}
