//! The commands and their words. Each command is a module, or a crate, of its own.

use anyhow::Result;
use clap::{CommandFactory, Parser, Subcommand};

use crate::outcome::Outcome;
use crate::{classify, describe, embed, evaluate, info, search, shell, similarity, teach};

/// CLIP on the command line: how well pictures and words match.
///
/// No picture and no word leaves the machine. A command ends with 0 where all went well, with 3 where some files could not be
/// read (each is said), with 1 where it could not do what it was to do, and with 2 where its words are not understood.
#[derive(Parser)]
#[command(name = "semblance", version)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Say which of some labels fits each picture.
    Classify(classify::Args),
    /// Say how well each picture matches each text.
    Similarity(similarity::Args),
    /// Write the vectors of a folder's pictures into a file, or those of a stream into another.
    Embed(embed::command::Args),
    /// Find the pictures of a file of vectors that match words and pictures best.
    Search(search::Args),
    /// Say what is in each picture.
    Describe(describe::DescribeArgs),
    /// Answer a question about each picture.
    Ask(describe::AskArgs),
    /// Teach a classifier from a folder with a sub-folder of examples per class.
    Teach(teach::Args),
    /// Say how good models are on pictures whose classes are known: top-1, top-5, calibration, and which is better.
    Evaluate(evaluate::command::Args),
    /// Train a CLIP's last image blocks and its projection on a folder of pictures, and write the model that comes out.
    Finetune(finetune::command::Args),
    /// Download a Hugging Face repository's files, going on where the last try ended.
    Fetch(semblance_pack::fetch::Args),
    /// Make a bundle of a model: a folder with manifest.json and the pieces of one GGUF file.
    Pack(semblance_pack::pack::Args),
    /// Say what a model, an index or a classifier is.
    Info(info::Args),
    /// Print completions for a shell.
    Completions(shell::CompletionsArgs),
    /// Write the man pages into a folder.
    Man(shell::ManArgs),
}

impl Args {
    /// Errors: what the command says.
    pub fn run(self) -> Result<Outcome> {
        let whole = |()| Outcome::Whole;
        match self.command {
            Command::Classify(args) => classify::command(&args),
            Command::Similarity(args) => similarity::command(&args),
            Command::Embed(args) => embed::command::command(&args),
            Command::Search(args) => search::command(&args),
            Command::Describe(args) => describe::describe(&args),
            Command::Ask(args) => describe::ask(&args),
            Command::Teach(args) => teach::command(&args),
            Command::Evaluate(args) => evaluate::command::command(&args),
            Command::Finetune(args) => finetune::command::command(&args).map(whole),
            Command::Fetch(args) => semblance_pack::fetch::command(&args).map(whole),
            Command::Pack(args) => semblance_pack::pack::command(args).map(whole),
            Command::Info(args) => info::command(&args),
            Command::Completions(args) => shell::completions(&args, Self::command()),
            Command::Man(args) => shell::man(&args, Self::command()),
        }
    }
}
