//! A browser, driven through ChromeDriver: the part of the W3C WebDriver protocol that the tests need, and
//! Chrome's own protocol (CDP) for the rest.
//!
//! Written here rather than taken from a crate: `fantoccini` and `thirtyfour` bring tokio and hyper,
//! `headless_chrome` compiles all of CDP and does without the ChromeDriver that the wasm tests need anyway.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail};
use base64::prelude::{BASE64_STANDARD, Engine};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::chrome::Chrome;

/// How long a condition may take to come true. Generous: nothing here measures time.
const LIMIT: Duration = Duration::from_secs(120);

/// Keys without a character, as WebDriver writes them.
pub mod key {
    pub const BACKSPACE: &str = "\u{E003}";
    pub const TAB: &str = "\u{E004}";
    pub const ENTER: &str = "\u{E007}";
    pub const CONTROL: &str = "\u{E009}";
    pub const LEFT: &str = "\u{E012}";
}

/// One browser with one window and a profile of its own. It ends when this is dropped.
pub struct Browser {
    agent: ureq::Agent,
    session: String,
    _driver: Driver,
    _profile: TempDir,
}

/// The ChromeDriver process.
struct Driver(Child);

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Browser {
    /// Start a browser that can reach 127.0.0.1 and nothing else.
    pub fn start(chrome: &Chrome) -> Result<Self> {
        let (driver, port) = start_driver(chrome)?;
        let profile = tempfile::Builder::new().prefix("semblance-profile-").tempdir()?;
        let mut capabilities = chrome.capabilities()?;
        let args = capabilities["goog:chromeOptions"]["args"]
            .as_array_mut()
            .context("webdriver.json has no args")?;
        args.push(json!(format!("--user-data-dir={}", profile.path().display())));
        args.push(json!("--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"));
        args.push(json!("--use-fake-device-for-media-stream"));
        capabilities["goog:loggingPrefs"] = json!({ "browser": "ALL", "performance": "ALL" });
        let agent = ureq::Agent::new_with_config(
            ureq::Agent::config_builder().http_status_as_error(false).proxy(None).build(),
        );
        let mut browser = Self {
            agent,
            session: format!("http://127.0.0.1:{port}/session"),
            _driver: driver,
            _profile: profile,
        };
        let request = json!({ "capabilities": { "alwaysMatch": capabilities } });
        let answer = browser.post("", request).context("the browser did not start")?;
        let id = answer["sessionId"].as_str().context("ChromeDriver gave no session")?;
        browser.session = format!("{}/{id}", browser.session);
        browser.post("/timeouts", json!({ "script": LIMIT.as_millis() as u64 }))?;
        Ok(browser)
    }

    pub fn goto(&self, url: &str) -> Result<()> {
        self.post("/url", json!({ "url": url })).map(drop)
    }

    /// The tab that is worked in.
    pub fn tab(&self) -> Result<String> {
        handle(&self.get("/window")?)
    }

    /// Open another tab; nothing else changes.
    pub fn new_tab(&self) -> Result<String> {
        handle(&self.post("/window/new", json!({ "type": "tab" }))?["handle"])
    }

    /// Work in this tab from now on.
    pub fn switch_to(&self, tab: &str) -> Result<()> {
        self.post("/window", json!({ "handle": tab })).map(drop)
    }

    /// Close a tab, whatever it does just now. Another one must be chosen then.
    pub fn close_tab(&self, tab: &str) -> Result<()> {
        self.switch_to(tab)?;
        answer(self.agent.delete(format!("{}/window", self.session)).call()).map(drop)
    }

    /// Run a function body in the page; `arguments` are its arguments, and what it returns comes back. Promises are
    /// waited for.
    pub fn run(&self, body: &str, arguments: Value) -> Result<Value> {
        self.post("/execute/sync", json!({ "script": body, "args": arguments }))
    }

    /// The value of one expression in the page.
    pub fn value(&self, expression: &str) -> Result<Value> {
        self.run(&format!("return ({expression});"), json!([]))
    }

    /// Wait until an expression in the page is true (or anything like it), and give its value.
    pub fn wait(&self, expression: &str) -> Result<Value> {
        let start = Instant::now();
        loop {
            let value = self.value(expression)?;
            if !matches!(value, Value::Null | Value::Bool(false)) && value != json!(0) && value != json!("") {
                return Ok(value);
            }
            if start.elapsed() > LIMIT {
                bail!("after {} s this was still not so: {expression}", LIMIT.as_secs());
            }
            thread::sleep(Duration::from_millis(50));
        }
    }

    /// Press and release each of `keys` (a character or one of [`key`]), as a keyboard does.
    pub fn press(&self, keys: &[&str]) -> Result<()> {
        let strokes: Vec<Value> =
            keys.iter().flat_map(|key| [stroke("keyDown", key), stroke("keyUp", key)]).collect();
        self.act(strokes)
    }

    /// Press a key while another is held.
    pub fn press_with(&self, held: &str, pressed: &str) -> Result<()> {
        self.act(vec![
            stroke("keyDown", held),
            stroke("keyDown", pressed),
            stroke("keyUp", pressed),
            stroke("keyUp", held),
        ])
    }

    /// Type text, character by character.
    pub fn keys(&self, text: &str) -> Result<()> {
        let characters: Vec<String> = text.chars().map(String::from).collect();
        self.press(&characters.iter().map(String::as_str).collect::<Vec<_>>())
    }

    fn act(&self, strokes: Vec<Value>) -> Result<()> {
        self.post("/actions", json!({ "actions": [{ "type": "key", "id": "keyboard", "actions": strokes }] }))
            .map(drop)
    }

    /// Click the middle of an element with a mouse; it is scrolled to first and must not be covered.
    pub fn click(&self, selector: &str) -> Result<()> {
        let found = self.post("/element", json!({ "using": "css selector", "value": selector }))?;
        let id = found.as_object().and_then(|found| found.values().next()?.as_str());
        let id = id.with_context(|| format!("{selector} was not found"))?;
        self.post(&format!("/element/{id}/click"), json!({}))
            .with_context(|| format!("clicking {selector}"))
            .map(drop)
    }

    /// One command of the Chrome DevTools Protocol.
    pub fn cdp(&self, command: &str, parameters: Value) -> Result<Value> {
        self.post("/goog/cdp/execute", json!({ "cmd": command, "params": parameters }))
            .with_context(|| command.to_owned())
    }

    /// The entries of a log (`browser`: the console; `performance`: network events) since the last call.
    pub fn log(&self, kind: &str) -> Result<Vec<Value>> {
        match self.post("/se/log", json!({ "type": kind }))? {
            Value::Array(entries) => Ok(entries),
            other => bail!("the {kind} log is not a list but {other}"),
        }
    }

    /// What the window shows, as a PNG.
    pub fn screenshot(&self) -> Result<Vec<u8>> {
        let shot = self.get("/screenshot")?;
        Ok(BASE64_STANDARD.decode(shot.as_str().context("a screenshot is text")?)?)
    }

    fn get(&self, path: &str) -> Result<Value> {
        answer(self.agent.get(format!("{}{path}", self.session)).call())
    }

    fn post(&self, path: &str, body: Value) -> Result<Value> {
        let request = self.agent.post(format!("{}{path}", self.session)).content_type("application/json");
        answer(request.send(body.to_string()))
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.agent.delete(&self.session).call();
    }
}

fn handle(value: &Value) -> Result<String> {
    Ok(value.as_str().context("a tab has a name")?.to_owned())
}

fn stroke(kind: &str, key: &str) -> Value {
    json!({ "type": kind, "value": key })
}

fn answer(response: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Result<Value> {
    let mut response = response.context("ChromeDriver went away")?;
    let text = response.body_mut().with_config().limit(1 << 30).read_to_string()?;
    let mut answer: Value = serde_json::from_str(&text).with_context(|| format!("not WebDriver: {text}"))?;
    let value = answer["value"].take();
    match value["error"].as_str() {
        Some(error) if !response.status().is_success() => {
            let message = value["message"].as_str().unwrap_or_default();
            Err(anyhow!("{error}: {}", message.lines().next().unwrap_or_default()))
        }
        _ => Ok(value),
    }
}

/// Start ChromeDriver on a port of its own choice, which it prints.
fn start_driver(chrome: &Chrome) -> Result<(Driver, u16)> {
    let mut child = Command::new(&chrome.driver)
        .arg("--port=0")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .with_context(|| format!("{} could not be started", chrome.driver.display()))?;
    let stdout = child.stdout.take().context("stdout is piped")?;
    let driver = Driver(child);
    let mut lines = BufReader::new(stdout).lines();
    while let Some(Ok(line)) = lines.next() {
        if let Some((_, port)) = line.rsplit_once("started successfully on port ") {
            let port = port.trim_end_matches('.').parse().with_context(|| line.clone())?;
            // Whatever else it says must not fill the pipe.
            thread::spawn(move || lines.for_each(drop));
            return Ok((driver, port));
        }
    }
    bail!("{} ended without starting", chrome.driver.display())
}
