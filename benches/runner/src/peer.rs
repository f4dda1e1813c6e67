//! `cargo xtask bench --peer`: the same work in other libraries, in turns in one browser, and the ratios.
//!
//! `benches/peer/README.md` says how the comparison is made.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt::Write;
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use flate2::{Compression, write::GzEncoder};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::host::{self, Mounts};
use crate::machine::Machine;
use crate::report::{self, Summary};
use crate::rows::{self, Figures};
use crate::{Run, page};
use harness::memory::{self, Resident};
use repository::args::Args;
use repository::{pack, paths, process};

const FOLDER: &str = "benches/peer";
/// The checkpoint that every engine's model is made from, and our own bundle of it.
const CHECKPOINT: &str = "benches/peer/work/hf/clip-vit-base-patch32";
const BUNDLE: &str = "benches/peer/work/semblance";
/// A row of its own: pages that load one engine each, and the memory that it takes.
const MEMORY: &str = "memory";

/// What was asked for.
struct Choice {
    threads: Vec<usize>,
    /// None: all.
    rows: Option<Vec<String>>,
    litert: bool,
    /// A checkout of an earlier version with its built site, to be measured beside this one.
    before: Option<PathBuf>,
}

impl Choice {
    fn has(&self, row: &str) -> bool {
        self.rows.as_ref().is_none_or(|rows| rows.iter().any(|chosen| chosen == row))
    }
}

/// `benches/peer/bench.js` describes its answer field by field.
#[derive(Deserialize)]
struct Answer {
    rows: Vec<Row>,
    agreement: BTreeMap<String, BTreeMap<String, f64>>,
    load: BTreeMap<String, Load>,
    first: BTreeMap<String, First>,
    files: BTreeMap<String, Files>,
    versions: BTreeMap<String, String>,
    absent: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct Row {
    row: String,
    engines: BTreeMap<String, Summary>,
}

#[derive(Deserialize)]
struct Load {
    both: f64,
}

#[derive(Deserialize)]
struct First {
    labels5: f64,
}

/// Paths on the site.
#[derive(Deserialize)]
struct Files {
    engine: Vec<String>,
    model: Vec<String>,
}

/// What `memory.html` answers of one engine, and what the operating system says of it.
#[derive(Serialize)]
struct Alone {
    page: Value,
    resident: Option<Resident>,
}

/// One thread count's page, and the engines that were looked at alone.
struct Measured {
    threads: usize,
    page: Value,
    alone: BTreeMap<String, Alone>,
    browser: String,
}

pub(super) fn plan(mut args: Args) -> Result<Run> {
    let without_litert = args.flag("--without-litert");
    let before: Option<PathBuf> = args.value("--before")?;
    let threads: String = args.value("--threads")?.unwrap_or_else(|| "1,2".into());
    let threads = threads.split(',').map(|count| count.parse().with_context(|| format!("--threads {count}")));
    let threads = threads.collect::<Result<Vec<usize>>>()?;
    ensure!(!threads.contains(&0), "--threads 0: there is at least one");
    let rows: Option<String> = args.value("--rows")?;
    let rows = rows.map(|rows| rows.split(',').map(str::to_owned).collect());
    args.none()?;
    check_tools()?;
    let choice = Choice { threads, rows, litert: !without_litert, before };
    Ok(Box::new(move || run(&choice)))
}

/// Nothing else in the project needs them.
fn check_tools() -> Result<()> {
    for (tool, version, what) in [
        ("node", "Node 18 or newer", "the other libraries come from npm"),
        ("npm", "npm", "the other libraries come from it"),
        ("python3", "Python 3.11 or newer", "their models are exported with it"),
    ] {
        process::read(process::new(tool).arg("--version")).with_context(|| {
            format!("the comparison with other libraries needs {version} ({what}); install it and try again")
        })?;
    }
    Ok(())
}

fn run(choice: &Choice) -> Result<()> {
    set_up(choice.litert)?;
    let folder = report::folder()?;
    let mut mounts = Mounts::of(&folder)?;
    if let Some(before) = &choice.before {
        mounts.add_version("/before", before)?;
    }
    let mounts = Arc::new(mounts);
    let address = host::start(mounts.clone())?;
    let machine = Machine::now();
    let measured = choice.threads.iter().map(|&threads| measure(choice, address, threads));
    let measured = measured.collect::<Result<Vec<_>>>()?;
    let empty = if choice.has(MEMORY) { page::resident_when_empty(address)? } else { None };
    let machine = machine.at_end();

    let mut text = format!("# Beside other libraries\n\n{machine}.\n");
    let mut numbers = json!({ "machine": machine, "empty_page": empty, "threads": {} });
    let mut absent = Vec::new();
    for Measured { threads, page, alone, browser } in &measured {
        let answer: Answer =
            serde_json::from_value(page.clone()).context("the page's answer is not as expected")?;
        absent.extend(
            answer.absent.iter().map(|(engine, why)| format!("{engine} on {threads} threads ({why})")),
        );
        text += &section(&mounts, *threads, &answer, alone, empty)?;
        let _ = writeln!(text, "\n{browser}; {}.", joined(answer.versions.values()));
        numbers["threads"][threads.to_string()] = json!({ "browser": browser, "page": page, "alone": alone });
    }
    report::keep(&folder, "peer", &text, &numbers)?;
    // The others' figures are kept, and the whole has not run.
    ensure!(absent.is_empty(), "not all of it ran: {}", joined(absent));
    Ok(())
}

/// Libraries and models, as far as they are missing.
fn set_up(litert: bool) -> Result<()> {
    let mut python = process::new("python3");
    python.arg(format!("{FOLDER}/setup.py")).args((!litert).then_some("--without-litert"));
    process::run(&mut python)?;
    let root = paths::root();
    let made = |path: &Path| fs::metadata(path).and_then(|file| file.modified()).ok();
    let checkpoint = made(&root.join(CHECKPOINT).join("model.safetensors"));
    if made(&root.join(BUNDLE).join("manifest.json")) > checkpoint {
        return Ok(());
    }
    let (from, to) = (root.join(CHECKPOINT), root.join(BUNDLE));
    let words = [
        "--name",
        "clip-vit-base-patch32",
        "--title",
        "CLIP ViT-B/32, random weights",
        "--licence",
        "MIT",
        "--out",
    ];
    let words =
        [from.into_os_string()].into_iter().chain(words.map(OsString::from)).chain([to.into_os_string()]);
    process::run(process::new(pack::build()?).arg("pack").args(words))
}

fn measure(choice: &Choice, address: SocketAddr, threads: usize) -> Result<Measured> {
    let site = format!("http://{address}/bench/peer");
    let mut query = format!("threads={threads}");
    if choice.before.is_some() {
        query += "&before";
    }
    if !choice.litert {
        let before = if choice.before.is_some() { ",before" } else { "" };
        query += &format!("&engines={},{},semblance{before}", rows::ORT, rows::TRANSFORMERS);
    }
    if let Some(rows) = &choice.rows {
        let rows: Vec<_> = rows.iter().filter(|row| *row != MEMORY).map(String::as_str).collect();
        query += &format!("&rows={}", rows.join(","));
    }
    println!("Rows, threads: {threads}.");
    let url = format!("{site}/index.html?{query}");
    let (page, browser) = page::run(&url, |result, browser| Ok((result, page::version(browser)?)))?;

    let mut alone = BTreeMap::new();
    if choice.has(MEMORY) {
        let engines =
            [rows::ORT, rows::TRANSFORMERS, rows::LITERT, rows::ours(threads), rows::before(threads)];
        for engine in engines.into_iter().filter(|engine| page["load"].get(engine).is_some()) {
            println!("{engine} alone, threads: {threads}.");
            let url = format!("{site}/memory.html?engine={engine}&{query}");
            let one = page::run(&url, |page, _| Ok(Alone { page, resident: memory::of_renderer() }))?;
            alone.insert(engine.to_owned(), one);
        }
    }
    Ok(Measured { threads, page, alone, browser })
}

/// What one thread count gave, as Markdown.
fn section(
    mounts: &Mounts,
    threads: usize,
    answer: &Answer,
    alone: &BTreeMap<String, Alone>,
    empty: Option<Resident>,
) -> Result<String> {
    let mut figures = Figures::default();
    for Row { row, engines } in &answer.rows {
        for (engine, summary) in engines {
            figures.set(row, engine, summary.median);
        }
    }
    for (engine, load) in &answer.load {
        figures.set("load both", engine, load.both);
    }
    for (engine, first) in &answer.first {
        figures.set("first labels", engine, first.labels5);
    }
    for (engine, files) in &answer.files {
        figures.set("model", engine, megabytes(mounts, &files.model, |bytes| Ok(bytes.len()))?);
    }
    for (engine, Alone { page, resident }) in alone {
        let number = |field: &str| page.pointer(field).and_then(Value::as_f64);
        let files: Files = serde_json::from_value(page["files"].clone())?;
        let figure = |row, figure| Some((row, figure?));
        for (row, figure) in [
            figure("load image", number("/load/image")),
            figure("first image", number("/first/image1")),
            figure("memory", resident.map(|resident| resident.now)),
            figure("memory beyond", resident.zip(empty).map(|(resident, empty)| resident.now - empty.now)),
            figure("most memory", resident.map(|resident| resident.most)),
            figure("engine", Some(megabytes(mounts, &files.engine, gzip)?)),
        ]
        .into_iter()
        .flatten()
        {
            figures.set(row, engine, figure);
        }
    }
    let count = if threads == 1 { "1 thread".to_owned() } else { format!("{threads} threads") };
    let mut text = format!("\n## {count}\n\n{}", rows::table(&figures, threads).markdown());
    let agreement = agreement(&answer.agreement);
    if !agreement.is_empty() {
        let _ = writeln!(text, "\nLowest cosine to PyTorch's f32 in any row: {}.", joined(&agreement));
    }
    for (engine, why) in &answer.absent {
        let _ = writeln!(text, "\n{engine} did not run: {why}");
    }
    Ok(text)
}

/// Of each engine, how far its answers are from the reference.
fn agreement(rows: &BTreeMap<String, BTreeMap<String, f64>>) -> Vec<String> {
    let mut lowest = BTreeMap::new();
    for (engine, cosine) in rows.values().flatten() {
        lowest.entry(engine).and_modify(|low: &mut f64| *low = low.min(*cosine)).or_insert(*cosine);
    }
    lowest.into_iter().map(|(engine, cosine)| format!("{engine} {cosine:.4}")).collect()
}

fn joined<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> String {
    texts.into_iter().map(|text| text.as_ref().to_owned()).collect::<Vec<_>>().join(", ")
}

/// The files of these addresses together, each counted by `size`.
fn megabytes(mounts: &Mounts, paths: &[String], size: fn(&[u8]) -> Result<usize>) -> Result<f64> {
    let mut sum = 0;
    for path in paths {
        let file = mounts.locate(path).with_context(|| format!("{path} was served and is gone"))?;
        sum += size(&fs::read(file)?)?;
    }
    Ok(sum as f64 / 1e6)
}

fn gzip(bytes: &[u8]) -> Result<usize> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    std::io::Write::write_all(&mut encoder, bytes)?;
    Ok(encoder.finish()?.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lowest_agreement_counts() {
        let rows = json!({ "image1": { "ort": 0.99, "litert": 0.97 }, "jpeg": { "ort": 0.9812 } });
        let rows = serde_json::from_value(rows).unwrap();
        assert_eq!(agreement(&rows), ["litert 0.9700", "ort 0.9812"]);
    }
}
