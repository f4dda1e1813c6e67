//! `semblance`: the engine on the command line ([`semblance_cli::words`] has its commands).

use std::process::ExitCode;

use clap::Parser;
use semblance_cli::words::Args;

fn main() -> ExitCode {
    match Args::parse().run() {
        Ok(outcome) => outcome.into(),
        Err(error) if nobody_reads(&error) => ExitCode::from(CLOSED),
        // A sentence for people, with its causes; never a backtrace.
        Err(error) => {
            eprintln!("{}", sentence(&error));
            ExitCode::FAILURE
        }
    }
}

/// As a shell says it of a program whose reader has gone (128 + SIGPIPE).
const CLOSED: u8 = 141;

/// Whether whoever read what was printed has had enough, as `head` has.
fn nobody_reads(error: &anyhow::Error) -> bool {
    let broken = |error: &std::io::Error| error.kind() == std::io::ErrorKind::BrokenPipe;
    error.chain().any(|cause| cause.downcast_ref().is_some_and(broken))
}

/// It and its causes, but for those that it has said already.
fn sentence(error: &anyhow::Error) -> String {
    let mut text = String::new();
    for cause in error.chain().map(ToString::to_string) {
        match text.is_empty() {
            true => text = cause,
            false if text.contains(&cause) => {}
            false => text = format!("{}: {cause}", text.trim_end_matches('.')),
        }
    }
    text
}
