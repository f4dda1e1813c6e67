//! How good it is: systems side by side, what is exported, a run that is done again.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::check::downloaded;
use crate::models::loaded::choose;
use crate::teach::view::folder;
use crate::{Page, holds, near, same};

const PICTURES: usize = 21;

/// Open the view on a page that is ready.
pub(crate) fn open(page: &Page) -> Result<()> {
    page.open(&page.url("#/measure"))?;
    page.browser
        .wait(r#"document.querySelectorAll("accuracy-panel .systems li").length === 1"#)
        .context("waiting for the view")
        .map(drop)
}

/// Three classes of a folder of folders, one picture of which is in the wrong one.
pub(crate) fn three(page: &Page) -> Result<()> {
    open(page)?;
    let folder = folder()?.to_str().context("paths are readable text")?.to_owned();
    page.drop(&[folder])?;
    says(page, "[data-view=measure] .facts", "three: 21 pictures, 3 classes")
}

/// Wait until an element says something.
pub(crate) fn says(page: &Page, selector: &str, part: &str) -> Result<()> {
    let said =
        format!(r#"document.querySelector({}).textContent.includes({})"#, json!(selector), json!(part));
    page.browser
        .wait(&said)
        .with_context(|| format!("waiting for {part:?}; {selector} says {:?}", page.text(selector)))
        .map(drop)
}

/// Two systems on them.
pub(crate) fn measured(page: &Page) -> Result<()> {
    three(page)?;
    page.browser.click("accuracy-panel [data-event=system-add]")?;
    page.browser.wait(r#"document.querySelectorAll("accuracy-panel .systems li").length === 2"#)?;
    page.browser.click("accuracy-panel .go")?;
    page.browser
        .wait(r#"document.querySelectorAll("accuracy-panel .table tbody tr").length === 2"#)
        .with_context(|| format!("waiting for the table; {:?}", page.text("[data-view=measure] .trouble")))
        .map(drop)
}

pub(crate) fn whole(page: &Page) -> Result<()> {
    measured(page)?;
    let names = page.browser.value(
        r#"Array.from(document.querySelectorAll("accuracy-panel .table tbody th"), (cell) => cell.textContent)"#,
    )?;
    same(
        "both systems are named",
        names,
        json!(["pocket · int8 · “a photo of a {}”", "pocket · int8 · 80 templates of the CLIP paper"]),
    )?;
    let saved = exported(page)?;
    again(page, &saved)
}

/// What is exported agrees with itself and with the table.
fn exported(page: &Page) -> Result<std::path::PathBuf> {
    let downloads = downloads(page)?;
    page.browser.click("[data-event=save-predictions]")?;
    let answers = fs::read_to_string(downloaded(&downloads.join("semblance-answers.csv"))?)?;
    let mut right: HashMap<&str, (usize, usize)> = HashMap::new();
    for line in answers.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let &[system, path, class, answer, _, rank, _] = cells.as_slice() else {
            anyhow::bail!("no answer: {line}")
        };
        ensure!(path.contains(&format!("/{class}/")), "{path} is of the class of its folder, {class}");
        ensure!((class == answer) == (rank == "0"), "{line}");
        let count = right.entry(system).or_default();
        *count = (count.0 + usize::from(class == answer), count.1 + 1);
    }
    same("systems", right.len(), 2)?;
    page.browser.click("[data-event=save-table]")?;
    let table = fs::read_to_string(downloaded(&downloads.join("semblance-accuracy.csv"))?)?;
    for line in table.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let (right, of) = *right.get(cells[0]).with_context(|| line.to_owned())?;
        same("pictures", of, PICTURES)?;
        near("top-1", cells[2].parse()?, right as f64 / of as f64, 1e-8)?;
        let [low, high] = [cells[3].parse::<f64>()?, cells[4].parse::<f64>()?];
        holds(
            "the interval is around it",
            low < right as f64 / of as f64 && right as f64 / of as f64 <= high,
        )?;
    }
    page.browser.click("[data-event=save-run]")?;
    let run = downloaded(&downloads.join("semblance-run.json"))?;
    let saved: Value = serde_json::from_str(&fs::read_to_string(&run)?)?;
    same("pictures", saved["pictures"].as_array().map(Vec::len), Some(PICTURES))?;
    holds("with their hashes", saved["pictures"][0]["sha256"].as_str().is_some_and(|hash| hash.len() == 64))?;
    Ok(run)
}

/// An empty folder that downloads go to from now on.
pub(crate) fn downloads(page: &Page) -> Result<std::path::PathBuf> {
    let folder = crate::scratch("downloads")?;
    let behavior = json!({ "behavior": "allow", "downloadPath": folder });
    page.browser.cdp("Browser.setDownloadBehavior", behavior)?;
    Ok(folder)
}

/// The run is done again by its file.
fn again(page: &Page, run: &Path) -> Result<()> {
    page.browser.click("[data-view=measure] [data-event=clear]")?;
    page.browser.click("accuracy-panel .systems .remove")?;
    choose(page, "accuracy-panel input.run", run)?;
    page.browser.wait(r#"document.querySelectorAll("accuracy-panel .systems li").length === 2"#)?;
    let folder = folder()?.to_str().context("paths are readable text")?.to_owned();
    page.drop(&[folder])?;
    says(page, "[data-view=measure] .facts", "three: 21 pictures, 3 classes")?;
    page.browser.click("accuracy-panel .go")?;
    says(page, "accuracy-panel .repeated", "All 42 answers are those of the run")?;
    // Something that is no run changes nothing.
    let none = crate::scratch("no-run")?.join("none.json");
    fs::write(&none, r#"{"format":"semblance-run","layout":1,"systems":3}"#)?;
    choose(page, "accuracy-panel input.run", &none)?;
    page.browser.wait(r#"document.querySelector("notice-line").textContent.includes("no run")"#).map(drop)
}

/// Pictures without folders, by a list; one that can't be read is named and left out.
pub(crate) fn listed(page: &Page) -> Result<()> {
    open(page)?;
    let to = crate::scratch("listed")?;
    let mut files = Vec::new();
    for (at, sample) in ["cat", "boats", "citrus", "bee"].into_iter().enumerate() {
        let path = to.join(format!("{at}.jpg"));
        fs::copy(crate::repository_file(&format!("assets/samples/{sample}.jpg"))?, &path)?;
        files.push(path);
    }
    fs::write(to.join("4.jpg"), "this is no picture")?;
    fs::write(
        to.join("truths.csv"),
        "path,class\n0.jpg,cat\n1.jpg,boat\n2.jpg,\"fruit\"\n3.jpg,insect\n4.jpg,insect\n",
    )?;
    files.extend([to.join("4.jpg"), to.join("truths.csv")]);
    let files: Vec<String> = files.iter().map(|path| path.display().to_string()).collect();
    page.drop(&files)?;
    says(page, "[data-view=measure] .facts", "5 pictures, 4 classes")?;
    page.browser.click("accuracy-panel .go")?;
    page.browser.wait(r#"!document.querySelector("accuracy-panel .found").hidden"#)?;
    says(page, "accuracy-panel .headline", "on 4 pictures")?;
    says(page, "[data-view=measure] .failed li", "4.jpg: ")?;
    // One class alone is no measure.
    page.browser.click("[data-view=measure] [data-event=clear]")?;
    says(page, "[data-view=measure] .facts", "None yet.")?;
    holds(
        "nothing can be measured",
        page.browser.value(r#"document.querySelector("accuracy-panel .go").disabled"#)? == true,
    )
}

/// The library's verbs, without the view.
pub(crate) fn library(page: &Page) -> Result<()> {
    let found = page.browser.value(
        r#"(async () => {
          const { Semblance } = await import("/semblance.js");
          const clip = await Semblance.load();
          const dot = (a, b) => a.reduce((sum, x, i) => sum + x * b[i], 0);
          const unit = (vectors) => {
            const sum = vectors[0].map((_, i) => vectors.reduce((sum, vector) => sum + vector[i], 0));
            const length = Math.sqrt(dot(sum, sum));
            return sum.map((x) => x / length);
          };
          const templates = ["a photo of a {}", "the {}", "{}"];
          const words = ["cat", "kitty"];
          const all = await clip.embedTexts(templates.flatMap((template) => words.map((word) => template.replace("{}", word))));
          const [ensemble] = await clip.embedTexts([words], { template: templates });
          const [again] = await clip.embedTexts([words], { template: templates });
          const scores = await clip.classify(ensemble, [words, "dog"], { template: templates });
          // Three classes, four pictures: right, right, second, third.
          const logits = Float32Array.of(3, 1, 0, 0, 2, 1, 2, 3, 1, 3, 2, 1);
          const evaluation = await Semblance.evaluate(logits, [0, 1, 0, 2]);
          const other = await Semblance.evaluate(Float32Array.of(3, 1, 0, 0, 2, 1, 4, 3, 1, 3, 2, 4), [0, 1, 0, 2]);
          const compared = await Semblance.compareEvaluations([evaluation, other]);
          const findings = await Semblance.checkLabels(["cat", "no dog"]);
          const fixed = await Semblance.applyFix(["cat", "no dog"], findings.find(({ kind }) => kind === "negation").fixes[0]);
          const names = async (call) => call().then(() => "none", ({ name }) => name);
          return {
            ensemble: dot(ensemble, unit(all)),
            same: ensemble.every((x, i) => x === again[i]),
            labels: scores.map(({ label }) => label),
            top1: evaluation.report.top1.share,
            ranks: Array.from(evaluation.ranks),
            answers: Array.from(evaluation.answers),
            best: compared.map(({ comparison }) => comparison && [comparison.onlyFirst, comparison.onlySecond, comparison.mcnemar.p]),
            kinds: findings.map(({ kind }) => kind),
            fixed,
            errors: [
              await names(() => Semblance.evaluate(logits, [0, 1, 0, 1, 0])),
              await names(() => Semblance.evaluate(logits, [0, 1, 0, 7])),
              await names(() => clip.bias([], { groups: ["a"], attributes: ["b"], prompt: "{group} {attribute}", base: "{group}" })),
              await names(() => clip.explain("nothing", "cat", { method: "magic" })),
              await names(() => clip.embedTexts([["cat", " "]])),
              await names(() => clip.embedTexts(["cat"], { template: [] })),
            ],
          };
        })()"#,
    )?;
    near("an ensemble is the mean of its prompts", found["ensemble"].as_f64().unwrap_or(0.0), 1.0, 1e-5)?;
    same("and is kept", &found["same"], &json!(true))?;
    same("labels are called by their first word", &found["labels"], &json!(["cat", "dog"]))?;
    same("top-1", &found["top1"], &json!(0.5))?;
    same("ranks", &found["ranks"], &json!([0, 0, 1, 2]))?;
    same("answers", &found["answers"], &json!([0, 1, 1, 0]))?;
    same("the second is better, hardly for sure", &found["best"], &json!([[0, 2, 0.5], null]))?;
    holds(
        "a negation is seen",
        found["kinds"].as_array().is_some_and(|kinds| kinds.contains(&json!("negation"))),
    )?;
    same("and mended", &found["fixed"], &json!(["cat", "something else"]))?;
    same(
        "wrong calls are refused",
        &found["errors"],
        &json!(["TypeError", "EngineError", "TextError", "TypeError", "TextError", "TextError"]),
    )
}
