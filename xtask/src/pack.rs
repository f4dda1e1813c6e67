//! `cargo xtask pack`: the model packer of `tools/pack`, with the arguments as they come.

use anyhow::Result;

use crate::args::Args;
use crate::process;

pub(crate) fn command(args: Args) -> Result<()> {
    let mut cargo = process::cargo();
    cargo.args(["run", "--release", "--package", "semblance-pack", "--"]);
    // Paths are meant as typed, from where they were typed.
    cargo.current_dir(std::env::current_dir()?);
    process::run(cargo.args(args.rest()))
}
