//! What somebody waits for who comes for the first time: the built site over slow lines, each time with a new browser.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use flate2::{Compression, write::GzEncoder};
use serde_json::json;

use harness::chrome::Chrome;
use harness::webdriver::Browser;
use repository::args::Args;
use repository::paths;
use server::connection::{self, Reply, Request};
use server::{http, policy};

use crate::Run;
use crate::line::{self, Line, Over, Speed};
use crate::table::{Table, digits};

/// What is waited for at most on each line, in seconds.
struct Row {
    latency_ms: u64,
    megabits: f64,
    first_paint: f64,
}

const ROWS: &[Row] = &[
    Row { latency_ms: 150, megabits: 1.6, first_paint: 1.0 },
    Row { latency_ms: 60, megabits: 10.0, first_paint: 0.4 },
    Row { latency_ms: 20, megabits: 50.0, first_paint: 0.25 },
];

/// Ready at most so much later than the bytes alone take, in seconds.
const READY_AFTER_BYTES: f64 = 1.0;
const REQUESTS: usize = 25;

/// Beside the site, so that a browser is there before it is measured; the site is of the same origin then.
const BLANK: &str = "/.blank";

/// Notes when the model is ready and the page has said so.
const WATCH: &str = r##"
  const look = () => {
    if (globalThis.readyAt || document.querySelector("#model-status")?.dataset.state !== "ready") return;
    globalThis.readyAt = performance.now();
  };
  new MutationObserver(look).observe(document, { subtree: true, childList: true, attributeFilter: ["data-state"] });
"##;

const SEEN: &str = r##"{
  origin: performance.timeOrigin,
  paint: performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? null,
  ready: globalThis.readyAt ?? null,
  failed: document.querySelector("#model-status")?.dataset.state === "error",
}"##;

/// One visit.
struct Visit {
    requests_to_paint: usize,
    /// Until the page is ready, in order.
    requests: Vec<String>,
    bytes: u64,
    /// Seconds.
    paint: f64,
    ready: f64,
}

pub(crate) fn plan(mut args: Args) -> Result<Run> {
    let visits: usize = args.value("--visits")?.unwrap_or(3);
    let site: Option<String> = args.value("--site")?;
    let encoding: String = args.value("--encoding")?.unwrap_or_else(|| "br".into());
    ensure!(visits > 0, "--visits 0: one is the least");
    ensure!(["br", "gzip"].contains(&encoding.as_str()), "--encoding {encoding}: there are br and gzip");
    args.none()?;
    let site = site.map_or_else(|| paths::root().join("dist"), PathBuf::from);
    ensure!(site.join("index.html").is_file(), "there is no built site in {}", site.display());
    Ok(Box::new(move || run(&site.canonicalize()?, visits, encoding == "br")))
}

fn run(site: &Path, visits: usize, brotli: bool) -> Result<()> {
    let mut table = Table::new([
        "line",
        "requests before the first paint",
        "until ready",
        "MB",
        "first paint, s",
        "ready, s",
        "the bytes alone, s",
    ]);
    let files = Arc::new(Files { folder: site.into(), brotli, zipped: Mutex::default() });
    let mut missed = Vec::new();
    for row in ROWS {
        let speed =
            Speed { latency: Duration::from_millis(row.latency_ms), bits_a_second: row.megabits * 1e6 };
        let name = format!("{} ms, {} Mbit/s", row.latency_ms, row.megabits);
        let mut all = Vec::new();
        for _ in 0..visits {
            let visit = visit(&files, speed).with_context(|| format!("on a line of {name}"))?;
            println!("{name}: first paint {:.2} s, ready {:.2} s", visit.paint, visit.ready);
            all.push(visit);
        }
        let median = |value: fn(&Visit) -> f64| {
            let mut values: Vec<f64> = all.iter().map(value).collect();
            values.sort_by(f64::total_cmp);
            values[values.len() / 2]
        };
        let bytes = median(|visit| visit.bytes as f64);
        let alone = speed.time(bytes as u64).as_secs_f64();
        let (paint, ready) = (median(|visit| visit.paint), median(|visit| visit.ready));
        let requests = median(|visit| visit.requests.len() as f64);
        table.row([
            name.clone(),
            median(|visit| visit.requests_to_paint as f64).to_string(),
            requests.to_string(),
            digits(bytes / 1e6),
            digits(paint),
            digits(ready),
            digits(alone),
        ]);
        for (what, found, most) in [
            ("the first paint", paint, row.first_paint),
            ("ready", ready, alone + READY_AFTER_BYTES),
            ("requests", requests, REQUESTS as f64),
        ] {
            if found > most && what == "requests" {
                println!("the last one's requests:\n  {}", all[visits - 1].requests.join("\n  "));
            }
            if found > most {
                missed.push(format!("{name}: {what}: {} instead of {}", digits(found), digits(most)));
            }
        }
    }
    println!("\n{}", table.markdown());
    ensure!(missed.is_empty(), "a first visit takes longer than it should:\n  {}", missed.join("\n  "));
    Ok(())
}

/// A new browser comes to the site over a new line.
fn visit(files: &Arc<Files>, speed: Speed) -> Result<Visit> {
    let host = Arc::new(Host { files: files.clone(), line: Line::new(speed), asked: Mutex::default() });
    let address = start(host.clone())?;
    let browser = Browser::start(&Chrome::find()?)?;
    browser.goto(&format!("http://{address}{BLANK}"))?;
    browser.cdp("Page.addScriptToEvaluateOnNewDocument", json!({ "source": WATCH }))?;
    browser.goto(&format!("http://{address}/"))?;
    let seen =
        browser.wait(&format!("(seen => (seen.failed || (seen.ready && seen.paint)) && seen)({SEEN})"))?;
    ensure!(seen["failed"] != true, "the page could not load its model");
    let number = |field: &str| seen[field].as_f64().with_context(|| format!("the page says no {field}"));
    let (origin, paint, ready) = (number("origin")?, number("paint")?, number("ready")?);
    let asked = host.asked.lock().expect("no thread panics with the list");
    let until = |milliseconds: f64| {
        let made = asked.iter().filter(move |(at, _)| *at <= origin + milliseconds);
        made.map(|(_, target)| target.clone()).collect::<Vec<_>>()
    };
    Ok(Visit {
        requests_to_paint: until(paint).len(),
        requests: until(ready),
        bytes: host.line.bytes_until(origin + ready),
        paint: paint / 1000.0,
        ready: ready / 1000.0,
    })
}

/// The site behind one line.
struct Host {
    files: Arc<Files>,
    line: Line,
    /// When requests came: milliseconds since 1970; and for what.
    asked: Mutex<Vec<(f64, String)>>,
}

fn start(host: Arc<Host>) -> Result<SocketAddr> {
    let listener = server::listen("127.0.0.1", 0)?;
    let address = listener.local_addr()?;
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let host = host.clone();
            // A browser that went away in the middle is not an error.
            thread::spawn(move || {
                let to = stream.try_clone()?;
                let over = Over { line: &host.line, to };
                connection::converse_over(stream, over, |request| Some(host.answer(request)))
            });
        }
    });
    Ok(address)
}

impl Host {
    fn answer(&self, request: &Request) -> Reply {
        if request.target == BLANK {
            // It has an icon, so that none is asked for.
            let mut reply = Reply::text(200, "<!doctype html><link rel=icon href=data:,>");
            reply.header("Content-Type", "text/html");
            isolate(&mut reply);
            return reply;
        }
        self.asked
            .lock()
            .expect("no thread panics with the list")
            .push((line::now(), request.target.clone()));
        self.line.cross();
        let mut reply =
            self.files.reply(request).unwrap_or_else(|| Reply::text(404, "There is no such file.\n"));
        isolate(&mut reply);
        let page = fs::read_to_string(self.files.folder.join("index.html")).unwrap_or_default();
        if let Some(policy) = policy::header_of(&page) {
            reply.header("Content-Security-Policy", policy);
        }
        reply
    }
}

/// So that the engine runs on threads from the first load on.
fn isolate(reply: &mut Reply) {
    reply.header("Cross-Origin-Opener-Policy", "same-origin");
    reply.header("Cross-Origin-Embedder-Policy", "require-corp");
    reply.header("Cross-Origin-Resource-Policy", "same-origin");
    reply.header("Cache-Control", "no-cache");
}

/// A site's files as a good host sends them: compressed as they lie beside, or else with gzip.
struct Files {
    folder: PathBuf,
    brotli: bool,
    zipped: Mutex<BTreeMap<PathBuf, Vec<u8>>>,
}

impl Files {
    fn reply(&self, request: &Request) -> Option<Reply> {
        let target = match request.target.as_str() {
            "/" => "/index.html",
            target => target,
        };
        let path = http::locate(&self.folder, target).filter(|path| path.is_file())?;
        let (bytes, encoding) = self.read(&path).ok()?;
        let length = bytes.len() as u64;
        let mut reply = Reply::new(200, std::io::Cursor::new(bytes), length);
        reply.header("Content-Type", http::media_type(&path));
        if let Some(encoding) = encoding {
            reply.header("Content-Encoding", encoding);
        }
        Some(reply)
    }

    fn read(&self, path: &Path) -> Result<(Vec<u8>, Option<&'static str>)> {
        let beside = |ending: &str| fs::read(format!("{}.{ending}", path.display()));
        if let Some(brotli) = self.brotli.then(|| beside("br")).and_then(Result::ok) {
            return Ok((brotli, Some("br")));
        }
        if let Ok(gzip) = beside("gz") {
            return Ok((gzip, Some("gzip")));
        }
        let bytes = fs::read(path)?;
        let kind = http::media_type(path);
        if !["text/", "application/json", "application/wasm", "application/manifest+json", "image/svg"]
            .iter()
            .any(|start| kind.starts_with(start))
        {
            return Ok((bytes, None));
        }
        let mut zipped = self.zipped.lock().expect("no thread panics with the files");
        if let Some(known) = zipped.get(path) {
            return Ok((known.clone(), Some("gzip")));
        }
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(&bytes)?;
        let made = encoder.finish()?;
        zipped.insert(path.into(), made.clone());
        Ok((made, Some("gzip")))
    }
}
