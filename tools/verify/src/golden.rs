//! `cargo xtask golden --full`: models of the published sizes with random weights against Hugging Face's Python, into
//! `docs/fidelity.md`. It takes long and gigabytes, so it is no test; the small goldens of `tests/golden` are.

use std::fs;

use anyhow::{Context, Result, bail, ensure};

use repository::args::Args;
use repository::{paths, process, setup};

use crate::verify::{self, Row};

const DOCUMENT: &str = "docs/fidelity.md";

/// What tests/tools/full_model.py makes; and how many pictures go through it, for a picture takes H/14 40 times as long
/// as B/32.
const MODELS: &[(&str, &str, usize)] =
    &[("b-32", "ViT-B/32", 8), ("b-16", "ViT-B/16", 8), ("l-14", "ViT-L/14", 4), ("h-14", "ViT-H/14", 2)];

const ROWS: &[(Option<&str>, bool)] = &[
    (None, false),
    (Some("q8_0"), false),
    (Some("q8_0"), true),
    (Some("q4_0"), false),
    (Some("q4_k"), false),
];

pub(crate) fn command(mut args: Args) -> Result<()> {
    ensure!(
        args.flag("--full"),
        "say --full: it takes an hour and 10 GB of disk (the small goldens are made by tests/tools/make_golden.py)"
    );
    let only: Option<String> = args.value("--only")?;
    args.none()?;
    let wanted: Vec<_> = MODELS
        .iter()
        .filter(|(name, ..)| only.as_deref().is_none_or(|only| only.split(',').any(|o| o == *name)))
        .collect();
    if wanted.is_empty() {
        bail!("--only takes some of b-32, b-16, l-14 and h-14");
    }
    let python = verify::python()?;
    for (name, title, pictures) in wanted {
        let work = setup::fresh_folder("golden")?;
        let model = work.join(name);
        println!("{title}: writing random weights.");
        process::run(process::new(&python).args(["tests/tools/full_model.py", name]).arg(&model))?;
        let rows: Vec<Row> =
            ROWS.iter().map(|(dtype, int8)| Row { dtype: dtype.map(str::to_owned), int8: *int8 }).collect();
        let table = verify::table(&model, &work, &rows, Some(*pictures))?;
        fs::remove_dir_all(&work)?;
        println!("\n{title}\n\n{}", table.text);
        let path = paths::root().join(DOCUMENT);
        let text = fs::read_to_string(&path).with_context(|| format!("{DOCUMENT} could not be read"))?;
        fs::write(&path, replaced(&text, name, &format!("### {title}\n\n{}", table.text))?)?;
        table.agrees()?;
    }
    Ok(())
}

/// The document with what stands between a model's two markers replaced.
fn replaced(text: &str, name: &str, table: &str) -> Result<String> {
    let (begin, end) = (format!("<!-- golden --full {name} -->\n"), format!("<!-- /{name} -->"));
    let (before, rest) =
        text.split_once(&begin).with_context(|| format!("{DOCUMENT} has no line {}", begin.trim()))?;
    let (_, after) = rest.split_once(&end).with_context(|| format!("{DOCUMENT} has no {end}"))?;
    Ok(format!("{before}{begin}{table}{end}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_models_own_part_is_replaced() {
        let text = "a\n<!-- golden --full x -->\nold\n<!-- /x -->\nb\n";
        assert_eq!(
            replaced(text, "x", "new\n").unwrap(),
            "a\n<!-- golden --full x -->\nnew\n<!-- /x -->\nb\n"
        );
        assert!(replaced(text, "y", "new\n").is_err());
    }
}
