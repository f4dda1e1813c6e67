//! `semblance search`: the pictures of a Parquet file of vectors that match words and pictures best.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use semblance::Picture;
use semblance::model::Towers;
use serde_json::json;

use crate::model::ModelArgs;
use crate::outcome::{Outcome, say};
use crate::vectors::{Ranked, Reader, Table};

#[derive(clap::Args)]
pub struct Args {
    /// The file that `semblance embed` wrote.
    index: PathBuf,
    /// What is looked for, as it is said to the model; several for all of them at once.
    words: Vec<String>,
    /// Pictures like this one; several times for several.
    #[arg(long, value_name = "FILE")]
    picture: Vec<PathBuf>,
    /// Pictures like the one at this path of the index; several times for several.
    #[arg(long, value_name = "PATH")]
    like: Vec<String>,
    /// What they are not to match; several times for several.
    #[arg(long, value_name = "WORDS")]
    without: Vec<String>,
    /// How many are said.
    #[arg(long, value_name = "N", default_value_t = 10)]
    top: usize,
    #[command(flatten)]
    model: ModelArgs,
    /// Say it in JSON, a line for each.
    #[arg(long)]
    json: bool,
}

/// Errors: the index cannot be read or is another model's, there is nothing to look for, or parts cancel each other out.
pub fn command(args: &Args) -> Result<Outcome> {
    let wanted = args.words.len() + args.picture.len() + args.like.len();
    ensure!(wanted > 0, "what is looked for? Name words, a --picture, or a --like");
    ensure!(args.top > 0, "--top 0: at least one picture is said");
    for words in args.words.iter().chain(&args.without) {
        ensure!(!words.trim().is_empty(), "what is looked for? There are words that say nothing");
    }
    let (about, rows) = Reader::about(&args.index)?;
    let table = Table::open(&args.index, about)?;
    let query = table.combine(&args.parts(&table)?)?;
    let mut found = table.nearest(&query, args.top.saturating_add(args.like.len()))?;
    // A picture is like itself.
    found.retain(|one| !args.like.contains(&one.path));
    found.truncate(args.top);
    for (at, Ranked { path, cosine }) in found.iter().enumerate() {
        match args.json {
            true => say!("{}", json!({ "rank": at + 1, "path": path, "cosine": cosine }))?,
            false => say!("{cosine:7.4}  {path}")?,
        }
    }
    if found.is_empty() && !args.json {
        eprintln!("{}: {rows} rows, and none to show", args.index.display());
    }
    Ok(Outcome::Whole)
}

impl Args {
    /// Vectors and their weights.
    fn parts(&self, table: &Table) -> Result<Vec<(Vec<f32>, f32)>> {
        let mut parts = Vec::new();
        let words: Vec<&String> = self.words.iter().chain(&self.without).collect();
        if !words.is_empty() || !self.picture.is_empty() {
            let towers = match (words.is_empty(), self.picture.is_empty()) {
                (false, true) => Towers::Text,
                (true, false) => Towers::Vision,
                _ => Towers::Both,
            };
            let mut loaded = self.model.load(towers)?;
            let same = loaded.model.sha256 == table.about.sha256;
            let (ours, its) = (&loaded.model.name, &table.about.model);
            ensure!(
                same,
                "{} has vectors of another model ({its}) than {ours}: name that one with --model",
                self.index.display()
            );
            for (at, vector) in loaded.clip.embed_texts(&words)?.into_iter().enumerate() {
                parts.push((vector, if at < self.words.len() { 1.0 } else { -1.0 }));
            }
            for file in &self.picture {
                let vector = loaded.clip.embed_images(&[Picture::open(file)?])?.remove(0);
                parts.push((vector, 1.0));
            }
        }
        for path in &self.like {
            let vector = table.vector(path)?;
            parts.push((vector.with_context(|| missing(&self.index, path))?, 1.0));
        }
        Ok(parts)
    }
}

fn missing(index: &Path, path: &str) -> String {
    format!("{} has no picture {path}", index.display())
}
