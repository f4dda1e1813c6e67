//! `semblance teach`: a classifier from a folder with a sub-folder of examples per class.

use std::path::PathBuf;

use anyhow::{Result, bail, ensure};
use semblance::classifier::{ClassExamples, Classifier, Images, Method, Report, TeachOptions};
use semblance::measure::with_words;
use semblance::model::Towers;
use semblance_prompts::NEUTRAL;
use serde_json::json;

use crate::classify::TEMPLATE;
use crate::evaluate::collection::Collection;
use crate::model::{Loaded, ModelArgs};
use crate::outcome::{Outcome, say};
use crate::pictures::{Failure, Found, below};
use crate::pipeline::{PipelineArgs, embed};
use crate::progress::Progress;

#[derive(clap::Args)]
pub struct Args {
    /// A folder with a sub-folder of examples per class.
    folder: PathBuf,
    /// The classifier's file (…classifier.safetensors): the page opens it, too, and so does `classify --classifier`.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    #[command(flatten)]
    model: ModelArgs,
    #[command(flatten)]
    pipeline: PipelineArgs,
    /// How it learns [default: the best of all on examples that are held out].
    #[arg(long, value_parser = method)]
    method: Option<Method>,
    /// What a class's name is put into.
    #[arg(long, default_value = TEMPLATE)]
    template: String,
    /// The classes' names mean nothing: it learns from pictures alone.
    #[arg(long)]
    without_words: bool,
    /// Pictures of none of the classes: what is none of them is told by these.
    #[arg(long, value_name = "FOLDER")]
    background: Option<PathBuf>,
    /// Other pictures, a sub-folder per class: how many of them it is right about.
    #[arg(long, value_name = "FOLDER")]
    test: Option<PathBuf>,
    /// Say what came out in JSON.
    #[arg(long)]
    json: bool,
}

/// Errors: the folder has fewer than two classes, the model cannot be used, or the file cannot be written.
pub fn command(args: &Args) -> Result<Outcome> {
    let collection = Collection::of_folder(&args.folder)?;
    let test = args.test.as_deref().map(Collection::of_folder).transpose()?;
    let mut loaded = args.model.load(Towers::Both)?;
    let (vectors, mut failed) = args.embed_classes(&loaded, "teach", &collection)?;
    let mut background = Vec::new();
    if let Some(folder) = &args.background {
        let files: Vec<_> = below(folder).collect();
        ensure!(!files.is_empty(), "there is no picture in {}", folder.display());
        let looked = args.embed(&loaded, "background", files)?;
        failed += looked.iter().filter(|one| one.is_none()).count();
        background.extend(looked.into_iter().flatten());
    }
    let words = |name: &String| with_words(&name.replace('_', " "));
    let names: Vec<String> = collection.classes.iter().map(words).collect();
    let examples: Vec<ClassExamples> = names
        .iter()
        .zip(&vectors)
        .map(|(name, vectors)| ClassExamples { name, prompt: None, images: Images::Vectors(vectors) })
        .collect();
    let options = TeachOptions {
        method: args.method,
        template: &args.template,
        words: !args.without_words,
        captions: if args.without_words { &[] } else { &NEUTRAL },
        background: Images::Vectors(&background),
    };
    let hash = loaded.hash()?;
    let (classifier, report) = Classifier::teach(&mut loaded.clip, hash, &examples, &options)?;
    classifier.save(&args.out)?;
    let about = classifier.about();
    let mut tested = None;
    if let Some(test) = &test {
        let (vectors, left_out) = args.embed_classes(&loaded, "test", test)?;
        failed += left_out;
        let (mut right, mut of) = (0, 0);
        for (name, vectors) in test.classes.iter().map(words).zip(&vectors) {
            let answers = classifier.classify_vectors(vectors)?;
            right += answers.iter().filter(|answer| answer.scores[0].label == name).count();
            of += vectors.len();
        }
        tested = Some((right, of));
    }
    if args.json {
        let tested = tested.map(|(right, of)| json!({ "right": right, "of": of }));
        let said =
            json!({ "out": args.out, "about": about, "report": report, "failed": failed, "tested": tested });
        say!("{said}")?;
    } else {
        methods(&report)?;
        let right = match about.accuracy {
            Some(share) => format!("right about {:.1} % of examples that were held out", 100.0 * share),
            None => "too few examples to hold any out".into(),
        };
        say!(
            "{}: {} classes from {} examples by {}, {right}",
            args.out.display(),
            about.classes.len(),
            about.examples,
            about.setting.method().name()
        )?;
        if let Some((right, of)) = tested {
            say!("of {of} others: {:.1} % right", 100.0 * right as f64 / of.max(1) as f64)?;
        }
    }
    Ok(Outcome::of(failed))
}

/// How good each method is on examples that were held out.
///
/// Errors: it cannot be printed.
fn methods(report: &Report) -> Result<()> {
    say!("{:20} {:>8} {:>15} {:>9}", "method", "right, %", "95 % interval", "log loss")?;
    for method in &report.methods {
        let name = method.method.name();
        match (method.accuracy, method.interval, method.log_loss) {
            (Some(accuracy), Some(between), Some(loss)) => {
                let interval = format!("{:.1} to {:.1}", 100.0 * between.low, 100.0 * between.high);
                say!("{name:20} {:8.1} {interval:>15} {loss:9.3}", 100.0 * accuracy)?;
            }
            _ => say!("{name:20} not tried")?,
        }
    }
    Ok(())
}

impl Args {
    /// The vectors of each class, and how many files could not be read.
    fn embed_classes(
        &self,
        loaded: &Loaded,
        what: &str,
        collection: &Collection,
    ) -> Result<(Vec<Vec<Vec<f32>>>, usize)> {
        let (mut vectors, mut failed) = (vec![Vec::new(); collection.classes.len()], 0);
        let files = collection.pictures.iter().map(|one| {
            let (path, file, size) = (one.path.clone(), one.file.clone(), one.size as i64);
            (one.class as usize, Ok(Found { path, file, size, mtime: 0 }))
        });
        let (classes, files): (Vec<usize>, Vec<_>) = files.unzip();
        for (class, vector) in classes.iter().zip(self.embed(loaded, what, files)?) {
            match vector {
                Some(vector) => vectors[*class].push(vector),
                None => failed += 1,
            }
        }
        Ok((vectors, failed))
    }

    /// A vector for each file that can be read; the others are said.
    fn embed(
        &self,
        loaded: &Loaded,
        what: &str,
        files: Vec<Result<Found, Failure>>,
    ) -> Result<Vec<Option<Vec<f32>>>> {
        let pipeline = self.pipeline.with(&loaded.preprocess, loaded.side);
        let mut progress = Progress::new(what, "pictures", 0, files.len());
        let mut vectors = Vec::with_capacity(files.len());
        pipeline.run(files.into_iter(), |some| {
            for one in embed(&loaded.clip, some)? {
                match one {
                    Ok((_, vector)) => vectors.push(Some(vector)),
                    Err(Failure { path, reason }) => {
                        progress.line(&format!("{path} is left out: {reason}"));
                        vectors.push(None);
                    }
                }
            }
            progress.at(vectors.len());
            Ok(())
        })?;
        progress.finish(vectors.len());
        Ok(vectors)
    }
}

fn method(name: &str) -> Result<Method> {
    match Method::ALL.into_iter().find(|method| method.name() == name) {
        Some(method) => Ok(method),
        None => bail!("there are {}", Method::ALL.map(Method::name).join(", ")),
    }
}
