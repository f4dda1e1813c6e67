//! The bundler: esbuild, as the program that its makers publish on npm for this kind of machine, pinned by its hash.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use npm::Package;
use repository::{paths, process};

const VERSION: &str = "0.28.2";

/// System and processor as Rust names them, the package, its SHA-512.
#[rustfmt::skip]
const PACKAGES: &[(&str, &str, &str, &str)] = &[
    ("linux", "x86_64", "@esbuild/linux-x64", "4xTZr1FUmSoQW4XIWmit3tzQrUTZM+N3P0XV8xROKYF50XfI7xeO90+1bZvNwxIufQ9hDQVRJH5YhgPVF8A/HQ=="),
    ("linux", "aarch64", "@esbuild/linux-arm64", "pW4AC0P3it8c7do9MVM4p51FzHzdM/TZrerurgRcHJ2WTa1VQ1CIq18xncfpBJw4ojkiZZrKW2yIBWBP92j6Ug=="),
    ("macos", "x86_64", "@esbuild/darwin-x64", "uq6suIWYP37qzGddBKPw5QEQPi6HiLGsO7UmkpfyaYNQ3D+rN6w6WfwH+nuqcGXWvawGwxOEroO4YGnFh95azw=="),
    ("macos", "aarch64", "@esbuild/darwin-arm64", "n4KqkOQrraxHJcgjM1RvwbigfQKIKJVpM7xp+KsxiyUSrRdIXnt73VhrPAx0fV44hgfmIVKjxMN9J1t5jySVkw=="),
    ("windows", "x86_64", "@esbuild/win32-x64", "5ebpxr3nWMzrL/rnUI755Jkuee0bHL/Gq0WTF9lvcpv73wAp5eu8MfBUgWK9bhWvZjj7yX8etf/8tI8Ney695g=="),
];

/// The program, fetched once.
pub struct Esbuild(PathBuf);

impl Esbuild {
    pub fn find() -> Result<Self> {
        let (system, processor) = (std::env::consts::OS, std::env::consts::ARCH);
        let fits = |package: &&(&str, &str, &str, &str)| package.0 == system && package.1 == processor;
        let &(.., name, sha512) = PACKAGES.iter().find(fits).with_context(|| {
            format!("the scripts are bundled by esbuild, which is pinned for Linux, macOS and Windows, not for {system} on {processor}: add its package in tools/site/src/esbuild.rs")
        })?;
        let program =
            paths::work("esbuild").join(VERSION).join(format!("esbuild{}", std::env::consts::EXE_SUFFIX));
        if !program.is_file() {
            let package = Package { name, version: VERSION, sha512 };
            let files = package.files(|path| matches!(path, "bin/esbuild" | "esbuild.exe"))?;
            let (_, bytes) = files.first().with_context(|| format!("{name} has no program in it"))?;
            put(bytes, &program).with_context(|| format!("{} could not be written", program.display()))?;
        }
        Ok(Self(program))
    }

    /// Run it from the repository's root. What is wrong with a script it says itself.
    pub fn run(&self, words: &[String]) -> Result<()> {
        process::run(process::new(&self.0).args(words).args(["--log-level=warning", "--charset=utf8"]))
    }
}

/// Whole, or not there.
fn put(bytes: &[u8], program: &Path) -> Result<()> {
    let folder = program.parent().context("it lies in a folder")?;
    fs::create_dir_all(folder)?;
    let part = folder.join(format!("part-{}", std::process::id()));
    fs::write(&part, bytes)?;
    #[cfg(unix)]
    fs::set_permissions(&part, std::os::unix::fs::PermissionsExt::from_mode(0o755))?;
    Ok(fs::rename(part, program)?)
}
