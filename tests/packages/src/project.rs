//! Fresh projects of somebody who uses the packages: tools as the lockfile names them, and the archives installed.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use repository::{paths, process, setup};

use crate::Stage;

/// A project like `tests/packages/NAME`, with the packages installed and these files written into it.
pub(crate) fn fresh(stage: &Stage, name: &str, files: &[(&str, &str)]) -> Result<PathBuf> {
    let folder = setup::fresh_folder(&format!("packages-test/{name}"))?;
    copy_folder(&paths::root().join("tests/packages").join(name), &folder)?;
    for (file, text) in files {
        fs::write(folder.join(file), text)?;
    }
    copy_folder(&tools(name)?.join("node_modules"), &folder.join("node_modules"))?;
    let archives = archives(&stage.packages)?;
    let archives = archives.iter().map(|path| path.to_str().context("a path is readable text"));
    let archives = archives.collect::<Result<Vec<_>>>()?;
    npm(&folder, &[&["install", "--no-save", "--offline"], &archives[..]].concat())?;
    Ok(folder)
}

/// The tools of such a project, as its lockfile names them: fetched once for all runs with that lockfile.
fn tools(name: &str) -> Result<PathBuf> {
    let project = paths::root().join("tests/packages").join(name);
    let lock = fs::read(project.join("package-lock.json"))?;
    let folder = paths::work("packages-tools").join(name);
    let whole = folder.join("whole");
    if fs::read(&whole).is_ok_and(|known| known == lock) {
        return Ok(folder);
    }
    let folder = setup::fresh_folder(&format!("packages-tools/{name}"))?;
    copy_folder(&project, &folder)?;
    npm(&folder, &["ci"])?;
    fs::write(whole, lock)?;
    Ok(folder)
}

/// What `npm pack` made, of both packages.
pub(crate) fn archives(packages: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(packages)? {
        let path = entry?.path();
        if path.extension().is_some_and(|kind| kind == "tgz") {
            found.push(path);
        }
    }
    anyhow::ensure!(found.len() == 2, "{} does not hold two archives: {found:?}", packages.display());
    found.sort();
    Ok(found)
}

/// Run npm in a folder, without what it says about itself; what it printed.
pub(crate) fn npm(folder: &Path, words: &[&str]) -> Result<String> {
    let mut npm = process::new("npm");
    npm.args(words).args(["--no-audit", "--no-fund", "--no-update-notifier"]);
    process::read(npm.current_dir(folder)).context("these tests need npm, which comes with Node.js")
}

/// Run a program that the project installed.
pub(crate) fn tool(folder: &Path, name: &str, words: &[&str]) -> Result<String> {
    let mut npm = process::new("npm");
    npm.args(["exec", "--offline", "--", name]).args(words).current_dir(folder);
    // What a program finds wrong it writes to its output, which belongs into the error.
    let output = npm.output().context("npm could not be started")?;
    let said =
        [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned()).concat();
    anyhow::ensure!(output.status.success(), "{name} failed ({})\n{said}", output.status);
    Ok(said)
}

pub(crate) fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from).with_context(|| format!("{} could not be listed", from.display()))? {
        let entry = entry?;
        let (path, to) = (entry.path(), to.join(entry.file_name()));
        #[cfg(unix)]
        if path.is_symlink() {
            std::os::unix::fs::symlink(fs::read_link(&path)?, &to)?;
            continue;
        }
        if path.is_dir() {
            copy_folder(&path, &to)?;
        } else {
            fs::copy(&path, &to).with_context(|| format!("{} could not be copied", path.display()))?;
        }
    }
    Ok(())
}
