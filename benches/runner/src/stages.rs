//! `cargo xtask bench`: each build's stages and ops, and the most that this machine could do.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::host::{self, Mounts};
use crate::line::{Line, Speed};
use crate::machine::Machine;
use crate::report::{self, Summary};
use crate::table::{Table, digits};
use crate::{Run, page, peak};
use harness::random_model::{self, gguf::Encoding, shape};
use repository::args::Args;
use repository::count::Count;

/// What is run where nobody says otherwise.
const FULL: Extent = Extent { rounds: 20, loads: 20, warm_up: 1000 };
/// For a look at whether it runs at all: the bundled model, and no numbers to rely on.
const QUICK: Extent = Extent { rounds: 3, loads: 2, warm_up: 300 };
/// The bundled model.
const POCKET: &str = "/models/pocket/manifest.json";

/// How often things are done.
struct Extent {
    rounds: usize,
    loads: usize,
    /// Milliseconds.
    warm_up: usize,
}

/// `benches/stages/stages.js` describes its answer field by field.
#[derive(Deserialize)]
struct Answer {
    date: String,
    builds: Vec<Build>,
    absent: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct Build {
    build: String,
    threads: usize,
    load: BTreeMap<String, Summary>,
    #[serde(default)]
    stages: BTreeMap<String, Summary>,
    #[serde(default)]
    profiles: BTreeMap<String, Profile>,
    #[serde(default)]
    peaks: BTreeMap<String, Summary>,
}

#[derive(Deserialize)]
struct Profile {
    ms: f64,
    ops: BTreeMap<String, Op>,
}

#[derive(Deserialize)]
struct Op {
    ms: f64,
    calls: f64,
    /// Multiplications and additions.
    ops: f64,
}

pub(super) fn plan(mut args: Args) -> Result<Run> {
    let quick = args.flag("--quick");
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let most = args.value("--threads")?.unwrap_or(cores.min(8));
    args.none()?;
    ensure!(most > 0, "--threads 0: there is at least one");
    Ok(Box::new(move || run(quick, &thread_counts(most))))
}

/// 2, 4, 8 … and `most`: what the build with threads is run on.
fn thread_counts(most: usize) -> Vec<usize> {
    let doubled = std::iter::successors(Some(2), |count| Some(count * 2));
    doubled.take_while(|&count| count < most).chain((most > 1).then_some(most)).collect()
}

fn run(quick: bool, threads: &[usize]) -> Result<()> {
    let folder = report::folder()?;
    peak::compile(&folder)?;
    let (extent, bundle, model) = match quick {
        true => (QUICK, POCKET.to_owned(), "the bundled model pocket"),
        false => {
            let made = random_model::bundle(&shape::B_32, Encoding::Q8_0)?;
            let name = made.file_name().and_then(|name| name.to_str()).context("the bundle has a name")?;
            (FULL, format!("/bench/models/{name}/manifest.json"), "ViT-B/32 of random numbers, Q8_0")
        }
    };
    let mounts = Arc::new(Mounts::of(&folder)?);
    let address = host::start(mounts.clone())?;
    let threads: Vec<String> = threads.iter().map(usize::to_string).collect();
    let threads = threads.join(",");
    let url = format!(
        "http://{address}/bench/stages/index.html?bundle={bundle}&peak=/bench/made/{}&threads={}&rounds={}&loads={}&warm={}",
        peak::FILE,
        threads,
        extent.rounds,
        extent.loads,
        extent.warm_up,
    );
    let machine = Machine::now();
    let (result, browser) = page::run(&url, |result, browser| Ok((result, page::version(browser)?)))?;
    let line = host::start_over(Line::new(FAST), mounts)?;
    let loads = extent.loads;
    let url =
        format!("http://{line}/bench/stages/index.html?bundle={bundle}&threads={threads}&loads={loads}");
    let (over_line, _) = page::run(&url, |result, _| Ok((result, ())))?;
    let machine = machine.at_end();
    let expect = |result: &Value| {
        serde_json::from_value(result.clone()).context("the page's answer is not as expected")
    };
    let mut answer: Answer = expect(&result)?;
    answer.join_line(expect(&over_line)?);
    let about = format!(
        "{}: {machine}; {browser}. {model}; medians of {} runs after warm-up, with quartiles.",
        answer.date, extent.rounds
    );
    let numbers = json!({ "machine": machine, "browser": browser, "quick": quick, "result": result, "over_line": over_line, "derived": derived(&answer) });
    report::keep(&folder, "bench", &text(&about, &answer), &numbers)?;
    answer.count().report()
}

impl Answer {
    /// What another page has measured over a line.
    fn join_line(&mut self, over: Self) {
        for Build { build, threads, load, .. } in over.builds {
            let same =
                self.builds.iter_mut().find(|known| (&known.build, known.threads) == (&build, threads));
            let named = load.into_iter().map(|(key, summary)| (format!("{key} over a line"), summary));
            if let Some(same) = same {
                same.load.extend(named);
            }
        }
        self.absent
            .extend(over.absent.into_iter().map(|(build, why)| (format!("{build}, over a line"), why)));
    }

    /// A row of each build is a test, and so is a build that could not run.
    fn count(&self) -> Count {
        let mut count = Count::default();
        for build in &self.builds {
            for (what, missing) in build.rows() {
                if missing {
                    println!("{}: {what} did not run", build.name());
                }
                count += Count::one(!missing);
            }
        }
        for _ in &self.absent {
            count += Count::one(false);
        }
        count
    }
}

impl Build {
    /// What is measured of each build, and whether that is missing.
    fn rows(&self) -> impl Iterator<Item = (&str, bool)> {
        let stages = STAGES.iter().map(|(name, key, _)| (*name, !self.stages.contains_key(*key)));
        let loads = LOADS.iter().chain(NETWORK).map(|(name, key)| (*name, !self.load.contains_key(*key)));
        let profiles = BY_OP
            .iter()
            .map(|(name, key)| (*name, self.profiles.get(*key).is_none_or(|profile| profile.ops.is_empty())));
        let peaks = self.integer_routes().iter().map(|route| (*route, !self.peaks.contains_key(*route)));
        stages.chain(loads).chain(profiles).chain(peaks)
    }

    fn name(&self) -> String {
        match self.threads {
            1 => format!("{}, 1 thread", self.build),
            count => format!("{}, {count} threads", self.build),
        }
    }

    /// Routes that this build's integer product may take.
    fn integer_routes(&self) -> &'static [&'static str] {
        match self.build.as_str() {
            "simd" => &["dot_i16"],
            _ => &["relaxed_dot", "relaxed_multiply_add", "relaxed_paired", "dot_i16"],
        }
    }

    /// 10⁹ operations a second on a route.
    fn rate(&self, route: &str) -> Option<f64> {
        Some(1000.0 / self.peaks.get(route)?.median)
    }

    /// How far the quartiles of the steadiest work there is lie apart: what else the machine did meanwhile.
    fn spread(&self) -> f64 {
        let spreads = self.integer_routes().iter().filter_map(|route| self.peaks.get(*route));
        spreads.map(|summary| (summary.p75 - summary.p25) / summary.median).fold(0.0, f64::max)
    }

    /// The most that an op could do: by the best route that its arithmetic and this build allow.
    fn peak(&self, op: &str) -> Option<f64> {
        let routes = if op == GEMM { self.integer_routes() } else { &["multiply_add_f32"] };
        routes.iter().filter_map(|route| self.rate(route)).reduce(f64::max)
    }
}

/// On a machine that does nothing else, quartiles are within so much of the median.
const QUIET: f64 = 0.1;
/// The matrix product that nearly all of a model is.
const GEMM: &str = "gemm int8";

impl Op {
    /// 10⁹ operations a second; none where nobody counts them.
    fn rate(&self) -> Option<f64> {
        (self.ops > 0.0 && self.ms > 0.0).then(|| self.ops / self.ms / 1e6)
    }
}

fn text(about: &str, answer: &Answer) -> String {
    let mut text =
        format!("# Stages and ops\n\n{about}\n\n## Stages, in milliseconds\n\n{}", stages(&answer.builds));
    let _ = write!(text, "\n## The most arithmetic, in GOP/s\n\n{}", peaks(&answer.builds));
    for build in &answer.builds {
        let _ = write!(text, "\n## By op: {}\n\n{}", build.name(), by_op(build));
        if let Some(sentence) = gemm(build) {
            let _ = write!(text, "\n{sentence}\n");
        }
    }
    let spread = answer.builds.iter().map(Build::spread).fold(0.0, f64::max);
    if spread > QUIET {
        let _ = write!(
            text,
            "\nThe machine did something else meanwhile (the quartiles of one and the same loop lie {} apart): rely on none of this.\n",
            percent(spread)
        );
    }
    for (build, why) in &answer.absent {
        let _ = write!(text, "\n{build} did not run: {why}\n");
    }
    text
}

/// Of a stage: what it is called, its key, and how many pictures it does at once.
const STAGES: &[(&str, &str, f64)] = &[
    ("decode and preprocess a JPEG of 1024 × 768", "preprocess", 1.0),
    ("image, batch 1", "image1", 1.0),
    ("the same beside another program that keeps a core busy", "busy1", 1.0),
    ("image, batch 8, each", "image8", 8.0),
    ("5 labels", "labels5", 1.0),
    ("80 labels", "labels80", 1.0),
    ("80 captions", "captions80", 1.0),
];
/// Stages whose time is told by op.
const BY_OP: [(&str, &str); 3] = [("image", "image1"), ("5 labels", "labels5"), ("80 labels", "labels80")];
const NETWORK: &[(&str, &str)] = &[
    ("from this machine's server → ready", "wire"),
    ("the same files, fetched and let go", "bytes"),
    ("over 400 Mbit/s → ready", "wire over a line"),
    ("the same files, fetched and let go", "bytes over a line"),
];
/// A good line, and a network at home.
const FAST: Speed = Speed { latency: Duration::from_millis(5), bits_a_second: 400e6 };
const LOADS: &[(&str, &str)] = &[
    ("stored model → ready", "ready"),
    ("stored model → first answer (a JPEG, 5 labels)", "answer"),
    ("first image after it", "image1"),
    ("first 5 labels after it", "labels5"),
];

fn stages(builds: &[Build]) -> String {
    let mut table = Table::new(["stage".to_owned()].into_iter().chain(builds.iter().map(Build::name)));
    for (name, key, count) in STAGES {
        let cells = builds.iter().map(|build| build.stages.get(*key).map(|summary| summary.each(*count)));
        table.row([(*name).to_owned()].into_iter().chain(cells.map(Option::unwrap_or_default)));
    }
    for (name, key) in LOADS.iter().chain(NETWORK) {
        let cells = builds.iter().map(|build| build.load.get(*key).map(|summary| summary.each(1.0)));
        table.row([(*name).to_owned()].into_iter().chain(cells.map(Option::unwrap_or_default)));
    }
    table.markdown()
}

const ROUTES: &[(&str, &str)] = &[
    ("int8, one relaxed instruction", "relaxed_dot"),
    ("int8, two relaxed products and a sum", "relaxed_multiply_add"),
    ("int8, two such pairs in 16 bits first", "relaxed_paired"),
    ("int16, plain SIMD128", "dot_i16"),
    ("f32, product and sum", "multiply_add_f32"),
];

fn peaks(builds: &[Build]) -> String {
    let mut table = Table::new(["route".to_owned()].into_iter().chain(builds.iter().map(Build::name)));
    for (name, route) in ROUTES {
        let cells = builds.iter().map(|build| build.rate(route).map(digits).unwrap_or_default());
        table.row([(*name).to_owned()].into_iter().chain(cells));
    }
    table.markdown()
}

/// One build's profiles beside each other.
fn by_op(build: &Build) -> String {
    let profiles = BY_OP.map(|(_, stage)| build.profiles.get(stage));
    let heads = BY_OP.iter().flat_map(|(name, _)| {
        [format!("{name}: ms"), "share".into(), "calls".into(), "GOP/s".into(), "of peak".into()]
    });
    let mut table = Table::new(["op".to_owned()].into_iter().chain(heads));
    let mut names: Vec<&str> =
        profiles.iter().flatten().flat_map(|profile| profile.ops.keys()).map(String::as_str).collect();
    names.sort_unstable();
    names.dedup();
    let time = |name: &str| profiles[0].and_then(|image| image.ops.get(name)).map_or(0.0, |op| op.ms);
    names.sort_by(|a, b| time(b).total_cmp(&time(a)));
    for name in names {
        let cells = profiles.into_iter().flat_map(|profile| op_cells(build, profile, name));
        table.row([name.to_owned()].into_iter().chain(cells));
    }
    let rest = profiles.into_iter().flat_map(|profile| {
        let ms = profile.map(|profile| profile.ms - profile.ops.values().map(|op| op.ms).sum::<f64>());
        [
            cell(ms, digits),
            cell(ms.zip(profile).map(|(ms, profile)| ms / profile.ms), percent),
            String::new(),
            String::new(),
            String::new(),
        ]
    });
    table.row(["everything else".to_owned()].into_iter().chain(rest));
    table.markdown()
}

/// Milliseconds, share of the stage, calls, GOP/s, share of the peak.
fn op_cells(build: &Build, profile: Option<&Profile>, name: &str) -> [String; 5] {
    let found = profile.and_then(|profile| Some((profile.ops.get(name)?, profile.ms)));
    let Some((op, all)) = found else { return Default::default() };
    let of_peak = op.rate().zip(build.peak(name)).map(|(rate, peak)| rate / peak);
    [
        digits(op.ms),
        percent(op.ms / all),
        op.calls.to_string(),
        cell(op.rate(), digits),
        cell(of_peak, percent),
    ]
}

fn cell(number: Option<f64>, form: fn(f64) -> String) -> String {
    number.map(form).unwrap_or_default()
}

fn percent(share: f64) -> String {
    format!("{:.0} %", 100.0 * share)
}

/// What the matrix product is to an image: its share of the time, its rate, and the peak.
fn shares(build: &Build) -> Option<(f64, f64, f64)> {
    let image = build.profiles.get("image1")?;
    let gemm = image.ops.get(GEMM)?;
    Some((gemm.ms / image.ms, gemm.rate()?, build.peak(GEMM)?))
}

fn gemm(build: &Build) -> Option<String> {
    let (share, rate, peak) = shares(build)?;
    Some(format!(
        "Of an image's time, {GEMM} is {}, at {} GOP/s: {} of the {} GOP/s that this run measured as the most.",
        percent(share),
        digits(rate),
        percent(rate / peak),
        digits(peak)
    ))
}

fn derived(answer: &Answer) -> Value {
    let of = |build: &Build| {
        let (share, rate, peak) = shares(build)?;
        Some(
            json!({ "build": build.name(), "gemm_share_of_image": share, "gemm_gops": rate, "peak_gops": peak, "gemm_share_of_peak": rate / peak }),
        )
    };
    answer.builds.iter().filter_map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn build() -> Build {
        let summary = json!({ "median": 10.0, "p25": 9.0, "p75": 11.0, "n": 20 });
        serde_json::from_value(json!({
            "build": "relaxed",
            "threads": 1,
            "load": { "ready": summary },
            "stages": { "image1": summary, "image8": { "median": 80.0, "p25": 79.0, "p75": 81.0, "n": 20 } },
            "profiles": { "image1": { "ms": 10.0, "ops": {
                "gemm int8": { "ms": 8.0, "calls": 48, "ops": 6.0e8 },
                "layer norm": { "ms": 1.0, "calls": 26, "ops": 0 },
            } } },
            "peaks": {
                "relaxed_dot": { "median": 12.5, "p25": 12.0, "p75": 13.0, "n": 20 },
                "dot_i16": { "median": 10.0, "p25": 10.0, "p75": 10.0, "n": 20 },
                "multiply_add_f32": { "median": 20.0, "p25": 20.0, "p75": 20.0, "n": 20 },
            },
        }))
        .unwrap()
    }

    #[test]
    fn the_peak_is_the_best_route_that_the_build_has() {
        let mut build = build();
        assert_eq!((build.peak(GEMM), build.peak("attention")), (Some(100.0), Some(50.0)));
        build.peaks.remove("dot_i16");
        assert_eq!(build.peak(GEMM), Some(80.0));
        build.build = "simd".into();
        assert_eq!(build.peak(GEMM), None);
    }

    #[test]
    fn shares_and_rates_are_computed() {
        let build = build();
        assert_eq!(shares(&build), Some((0.8, 75.0, 100.0)));
        let table = by_op(&build);
        let row = |name: &str| {
            let line = table.lines().find(|line| line.contains(name)).unwrap();
            line.split('|').map(str::trim).filter(|cell| !cell.is_empty()).collect::<Vec<_>>().join(", ")
        };
        assert_eq!(row("gemm int8"), "gemm int8, 8.00, 80 %, 48, 75.0, 75 %");
        assert_eq!(row("layer norm"), "layer norm, 1.00, 10 %, 26");
        assert_eq!(row("everything else"), "everything else, 1.00, 10 %");
        let stages = stages(&[build]);
        assert!(stages.contains("10.0 (9.88–10.1)") && stages.contains("relaxed, 1 thread"), "{stages}");
    }

    #[test]
    fn a_disturbed_run_is_said_so() {
        let answer = |build| Answer { date: String::new(), builds: vec![build], absent: BTreeMap::new() };
        let mut build = build();
        assert!((build.spread() - 0.08).abs() < 1e-9);
        assert!(!text("", &answer(self::build())).contains("rely on none"));
        if let Some(summary) = build.peaks.get_mut("dot_i16") {
            summary.p75 = 15.0;
        }
        assert!(text("", &answer(build)).contains("50 % apart"));
    }

    #[test]
    fn threads_are_doubled() {
        for (most, counts) in [(1, &[][..]), (2, &[2]), (3, &[2, 3]), (4, &[2, 4]), (6, &[2, 4, 6])] {
            assert_eq!(thread_counts(most), counts);
        }
    }
}
