//! Running the cases, one after the other.

use std::fs;
use std::path::Path;
use std::time::Instant;

use anyhow::{Result, bail};
use repository::count::{Count, SECOND_TRY};
use repository::paths;
use serde_json::json;

use crate::cases::{CASES, Case};
use crate::stage::Stage;
use crate::{Chance, Page, troubles};

/// The engine's requests, the locks of all tabs, and what the model's progress says, as far as anybody answers.
const STATE: &str = r#"return (async () => {
    const late = (what) => new Promise((resolve) => setTimeout(resolve, 5000, `${what}: no answer`));
    const { Semblance } = await import(new URL("semblance.js", location.href).href).catch(() => ({}));
    return {
      locks: await navigator.locks?.query(),
      requests: await Promise.race([Semblance?.requests(), late("requests")]),
      models: await Promise.race([Semblance?.storedModels(), late("models")]),
    };
})()"#;

pub(crate) fn run(dist: &Path, only: Option<&str>, chance: Chance) -> Result<Count> {
    let stage = Stage::set(dist, chance)?;
    let traces = paths::target().join("e2e");
    if traces.exists() {
        fs::remove_dir_all(&traces)?;
    }
    let mut count = Count::default();
    for case in CASES.iter().filter(|case| only.is_none_or(|text| case.name.contains(text))) {
        let (start, folder) = (Instant::now(), traces.join(case.name.replace(' ', "-")));
        let first = once(&stage, case, &folder);
        // A fault of the page is there again. What is not there again is said, and may be the machine's: a browser that
        // stood still for seconds beside other programs.
        let again = first.as_ref().err().map(|_| once(&stage, case, &folder.join("again")));
        let (seconds, said) = (start.elapsed().as_secs_f32(), |error: &Option<String>| {
            error.as_ref().map_or_else(String::new, |error| format!("\n  {}", error.replace('\n', "\n  ")))
        });
        let (first, again) = (first.err(), again.map(Result::err));
        match &again {
            None => println!("test e2e: {} ... ok ({seconds:.1} s)", case.name),
            Some(None) => println!("test e2e: {}{SECOND_TRY} ({seconds:.1} s){}", case.name, said(&first)),
            Some(again) => println!(
                "test e2e: {} ... FAILED ({seconds:.1} s){}\n  and again:{}",
                case.name,
                said(&first),
                said(again)
            ),
        }
        count += Count::one(!matches!(again, Some(Some(_))));
    }
    Ok(count)
}

/// One case on a page of its own; what went wrong, and where its traces are.
fn once(stage: &Stage, case: &Case, folder: &Path) -> std::result::Result<(), String> {
    let page = stage.page();
    let result = page.begin().and_then(|()| (case.run)(&page)).and_then(|()| {
        match troubles::in_all(&page, case.provoked)? {
            troubles if troubles.is_empty() => Ok(()),
            troubles => bail!("the page is not quiet:\n    {}", troubles.join("\n    ")),
        }
    });
    result.map_err(|error| match keep_traces(&page, folder, &error) {
        Ok(()) => format!("{error:#}\na screenshot and the console are in {}", folder.display()),
        Err(kept) => format!("{error:#}\nand nothing could be kept of it: {kept:#}"),
    })
}

/// Keep what a person needs to see why a case failed.
fn keep_traces(page: &Page, folder: &Path, error: &anyhow::Error) -> Result<()> {
    fs::create_dir_all(folder)?;
    fs::write(folder.join("error.txt"), format!("{error:?}"))?;
    let console: Vec<String> =
        page.browser.log("browser")?.iter().map(|entry| format!("{entry}\n")).collect();
    fs::write(folder.join("console.txt"), console.concat())?;
    fs::write(
        folder.join("page.html"),
        page.browser.value("document.documentElement.outerHTML")?.as_str().unwrap_or_default(),
    )?;
    fs::write(folder.join("window.png"), page.browser.screenshot()?)?;
    // Where something hangs, this says at what.
    let state = page.browser.run(STATE, json!([]))?;
    fs::write(folder.join("state.json"), serde_json::to_string_pretty(&state)?)?;
    Ok(())
}
