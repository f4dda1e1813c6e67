//! `cargo xtask verify`: a model beside Hugging Face's Python, on the same pictures and texts.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;

use repository::args::Args;
use repository::{pack, paths, process};

/// What the scripts of tests/tools are run with.
const REQUIREMENTS: &str = "tests/tools/requirements.txt";
/// Where `tools/pack` keeps repositories.
const SOURCES: &str = "models-source";

pub(crate) fn command(mut args: Args) -> Result<()> {
    let dtypes: Option<String> = args.value("--dtype")?;
    let pictures: Option<usize> = args.value("--pictures")?;
    let [model] = &args.plain()?[..] else {
        bail!("say which model: a Hugging Face repository (ORG/NAME) or a folder");
    };
    let tool = pack::build()?;
    let folder = match Path::new(model) {
        folder if folder.is_dir() => folder.to_owned(),
        _ => {
            let folder = paths::root().join(SOURCES).join(model);
            // Written once all is there; then no network is needed.
            if !folder.join("fetched.json").is_file() {
                process::run(process::new(&tool).args(["fetch", model]))?;
            }
            folder
        }
    };
    let mut wanted = vec![Row { dtype: None, int8: false }, Row { dtype: None, int8: true }];
    for dtype in dtypes.iter().flat_map(|list| list.split(',')) {
        wanted.push(Row { dtype: Some(dtype.to_owned()), int8: false });
    }
    let table = table(&folder, &paths::work("verify"), &wanted, pictures)?;
    println!("\n{model}\n\n{}", table.text);
    table.agrees()
}

/// What was compared, as Markdown, and what is not as it should be.
pub(crate) struct Table {
    pub(crate) text: String,
    wrong: Vec<String>,
}

impl Table {
    /// Errors: token ids, pixels or, in f32 and with the weights as they are, embeddings are not Hugging Face's.
    pub(crate) fn agrees(&self) -> Result<()> {
        ensure!(self.wrong.is_empty(), "not what Hugging Face's Python says: {}", self.wrong.join("; "));
        Ok(())
    }
}

/// The largest difference of exact embeddings, and of pixels in steps of 1/255.
const EXACT: f32 = 1e-4;
const STEP: f32 = 1.01;

/// What of a comparison is not as it should be.
fn wrong(weights: &str, exact: bool, found: &Found) -> Vec<String> {
    let checks = [
        (found.ids_equal == found.texts, format!("token ids of {} texts", found.texts - found.ids_equal)),
        (found.pixels <= STEP, format!("pixels by {}/255", found.pixels)),
        (!exact || found.image_difference <= EXACT, format!("pictures by {:.1e}", found.image_difference)),
        (!exact || found.text_difference <= EXACT, format!("texts by {:.1e}", found.text_difference)),
    ];
    checks.into_iter().filter(|(right, _)| !right).map(|(_, what)| format!("{weights}: {what}")).collect()
}

/// One line of the table: the weights as they are or packed, and what the blocks' products are computed in.
pub(crate) struct Row {
    pub(crate) dtype: Option<String>,
    pub(crate) int8: bool,
}

/// What `semblance-pack check --json` says.
#[derive(Deserialize)]
struct Found {
    bytes: u64,
    pictures: usize,
    texts: usize,
    ids_equal: usize,
    pixels: f32,
    image_difference: f32,
    text_difference: f32,
    logit_difference: f32,
    image_cosines: [f32; 2],
    text_cosines: [f32; 2],
    top1: usize,
    picture_ms: f64,
    text_ms: f64,
    image_peak: u64,
    text_peak: u64,
}

/// What `reference.json` says of how long PyTorch took.
#[derive(Deserialize)]
struct Reference {
    picture_ms: f64,
    text_ms: f64,
}

/// The model in `folder`, compared in each of these ways. `work` is a folder of its own, emptied at the end.
pub(crate) fn table(folder: &Path, work: &Path, rows: &[Row], pictures: Option<usize>) -> Result<Table> {
    let (python, tool) = (python()?, pack::build()?);
    let reference = work.join("reference");
    let mut script = process::new(&python);
    script.arg("tests/tools/reference.py").arg(absolute(folder)?).arg("--out").arg(&reference);
    if let Some(most) = pictures {
        script.arg("--pictures").args(samples()?.into_iter().take(most));
    }
    process::run(&mut script)?;

    let (mut lines, mut differs) = (Vec::new(), Vec::new());
    let mut last = None;
    for Row { dtype, int8 } in rows {
        let packed = work.join("packed");
        let model = match dtype {
            None => folder,
            Some(dtype) => {
                let mut pack = process::new(&tool);
                pack.args(["pack", "--no-check", "--licence", "not published", "--dtype", dtype]);
                process::read(
                    pack.arg("--out").arg(&packed).args(["--name", "verified"]).arg(absolute(folder)?),
                )?;
                &packed
            }
        };
        let mut check = process::new(&tool);
        check.arg("check").arg("--json").arg("--against").arg(&reference).arg(absolute(model)?);
        check.args(["--compute", if *int8 { "int8" } else { "f32" }]);
        let found: Found = serde_json::from_str(&process::read(&mut check)?)?;
        let weights = dtype.as_deref().unwrap_or("as they are");
        println!("{weights}{}: done", if *int8 { ", int8" } else { "" });
        lines.push(line(weights, *int8, &found));
        differs.extend(wrong(weights, dtype.is_none() && !int8, &found));
        last = Some(found);
        remove(&packed)?;
    }
    let found = last.context("nothing was to be compared")?;
    let text = fs::read_to_string(reference.join("reference.json"))?;
    let theirs: Reference = serde_json::from_str(&text)?;
    remove(&reference)?;
    let text = format!(
        "{} pictures, {} texts. Token ids equal: {} of {}. Pixels: largest difference {:.1}/255. \
         PyTorch takes {:.0} ms a picture and {:.0} ms a text.\n\n\
         | weights | computed in | MB | images: largest difference | cosine, mean | worst | texts: largest difference | \
         cosine, mean | worst | logits | same best text | ms a picture | a text | peak MiB, image tower | text tower |\n\
         |---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|\n{}\n",
        found.pictures,
        found.texts,
        found.ids_equal,
        found.texts,
        found.pixels,
        theirs.picture_ms,
        theirs.text_ms,
        lines.join("\n")
    );
    Ok(Table { text, wrong: differs })
}

fn line(weights: &str, int8: bool, found: &Found) -> String {
    let cosine = |[mean, worst]: [f32; 2]| format!("{mean:.6} | {worst:.6}");
    format!(
        "| {weights} | {} | {:.1} | {:.1e} | {} | {:.1e} | {} | {:.1e} | {}/{} | {:.0} | {:.0} | {} | {} |",
        if int8 { "int8" } else { "f32" },
        found.bytes as f64 / 1e6,
        found.image_difference,
        cosine(found.image_cosines),
        found.text_difference,
        cosine(found.text_cosines),
        found.logit_difference,
        found.top1,
        found.pictures,
        found.picture_ms,
        found.text_ms,
        found.image_peak,
        found.text_peak,
    )
}

/// The Python with the pinned packages: the one that `PYTHON` names, or one of this program's own, made at the first use.
pub(crate) fn python() -> Result<OsString> {
    if let Some(python) = std::env::var_os("PYTHON") {
        return Ok(python);
    }
    let folder = paths::work("python");
    let python = folder.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    let wanted = fs::read_to_string(paths::root().join(REQUIREMENTS))?;
    let stamp = folder.join("installed");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(python.into());
    }
    println!("Installing the packages of {REQUIREMENTS} into {}, once.", folder.display());
    process::run(process::new("python3").args(["-m", "venv"]).arg(&folder))
        .context("Python 3 with its venv module is needed for the reference")?;
    process::run(process::new(&python).args(["-m", "pip", "install", "--quiet", "-r", REQUIREMENTS]))?;
    fs::write(&stamp, wanted)?;
    Ok(python.into())
}

/// The sample pictures, in their order.
fn samples() -> Result<Vec<PathBuf>> {
    let folder = paths::root().join("assets/samples");
    let paths = fs::read_dir(folder)?.map(|entry| Ok(entry?.path()));
    let mut pictures = paths.collect::<Result<Vec<_>>>()?;
    pictures.retain(|path| path.extension().is_some_and(|end| end == "jpg"));
    pictures.sort();
    Ok(pictures)
}

/// Programs run from the repository's root; what was typed is meant from where it was typed.
fn absolute(path: &Path) -> Result<PathBuf> {
    std::path::absolute(path).with_context(|| format!("{} is no path", path.display()))
}

fn remove(folder: &Path) -> Result<()> {
    match folder.exists() {
        true => {
            fs::remove_dir_all(folder).with_context(|| format!("{} could not be removed", folder.display()))
        }
        false => Ok(()),
    }
}
