//! The folder of a release's files, and their SHA-256 as `sha256sum -c` reads them.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use ring::digest;

pub(super) const NAME: &str = "SHA256SUMS";

/// An empty folder: nothing of an earlier release may be taken for this one's.
pub(super) fn empty(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("{} could not be emptied", folder.display()))?;
    }
    fs::create_dir_all(folder).with_context(|| format!("{} could not be made", folder.display()))
}

/// Write the list of what lies in the folder, by name; what it says.
pub(super) fn write(folder: &Path) -> Result<String> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name().into_string().ok().context("a release's file has no readable name")?;
        if name != NAME {
            names.push(name);
        }
    }
    names.sort();
    let mut list = String::new();
    for name in names {
        let bytes = fs::read(folder.join(&name)).with_context(|| format!("{name} could not be read"))?;
        for byte in digest::digest(&digest::SHA256, &bytes).as_ref() {
            list += &format!("{byte:02x}");
        }
        list += &format!("  {name}\n");
    }
    fs::write(folder.join(NAME), &list)?;
    Ok(list)
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    fn sha256sum_agrees() {
        let folder = tempfile::tempdir().unwrap();
        empty(folder.path()).unwrap();
        fs::write(folder.path().join("b.zip"), [0, 255, 10]).unwrap();
        fs::write(folder.path().join("a.crate"), "").unwrap();
        let ours = write(folder.path()).unwrap();
        // A second time the list itself is not in the list.
        assert_eq!(write(folder.path()).unwrap(), ours);
        let theirs =
            Command::new("sha256sum").args(["a.crate", "b.zip"]).current_dir(&folder).output().unwrap();
        assert_eq!(ours, String::from_utf8(theirs.stdout).unwrap());
        let check = Command::new("sha256sum")
            .args(["--check", "--strict", NAME])
            .current_dir(&folder)
            .output()
            .unwrap();
        assert!(check.status.success());
    }
}
