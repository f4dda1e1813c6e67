//! `benches/peak/peak.rs`, compiled: one small WebAssembly module, which the page runs beside the engine.

use std::path::Path;

use anyhow::Result;

use repository::{process, setup};

/// The file's name in the folder that the pages see as `/bench/made/`.
pub(crate) const FILE: &str = "peak.wasm";

/// Compile it into `folder`.
pub(crate) fn compile(folder: &Path) -> Result<()> {
    setup::wasm_target()?;
    process::run(
        process::new("rustc")
            .args(["--edition=2024", "--crate-type=cdylib", "--target", setup::WASM, "-Copt-level=3"])
            .args(["-Cpanic=abort", "-Cstrip=symbols", "-Ctarget-feature=+simd128,+relaxed-simd"])
            .args(["benches/peak/peak.rs", "-o"])
            .arg(folder.join(FILE)),
    )
}
