//! `cargo xtask bench --family`: every model that people mean by CLIP, at its true size with random numbers: how long
//! it takes to load, how long a picture takes, and what it takes of memory.

use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::host::{self, Mounts};
use crate::machine::Machine;
use crate::report::{self, Summary};
use crate::table::{Table, digits};
use crate::{Run, page};
use harness::chrome::Chrome;
use harness::memory::{self, Resident};
use harness::random_model::{self, gguf::Encoding, shape};
use harness::webdriver::Browser;
use repository::args::Args;

const DTYPES: [Encoding; 2] = [Encoding::Q8_0, Encoding::Q4_0];
/// Both towers of a model with more parameters are seldom wanted in one page, and each is measured alone.
const LARGE: u64 = 900_000_000;

/// `benches/family/family.js` describes its answer field by field.
#[derive(Deserialize)]
struct Answer {
    load: f64,
    source: String,
    build: String,
    threads: usize,
    bytes: f64,
    parameters: u64,
    needed: Option<f64>,
    memory: Option<f64>,
    image: Option<Summary>,
    text: Option<Summary>,
}

/// One model with some of its towers.
#[derive(Serialize)]
struct Row {
    title: &'static str,
    dtype: &'static str,
    towers: &'static str,
    page: Value,
    resident: Option<Resident>,
}

pub(super) fn plan(mut args: Args) -> Result<Run> {
    let only: Option<String> = args.value("--only")?;
    let rounds = args.value("--rounds")?.unwrap_or(7);
    args.none()?;
    ensure!(rounds > 0, "--rounds 0: there is at least one");
    Ok(Box::new(move || run(only.as_deref(), rounds)))
}

fn run(only: Option<&str>, rounds: usize) -> Result<()> {
    let folder = report::folder()?;
    let address = host::start(Arc::new(Mounts::of(&folder)?))?;
    let machine = Machine::now();
    let mut rows = Vec::new();
    let mut version = String::new();
    for shape in &shape::ALL {
        let large = shape.tensors().iter().map(|tensor| tensor.numbers() as u64).sum::<u64>() > LARGE;
        let towers: &[&str] = if large { &["image", "text"] } else { &["both"] };
        for dtype in DTYPES {
            let name = format!("{}-{}", shape.name, dtype.name());
            if only.is_some_and(|only| !name.contains(only)) {
                continue;
            }
            random_model::bundle(shape, dtype)?;
            // Anew for each: a browser keeps some of what a page took.
            let browser = Browser::start(&Chrome::find()?)?;
            version = page::version(&browser)?;
            let url = format!(
                "http://{address}/bench/family/index.html?model=/bench/models/{name}/manifest.json&rounds={rounds}"
            );
            println!("{name} is downloaded.");
            page::follow(&browser, &format!("{url}&keep&towers={}", towers[0]))?;
            for towers in towers {
                println!("{name}, {towers}.");
                // A fresh renderer, so that its memory is what this load took.
                let before = browser.tab()?;
                let fresh = browser.new_tab()?;
                browser.close_tab(&before)?;
                browser.switch_to(&fresh)?;
                let page = page::follow(&browser, &format!("{url}&towers={towers}"))?;
                let resident = memory::of_renderer();
                rows.push(Row { title: shape.title, dtype: dtype.name(), towers, page, resident });
            }
        }
    }
    ensure!(!rows.is_empty(), "no model has {:?} in its name", only.unwrap_or_default());
    let machine = machine.at_end();
    let text = format!(
        "# The family\n\n{machine}; {version}. Medians of {rounds} runs, with quartiles.\n\n{}",
        table(&rows)?
    );
    report::keep(&folder, "family", &text, &json!({ "machine": machine, "browser": version, "rows": rows }))
}

fn table(rows: &[Row]) -> Result<String> {
    let mut table = Table::new([
        "model",
        "weights",
        "towers",
        "parameters, M",
        "file, MB",
        "load from storage, s",
        "picture, ms",
        "text, ms",
        "wasm memory, MB",
        "foretold, MB",
        "renderer now, MB",
        "renderer at most, MB",
        "build",
    ]);
    for Row { title, dtype, towers, page, resident } in rows {
        let answer: Answer =
            serde_json::from_value(page.clone()).context("the page's answer is not as expected")?;
        ensure!(
            answer.source == "storage",
            "{title} {dtype} came from {}, and not from storage",
            answer.source
        );
        let megabytes =
            |bytes: Option<f64>| bytes.map(|bytes| format!("{:.0}", bytes / 1e6)).unwrap_or_default();
        let whole =
            |megabytes: Option<f64>| megabytes.map(|number| format!("{number:.0}")).unwrap_or_default();
        let time = |summary: Option<Summary>| summary.map(|summary| summary.each(1.0)).unwrap_or_default();
        table.row([
            (*title).to_owned(),
            (*dtype).to_owned(),
            (*towers).to_owned(),
            digits(answer.parameters as f64 / 1e6),
            megabytes(Some(answer.bytes)),
            digits(answer.load),
            time(answer.image),
            time(answer.text),
            megabytes(answer.memory),
            megabytes(answer.needed),
            whole(resident.map(|resident| resident.now)),
            whole(resident.map(|resident| resident.most)),
            format!("{}, {}", answer.build, answer.threads),
        ]);
    }
    Ok(table.markdown())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(source: &str) -> Row {
        let summary = json!({ "median": 80, "p25": 79.2, "p75": 84.8, "n": 7 });
        let page = json!({
            "load": 1.5, "source": source, "build": "threads", "threads": 2, "bytes": 160e6, "parameters": 151_277_313,
            "needed": 230e6, "memory": 225e6, "image": summary,
        });
        let resident = Some(Resident { now: 300.4, most: 400.6 });
        Row { title: "ViT-B/32", dtype: "q8_0", towers: "image", page, resident }
    }

    #[test]
    fn a_row_says_everything() {
        let text = table(&[row("storage")]).unwrap();
        let line = text.lines().last().unwrap();
        let cells: Vec<_> = line.trim_matches('|').split('|').map(str::trim).collect();
        let expected = [
            "ViT-B/32",
            "q8_0",
            "image",
            "151",
            "160",
            "1.50",
            "80.0 (79.2–84.8)",
            "",
            "225",
            "230",
            "300",
            "401",
            "threads, 2",
        ];
        assert_eq!(cells, expected);
    }

    #[test]
    fn a_model_that_was_downloaded_again_is_no_row() {
        assert!(table(&[row("download")]).is_err());
    }
}
