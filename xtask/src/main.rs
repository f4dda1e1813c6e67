//! `cargo xtask`: everything that is done to this repository, as one Rust program.
//!
//! This file is the table of commands; each has a file of its own.

mod build;
mod bundle_size;
mod cluster;
mod pack;
mod package;
mod programs;
mod release;
mod serve;
mod suites;
mod test;

use std::process::ExitCode;

use anyhow::{Result, anyhow};
use repository::args::{self, Args};

/// One command: what is typed, what it takes, what it does for people.
struct Command {
    name: &'static str,
    takes: &'static str,
    about: &'static str,
    run: fn(Args) -> Result<()>,
}

#[rustfmt::skip]
const COMMANDS: &[Command] = &[
    Command { name: "serve", takes: "[--port 8080] [--host 127.0.0.1]", about: "build the site and serve it", run: serve::command },
    Command { name: "build", takes: "[--out dist] [--only simd|relaxed|threads]", about: "build the site into a folder for any static host", run: build::command },
    Command { name: "test", takes: "[SUITE…] [--only TEXT] [--seed N] [--long]", about: "run every check there is, or the named suites", run: test::command },
    Command { name: "bench", takes: "[--quick] [--threads N] [--no-build] | --peer [--threads 1,2] [--rows …] [--before CHECKOUT] [--without-litert] | --family [--only TEXT] [--rounds N] | --search [--pictures 100000,1000000] [--dim 512] [--approximate 20000] | --teach [--dim 512] [--rounds 9] | --first-visit [--visits 3] [--site dist] [--encoding br|gzip] | --native [--threads N] [--rounds 7] [--python PYTHON] [--like avx2|vnni]", about: "time the engine in headless Chromium, other libraries beside it, all of CLIP's sizes, libraries of many pictures, teaching, what a first visit takes, or the library outside the browser beside onnxruntime and PyTorch", run: programs::bench },
    Command { name: "screenshots", takes: "", about: "photograph the page's states into docs/screenshots/", run: programs::screenshots },
    Command { name: "fetch", takes: "ORG/NAME [--revision R]", about: "download a model's files from Hugging Face, with resume (arguments go to tools/pack)", run: pack::fetch },
    Command { name: "pack", takes: "ORG/NAME|FOLDER|FILE [--dtype q8_0|q4_0|q4_k|f16|f32] [--out dist/models/NAME] …", about: "make a bundle of a model (arguments go to tools/pack; --help lists them)", run: pack::command },
    Command { name: "package", takes: "[--out FOLDER] [--no-build] [--repository https://…]", about: "make the packages for npm: semblance-clip and semblance-pocket", run: package::command },
    Command { name: "verify", takes: "ORG/NAME|FOLDER [--dtype q8_0,q4_0] [--pictures N]", about: "compare a model with Hugging Face's Python: ids, pixels, embeddings, logits", run: programs::verify },
    Command { name: "release", takes: "--dry-run [--site FOLDER] | --tag", about: "check a release and put its files together: crates, site, sums; with --tag, set the tag", run: release::command },
    Command { name: "golden", takes: "--full [--only b-32,b-16,l-14,h-14]", about: "compare models of the published sizes, with random weights, and write docs/fidelity.md", run: programs::golden },
];

fn main() -> ExitCode {
    let mut words = std::env::args_os().skip(1);
    let name = words.next().unwrap_or_default();
    let result = match COMMANDS.iter().find(|command| name == command.name) {
        Some(command) => (command.run)(Args::new(words)),
        None if name.is_empty() || name == "help" || name == "--help" => {
            println!("{}", usage());
            Ok(())
        }
        None => Err(anyhow!("there is no command {name:?}\n\n{}", usage())),
    };
    args::exit(|| result)
}

fn usage() -> String {
    let mut text = String::from("cargo xtask COMMAND\n");
    for Command { name, takes, about, .. } in COMMANDS {
        text += &format!("\n  {name} {takes}\n      {about}");
    }
    text
}
