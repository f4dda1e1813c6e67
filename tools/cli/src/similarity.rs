//! `semblance similarity`: how well each picture matches each text.

use anyhow::Result;
use semblance::{classify, prompt};
use serde_json::json;

use crate::look::{LookArgs, Said};
use crate::outcome::Outcome;

#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    look: LookArgs,
    /// A text; several times for several.
    #[arg(long, required = true)]
    text: Vec<String>,
}

/// Errors: the model cannot be used, or a text is blank.
pub fn command(args: &Args) -> Result<Outcome> {
    let mut loaded = args.look.load()?;
    prompt::fill(prompt::PLAIN, &args.text)?;
    args.look.each(&mut loaded, |clip, vector| {
        let found = classify::similarity(clip, &[vector], &args.text, prompt::PLAIN)?;
        let each = || args.text.iter().zip(&found.cosine).zip(&found.logits);
        let lines: Vec<String> =
            each().map(|((text, cosine), _)| format!("  {cosine:7.4}  {text}")).collect();
        let texts: Vec<_> = each()
            .map(|((text, cosine), logit)| json!({ "text": text, "cosine": cosine, "logit": logit }))
            .collect();
        Ok(Said { text: lines.join("\n"), json: json!({ "texts": texts }) })
    })
}
