//! What the toolchain lacks, rustup adds; each time it is said first.

use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::{paths, process};

pub const WASM: &str = "wasm32-unknown-unknown";

/// Make sure that code can be compiled for wasm.
pub fn wasm_target() -> Result<()> {
    target(WASM)
}

/// Make sure that code can be compiled for this target.
pub fn target(name: &str) -> Result<()> {
    if sysroot()?.join("lib/rustlib").join(name).join("lib").is_dir() {
        return Ok(());
    }
    println!("Adding the compiler's {name} target (rustup target add {name}).");
    process::run(process::new("rustup").args(["target", "add", name])).with_context(|| {
        format!("the Rust toolchain cannot compile for {name}; with rustup and a network, type: rustup target add {name}")
    })
}

/// Make sure that Rust's own library can be compiled, which the build with threads needs.
pub fn rust_source() -> Result<()> {
    if sysroot()?.join("lib/rustlib/src/rust/library/std").is_dir() {
        return Ok(());
    }
    println!("Adding the source of Rust's library (rustup component add rust-src).");
    process::run(process::new("rustup").args(["component", "add", "rust-src"])).context(
        "the source of Rust's library is missing; with rustup and a network, type: rustup component add rust-src",
    )
}

fn sysroot() -> Result<PathBuf> {
    Ok(process::read(process::new("rustc").args(["--print", "sysroot"]))?.trim().into())
}

/// Make sure that `cargo clippy` and `cargo fmt` exist.
pub fn lint_tools() -> Result<()> {
    for (component, command) in [("clippy", "clippy"), ("rustfmt", "fmt")] {
        let found = process::new("cargo").args([command, "--version"]).output();
        if found.is_ok_and(|output| output.status.success()) {
            continue;
        }
        println!("Adding {component} (rustup component add {component}).");
        process::run(process::new("rustup").args(["component", "add", component])).with_context(|| {
            format!(
                "{component} is missing; with rustup and a network, type: rustup component add {component}"
            )
        })?;
    }
    Ok(())
}

/// Is this program run by root? Only then may it install packages.
pub fn is_root() -> bool {
    process::read(process::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

/// An empty folder of this program's own, for whatever `name` says.
pub fn fresh_folder(name: &str) -> Result<PathBuf> {
    let folder = paths::work(name);
    if folder.exists() {
        std::fs::remove_dir_all(&folder)
            .with_context(|| format!("{} could not be emptied", folder.display()))?;
    }
    std::fs::create_dir_all(&folder).with_context(|| format!("{} could not be made", folder.display()))?;
    Ok(folder)
}
