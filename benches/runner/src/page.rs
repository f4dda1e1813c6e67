//! A page of the benchmark, run to its end.

use std::net::SocketAddr;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use serde_json::{Value, json};

use harness::chrome::Chrome;
use harness::memory::{self, Resident};
use harness::webdriver::Browser;

/// Asked so often, the page is hardly disturbed.
const EVERY: Duration = Duration::from_secs(1);
/// By then a page that is loaded does nothing more.
const SETTLED: Duration = Duration::from_secs(3);
/// The longest run takes some minutes; a page that says nothing new for so long has stopped.
const SILENCE: Duration = Duration::from_secs(300);

/// Open an address in a fresh browser, say what it does, and wait for what it answers. `at_end` is called while the
/// browser is still there.
pub(crate) fn run<T>(url: &str, at_end: impl FnOnce(Value, &Browser) -> Result<T>) -> Result<T> {
    let browser = Browser::start(&Chrome::find()?)?;
    let result = follow(&browser, url)?;
    at_end(result, &browser)
}

/// The same in a browser that is there.
pub(super) fn follow(browser: &Browser, url: &str) -> Result<Value> {
    browser.goto(url)?;
    let (mut said, mut since) = (String::new(), Instant::now());
    let mut shown = String::new();
    loop {
        let state = browser.value("{ progress: window.progress, result: window.result }")?;
        if let Some(error) = state["result"]["error"].as_str() {
            bail!("{url} stopped: {error}");
        }
        if !state["result"].is_null() {
            return Ok(state["result"].clone());
        }
        let says = state["progress"].as_str().unwrap_or_default();
        if says != said {
            (said, since) = (says.to_owned(), Instant::now());
            if let Some(line) = news(&said, &shown) {
                println!("  {line}");
                shown = line.to_owned();
            }
        } else if since.elapsed() > SILENCE {
            let log: Vec<String> = browser.log("browser")?.iter().map(Value::to_string).collect();
            bail!("{url} has said nothing new since “{said}”\n{}", log.join("\n"));
        }
        thread::sleep(EVERY);
    }
}

/// What is worth a line: of `image1: round 3 of 20` or `image1: ort warms up`, what it belongs to.
fn news<'a>(said: &'a str, shown: &str) -> Option<&'a str> {
    let line = match said.rsplit_once(": ") {
        Some((before, last)) if COUNTED.iter().any(|words| last.contains(words)) => before,
        _ => said,
    };
    (!line.is_empty() && line != shown).then_some(line)
}

/// Words of what is said again and again.
const COUNTED: &[&str] = &["round ", "load ", "warms up"];

/// What a page takes that has nothing but a line of text.
pub(super) fn resident_when_empty(address: SocketAddr) -> Result<Option<Resident>> {
    let browser = Browser::start(&Chrome::find()?)?;
    browser.goto(&format!("http://{address}/bench/peer/package.json"))?;
    thread::sleep(SETTLED);
    Ok(memory::of_renderer())
}

/// What the browser calls itself, as `Chrome/156.0.7300.1`.
pub(crate) fn version(browser: &Browser) -> Result<String> {
    let version = browser.cdp("Browser.getVersion", json!({}))?;
    Ok(version["product"].as_str().unwrap_or("an unknown browser").to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_are_no_news() {
        let cases = [
            ("ort loads", "", Some("ort loads")),
            ("image1: ort warms up", "ort loads", Some("image1")),
            ("image1: round 4 of 20", "image1", None),
            ("", "", None),
        ];
        for (said, shown, expected) in cases {
            assert_eq!(news(said, shown), expected, "{said}");
        }
    }
}
