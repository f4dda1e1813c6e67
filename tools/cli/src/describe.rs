//! `semblance describe` and `semblance ask`: what is in a picture, and what is said to a question about it; by a CLIP and phrases,
//! or by a captioner, which writes.

use anyhow::Result;
use semblance::captioner::{CaptionOptions, Limits};
use semblance::describe::{Describer, Options, Own, ask_vector, banks};
use semblance::{Captioner, Picture};
use serde_json::json;

use crate::look::{LookArgs, Said, percent};
use crate::model::Model;
use crate::outcome::Outcome;
use crate::pictures::{Failure, named};

#[derive(clap::Args)]
pub struct DescribeArgs {
    #[command(flatten)]
    look: LookArgs,
    /// Phrases of a description at most.
    #[arg(long, value_name = "N", conflicts_with = "captioner", value_parser = clap::value_parser!(u16).range(1..))]
    most: Option<u16>,
    #[command(flatten)]
    writing: Writing,
}

#[derive(clap::Args)]
pub struct AskArgs {
    /// The question, as “What colour is the car?” or “Is it a cat or a dog?”
    question: String,
    #[command(flatten)]
    look: LookArgs,
    /// An answer to choose from; several times for several [default: what the question is understood to ask for].
    #[arg(long, value_name = "WORDS", conflicts_with = "captioner")]
    answer: Vec<String>,
    /// The statement that answers are put into, {} where one goes.
    #[arg(long, requires = "answer")]
    template: Option<String>,
    #[command(flatten)]
    writing: Writing,
}

#[derive(clap::Args)]
struct Writing {
    /// A model that writes (BLIP) instead: its folder, a .gguf file, or a Hugging Face repository.
    #[arg(long, value_name = "MODEL")]
    captioner: Option<String>,
    /// Texts that it follows at once: 1 is quick, 3 finds better ones.
    #[arg(long, value_name = "N", requires = "captioner")]
    beams: Option<usize>,
}

/// Errors: the model cannot be used.
pub fn describe(args: &DescribeArgs) -> Result<Outcome> {
    if let Some(model) = &args.writing.captioner {
        let mut options = CaptionOptions::default();
        options.beams = args.writing.beams.unwrap_or(options.beams);
        return args
            .look
            .write(model, |captioner, picture| Ok(captioner.caption(picture, &options, |_| {})?.text));
    }
    let mut loaded = args.look.load()?;
    let phrases = banks(Some(&loaded.model.name));
    if phrases.len() > 2000 && !args.look.json {
        eprintln!("{} phrases are embedded first; that takes a moment.", phrases.len());
    }
    let describer = Describer::new(&mut loaded.clip, &phrases)?;
    let mut options = Options::default();
    options.max = args.most.map_or(options.max, usize::from);
    args.look.each(&mut loaded, |_, vector| {
        let said = describer.describe_vector(vector, &options)?;
        let parts: Vec<_> = said
            .parts
            .iter()
            .map(|part| json!({ "phrase": describer.phrases()[part.phrase].1, "gain": part.gain }))
            .collect();
        let json = json!({ "description": said.text, "cosine": said.cosine, "phrases": parts });
        Ok(Said { text: format!("  {}", said.text), json })
    })
}

/// Errors: the model cannot be used, or the question is not understood and there are no answers to choose from.
pub fn ask(args: &AskArgs) -> Result<Outcome> {
    if let Some(model) = &args.writing.captioner {
        let mut limits = Limits::default();
        limits.beams = args.writing.beams.unwrap_or(limits.beams);
        return args.look.write(model, |captioner, picture| {
            Ok(captioner.answer(picture, &args.question, limits, |_| {})?.text)
        });
    }
    let mut loaded = args.look.load()?;
    let name = loaded.model.name.clone();
    let own = || Own { answers: &args.answer, template: args.template.as_deref() };
    // A question that is not understood is said before the first picture is read.
    semblance::describe::read(&args.question, own(), Some(&name))?;
    args.look.each(&mut loaded, |clip, vector| {
        let judgement = ask_vector(clip, vector, &args.question, own(), Some(&name))?.judgement;
        let mut lines: Vec<String> = judgement
            .answers
            .iter()
            .map(|one| format!("  {}  {}", percent(one.probability.into()), one.answer))
            .collect();
        if judgement.cant_tell {
            lines.insert(0, "  hard to tell: nothing stands out".into());
        }
        Ok(Said { text: lines.join("\n"), json: serde_json::to_value(&judgement)? })
    })
}

impl LookArgs {
    /// Print what a captioner writes about each picture.
    fn write(&self, model: &str, write: impl Fn(&Captioner, &Picture) -> Result<String>) -> Result<Outcome> {
        let captioner = Captioner::load_computing(Model::find(model)?.path()?, self.model.dtype().compute())?;
        let mut failed = 0;
        for one in named(self.pictures())? {
            let written = one.and_then(|found| {
                let picture = Picture::open(&found.file);
                let reason =
                    |error: semblance::Error| Failure { path: found.path.clone(), reason: error.to_string() };
                Ok((picture.map_err(reason)?, found.path))
            });
            match written {
                Ok((picture, path)) => {
                    let text = write(&captioner, &picture)?;
                    self.print(&path, Said { text: format!("  {text}"), json: json!({ "text": text }) })?;
                }
                Err(failure) => {
                    failed += 1;
                    self.fail(&failure)?;
                }
            }
        }
        Ok(Outcome::of(failed))
    }
}
