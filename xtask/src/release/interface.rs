//! Whether the version's number allows what changed in the public interface, by cargo-semver-checks.

use std::path::PathBuf;

use anyhow::Result;
use repository::{paths, process};
use semver::Version;

use super::packages::{self, Package};

const PROGRAM: &str = "cargo-semver-checks";

/// The newest that this repository's compiler builds, and that reads that compiler's documentation.
const VERSION: &str = "0.51.0";

/// Compare the libraries with those at the last release's tag; where there is none, say so.
pub(super) fn compare(last: Option<&Version>, packages: &[Package]) -> Result<()> {
    let Some(words) = comparison(last, packages) else {
        println!("The public interface: first release, nothing to compare with.");
        return Ok(());
    };
    process::run(process::new(program()?).args(words))
}

/// What the program is to compare; none before the first release.
fn comparison(last: Option<&Version>, packages: &[Package]) -> Option<Vec<String>> {
    let mut words = vec!["semver-checks".to_owned(), "--baseline-rev".to_owned(), packages::tag(last?)];
    for package in packages.iter().filter(|package| package.library) {
        words.extend(["--package".to_owned(), package.name.clone()]);
    }
    Some(words)
}

/// The program, installed into this program's own corner when it is not there.
fn program() -> Result<PathBuf> {
    let root = paths::work("tools").join(format!("{PROGRAM}-{VERSION}"));
    let program = root.join("bin").join(format!("{PROGRAM}{}", std::env::consts::EXE_SUFFIX));
    if !program.is_file() {
        println!("Installing {PROGRAM} {VERSION} into {}.", root.display());
        let mut cargo = process::cargo();
        cargo.args(["install", PROGRAM, "--locked", "--version", VERSION, "--root"]).arg(&root);
        process::run(&mut cargo)?;
    }
    Ok(program)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_release_has_nothing_to_compare_with() {
        let packages = packages::published().unwrap();
        assert_eq!(comparison(None, &packages), None);
        compare(None, &packages).unwrap();
    }

    #[test]
    fn later_ones_are_compared_with_the_last_tag() {
        let words = comparison(Some(&Version::new(0, 1, 0)), &packages::published().unwrap()).unwrap();
        assert_eq!(words[..3], ["semver-checks", "--baseline-rev", "v0.1.0"]);
        assert!(words.windows(2).any(|pair| pair == ["--package", "semblance"]), "{words:?}");
    }
}
