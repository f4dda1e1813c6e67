//! Downloads of models of true shapes, each from another state of the storage and with other
//! faults on the way. Whatever happens, the engine is given the right bytes or there is a clear error, and the next try
//! fetches what is missing and nothing else, which the server counts.
//!
//! Everything of a load runs but the engine itself, which would take most of the time; `models.rs` has whole loads.
//! Each commit tries forty, by seeds that follow its own, and `--long` two hundred. A run depends on its seed alone:
//! `cargo xtask test e2e --only seeded --seed 17` begins with that one.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{Page, SUB_PATH, holds, same};
use harness::faults::{BLANK, Plan, Sent};
use harness::random_model::{self, gguf::Encoding, numbers::Random, shape};

mod model;

use model::{Kept, Model, Piece, Target, kept};

/// What the runs' pages load from beside the site.
pub(crate) const SCRIPTS: &[(&str, &str)] = &[
    ("/packed/page.js", include_str!("downloads/page.js")),
    ("/packed/damage.js", include_str!("downloads/damage.js")),
    ("/packed/worker.js", include_str!("downloads/worker.js")),
];

/// Of a bundle in pieces, and of a hub's single file, which is read in ranges.
const RUNS: (u64, u64) = (34, 6);
const LONG_RUNS: (u64, u64) = (170, 30);

/// How many times as fast the engine's clock is under faults: half a minute of silence is 1.5 s.
const HASTE: u32 = 20;

/// What can end a load that was not stopped.
const NAMES: &[&str] = &["NetworkError", "ModelError"];

/// What one try came to; see `downloads/worker.js`.
#[derive(Debug, Deserialize)]
struct Outcome {
    origin: Option<Origin>,
    progress: Option<Progress>,
    sha256: Option<String>,
    error: Option<Thrown>,
    #[serde(default)]
    killed: bool,
    #[serde(default)]
    aborted: bool,
}

#[derive(Debug, Deserialize)]
struct Origin {
    stored: bool,
    verified: bool,
    notes: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Progress {
    loaded: u64,
    total: Option<u64>,
    stored: u64,
    downloaded: u64,
}

#[derive(Debug, Deserialize)]
struct Thrown {
    name: String,
    message: String,
    stack: Option<String>,
}

/// How the first tries ended.
#[derive(Debug, Default)]
struct Tally {
    loaded: usize,
    errors: BTreeMap<String, usize>,
    stopped: usize,
    killed: usize,
    /// By kind, of the first tries' requests.
    faults: BTreeMap<String, usize>,
    bytes: u64,
    refetched: u64,
}

pub(crate) fn seeded(page: &Page) -> Result<()> {
    let bundle = random_model::bundle(&shape::B_32, Encoding::Q4_0)?;
    let slim = shape::B_32.with_layers("vit-b-32-2-layers", 2);
    let folder = random_model::repository(&slim, 1)?;
    page.faults.hub.add("tests/slim", &folder)?;
    let (of_bundle, of_hub) = if page.chance.long { LONG_RUNS } else { RUNS };
    let models = [
        (of_bundle, Model::bundle(page, &bundle)?),
        (of_hub, Model::repository(page, "tests/slim", &folder.join("model.safetensors"))?),
    ];

    let everything = json!({ "origin": origin(page), "storageTypes": "all" });
    page.browser.cdp("Storage.clearDataForOrigin", everything)?;
    page.browser.goto(&format!("{}{BLANK}", origin(page)))?;
    let first = u64::from(page.chance.seed);
    for (runs, model) in &models {
        let seeds = first..first + runs;
        let (start, mut tally, mut count) = (Instant::now(), Tally::default(), 0);
        for seed in seeds {
            if count == 0 {
                // Each run begins with what the one before it left, which is all of the model.
                in_page(page, "empty", json!([]))?;
                let Outcome { error, .. } = attempt(page, model, Value::Null, 1, 0)?;
                ensure!(error.is_none(), "without any fault: {error:?}");
                page.faults.take_sent();
            }
            run(page, model, seed, &mut tally).with_context(|| format!("the run of seed {seed}"))?;
            count += 1;
            if count % 20 == 0 {
                println!("  {count} of {runs} runs, {:.0} s", start.elapsed().as_secs_f32());
            }
        }
        if count > 0 {
            println!(
                "  {count} runs of {} bytes in {:.0} s: {tally:?}",
                model.bytes,
                start.elapsed().as_secs_f32()
            );
        }
    }
    Ok(())
}

/// A storage that opens no file: the load goes on in memory and says so, and the next one keeps what it brings.
pub(crate) fn hanging_storage(page: &Page) -> Result<()> {
    let slim = shape::B_32.with_layers("vit-b-32-2-layers", 2);
    let model = Model::bundle(page, &random_model::bundle(&slim, Encoding::Q4_0)?)?;
    page.browser.goto(&format!("{}{BLANK}", origin(page)))?;
    in_page(page, "empty", json!([]))?;
    let hung = attempt(page, &model, json!({ "how": "hang", "at": u32::MAX }), HASTE, 0)?;
    let origin = hung.origin.with_context(|| format!("it failed: {:?}", hung.error))?;
    same("SHA-256 of what the engine was given", hung.sha256.as_ref(), Some(&model.sha256))?;
    holds(
        &format!("it says that nothing is kept: {:?}", origin.notes),
        !origin.stored && origin.notes.iter().any(|note| note.contains("does not answer")),
    )?;
    let next = attempt(page, &model, Value::Null, 1, 1)?;
    holds("the next one is kept", next.origin.is_some_and(|origin| origin.stored && origin.notes.is_empty()))
}

fn run(page: &Page, model: &Model, seed: u64, tally: &mut Tally) -> Result<()> {
    let mut random = Random(seed);
    let before = Kept { right: spoil(page, model, &mut random)?, ..Kept::default() };

    let stop = match random.below(10) {
        0..=1 => json!({ "how": "abort", "at": random.below(model.bytes) }),
        2..=3 => json!({ "how": "kill", "at": random.below(model.bytes) }),
        _ => Value::Null,
    };
    // From a network that seldom fails to one that does nearly always.
    page.faults.plan(Some(Plan::Seeded { seed, percent: [10, 30, 60, 85][random.below(4) as usize] }));
    let outcome = attempt(page, model, stop, HASTE, 2 * seed);
    page.faults.plan(None);
    let sent = page.faults.take_sent();
    let story = || format!("the first try: {outcome:?}\nwhat was sent:\n{sent:#?}");
    let outcome = outcome.as_ref().map_err(|error| anyhow::anyhow!("{error:#}")).with_context(story)?;
    first_try(model, outcome, &sent, &before.right).with_context(story)?;
    let between = kept(page, model, true)?;
    if matches!(model.target, Target::Pieces { .. }) {
        holds("what was right in storage still is", before.right.is_subset(&between.right))
            .with_context(story)?;
    }
    tally.add(outcome, &sent);

    let second = attempt(page, model, Value::Null, 1, 2 * seed + 1)?;
    let mut again = page.faults.take_sent();
    // A worker that was ended may have asked for more until then.
    again.retain(|sent| sent.by.ends_with(&format!("?{}", 2 * seed + 1)));
    second_try(model, &second, &again, &between)
        .with_context(|| format!("the second try: {second:?}\nwhat was sent:\n{again:#?}"))
        .with_context(story)?;
    // The engine has been given these very bytes; whether they lie there so is read in the next run.
    let after = kept(page, model, false)?;
    same("pieces that are right in the end", after.right.len(), model.pieces.len())?;
    same("parts of pieces in the end", after.parts, BTreeMap::new())?;
    tally.refetched += again.iter().map(Sent::bytes).sum::<u64>();
    Ok(())
}

/// The right bytes, or a clear error; and nothing is fetched that is there.
fn first_try(model: &Model, outcome: &Outcome, sent: &[Sent], before: &BTreeSet<String>) -> Result<()> {
    if let Some(Thrown { name, message, stack }) = &outcome.error {
        let said = format!("{name}: {message} ({})", stack.as_deref().unwrap_or_default());
        if outcome.aborted {
            return same("the name of the error", name.as_str(), "AbortError");
        }
        holds(&format!("the error has a name of the library's ({said})"), NAMES.contains(&name.as_str()))?;
        holds(&format!("it names the address ({said})"), message.contains("http://"))?;
        holds(&format!("it is a sentence ({said})"), message.ends_with('.'))?;
        holds(
            &format!("something went wrong that may end a load ({said})"),
            sent.iter().any(|sent| sent.fault.is_some_and(|fault| !fault.is_harmless())),
        )?;
    } else if !outcome.killed {
        same("SHA-256 of what the engine was given", outcome.sha256.as_ref(), Some(&model.sha256))?;
        holds("every byte was checked", outcome.origin.as_ref().is_some_and(|origin| origin.verified))?;
    }
    let asked: BTreeSet<String> = sent.iter().filter_map(|sent| model.piece_of(sent)).collect();
    let needless: Vec<_> = asked.intersection(before).collect();
    holds(&format!("nothing is fetched that is there ({needless:?})"), needless.is_empty())
}

/// All of the model is here, and what was missing was sent once.
fn second_try(model: &Model, outcome: &Outcome, sent: &[Sent], before: &Kept) -> Result<()> {
    let (Some(origin), Some(progress)) = (&outcome.origin, &outcome.progress) else { bail!("it failed") };
    same("SHA-256 of what the engine was given", outcome.sha256.as_ref(), Some(&model.sha256))?;
    same("notes", &origin.notes, &Vec::new())?;
    holds("it is kept", origin.stored)?;
    let weights: u64 = sent.iter().filter(|sent| model.is_weights(sent)).map(Sent::bytes).sum();
    let missing = model.missing(before);
    same("bytes of weights that were sent", weights, missing).with_context(|| format!("{before:?}"))?;
    if let Target::Pieces { .. } = model.target {
        let mut asked: Vec<String> = sent.iter().filter_map(|sent| model.piece_of(sent)).collect();
        asked.sort_unstable();
        // What a wrong beginning was gone on with is asked for once more.
        asked.dedup();
        let names = model.pieces.iter().map(|piece| piece.name.clone());
        let mut expected: Vec<String> = names.filter(|name| !before.right.contains(name)).collect();
        expected.sort_unstable();
        same("pieces that were asked for", asked, expected)?;
        same("what the progress says was downloaded", progress.downloaded, missing)?;
        same("what it says is here", (progress.loaded, progress.total), (model.bytes, Some(model.bytes)))?;
        if before.parts.is_empty() {
            same("what it says was stored", progress.stored, model.bytes - missing)?;
        }
    }
    Ok(())
}

impl Tally {
    fn add(&mut self, outcome: &Outcome, sent: &[Sent]) {
        match &outcome.error {
            _ if outcome.killed => self.killed += 1,
            None => self.loaded += 1,
            Some(_) if outcome.aborted => self.stopped += 1,
            Some(error) => *self.errors.entry(error.name.clone()).or_default() += 1,
        }
        for fault in sent.iter().filter_map(|sent| sent.fault) {
            *self.faults.entry(fault.kind()).or_default() += 1;
        }
        self.bytes += sent.iter().map(Sent::bytes).sum::<u64>();
    }
}

/// Where the runs are: the host without a content policy, so that other sites are refused by CORS and by the engine.
fn origin(page: &Page) -> String {
    format!("http://{}", page.plain.address)
}

fn in_page(page: &Page, function: &str, arguments: Value) -> Result<Value> {
    let script =
        format!("return import('/packed/page.js').then((page) => page.{function}(...arguments[0]));");
    page.browser.run(&script, json!([arguments]))
}

fn attempt(page: &Page, model: &Model, stop: Value, haste: u32, number: u64) -> Result<Outcome> {
    let site = format!("{}{SUB_PATH}", origin(page));
    let given = json!([{ "number": number, "site": site, "source": model.source, "bytes": model.bytes, "stop": stop, "haste": haste }]);
    Ok(serde_json::from_value(in_page(page, "attempt", given)?)?)
}

/// Storage holds all of the model: empty it, or damage some of it. What is right then is given back.
fn spoil(page: &Page, model: &Model, random: &mut Random) -> Result<BTreeSet<String>> {
    let nothing_left = random.below(10) < 3;
    let mut choose = || {
        let how = ["remove", "cut", "flip"][random.below(3) as usize];
        (random.below(100) < 40).then_some((how, random.below(1000) as f64 / 1000.0))
    };
    let (mut left, mut harm) = (BTreeSet::new(), Vec::new());
    for Piece { name, .. } in &model.pieces {
        match choose() {
            _ if nothing_left => {}
            Some((how, at)) => harm.push(json!(["pieces", name, how, at])),
            None => {
                left.insert(name.clone());
            }
        }
    }
    // Its record, too.
    harm.extend(choose().map(|(how, at)| json!(["models", null, how, at])));
    match nothing_left {
        true => in_page(page, "empty", json!([]))?,
        false => in_page(page, "damage", json!(harm))?,
    };
    Ok(left)
}
