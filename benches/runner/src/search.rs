//! `cargo xtask bench --search`: libraries of many pictures: written, opened, searched and scrolled through, beside a loop
//! in JavaScript and an approximate index from npm.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use npm::Package;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::host::{self, Mounts};
use crate::machine::Machine;
use crate::report::{self, Summary};
use crate::table::{Table, digits};
use crate::{Run, page, peak};
use harness::chrome::Chrome;
use harness::memory::{self, Resident};
use harness::webdriver::Browser;
use repository::args::Args;

const HNSWLIB: Package = Package {
    name: "hnswlib-wasm",
    version: "0.8.2",
    sha512: "qEgKETj4rMOYRA1esP0bxVosw9Wrz5S/HvjI2FBWOXG5rf5/Es4OoEWGVvztFihDNU5if61l6QGhW5ILtt+PqA==",
};

/// More than this and a loop over f32 would want more memory than an array can have.
const LOOP_AT_MOST: usize = 500_000;
/// More small pictures than this take longer to write than they are worth.
const SMALL_AT_MOST: usize = 200_000;

/// `benches/search/search.js` describes its answer field by field.
#[derive(Deserialize)]
struct Answer {
    pictures: f64,
    write: f64,
    bytes: f64,
    open: f64,
    worker: Summary,
    page: Summary,
    all: Summary,
    bandwidth: f64,
    recall: Option<f64>,
    #[serde(rename = "loop")]
    plain: Option<Summary>,
    hnsw: Option<Hnsw>,
}

#[derive(Deserialize)]
struct Hnsw {
    build: f64,
    query: Summary,
    recall: f64,
    pictures: f64,
}

/// What scrolling through the view is like.
#[derive(Deserialize, Serialize)]
struct Scrolled {
    frames: f64,
    seconds: f64,
    /// Between two frames, in milliseconds.
    median: f64,
    p95: f64,
    longest: f64,
    /// Tasks of more than 50 ms.
    long: f64,
}

#[derive(Serialize)]
struct Row {
    page: Value,
    scrolled: Option<Scrolled>,
    resident: Option<Resident>,
}

pub(super) fn plan(mut args: Args) -> Result<Run> {
    let pictures: String = args.value("--pictures")?.unwrap_or_else(|| "100000,1000000".into());
    let pictures =
        pictures.split(',').map(|count| count.parse().with_context(|| format!("--pictures {count}")));
    let pictures = pictures.collect::<Result<Vec<usize>>>()?;
    let dim = args.value("--dim")?.unwrap_or(512);
    let approximate: usize = args.value("--approximate")?.unwrap_or(20_000);
    args.none()?;
    ensure!(!pictures.contains(&0), "--pictures 0: there is at least one");
    Ok(Box::new(move || run(&pictures, dim, approximate)))
}

fn run(pictures: &[usize], dim: usize, approximate: usize) -> Result<()> {
    let folder = report::folder()?;
    peak::compile(&folder)?;
    let hnsw = hnswlib(&folder)?;
    let address = host::start(Arc::new(Mounts::of(&folder)?))?;
    let machine = Machine::now();
    let mut rows = Vec::new();
    let mut version = String::new();
    for &count in pictures {
        println!("{count} pictures.");
        let browser = Browser::start(&Chrome::find()?)?;
        version = page::version(&browser)?;
        let small = if count <= SMALL_AT_MOST { "&small" } else { "" };
        let others = if count <= LOOP_AT_MOST {
            format!("&loop&hnsw=/bench/made/{hnsw}&approximate={approximate}")
        } else {
            String::new()
        };
        let url = format!(
            "http://{address}/bench/search/index.html?pictures={count}&dim={dim}&peak=/bench/made/{}{small}{others}",
            peak::FILE
        );
        let page = page::follow(&browser, &url)?;
        // A fresh renderer, so that its memory is what the view takes.
        let before = browser.tab()?;
        let fresh = browser.new_tab()?;
        browser.close_tab(&before)?;
        browser.switch_to(&fresh)?;
        let scrolled = scroll(
            &browser,
            &format!("http://{address}/site/index.html#/search?library=view-{count}"),
            count,
        )?;
        rows.push(Row { page, scrolled: Some(scrolled), resident: memory::of_renderer() });
    }
    let machine = machine.at_end();
    let text = format!(
        "# Search\n\n{machine}; {version}. Vectors of {dim} numbers. Medians, with quartiles.\n\n{}",
        table(&rows)?
    );
    report::keep(&folder, "search", &text, &json!({ "machine": machine, "browser": version, "rows": rows }))
}

/// Open the view with the library, and scroll through it: some seconds as fast as frames come, a screen in five frames, and
/// then to places all over it.
fn scroll(browser: &Browser, url: &str, count: usize) -> Result<Scrolled> {
    let window = json!({ "width": 1440, "height": 900, "deviceScaleFactor": 1, "mobile": false });
    browser.cdp("Emulation.setDeviceMetricsOverride", window)?;
    browser.goto(url)?;
    browser
        .wait(&format!(
            r#"document.querySelector("library-bar .facts")?.textContent.startsWith({}) && document.querySelectorAll(".tile").length > 10"#,
            json!(format!("{} pictures", grouped(count)))
        ))
        .with_context(|| {
            let said = browser.value(r#"document.querySelector("main").innerText"#).unwrap_or_default();
            format!("waiting for the library in the view, which says {said}")
        })?;
    let script = r#"
      return (async () => {
        let long = 0;
        new PerformanceObserver((list) => (long += list.getEntries().length)).observe({ type: "longtask" });
        const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
        const height = document.documentElement.scrollHeight - innerHeight;
        await frame();
        const begun = performance.now();
        const times = [begun];
        for (let at = 0; at < 300; at++) {
          scrollTo({ top: at < 240 ? at * innerHeight / 5 : (height * ((at * 37) % 60)) / 60, behavior: "instant" });
          times.push(await frame());
        }
        const gaps = times.slice(2).map((time, i) => time - times[i + 1]).sort((a, b) => a - b);
        const at = (share) => gaps[Math.floor(share * (gaps.length - 1))];
        await new Promise((resolve) => setTimeout(resolve, 500));
        return { frames: gaps.length, seconds: (times.at(-1) - begun) / 1000, median: at(0.5), p95: at(0.95), longest: at(1), long };
      })();"#;
    Ok(serde_json::from_value(browser.run(script, json!([]))?)?)
}

/// `1234567` → `1,234,567`
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let head = digits.len() % 3;
    let mut parts = vec![&digits[..head]];
    parts.extend(digits.as_bytes()[head..].chunks(3).filter_map(|part| std::str::from_utf8(part).ok()));
    parts.retain(|part| !part.is_empty());
    parts.join(",")
}

/// Its scripts into the folder; the one to import.
fn hnswlib(folder: &Path) -> Result<&'static str> {
    fs::create_dir_all(folder.join("hnswlib"))?;
    for (path, content) in HNSWLIB.files(|path| path.starts_with("dist/") && path.ends_with(".js"))? {
        fs::write(folder.join("hnswlib").join(path.trim_start_matches("dist/")), content)?;
    }
    Ok("hnswlib/hnswlib.js")
}

fn table(rows: &[Row]) -> Result<String> {
    let answers: Vec<Answer> =
        rows.iter().map(|row| serde_json::from_value(row.page.clone())).collect::<Result<_, _>>()?;
    let headings = answers.iter().map(|answer| format!("{} pictures", grouped(answer.pictures as usize)));
    let mut table = Table::new(std::iter::once(String::new()).chain(headings));
    let mut line = |name: &str, cell: &dyn Fn(&Answer, &Row) -> String| {
        let cells = answers.iter().zip(rows).map(|(answer, row)| cell(answer, row));
        table.row(std::iter::once(name.to_owned()).chain(cells));
    };
    let times = |summary: &Summary| summary.each(1.0);
    let some = |summary: &Option<Summary>| summary.as_ref().map(times).unwrap_or_default();
    line("written, pictures a second", &|answer, _| format!("{:.0}", answer.pictures / answer.write));
    line("in storage, MB", &|answer, _| digits(answer.bytes / 1e6));
    line("opened, s", &|answer, _| digits(answer.open));
    line("best 50, in the worker, ms", &|answer, _| times(&answer.worker));
    line("best 50, for the page, ms", &|answer, _| times(&answer.page));
    line("all ranked, for the page, ms", &|answer, _| times(&answer.all));
    line("memory reads here, GB/s", &|answer, _| digits(answer.bandwidth));
    line("recall@10, 8 bits alone", &|answer, _| answer.recall.map(digits).unwrap_or_default());
    line("loop in JavaScript over f32, ms", &|answer, _| some(&answer.plain));
    let hnsw =
        |answer: &Answer, cell: &dyn Fn(&Hnsw) -> String| answer.hnsw.as_ref().map(cell).unwrap_or_default();
    line("hnswlib-wasm, pictures", &|answer, _| hnsw(answer, &|hnsw| grouped(hnsw.pictures as usize)));
    line("hnswlib-wasm, built, s", &|answer, _| hnsw(answer, &|hnsw| digits(hnsw.build)));
    line("hnswlib-wasm, best 50, ms", &|answer, _| hnsw(answer, &|hnsw| times(&hnsw.query)));
    line("hnswlib-wasm, recall@10", &|answer, _| hnsw(answer, &|hnsw| digits(hnsw.recall)));
    let scrolled =
        |row: &Row, cell: &dyn Fn(&Scrolled) -> String| row.scrolled.as_ref().map(cell).unwrap_or_default();
    line("scrolling, frames a second", &|_, row| {
        scrolled(row, &|scrolled| digits(scrolled.frames / scrolled.seconds))
    });
    line("scrolling, ms a frame: median, 95 %, longest", &|_, row| {
        scrolled(row, &|scrolled| {
            format!("{}, {}, {}", digits(scrolled.median), digits(scrolled.p95), digits(scrolled.longest))
        })
    });
    line("scrolling, tasks over 50 ms", &|_, row| scrolled(row, &|scrolled| digits(scrolled.long)));
    line("renderer with the view, MB", &|_, row| {
        row.resident.map(|resident| format!("{:.0}", resident.now)).unwrap_or_default()
    });
    Ok(table.markdown())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_measured_is_left_empty() {
        let summary = json!({ "median": 5, "p25": 4, "p75": 6, "n": 40 });
        let page = json!({
            "pictures": 1_000_000, "write": 100, "bytes": 6e8, "open": 2.5, "worker": summary, "page": summary, "all": summary,
            "bandwidth": 12.5,
        });
        let text = table(&[Row { page, scrolled: None, resident: None }]).unwrap();
        assert!(text.contains("1,000,000 pictures"), "{text}");
        assert!(
            text.lines()
                .any(|line| line.starts_with("| best 50, in the worker, ms")
                    && line.contains("5.00 (4.00–6.00)")),
            "{text}"
        );
        assert!(
            text.lines().any(|line| line.starts_with("| recall@10")
                && line.trim_end().ends_with("|  |") | line.contains("                  |")),
            "{text}"
        );
    }

    #[test]
    fn thousands_are_grouped() {
        for (number, text) in
            [(1, "1"), (999, "999"), (1000, "1,000"), (20_000, "20,000"), (1_234_567, "1,234,567")]
        {
            assert_eq!(grouped(number), text);
        }
    }
}
