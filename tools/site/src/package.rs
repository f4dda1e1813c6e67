//! The package for npm: the module as a bundler takes it, and the scripts beside it.
//!
//! A bundler finds a file only by a literal `new URL("./FILE", import.meta.url)`, and moves and renames it then. So the
//! package's module has one such line for every file that the engine may ask for, and hands the addresses to
//! `www/site.js`; the files themselves, scripts among them, are the site's and are taken as they are.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::esbuild::Esbuild;
use crate::scripts::{LIBRARY, TARGET};

/// Without this Vite would write what is smaller than 4 KB into the script itself, where no worker can be started from.
const AS_A_FILE: &str = "?no-inline";

/// Write the module for a package that has these `files`, with paths from its root, and a `neighbour` with pocket in it.
///
/// `built`: the engine's builds that are among them. `name`: the package's own, which a host's folder for it begins with.
pub fn module(
    esbuild: &Esbuild,
    repository: &Path,
    files: &[String],
    built: &[String],
    (name, neighbour): (&str, &str),
    out: &Path,
) -> Result<()> {
    let entry = out.with_extension("entry.js");
    fs::write(&entry, entry_text(repository, files, (name, neighbour))?)
        .with_context(|| format!("{} could not be written", entry.display()))?;
    let words = [
        entry.display().to_string(),
        "--bundle".into(),
        "--format=esm".into(),
        // Not the spaces: with them would go what the bundlers are told in comments.
        "--minify-syntax".into(),
        "--minify-identifiers".into(),
        TARGET.into(),
        "--define:import.meta.up=null".into(),
        format!("--define:import.meta.built={}", Value::from(built.join(" "))),
        format!("--outfile={}", out.display()),
    ];
    let result = esbuild.run(&words);
    fs::remove_file(entry)?;
    result
}

fn entry_text(repository: &Path, files: &[String], (name, neighbour): (&str, &str)) -> Result<String> {
    let path = |file: &str| {
        let path = repository.join(file);
        Ok::<_, anyhow::Error>(json!(path.to_str().context("the repository's path is readable text")?))
    };
    let lines: String = files
        .iter()
        .map(|file| {
            let literal = json!(format!("./{file}{AS_A_FILE}"));
            format!("  {}: new URL({literal}, import.meta.url).href,\n", json!(file))
        })
        .collect();
    // Of `…/NAME@1.2.3/` and `…/NAME/` the neighbour is in a folder of the same form.
    let pattern = format!("/\\/{name}(@[^/]+)?\\/$/");
    Ok(format!(
        "import {{ place }} from {};\n\
         export * from {};\n\
         place({{\n{lines}}}, (root) => {{\n\
           const [, version = \"\"] = {pattern}.exec(root) ?? [];\n\
           return {{ \"models/pocket/manifest.json\": new URL(`../{neighbour}${{version}}/manifest.json`, root).href }};\n\
         }});\n",
        path("www/site.js")?,
        path(LIBRARY)?,
    ))
}

/// The module of a package that is a bundle: its manifest, with the pieces' addresses as bundlers see them.
pub fn model(manifest: &str) -> Result<String> {
    let mut manifest: Value = serde_json::from_str(manifest).context("the manifest is not JSON")?;
    let pieces = manifest["pieces"].as_array_mut().context("the manifest has no pieces")?;
    let mut places = Vec::new();
    for piece in pieces {
        let file = piece["url"].as_str().context("a piece has an address")?;
        let literal = json!(format!("./{file}{AS_A_FILE}"));
        let place = format!("file(new URL({literal}, import.meta.url))");
        places.push((format!("\"PIECE {}\"", places.len()), place));
        piece["url"] = json!(format!("PIECE {}", places.len() - 1));
    }
    let mut text = serde_json::to_string_pretty(&manifest)?;
    for (mark, place) in places {
        text = text.replacen(&mark, &place, 1);
    }
    Ok(format!(
        "/** What the manifest beside this says, with addresses: `Semblance.load({{ model }})`. Nothing is fetched before that. */\n\
         const file = (url) => url.href.replace(/\\?no-inline$/, \"\");\n\
         export default {text};\n"
    ))
}

/// A script as the package has it: without a line that names a source map, which stays with the site.
pub fn without_map(script: &str) -> String {
    let is_name = |line: &&str| line.starts_with("//# sourceMappingURL=");
    script.split_inclusive('\n').filter(|line| !is_name(line)).collect()
}

/// What a `package.json` has in the place of the version, which is the workspace's.
const VERSION: &str = "\"version\": \"0.0.0\"";

/// A `package.json` with the version and, where that is known, the repository. Its own order stays: of an entry's conditions
/// the first that fits counts.
pub fn describe(text: &str, version: &str, repository: Option<&str>) -> Result<String> {
    ensure!(text.matches(VERSION).count() == 1, "package.json does not have this, once: {VERSION}");
    let mut known = format!("\"version\": {}", json!(version));
    if let Some(url) = repository {
        let fields = [
            ("repository", json!({ "type": "git", "url": format!("git+{url}.git") })),
            ("homepage", json!(format!("{url}#readme"))),
            ("bugs", json!(format!("{url}/issues"))),
        ];
        for (field, value) in fields {
            known += &format!(",\n  \"{field}\": {value}");
        }
    }
    Ok(text.replacen(VERSION, &known, 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_has_a_line_that_bundlers_see() {
        let files = ["www/a.js".to_owned(), "wasm/b_bg.wasm".to_owned()];
        let text = entry_text(Path::new("/r"), &files, ("clip", "pocket")).unwrap();
        for line in [
            "import { place } from \"/r/www/site.js\";",
            "\"www/a.js\": new URL(\"./www/a.js?no-inline\", import.meta.url).href,",
            "\"wasm/b_bg.wasm\": new URL(\"./wasm/b_bg.wasm?no-inline\", import.meta.url).href,",
            "/\\/clip(@[^/]+)?\\/$/.exec(root)",
        ] {
            assert!(text.contains(line), "{line} is not in\n{text}");
        }
    }

    #[test]
    fn a_models_pieces_have_addresses_that_bundlers_see() {
        let text = model("{ \"name\": \"a\", \"pieces\": [{ \"url\": \"a.gguf\", \"bytes\": 1 }] }").unwrap();
        assert!(text.contains("\"url\": file(new URL(\"./a.gguf?no-inline\", import.meta.url))"), "{text}");
        assert!(model("{}").is_err());
    }

    #[test]
    fn the_map_is_not_named() {
        assert_eq!(without_map("a();\n//# sourceMappingURL=a.js.map\n"), "a();\n");
        assert_eq!(without_map("a();"), "a();");
    }

    #[test]
    fn what_is_known_later_is_added_and_the_order_stays() {
        let text = "{ \"version\": \"0.0.0\", \"exports\": { \"types\": \"a\", \"default\": \"b\" } }";
        let expected = "{ \"version\": \"1.2.3\", \"exports\": { \"types\": \"a\", \"default\": \"b\" } }";
        assert_eq!(describe(text, "1.2.3", None).unwrap(), expected);
        let json: Value =
            serde_json::from_str(&describe(text, "1.2.3", Some("https://a.b/c/d")).unwrap()).unwrap();
        assert_eq!(json["repository"]["url"], "git+https://a.b/c/d.git");
        assert!(describe("{}", "1.2.3", None).is_err());
    }
}
