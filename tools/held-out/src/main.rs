//! How well a model finds, and how well it is taught, on labelled pictures that it was not trained on.
//!
//! ```text
//! cargo run --release -p held-out -- search [--data ../shared/pocket/data] [--pictures 31230] [--write docs/retrieval.md]
//! cargo run --release -p held-out -- teach [the same] [--write docs/teaching.md]
//! cargo run --release -p held-out -- tags [the same] [--write docs/tags.md]
//! cargo run --release -p held-out -- duplicates [--data ../shared/pocket/data] [--write docs/duplicates.md]
//! cargo run --release -p held-out -- groups [the same]; python tests/tools/judge_groups.py [--write docs/groups.md]
//! cargo run --release -p held-out -- asking [the same] [--write docs/asking.md]
//! cargo run --release -p held-out -- usual [the same] [--write crates/measure/data/usual.json]
//! ```
//!
//! Without the data it says so and does nothing.

mod asking;
mod collection;
mod duplicates;
mod ends;
mod groups;
mod plot;
mod precision;
mod runs;
mod scores;
mod shards;
mod shots;
mod spread;
mod standing;
mod strangers;
mod tags;
mod task;
mod times;
mod unknown;
mod usual;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::{Args, Parser};
use collection::Collection;
use runs::Runs;
use task::Tasks;

#[derive(Parser)]
#[command(about = "What pocket does on labelled pictures that it was not trained on")]
enum Command {
    /// Search them: for every class by words, by pictures and by both, and whether results end where they should.
    Search(Options),
    /// Teach classes from a few of them: every method, how far its scores can be trusted, and what is none of the classes.
    Teach(Options),
    /// Tag them: whether tags are right, as often as was aimed at.
    Tags(Options),
    /// Tell copies, bursts and alike pictures apart, among pictures that were made of them.
    Duplicates(Options),
    /// Group them and put them on a map, for tests/tools/judge_groups.py.
    Groups(Options),
    /// Ask them questions whose answers are known, and describe them, with CLIP alone.
    Asking(Options),
    /// What its cosines usually look like: the reference of crates/measure.
    Usual(Options),
}

#[derive(Args)]
struct Options {
    /// The shards of tools/pocket/prepare.py.
    #[arg(long, default_value = "../shared/pocket/data")]
    data: PathBuf,
    /// So many of the held-out pictures, drawn by chance.
    #[arg(long, default_value_t = usize::MAX)]
    pictures: usize,
    /// Where the report goes besides the terminal.
    #[arg(long)]
    write: Option<PathBuf>,
}

fn main() -> ExitCode {
    match run(&Command::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: &Command) -> Result<()> {
    let (Command::Search(options)
    | Command::Teach(options)
    | Command::Tags(options)
    | Command::Duplicates(options)
    | Command::Groups(options)
    | Command::Asking(options)
    | Command::Usual(options)) = command;
    if let Command::Duplicates(_) = command {
        return of_duplicates(options);
    }
    let Some(collection) = Collection::read(&options.data, options.pictures)? else {
        println!("There are no held-out pictures in {}: nothing was measured.", options.data.display());
        return Ok(());
    };
    let pictures = format!(
        "{} pictures that pocket was not trained on, of 32 and 64 pixels a side; their labels name one thing in each",
        collection.vectors.len()
    );
    let report = match command {
        Command::Search(_) => format!(
            "# How well pocket finds\n\nWritten by `cargo run --release -p held-out -- search` over {pictures}, so that a picture which also shows another one counts against it. 8-bit vectors, prompts `a photo of a {{}}`.\n\n{}\n{}",
            precision::report(&collection)?,
            ends::report(&collection)?
        ),
        Command::Teach(_) => teach(&collection, &pictures, options.write.as_deref())?,
        Command::Tags(_) => format!(
            "# How well pocket tags\n\nWritten by `cargo run --release -p held-out -- tags` over {pictures}, so that a tag which is right and not in the label counts against it.\n\n{}",
            tags::report(&collection)?
        ),
        Command::Groups(_) => groups::report(&collection)?,
        Command::Asking(_) => format!(
            "# What a CLIP alone says of pictures\n\nWritten by `cargo run --release -p held-out -- asking` over {pictures}, with pocket, and over pictures that it draws itself. The same is `clip.ask` and `clip.describe` in the library, and the view Describe.\n\n{}",
            asking::report(&collection)?
        ),
        Command::Usual(_) => usual::report(&collection)?,
        Command::Duplicates(_) => unreachable!("it has returned"),
    };
    println!("{report}");
    if let Some(path) = &options.write {
        write(path, &report)?;
    }
    Ok(())
}

fn of_duplicates(options: &Options) -> Result<()> {
    let Some(report) = duplicates::report(&options.data)? else {
        println!("There are no held-out pictures in {}: nothing was measured.", options.data.display());
        return Ok(());
    };
    println!("{report}");
    options.write.as_deref().map_or(Ok(()), |path| write(path, &report))
}

/// The plot goes beside the report.
fn teach(collection: &Collection, pictures: &str, to: Option<&Path>) -> Result<String> {
    let tasks = Tasks::of(collection);
    let runs = Runs::of(&tasks)?;
    let plot = to.map(|path| path.with_extension("svg"));
    if let Some(path) = &plot {
        write(path, &plot::svg(&runs)?)?;
    }
    let plot = plot.as_ref().and_then(|path| path.file_name()).map(|name| name.to_string_lossy());
    Ok(format!(
        "# How well pocket is taught\n\nWritten by `cargo run --release -p held-out -- teach` over {pictures}.\n\n{}{}{}{}",
        shots::report(&runs, plot.as_deref())?,
        scores::report(&runs)?,
        unknown::report(&tasks)?,
        times::report()?
    ))
}

fn write(path: &Path, text: &str) -> Result<()> {
    std::fs::write(path, text).with_context(|| format!("{} could not be written", path.display()))
}
