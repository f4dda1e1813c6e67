//! `semblance`: the engine on the command line ([`semblance_cli::words`] has its commands).

use std::process::ExitCode;

use clap::Parser;
use semblance_cli::words::Args;

fn main() -> ExitCode {
    match Args::parse().run() {
        Ok(outcome) => outcome.into(),
        // A sentence for people, with its causes; never a backtrace.
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}
