//! axe-core, which looks over a page as somebody does who can't see it.

use anyhow::{Context, Result};
use npm::Package;
use serde::Deserialize;
use serde_json::json;

use crate::webdriver::Browser;

const AXE: Package = Package {
    name: "axe-core",
    version: "4.14.1",
    sha512: "FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ==",
};

/// WCAG 2.2 to level AA, and what is good practice besides.
const RULES: &[&str] = &["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/// One thing that is wrong, at one place.
#[derive(Deserialize, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    pub rule: String,
    pub impact: String,
    /// A CSS selector.
    pub at: String,
    /// What is wrong, and what would mend it.
    pub why: String,
}

#[derive(Deserialize)]
pub struct Looked {
    pub findings: Vec<Finding>,
    /// How many rules found something to look at.
    pub rules: usize,
}

const LOOK: &str = r#"return axe.run(document, { runOnly: arguments[0], resultTypes: ["violations"] }).then(({ violations, passes }) => ({
  rules: violations.length + passes.length,
  findings: violations.flatMap(({ id, impact, nodes }) =>
    nodes.map(({ target, failureSummary }) => ({ rule: id, impact, at: target.flat().join(" "), why: failureSummary }))),
}));"#;

/// Put it into the page. The scripts of the page can't: its policy allows none but its own.
pub fn put(browser: &Browser) -> Result<()> {
    let mut files = AXE.files(|path| path == "axe.min.js")?;
    let (_, script) = files.pop().context("axe-core's package has no axe.min.js")?;
    browser.run(&String::from_utf8(script).context("axe.min.js is not text")?, json!([]))?;
    Ok(())
}

/// What it finds in the page that it was put into.
pub fn look(browser: &Browser) -> Result<Looked> {
    serde_json::from_value(browser.run(LOOK, json!([RULES]))?).context("axe-core's answer")
}
