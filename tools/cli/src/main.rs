//! `semblance`: the engine on the command line. Each command is a module, or a crate, of its own.
//!
//! | command | what it does | where |
//! |---|---|---|
//! | `evaluate` | say how good models are on pictures whose classes are known | `src/evaluate` |
//! | `finetune` | train a CLIP's last blocks on pictures of one's own | `tools/finetune` |

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use semblance_cli::evaluate;

#[derive(Parser)]
#[command(name = "semblance", about = "CLIP on the command line")]
struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Say how good models are on pictures whose classes are known: top-1, top-5, calibration, and which is better.
    Evaluate(evaluate::command::Args),
    /// Train a CLIP's last image blocks and its projection on a folder of pictures, and write the model that comes out.
    Finetune(finetune::command::Args),
}

fn main() -> ExitCode {
    let result = match Args::parse().command {
        Command::Evaluate(args) => evaluate::command::command(&args),
        Command::Finetune(args) => finetune::command::command(&args),
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
