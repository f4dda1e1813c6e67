//! Whoever can't see the page, or use a mouse, has all of it: axe-core looks over every state of every view, light and
//! dark, on a phone and on a desktop.

use std::collections::BTreeMap;
use std::fmt::Write;

use anyhow::{Context, Result, bail};
use npm::Package;
use serde::Deserialize;
use serde_json::json;

use crate::Page;
use crate::page::SCHEMES;
use crate::states::{STATES, State};

const AXE: Package = Package {
    name: "axe-core",
    version: "4.14.1",
    sha512: "FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ==",
};

/// WCAG 2.2 to level AA, and what is good practice besides.
const RULES: &[&str] = &["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const SIZES: [(u32, u32); 2] = [(360, 740), (1440, 900)];

/// One thing that is wrong, at one place.
#[derive(Deserialize, PartialEq, Eq, PartialOrd, Ord)]
struct Finding {
    rule: String,
    impact: String,
    /// A CSS selector.
    at: String,
    /// What is wrong, and what would mend it.
    why: String,
}

#[derive(Deserialize)]
struct Looked {
    findings: Vec<Finding>,
    /// How many rules found something to look at.
    rules: usize,
}

pub(crate) fn everywhere(page: &Page) -> Result<()> {
    let script = script()?;
    let mut found: BTreeMap<Finding, Vec<String>> = BTreeMap::new();
    for State { name, set, .. } in STATES {
        page.begin()?;
        set(page).with_context(|| format!("the state {name}"))?;
        // The scripts of the page can't: its policy allows none but its own.
        page.browser.run(&script, json!([]))?;
        for scheme in SCHEMES {
            page.scheme(Some(scheme))?;
            for (width, height) in SIZES {
                page.size(width, height)?;
                page.drawn()?;
                let place = format!("{name}, {scheme}, {width}");
                let looked = page.browser.run(LOOK, json!([RULES]))?;
                let Looked { findings, rules } =
                    serde_json::from_value(looked).context("axe-core's answer")?;
                if rules < FEWEST_RULES {
                    bail!("{place}: axe-core looked at {rules} rules only");
                }
                for finding in findings {
                    found.entry(finding).or_default().push(place.clone());
                }
            }
        }
        page.scheme(None)?;
    }
    if found.is_empty() {
        return Ok(());
    }
    let mut text = format!("{} findings", found.len());
    for (Finding { rule, impact, at, why }, places) in found {
        let _ = write!(
            text,
            "\n{impact}: {rule} at {at}\n  {}\n  in {}",
            why.replace('\n', "\n  "),
            places.join("; ")
        );
    }
    bail!(text)
}

/// A page with an open dialog has more to look at.
const FEWEST_RULES: usize = 20;

const LOOK: &str = r#"return axe.run(document, { runOnly: arguments[0], resultTypes: ["violations"] }).then(({ violations, passes }) => ({
  rules: violations.length + passes.length,
  findings: violations.flatMap(({ id, impact, nodes }) =>
    nodes.map(({ target, failureSummary }) => ({ rule: id, impact, at: target.flat().join(" "), why: failureSummary }))),
}));"#;

fn script() -> Result<String> {
    let mut files = AXE.files(|path| path == "axe.min.js")?;
    let (_, script) = files.pop().context("axe-core's package has no axe.min.js")?;
    String::from_utf8(script).context("axe.min.js is not text")
}
