//! `cargo xtask bench --captioner`: a BLIP of base size and random numbers writes captions in a page.

use std::fmt::Write;
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::host::{self, Mounts};
use crate::machine::Machine;
use crate::report::{self, Summary};
use crate::table::{Table, digits};
use crate::{Run, page};
use harness::chrome::Chrome;
use harness::random_model;
use harness::webdriver::Browser;
use repository::args::Args;

/// `benches/captioner/captioner.js` describes its answer field by field.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    build: String,
    threads: usize,
    load: f64,
    memory: f64,
    image_tower: Summary,
    token: Summary,
    caption: Summary,
    beams: Summary,
}

#[derive(Deserialize)]
struct Fidelity {
    pictures: usize,
    same: usize,
    prefix: f64,
}

pub(super) fn plan(mut args: Args) -> Result<Run> {
    let rounds = args.value("--rounds")?.unwrap_or(7);
    // Twelve words are some fourteen tokens, with the one that ends them.
    let tokens = args.value("--tokens")?.unwrap_or(14);
    let pictures = args.value("--pictures")?.unwrap_or(50);
    args.none()?;
    ensure!(rounds > 0 && tokens > 0, "--rounds and --tokens are at least 1");
    Ok(Box::new(move || run(rounds, tokens, pictures)))
}

fn run(rounds: usize, tokens: usize, pictures: usize) -> Result<()> {
    let folder = report::folder()?;
    let file = random_model::captioner()?;
    let name = file.parent().and_then(|folder| folder.file_name()).context("it lies in a folder")?;
    let address = host::start(Arc::new(Mounts::of(&folder)?))?;
    let machine = Machine::now();
    let browser = Browser::start(&Chrome::find()?)?;
    let version = page::version(&browser)?;
    let model = format!("/bench/models/{}/model.gguf", name.display());
    let answer = page::follow(
        &browser,
        &format!(
            "http://{address}/bench/captioner/index.html?model={model}&rounds={rounds}&tokens={tokens}&pictures={pictures}"
        ),
    )?;
    let machine = machine.at_end();
    let text = format!(
        "# Captions\n\n{machine}; {version}. BLIP base of random numbers, Q8_0, computing in int8; captions of {tokens} tokens (twelve words). Medians of {rounds} runs, with quartiles.\n\n{}",
        table(&answer)?
    );
    report::keep(
        &folder,
        "captioner",
        &text,
        &json!({ "machine": machine, "browser": version, "page": answer }),
    )
}

fn table(answer: &Value) -> Result<String> {
    let rows: Vec<Row> = serde_json::from_value(answer["rows"].clone())?;
    ensure!(!rows.is_empty(), "no build ran");
    let mut table = Table::new([
        "build",
        "threads",
        "load, s",
        "memory, MB",
        "image tower, ms",
        "a token, ms",
        "a caption, ms",
        "by three beams, ms",
    ]);
    for Row { build, threads, load, memory, image_tower, token, caption, beams } in rows {
        table.row([
            build,
            threads.to_string(),
            digits(load),
            digits(memory / 1e6),
            image_tower.each(1.0),
            token.each(1.0),
            caption.each(1.0),
            beams.each(1.0),
        ]);
    }
    let mut text = table.markdown();
    if let Some(Fidelity { pictures, same, prefix }) = serde_json::from_value(answer["fidelity"].clone())? {
        let _ = write!(
            text,
            "\nGreedy captions of {pictures} pictures in int8 and in f32: {same} are the same; they part after {:.0} % of their tokens on average.\n",
            100.0 * prefix
        );
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_build_has_its_line() {
        let time = json!({ "median": 12.34, "p25": 12, "p75": 13, "n": 9 });
        let row = json!({ "build": "simd", "threads": 1, "load": 1.5, "memory": 4e8, "imageTower": time, "token": time, "caption": time, "beams": time });
        let text = table(&json!({ "rows": [row] })).unwrap();
        assert!(text.contains("| simd ") && text.contains("12.3"), "{text}");
        assert!(table(&json!({ "rows": [] })).is_err());
    }
}
