//! `semblance classify`: which of some labels fits each picture, zero-shot or by a classifier that was taught.

use std::path::PathBuf;

use anyhow::{Result, ensure};
use semblance::{Classifier, classify, prompt};
use serde_json::json;

use crate::look::{LookArgs, Said, percent};
use crate::outcome::Outcome;

/// What a label is put into where nobody says.
pub const TEMPLATE: &str = "a photo of a {}";

#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    look: LookArgs,
    /// What they may be: words with commas between them. Of one label's several words, | between them.
    #[arg(long, value_name = "WORDS,…", value_delimiter = ',', required_unless_present = "classifier")]
    labels: Vec<String>,
    /// What a label is put into; of several the vectors are averaged [default: a photo of a {}].
    #[arg(long)]
    template: Vec<String>,
    /// Instead of labels: a classifier that was taught (…classifier.safetensors).
    #[arg(long, value_name = "FILE", conflicts_with_all = ["labels", "template"])]
    classifier: Option<PathBuf>,
    /// How many labels are said of each picture [default: all].
    #[arg(long, value_name = "N")]
    top: Option<usize>,
}

/// Errors: the model or the classifier cannot be used, or labels and templates.
pub fn command(args: &Args) -> Result<Outcome> {
    let mut loaded = args.look.load()?;
    let top = args.top.unwrap_or(usize::MAX);
    ensure!(top > 0, "--top 0: at least one label is said");
    if let Some(file) = &args.classifier {
        let classifier = Classifier::open(file, loaded.hash()?)?;
        return args.look.each(&mut loaded, |_, vector| {
            let mut answers = classifier.classify_vectors(&[vector.to_vec()])?;
            let answer = answers.remove(0);
            let scores = || answer.scores.iter().take(top);
            let none = if answer.label.is_none() { "  none of them; nearest:\n" } else { "" };
            Ok(Said {
                text: none.to_owned() + &lines(scores().map(|one| (one.label, one.probability))),
                json: json!({
                    "label": answer.label,
                    "known": answer.known,
                    "scores": scores()
                        .map(|one| json!({ "label": one.label, "probability": one.probability }))
                        .collect::<Vec<_>>(),
                }),
            })
        });
    }
    let templates = match &args.template[..] {
        [] => vec![TEMPLATE],
        some => some.iter().map(String::as_str).collect(),
    };
    // What is wrong with words is said before the first picture is read.
    prompt::check(&args.labels)?;
    prompt::fill(&templates[..], &args.labels)?;
    args.look.each(&mut loaded, |clip, vector| {
        let mut scores = classify::classify(clip, vector, &args.labels, &templates[..])?;
        scores.sort_by(|a, b| b.probability.total_cmp(&a.probability));
        scores.truncate(top);
        Ok(Said {
            text: lines(scores.iter().map(|one| (one.label.as_str(), one.probability))),
            json: json!({
                "scores": scores
                    .iter()
                    .map(|one| json!({
                        "label": one.label,
                        "probability": one.probability,
                        "logit": one.logit,
                        "cosine": one.cosine,
                    }))
                    .collect::<Vec<_>>(),
            }),
        })
    })
}

fn lines<'a>(scores: impl Iterator<Item = (&'a str, f32)>) -> String {
    let lines: Vec<String> =
        scores.map(|(label, probability)| format!("  {}  {label}", percent(probability.into()))).collect();
    lines.join("\n")
}
