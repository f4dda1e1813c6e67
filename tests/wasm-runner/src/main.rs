//! `cargo test --target wasm32-unknown-unknown` calls this for every test binary.
//!
//! It is the library side of `wasm-bindgen-cli`, so the runner is always of the version in the lockfile and
//! nothing has to be installed. What is added here: ChromeDriver and Chromium are found, tests that do not say
//! where they run do so in a worker, and the browser gets the arguments of `webdriver.json`.

use std::ffi::OsString;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail};

use harness::chrome::Chrome;

/// Set in the second of the two processes, which has the environment that wasm-bindgen reads.
const INNER: &str = "SEMBLANCE_WASM_TEST_RUNNER";

fn main() -> ExitCode {
    match run(std::env::args_os().skip(1).collect()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: Vec<OsString>) -> Result<()> {
    if std::env::var_os(INNER).is_some() {
        let name = OsString::from("wasm-bindgen-test-runner");
        return wasm_bindgen_cli::wasm_bindgen_test_runner::run_cli_with_args(
            std::iter::once(name).chain(args),
        );
    }
    // The runner is configured by environment variables alone, so it runs in a child with its own.
    let chrome = Chrome::find()?;
    let capabilities = tempfile::NamedTempFile::new()?;
    serde_json::to_writer(&capabilities, &chrome.capabilities()?)?;
    let mut runner = Command::new(std::env::current_exe()?);
    runner
        .args(args)
        .env(INNER, "1")
        .env("CHROMEDRIVER", &chrome.driver)
        .env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", capabilities.path());
    for other in ["GECKODRIVER", "SAFARIDRIVER", "MSEDGEDRIVER"] {
        runner.env_remove(other).env_remove(format!("{other}_REMOTE"));
    }
    if !MODES.iter().any(|mode| std::env::var_os(mode).is_some()) {
        runner.env("WASM_BINDGEN_USE_DEDICATED_WORKER", "1");
    }
    let status = runner.status().context("the wasm test runner could not be started")?;
    match status.success() {
        true => Ok(()),
        false => bail!("wasm tests failed ({status})"),
    }
}

/// Where tests without a `wasm_bindgen_test_configure!` run, as wasm-bindgen's documentation names it.
const MODES: &[&str] = &[
    "WASM_BINDGEN_USE_BROWSER",
    "WASM_BINDGEN_USE_DEDICATED_WORKER",
    "WASM_BINDGEN_USE_SHARED_WORKER",
    "WASM_BINDGEN_USE_SERVICE_WORKER",
    "WASM_BINDGEN_USE_NODE_EXPERIMENTAL",
    "WASM_BINDGEN_USE_DENO",
];
