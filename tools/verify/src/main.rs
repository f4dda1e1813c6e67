//! A model beside Hugging Face's Python (`cargo xtask verify`), and models of the published sizes beside it
//! (`cargo xtask golden`).

mod golden;
mod verify;

use std::process::ExitCode;

use anyhow::bail;
use repository::args::Args;

fn main() -> ExitCode {
    repository::args::exit(|| {
        let mut words = std::env::args_os().skip(1);
        let name = words.next().unwrap_or_default();
        let args = Args::new(words);
        match name.to_str() {
            Some("verify") => verify::command(args),
            Some("golden") => golden::command(args),
            _ => bail!("say verify or golden"),
        }
    })
}
