//! The oldest compiler, `rust-version` in `Cargo.toml`: it must build everything that is published.

use anyhow::{Context, Result};
use repository::{paths, process};

use super::packages;

/// Check all published packages with that compiler, which rustup adds where it is missing.
pub(crate) fn check() -> Result<()> {
    let manifest = std::fs::read_to_string(paths::root().join("Cargo.toml"))?;
    let oldest = rust_version(&manifest).context("Cargo.toml has no workspace.package.rust-version")?;
    println!("The oldest compiler, {oldest}:");
    process::run(process::new("rustup").args([
        "toolchain",
        "install",
        oldest,
        "--profile",
        "minimal",
        "--no-self-update",
    ]))?;
    let mut cargo = process::new("rustup");
    cargo.args(["run", oldest, "cargo", "check", "--locked"]);
    for package in packages::published()? {
        cargo.args(["--package", &package.name]);
    }
    // Cargo hands its own compiler down to what it runs.
    process::run(cargo.env_remove("RUSTC").env_remove("CARGO").env_remove("RUSTDOC"))
}

/// The first `rust-version = "…"` of a manifest.
fn rust_version(manifest: &str) -> Option<&str> {
    manifest.lines().find_map(|line| line.strip_prefix("rust-version = \"")?.strip_suffix('"'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_the_manifests() {
        assert_eq!(rust_version("[workspace.package]\nrust-version = \"1.94\"\n"), Some("1.94"));
        assert_eq!(rust_version("rust-version.workspace = true\n"), None);
    }
}
