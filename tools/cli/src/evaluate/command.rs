//! The whole: from the command line's words to the table.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use finetune::pictures::entries;
use semblance::{measure::with_words, prompt};
use semblance_prompts::imagenet_templates;

use super::collection::Collection;
use super::labels;
use super::resnet::Depth;
use super::run::run;
use super::settings::{self, Baseline, Named, Pictures, Settings, Template, Versions};
use super::{predictions, table};
use crate::model::{Dtype, Model, absolute};
use crate::outcome::{Outcome, say};
use crate::written::lock;

/// Where nobody names one.
const TEMPLATE: &str = "a photo of a {}";
/// The 80 of CLIP's authors.
const IMAGENET: &str = "imagenet";
/// The folder, in a run's, in which it is done again.
const AGAIN: &str = "again";
/// What vectors depend on besides their model: kept ones are of no use with others.
const OF_VECTORS: [&str; 4] = ["the program's version", "the pictures", "the classes", "--batch"];

#[derive(clap::Args)]
pub struct Args {
    /// A folder with a sub-folder per class.
    #[arg(conflicts_with = "csv")]
    pictures: Option<PathBuf>,
    /// Instead: a CSV file with the columns path (relative to the file) and class.
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,
    /// Where vectors, tables and settings go. What is there of an interrupted run is gone on with.
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
    /// A model's folder, a .gguf file, or a Hugging Face repository (ORG/NAME or ORG/NAME@COMMIT); several times for several
    /// [default: SEMBLANCE_MODEL, or models/pocket].
    #[arg(long)]
    model: Vec<String>,
    /// What models compute in; f32 and int8 for both [default: f32].
    #[arg(long, value_enum)]
    dtype: Vec<Dtype>,
    /// What a class's label is put into; each is a system of its own [default: a photo of a {}].
    #[arg(long)]
    template: Vec<String>,
    /// “imagenet”: the 80 templates of CLIP's authors, averaged, as one system.
    #[arg(long, value_name = "imagenet")]
    templates: Option<String>,
    /// A file with one label a class, in the order of the classes' sorted names (several words with | between them), or
    /// “imagenet” [default: the folders' names, _ as a space].
    #[arg(long, value_name = "FILE|imagenet")]
    labels: Option<String>,
    /// A head that was taught (…classifier.safetensors) with one of the models.
    #[arg(long, value_name = "FILE")]
    classifier: Vec<PathBuf>,
    /// A supervised model beside them: resnet50=FILE or resnet101=FILE, with torchvision's or timm's safetensors. ImageNet only.
    #[arg(long, value_name = "NAME=FILE")]
    baseline: Vec<String>,
    /// Pictures that go through a model together [default: 32].
    #[arg(long)]
    batch: Option<usize>,
    /// Of the draws that intervals come from [default: 0].
    #[arg(long)]
    seed: Option<u64>,
    /// Other labels, templates, models, heads or seeds in a folder that has vectors: they are kept, and the table is written anew.
    #[arg(long)]
    reuse: bool,
    /// Do what a settings.json says once more, from the beginning, and say whether the table is the same. PICTURES or --csv: where
    /// they are now.
    #[arg(
        long,
        value_name = "settings.json",
        conflicts_with_all = ["out", "model", "dtype", "template", "templates", "labels", "classifier", "baseline", "batch", "seed", "reuse"]
    )]
    again: Option<PathBuf>,
}

/// Evaluate, and say what came out.
///
/// Errors: an argument cannot be used; the folder has another run's vectors; as [`run`]; a table that was made again is another one.
pub fn command(args: &Args) -> Result<Outcome> {
    if let Some(file) = &args.again {
        return again(file, args.pictures.as_deref().or(args.csv.as_deref()));
    }
    let out = args.out.as_deref().context("where should it go? Name a folder with --out")?;
    let among = args.pictures.as_deref().map(absolute);
    let inside = among.is_some_and(|folder| absolute(out).starts_with(folder));
    ensure!(!inside, "--out {} lies among the pictures, where it would be a class", out.display());
    let (settings, collection) = args.settings()?;
    let _lock = lock(out, LOCK)?;
    claim(&settings, out, args.reuse)?;
    let table = run(&settings, &collection, out)?;
    say!("{}", table.markdown())?;
    say!("{}: the table, predictions-NAME.csv of each system, and settings.json", out.display())?;
    Ok(Outcome::of(table.left_out))
}

impl Args {
    /// Errors: an argument cannot be used, with a sentence for each.
    fn settings(&self) -> Result<(Settings, Collection)> {
        let batch = self.batch.unwrap_or(32);
        ensure!(batch > 0, "--batch {batch}: at least one picture goes through a model");
        let (pictures, collection) = match (&self.pictures, &self.csv) {
            (Some(folder), _) => Pictures::find(folder, false)?,
            (None, Some(file)) => Pictures::find(file, true)?,
            (None, None) => bail!("which pictures? Name a folder with a sub-folder per class, or --csv FILE"),
        };
        let classes = &pictures.classes;
        let labels = labels::read(self.labels.as_deref(), classes)?;
        let templates = self.templates()?;
        let texts: Vec<String> = labels.iter().map(|label| with_words(label)).collect();
        for template in &templates {
            prompt::fill(&template.templates, &texts)?;
        }
        let baseline = |wish: &String| {
            let (depth, file) = depth(wish)?;
            Baseline::find(depth, file, classes)
        };
        let settings = Settings {
            versions: Versions::own(),
            labels,
            templates,
            baselines: self.baseline.iter().map(baseline).collect::<Result<_>>()?,
            classifiers: self.classifier.iter().map(|path| Named::find(path)).collect::<Result<_>>()?,
            models: self.models()?,
            dtypes: if self.dtype.is_empty() { vec![Dtype::F32] } else { self.dtype.clone() },
            pictures,
            batch,
            seed: self.seed.unwrap_or(0),
        };
        Ok((settings, collection))
    }

    fn models(&self) -> Result<Vec<Model>> {
        if self.model.is_empty() {
            return Ok(vec![Model::unnamed()?]);
        }
        self.model.iter().map(|model| Model::find(model)).collect()
    }

    fn templates(&self) -> Result<Vec<Template>> {
        let one = |template: &str| Template { name: template.into(), templates: vec![template.into()] };
        let mut templates: Vec<Template> = self.template.iter().map(|template| one(template)).collect();
        match self.templates.as_deref() {
            None => {}
            Some(IMAGENET) => {
                let all: Vec<String> = imagenet_templates().into_iter().map(str::to_owned).collect();
                templates.push(Template { name: format!("{IMAGENET} {}", all.len()), templates: all });
            }
            Some(other) => bail!("--templates {other}: there is a set named {IMAGENET} alone"),
        }
        if templates.is_empty() && self.classifier.is_empty() {
            templates.push(one(TEMPLATE));
        }
        Ok(templates)
    }
}

/// `resnet50=FILE`.
fn depth(wish: &str) -> Result<(Depth, &Path)> {
    let names = Depth::ALL.map(Depth::name).join(" or ");
    let (name, file) =
        wish.split_once('=').with_context(|| format!("--baseline {wish}: write NAME=FILE, with {names}"))?;
    let depth = Depth::ALL.into_iter().find(|depth| depth.name() == name);
    Ok((depth.with_context(|| format!("--baseline {name}: it is {names}"))?, Path::new(file)))
}

/// Held as long as a process works in the folder.
const LOCK: &str = ".lock";

/// Make the folder this run's, or see that it is.
///
/// Errors: it is another one's.
fn claim(settings: &Settings, out: &Path, reuse: bool) -> Result<()> {
    let file = out.join(settings::FILE);
    if !file.exists() {
        return settings.write(out);
    }
    let differences = settings.differences(&Settings::read(&file)?);
    let of_vectors = differences.iter().any(|one| OF_VECTORS.contains(&one.as_str()));
    if differences.is_empty() {
        return Ok(());
    }
    if reuse && !of_vectors {
        forget(out)?;
        return settings.write(out);
    }
    let way = match of_vectors {
        true => "take another --out",
        false => "take another --out, or with --reuse keep its vectors and write its table anew",
    };
    bail!("{} is of a run with other settings ({}): {way}", out.display(), differences.join(", "))
}

/// Take away what was written of other settings, but for vectors.
fn forget(out: &Path) -> Result<()> {
    for path in entries(out)? {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if [table::CSV, table::MARKDOWN].contains(&&*name) || name.starts_with(predictions::PREFIX) {
            fs::remove_file(&path).with_context(|| format!("{} could not be removed", path.display()))?;
        }
    }
    Ok(())
}

/// A run from the beginning in a folder of its own, which is interrupted and gone on with as any other.
fn again(file: &Path, place: Option<&Path>) -> Result<Outcome> {
    let before = file.parent().unwrap_or(Path::new(""));
    let (settings, collection) = Settings::read(file)?.found_again(place)?;
    let read = |folder: &Path| {
        let path = folder.join(table::CSV);
        fs::read_to_string(&path).with_context(|| format!("{} could not be read", path.display()))
    };
    let expected = read(before)?;
    let out = before.join(AGAIN);
    let _lock = lock(&out, LOCK)?;
    claim(&settings, &out, false)?;
    let table = run(&settings, &collection, &out)?;
    say!("{}", table.markdown())?;
    let found = read(&out)?;
    if let Some((old, new)) = expected.lines().zip(found.lines()).find(|(old, new)| old != new) {
        bail!(
            "the table is another one; the new one is in {}. It had\n  {old}\nand has now\n  {new}",
            out.display()
        );
    }
    ensure!(expected.len() == found.len(), "the table is another one; the new one is in {}", out.display());
    say!("The table is the same.")?;
    fs::remove_dir_all(&out).with_context(|| format!("{} could not be removed", out.display()))?;
    Ok(Outcome::of(table.left_out))
}
