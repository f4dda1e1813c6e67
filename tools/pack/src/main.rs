//! `semblance-pack`: everything around a model's files that happens outside the browser.
//!
//! | command | what it does | file |
//! |---|---|---|
//! | `pack` | a model in any layout → a bundle: one GGUF in pieces, and the manifest that names them | `pack.rs` |
//! | `fetch` | a Hugging Face repository's files → a folder, with resume | `fetch.rs` |
//! | `check` | a model against what Hugging Face's Python computed on the same pictures and texts | `check.rs` |

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use semblance_pack::{check, fetch, pack};

#[derive(Parser)]
#[command(about = "Fetch, pack and check models for Semblance")]
struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Make a bundle that Semblance loads: a folder with manifest.json and the pieces of one GGUF file.
    Pack(pack::Args),
    /// Download a Hugging Face repository's files, going on where the last try ended.
    Fetch(fetch::Args),
    /// Compare a model with the reference that tests/tools/reference.py wrote.
    Check(check::Args),
}

fn main() -> ExitCode {
    let result = match Args::parse().command {
        Command::Pack(args) => pack::command(args),
        Command::Fetch(args) => fetch::command(&args),
        Command::Check(args) => check::command(&args),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        // A sentence for people, with its causes; never a backtrace.
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}
