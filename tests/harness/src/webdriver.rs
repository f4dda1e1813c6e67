//! A browser, driven through ChromeDriver: fantoccini speaks WebDriver, and here stand what the tests say in one line,
//! the commands that are ChromeDriver's own (Chrome's protocol CDP, its logs), and the two processes with their profile.
//!
//! Cases are plain functions that do one thing after the other, so everything here waits for its answer.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail};
use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::error::{CmdError, WebDriver};
use fantoccini::wd::{TimeoutConfiguration, WebDriverCompatibleCommand, WindowHandle};
use fantoccini::{Client, ClientBuilder, Locator};
use http::Method;
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use url::{ParseError, Url};

use crate::chrome::Chrome;

/// How long a condition may take to come true. Generous: nothing here measures time.
const LIMIT: Duration = Duration::from_secs(120);

/// Keys without a character, as WebDriver writes them.
pub mod key {
    pub const BACKSPACE: char = '\u{E003}';
    pub const TAB: char = '\u{E004}';
    pub const ENTER: char = '\u{E007}';
    pub const CONTROL: char = '\u{E009}';
    pub const ESCAPE: char = '\u{E00C}';
    pub const HOME: char = '\u{E011}';
    pub const LEFT: char = '\u{E012}';
    pub const RIGHT: char = '\u{E014}';
}

/// One browser with one window and a profile of its own. It ends when this is dropped.
pub struct Browser {
    runtime: Runtime,
    client: Client,
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

/// A command that is ChromeDriver's own: its path below the session's, and what is posted there.
#[derive(Debug)]
struct Own(&'static str, Value);

impl WebDriverCompatibleCommand for Own {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        base.join(&format!("session/{}/{}", session.unwrap_or_default(), self.0))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.1.to_string()))
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
        let Value::Object(capabilities) = capabilities else { bail!("webdriver.json is not an object") };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let client = runtime
            .block_on(
                ClientBuilder::new(HttpConnector::new())
                    .capabilities(capabilities)
                    .connect(&format!("http://127.0.0.1:{port}/")),
            )
            .context("the browser did not start")?;
        let browser = Self { runtime, client, _driver: driver, _profile: profile };
        let limits = TimeoutConfiguration::new(Some(LIMIT), None, None);
        browser.wait_for(browser.client.update_timeouts(limits))?;
        Ok(browser)
    }

    pub fn goto(&self, url: &str) -> Result<()> {
        self.wait_for(self.client.goto(url))
    }

    /// The tab that is worked in.
    pub fn tab(&self) -> Result<String> {
        Ok(self.wait_for(self.client.window())?.into())
    }

    /// Open another tab; nothing else changes.
    pub fn new_tab(&self) -> Result<String> {
        Ok(self.wait_for(self.client.new_window(true))?.handle.into())
    }

    /// Work in this tab from now on.
    pub fn switch_to(&self, tab: &str) -> Result<()> {
        let tab = WindowHandle::try_from(tab).map_err(|_| anyhow!("{tab} is no tab"))?;
        self.wait_for(self.client.switch_to_window(tab))
    }

    /// Close a tab, whatever it does just now. Another one must be chosen then.
    pub fn close_tab(&self, tab: &str) -> Result<()> {
        self.switch_to(tab)?;
        self.wait_for(self.client.close_window())
    }

    /// Run a function body in the page; `arguments` are its arguments, and what it returns comes back. Promises are
    /// waited for.
    pub fn run(&self, body: &str, arguments: Value) -> Result<Value> {
        let Value::Array(arguments) = arguments else { bail!("arguments are a list") };
        self.wait_for(self.client.execute(body, arguments))
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
    pub fn press(&self, keys: &[char]) -> Result<()> {
        self.act(keys.iter().flat_map(|&value| [KeyAction::Down { value }, KeyAction::Up { value }]))
    }

    /// Press a key while another is held.
    pub fn press_with(&self, held: char, pressed: char) -> Result<()> {
        self.act([
            KeyAction::Down { value: held },
            KeyAction::Down { value: pressed },
            KeyAction::Up { value: pressed },
            KeyAction::Up { value: held },
        ])
    }

    /// Type text, character by character.
    pub fn keys(&self, text: &str) -> Result<()> {
        self.press(&text.chars().collect::<Vec<_>>())
    }

    fn act(&self, strokes: impl IntoIterator<Item = KeyAction>) -> Result<()> {
        let keyboard = strokes.into_iter().fold(KeyActions::new("keyboard".into()), KeyActions::then);
        self.wait_for(self.client.perform_actions(keyboard))
    }

    /// Click the middle of an element with a mouse; it is scrolled to first and must not be covered.
    pub fn click(&self, selector: &str) -> Result<()> {
        let click = async { self.client.find(Locator::Css(selector)).await?.click().await };
        self.wait_for(click).with_context(|| format!("clicking {selector}"))
    }

    /// One command of the Chrome DevTools Protocol.
    pub fn cdp(&self, command: &str, parameters: Value) -> Result<Value> {
        let own = Own("goog/cdp/execute", json!({ "cmd": command, "params": parameters }));
        self.wait_for(self.client.issue_cmd(own)).with_context(|| command.to_owned())
    }

    /// The entries of a log (`browser`: the console; `performance`: network events) since the last call.
    pub fn log(&self, kind: &str) -> Result<Vec<Value>> {
        match self.wait_for(self.client.issue_cmd(Own("se/log", json!({ "type": kind }))))? {
            Value::Array(entries) => Ok(entries),
            other => bail!("the {kind} log is not a list but {other}"),
        }
    }

    /// What the window shows, as a PNG.
    pub fn screenshot(&self) -> Result<Vec<u8>> {
        self.wait_for(self.client.screenshot())
    }

    fn wait_for<T>(&self, answer: impl Future<Output = Result<T, CmdError>>) -> Result<T> {
        self.runtime.block_on(answer).map_err(|error| match error {
            // What follows the first line is ChromeDriver's own stack.
            CmdError::Standard(WebDriver { error, message, .. }) => {
                anyhow!("{}: {}", error, message.lines().next().unwrap_or_default())
            }
            other => anyhow!(other).context("ChromeDriver went away"),
        })
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.runtime.block_on(self.client.clone().close());
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
