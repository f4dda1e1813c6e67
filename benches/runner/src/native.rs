//! `cargo xtask bench --native`: the library outside the browser beside onnxruntime and PyTorch, in turns in one run.
//!
//! `benches/native/compare.py` says how; it runs in a Python environment of its own, below the target folder.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt::Write;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::Run;
use crate::machine::Machine;
use crate::report;
use crate::table::{Table, digits};
use harness::random_model::{self, gguf::Encoding, shape};
use repository::args::Args;
use repository::{paths, process};

const SCRIPT: &str = "benches/native/compare.py";
const REQUIREMENTS: &str = "benches/native/requirements.txt";
const OURS: &str = "Semblance int8";

/// What was asked for.
struct Choice {
    threads: usize,
    rounds: usize,
    /// An interpreter that has the libraries; none: one is made.
    python: Option<PathBuf>,
    /// A lesser machine that all are to take this one for.
    like: Option<String>,
}

/// `compare.py` describes its answer.
#[derive(Deserialize)]
struct Answer {
    threads: usize,
    rounds: usize,
    rows: BTreeMap<String, BTreeMap<String, Times>>,
    /// Ours: the instruction set, and 10⁹ operations a second of its integer tile on one thread.
    kernels: BTreeMap<String, (String, f64)>,
    absent: BTreeMap<String, String>,
    versions: BTreeMap<String, String>,
    operations: f64,
}

/// Milliseconds.
#[derive(Deserialize)]
struct Times {
    median: f64,
    best: f64,
}

pub(super) fn plan(mut args: Args) -> Result<Run> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let threads = args.value("--threads")?.unwrap_or(cores);
    let rounds = args.value("--rounds")?.unwrap_or(7);
    let (python, like) = (args.value("--python")?, args.value::<String>("--like")?);
    args.none()?;
    if let Some(like) = &like {
        ensure!(["avx2", "vnni"].contains(&like.as_str()), "--like is avx2 or vnni");
        let can = cfg!(all(target_os = "linux", target_arch = "x86_64"));
        ensure!(can, "--like needs Linux on x86-64");
    }
    ensure!(threads > 0 && rounds > 0, "there is at least one thread and one round");
    Ok(Box::new(move || run(&Choice { threads, rounds, python, like })))
}

fn run(choice: &Choice) -> Result<()> {
    let folder = report::folder()?;
    let model = random_model::single_file(&shape::B_32, Encoding::Q8_0)?;
    let build = ["build", "--quiet", "--release", "--package", "bench-native"];
    process::run(process::cargo().args(build))?;
    let python = match &choice.python {
        Some(python) => python.clone(),
        None => environment()?,
    };
    let machine = Machine::now();
    let program =
        paths::target().join("release").join(format!("bench-native{}", std::env::consts::EXE_SUFFIX));
    let words: [(&str, OsString); 5] = [
        ("--program", program.into()),
        ("--model", model.into()),
        ("--work", paths::work("native").into()),
        ("--threads", choice.threads.to_string().into()),
        ("--rounds", choice.rounds.to_string().into()),
    ];
    let mut compare = process::new(&python);
    compare.arg(paths::root().join(SCRIPT));
    for (name, word) in words {
        compare.arg(name).arg(word);
    }
    if let Some(like) = &choice.like {
        process::run(process::cargo().args(["build", "--quiet", "--package", "lesser-machine"]))?;
        compare.env("LD_PRELOAD", paths::target().join("debug/liblesser_machine.so"));
        compare.env("SEMBLANCE_LIKE", like);
    }
    let text = process::read(&mut compare)?;
    let numbers: Value =
        serde_json::from_str(&text).context("compare.py answered something else than JSON")?;
    let answer: Answer = serde_json::from_value(numbers.clone())?;
    let machine = machine.at_end();
    let (title, name) = match &choice.like {
        Some(like) => (format!("Native, as on a machine with {like} alone"), format!("native-{like}")),
        None => ("Native".to_owned(), "native".to_owned()),
    };
    let tables = format!("# {title}\n\n{}", tables(&answer, &machine)?);
    report::keep(&folder, &name, &tables, &json!({ "machine": machine, "answer": numbers }))
}

/// The Python that the peers run in, made anew when its requirements have changed.
fn environment() -> Result<PathBuf> {
    let folder = paths::work("native").join("venv");
    let requirements = paths::root().join(REQUIREMENTS);
    let stamp = folder.join("requirements.txt");
    let python = folder.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    if fs::read(&stamp).ok() == Some(fs::read(&requirements)?) {
        return Ok(python);
    }
    println!("Fetching onnxruntime and PyTorch (some gigabytes with what PyTorch brings along) …");
    let needs = "the peers need Python 3.11 or newer with venv; or name one that has them by --python";
    process::run(process::new("python3").args(["-m", "venv", "--clear"]).arg(&folder)).context(needs)?;
    let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"];
    process::run(process::new(&python).args(pip).arg(&requirements))?;
    fs::copy(&requirements, &stamp)?;
    Ok(python)
}

fn tables(answer: &Answer, machine: &Machine) -> Result<String> {
    let mut text = format!("{machine}\n\n");
    let versions: Vec<String> =
        answer.versions.iter().map(|(name, version)| format!("{name} {version}")).collect();
    writeln!(
        text,
        "ViT-B/32's image tower, random numbers; {} threads each, {} rounds in turns; {}. Milliseconds: median (best); \
         × is the median as a multiple of {OURS}'s.\n",
        answer.threads,
        answer.rounds,
        versions.join(", ")
    )?;
    for (row, engines) in &answer.rows {
        let ours = engines.get(OURS).with_context(|| format!("{row}: {OURS} is missing"))?.median;
        let mut table = Table::new([row.as_str(), "ms", "×"]);
        for (name, times) in engines {
            let ms = format!("{} ({})", digits(times.median), digits(times.best));
            table.row([name.clone(), ms, digits(times.median / ours)]);
        }
        writeln!(text, "{}", table.markdown())?;
    }
    let batch = answer.rows.iter().find(|(row, _)| row.ends_with("pictures"));
    for (name, (kernel, rate)) in answer.kernels.iter().filter(|(name, _)| name.contains("int8")) {
        let Some(times) = batch.and_then(|(_, engines)| engines.get(name)) else { continue };
        let (peak, reached) = (rate * answer.threads as f64, answer.operations / times.median * 1e3);
        writeln!(
            text,
            "{name}: {kernel}; the integer tile by itself {} GOP/s on one thread, so {} on all; the batch reaches {}, {} % of that.",
            digits(*rate),
            digits(peak),
            digits(reached),
            digits(100.0 * reached / peak)
        )?;
    }
    for (name, why) in &answer.absent {
        writeln!(text, "{name}: not measured, {why}.")?;
    }
    Ok(text)
}
