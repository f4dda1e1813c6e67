//! What a run leaves: its numbers as JSON, and its tables as Markdown and on the screen.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::Deserialize;
use serde_json::Value;

use crate::table::digits;
use repository::paths;

/// Medians and quartiles, in milliseconds, as `benches/measure.js` makes them.
#[derive(Clone, Copy, Debug, Deserialize)]
pub(crate) struct Summary {
    pub(crate) median: f64,
    pub(crate) p25: f64,
    pub(crate) p75: f64,
}

impl Summary {
    /// `12.3 (12.1–12.9)`; of work that was done for `count` at once, for each.
    pub(crate) fn each(&self, count: f64) -> String {
        let [median, p25, p75] = [self.median, self.p25, self.p75].map(|ms| digits(ms / count));
        format!("{median} ({p25}–{p75})")
    }
}

/// Where everything of the benchmark lies that is made.
pub(crate) fn folder() -> Result<PathBuf> {
    let folder = paths::work("bench");
    fs::create_dir_all(&folder).with_context(|| format!("{} could not be made", folder.display()))?;
    Ok(folder)
}

/// Show the text, and keep it and the numbers in `folder` as `name.md` and `name.json`.
pub(crate) fn keep(folder: &Path, name: &str, text: &str, numbers: &Value) -> Result<()> {
    let (json, markdown) = (folder.join(format!("{name}.json")), folder.join(format!("{name}.md")));
    fs::write(&json, serde_json::to_string_pretty(numbers)? + "\n")
        .with_context(|| format!("{} could not be written", json.display()))?;
    fs::write(&markdown, text).with_context(|| format!("{} could not be written", markdown.display()))?;
    println!("\n{text}\nKept in {} and {}.", markdown.display(), json.display());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quartiles_stand_beside_the_median() {
        let summary: Summary =
            serde_json::from_str(r#"{ "median": 80, "p25": 79.2, "p75": 84.8, "n": 20 }"#).unwrap();
        assert_eq!(summary.each(1.0), "80.0 (79.2–84.8)");
        assert_eq!(summary.each(8.0), "10.0 (9.90–10.6)");
    }
}
