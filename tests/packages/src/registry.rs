//! What npm itself says of the packages.

use std::fs;

use anyhow::{Context, Result, ensure};
use repository::process;
use serde_json::Value;

use crate::Stage;

/// The one warning that stays: nobody is logged in here.
const LOGIN: &str = "This command requires you to be logged in";

/// A server that renders pages imports what they import: without a browser nothing is started, and nothing fails.
pub(crate) fn without_a_browser(stage: &Stage) -> Result<()> {
    for module in
        ["semblance-clip/semblance.js", "semblance-clip/semblance-classifier.js", "semblance-pocket/index.js"]
    {
        let script = format!("import('./{module}').then((all) => console.log(Object.keys(all).length))");
        let mut node = process::new("node");
        let said = process::read(node.args(["-e", &script]).current_dir(&stage.packages))?;
        ensure!(said.trim() == "1", "{module} exports {said}");
    }
    Ok(())
}

/// `npm publish --dry-run` has nothing to say against them, and nothing runs when they are installed.
pub(crate) fn publish(stage: &Stage) -> Result<()> {
    for name in ["semblance-clip", "semblance-pocket"] {
        let folder = stage.packages.join(name);
        let output = process::new("npm")
            .args(["publish", "--dry-run"])
            .current_dir(&folder)
            .output()
            .context("these tests need npm, which comes with Node.js")?;
        let said = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "npm publish --dry-run failed:\n{said}");
        let warnings = said.lines().filter(|line| line.contains("npm warn") && !line.contains(LOGIN));
        let warnings: Vec<_> = warnings.collect();
        ensure!(warnings.is_empty(), "{name}: {warnings:?}");
        let text = fs::read_to_string(folder.join("package.json"))?;
        let json: Value = serde_json::from_str(&text)?;
        for field in ["dependencies", "peerDependencies", "optionalDependencies", "scripts"] {
            ensure!(json.get(field).is_none(), "{name} has {field}");
        }
        ensure!(json["publishConfig"]["provenance"] == true, "{name} is not published with provenance");
        for (entry, conditions) in json["exports"].as_object().context("it has exports")? {
            for file in conditions.as_object().into_iter().flat_map(|map| map.values()) {
                let file = file.as_str().context("a file")?;
                ensure!(folder.join(file).is_file(), "{name} exports {entry} as {file}, which is not in it");
            }
        }
    }
    Ok(())
}
