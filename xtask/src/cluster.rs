//! The suite `cluster`: what reaches past one machine. Spark on two executors (`examples/spark`), Ray, Dask and DataFusion
//! (`examples/arrow`), and the same vectors searched in databases (`examples/search`).

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use repository::count::{self, Count};
use repository::{paths, process, setup};

const SPARK: &str = "examples/spark";
const ARROW: &str = "examples/arrow";
const SEARCH: &str = "examples/search";

/// Java for Spark, in Debian's and Ubuntu's words.
const JAVA: &str = "default-jre-headless";

pub(crate) fn suite() -> Result<Count> {
    java()?;
    let python = python()?;
    process::run(process::cargo().args(["build", "--quiet", "--release", "--package", "semblance-cli"]))?;
    let program = paths::target().join("release").join(format!("semblance{}", std::env::consts::EXE_SUFFIX));
    let mut count = Count::default();
    let model = &["--model", "models/pocket"][..];
    for (folder, more) in [(SPARK, model), (ARROW, model), (SEARCH, &[])] {
        let mut test = process::new(&python);
        test.arg(Path::new(folder).join("test.py")).arg("--semblance").arg(&program).args(more);
        count += count::cargo_test(&process::watch(&mut test)?);
    }
    Ok(count)
}

/// Java, installed where it is missing and this is root on Debian or Ubuntu.
fn java() -> Result<()> {
    let there = || process::new("java").arg("-version").output().is_ok_and(|output| output.status.success());
    if there() {
        return Ok(());
    }
    if !setup::is_root() || !Path::new("/usr/bin/apt-get").exists() {
        bail!("Spark needs Java 17 or newer; on Debian or Ubuntu type: sudo apt-get install -y {JAVA}");
    }
    println!("Installing Java (apt-get install {JAVA}).");
    for words in [&["update", "-qq"][..], &["install", "-y", "-qq", JAVA]] {
        process::run(process::new("apt-get").env("DEBIAN_FRONTEND", "noninteractive").args(words))?;
    }
    match there() {
        true => Ok(()),
        false => bail!("{JAVA} is installed, but there is no java on PATH"),
    }
}

/// A Python of this program's own with the examples' packages, made at the first use.
fn python() -> Result<PathBuf> {
    let folder = paths::work("cluster");
    let python = folder.join("bin/python");
    let lists = [SPARK, ARROW, SEARCH].map(|example| format!("{example}/requirements.txt"));
    let mut wanted = String::new();
    for list in &lists {
        let path = paths::root().join(list);
        wanted +=
            &fs::read_to_string(&path).with_context(|| format!("{} could not be read", path.display()))?;
    }
    let stamp = folder.join("installed");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(python);
    }
    println!(
        "Installing PySpark, Ray, Dask, DataFusion, DuckDB, LanceDB, FAISS ({}) into {}, once: 1.5 GB.",
        lists.join(", "),
        folder.display()
    );
    process::run(process::new("python3").args(["-m", "venv", "--clear"]).arg(&folder))
        .context("Python 3 with its venv module is needed")?;
    let lists = lists.iter().flat_map(|list| ["-r", list.as_str()]);
    process::run(process::new(&python).args(["-m", "pip", "install", "--quiet"]).args(lists))?;
    fs::write(&stamp, wanted)?;
    Ok(python)
}
