//! `cargo xtask bench --teach`: classifiers of made-up vectors, taught and asked in a page.

use std::sync::Arc;

use anyhow::{Result, ensure};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::host::{self, Mounts};
use crate::machine::Machine;
use crate::report::{self, Summary};
use crate::table::Table;
use crate::{Run, page};
use harness::chrome::Chrome;
use harness::webdriver::Browser;
use repository::args::Args;

/// `benches/teach/teach.js` describes its answer field by field.
#[derive(Deserialize)]
struct Row {
    name: String,
    classes: usize,
    pictures: usize,
    time: Summary,
}

pub(super) fn plan(mut args: Args) -> Result<Run> {
    let dim = args.value("--dim")?.unwrap_or(512);
    let rounds = args.value("--rounds")?.unwrap_or(9);
    args.none()?;
    ensure!(dim > 0 && rounds > 0, "--dim and --rounds are at least 1");
    Ok(Box::new(move || run(dim, rounds)))
}

fn run(dim: usize, rounds: usize) -> Result<()> {
    let folder = report::folder()?;
    let address = host::start(Arc::new(Mounts::of(&folder)?))?;
    let machine = Machine::now();
    let browser = Browser::start(&Chrome::find()?)?;
    let version = page::version(&browser)?;
    let answer = page::follow(
        &browser,
        &format!("http://{address}/bench/teach/index.html?dim={dim}&rounds={rounds}"),
    )?;
    let machine = machine.at_end();
    let text = format!(
        "# Teaching\n\n{machine}; {version}. Vectors of {dim} numbers, one thread. Taught: every method that is tried, held-out examples, calibration. Medians of {rounds} runs, with quartiles.\n\n{}",
        table(&answer)?
    );
    report::keep(&folder, "teach", &text, &json!({ "machine": machine, "browser": version, "page": answer }))
}

fn table(answer: &Value) -> Result<String> {
    let rows: Vec<Row> = serde_json::from_value(answer["rows"].clone())?;
    let mut table = Table::new(["", "classes", "pictures of each", "ms"]);
    for Row { name, classes, pictures, time } in rows {
        table.row([name, classes.to_string(), pictures.to_string(), time.each(1.0)]);
    }
    Ok(table.markdown())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_has_its_line() {
        let time = json!({ "median": 12.34, "p25": 12, "p75": 13, "n": 9 });
        let answer = json!({ "dim": 512, "rows": [{ "name": "taught", "classes": 10, "pictures": 50, "time": time }] });
        let text = table(&answer).unwrap();
        assert!(
            text.lines().any(|line| line.contains("taught") && line.contains("12.3 (12.0–13.0)")),
            "{text}"
        );
    }
}
