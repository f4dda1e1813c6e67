//! The whole: from the command line's words to the written model.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use candle_core::{DType, Device, Tensor};
use semblance::bundle::{self, Bundle, PreprocessConfig};
use semblance::classify::Encoder;
use semblance::model::Towers;
use semblance::{Clip, Compute, prompt};
use semblance_pack::source::{self, Source};
use semblance_pack::{manifest, pieces, repository};
use sha2::{Digest, Sha256};

use crate::activations::Activations;
use crate::loss::Loss;
use crate::pictures::{Labelled, Labels};
use crate::report::{Figures, Run};
use crate::tower::Tower;
use crate::training::{Recipe, Training};
use crate::{checkpoint, output, written};

#[derive(clap::Args)]
pub struct Args {
    /// Pictures to train on: a folder with a sub-folder per class, named after the class (`_` is a space).
    pictures: PathBuf,
    /// A model's folder, a .gguf file, or a Hugging Face repository (ORG/NAME or ORG/NAME@COMMIT).
    #[arg(long)]
    model: String,
    /// Pictures to decide by when to stop, in the same folders.
    #[arg(long)]
    val: Option<PathBuf>,
    /// Without --val: the share of every class's pictures that is not trained on but decided by.
    #[arg(long, default_value_t = 0.2, conflicts_with = "val")]
    val_share: f64,
    /// Pictures that decide nothing: judged before and after.
    #[arg(long)]
    test: Option<PathBuf>,
    /// Last blocks that are trained; 0: the last norm and the projection alone.
    #[arg(long, default_value_t = 1)]
    blocks: usize,
    #[arg(long, value_enum, default_value = "cross-entropy")]
    loss: Loss,
    /// What a class's name is put into.
    #[arg(long, default_value = "a photo of a {}")]
    template: String,
    /// Train the logit scale as well.
    #[arg(long)]
    train_logit_scale: bool,
    /// Pictures as they are, never mirrored: where left and right matter.
    #[arg(long)]
    no_flip: bool,
    #[arg(long, default_value_t = 30)]
    epochs: usize,
    #[arg(long, default_value_t = 64)]
    batch: usize,
    /// The learning rate at its highest.
    #[arg(long, default_value_t = 1e-4)]
    lr: f64,
    #[arg(long, default_value_t = 0.01)]
    weight_decay: f64,
    /// Epochs without a smaller validation loss after which the training ends.
    #[arg(long, default_value_t = 5)]
    patience: usize,
    /// Write weights between the original's (0) and the trained ones (1).
    #[arg(long, default_value_t = 1.0)]
    wise: f64,
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Go on where the training in the same --out was interrupted.
    #[arg(long)]
    resume: bool,
    /// Where everything goes [default: finetuned, beside the pictures' folder].
    #[arg(long)]
    out: Option<PathBuf>,
    /// The new model's name [default: the model's with -finetuned].
    #[arg(long)]
    name: Option<String>,
    /// Do not use an NVIDIA card, though this program was built for one.
    #[arg(long)]
    cpu: bool,
    /// Where repositories are kept.
    #[arg(long, default_value = repository::FOLDER)]
    models_source: PathBuf,
}

/// The sets of pictures, each judged before and after.
struct Sets {
    labels: Labels,
    /// By name: `validation`, and `test` where it was given.
    judged: Vec<(&'static str, Vec<Labelled>)>,
}

/// Train, and say what came out.
///
/// Errors: an option is out of range; the model or the pictures cannot be used; the training fails; nothing can be written.
pub fn command(args: &Args) -> Result<()> {
    args.check()?;
    let sets = args.sets()?;
    let source = source::find(&args.model, &args.models_source)?;
    let name = args.name.clone().unwrap_or_else(|| format!("{}-finetuned", source.name));
    ensure!(
        manifest::is_model_name(&name),
        "“{name}” cannot be a model's name: up to 100 letters, digits, - _ and ., and no file's ending; say another --name"
    );
    let beside = || args.pictures.parent().unwrap_or(Path::new("")).join("finetuned");
    let out = args.out.clone().unwrap_or_else(beside);
    std::fs::create_dir_all(&out).with_context(|| format!("{} could not be made", out.display()))?;

    let prompts = prompt::fill(&args.template, &sets.labels.classes)?;
    let (texts, logit_scale) = texts(&source.path, &prompts)?;
    let device = if args.cpu { Device::Cpu } else { Device::cuda_if_available(0)? };
    let mut model = Bundle::open(&source.path)?;
    let dtype = if model.weights.dtype == "f32" { DType::F32 } else { DType::F16 };
    let tower = Tower::load(&mut model.weights, &model.head.config, DType::F32, &device)?;
    let layers = model.head.config.vision_config.num_hidden_layers;
    ensure!(args.blocks <= layers, "--blocks {}: the image tower has {layers}", args.blocks);
    let preprocess = model.head.preprocess.clone();
    drop(model);

    let frozen = tower.frozen(args.blocks);
    let mut skipped = 0;
    let mut activations = |what: &str, pictures: &[Labelled], flip: bool| -> Result<Activations> {
        let (found, left_out) = compute(what, &tower, frozen, &preprocess, pictures, flip)?;
        skipped += left_out;
        Ok(found)
    };
    let train = activations("training", &sets.labels.pictures, !args.no_flip)?;
    if let Some(class) = (0..prompts.len()).find(|class| !train.classes.contains(&(*class as u32))) {
        anyhow::bail!("none of the pictures of “{}” can be trained on", sets.labels.classes[class]);
    }
    let mut judged = Vec::new();
    for (set, pictures) in &sets.judged {
        judged.push(activations(set, pictures, false)?);
    }
    let validation = &judged[0];

    let recipe = args.recipe(&source.path, &sets)?;
    let mut training = Training::new(tower, &texts, logit_scale, recipe, validation)?;
    let before = judged.iter().map(|set| training.judge(set)).collect::<Result<Vec<_>>>()?;
    for ((set, _), judged) in sets.judged.iter().zip(&before) {
        println!("before: {set} {:.1} % of {}", 100.0 * judged.accuracy, judged.pictures);
    }
    train_until_finished(
        &mut training,
        &train,
        validation,
        &out.join("checkpoint.safetensors"),
        args.resume,
    )?;
    training.choose(args.wise)?;
    let after = judged.iter().map(|set| training.judge(set)).collect::<Result<Vec<_>>>()?;

    let trained = training.optimiser.values()?;
    let huggingface = out.join("huggingface");
    output::huggingface(&source.path, &trained, dtype, &huggingface)?;
    let licence = source.licence.clone().unwrap_or_else(|| "unknown".into());
    let [bundle, gguf] = output::gguf(&huggingface, &name, &title(&source), &licence, &out)?;
    let mut run = Run {
        base: source.id.clone().unwrap_or_else(|| source.name.clone()),
        name,
        licence,
        training_pictures: train.len(),
        skipped,
        parameters_trained: trained.values().map(Tensor::elem_count).sum(),
        recipe: training.recipe,
        epochs: training.progress.epochs,
        best_epoch: training.progress.best_epoch,
        alpha: args.wise,
        figures: Vec::new(),
        classes: sets.labels.classes,
    };
    for (((set, pictures), before), after) in sets.judged.iter().zip(before).zip(after) {
        let (written, _) = written::accuracy(&gguf, &prompts, pictures)?;
        run.figures.push(Figures { set: (*set).to_owned(), before, after, written });
    }
    run.write(&out, &huggingface)?;
    println!("\n{}", run.table());
    println!("{}: for transformers, and for the page", huggingface.display());
    println!("{}: to be opened on the page", gguf.display());
    println!("{}: to be put on a site as models/{}", bundle.display(), run.name);
    Ok(())
}

impl Args {
    /// Errors: an option is out of range.
    fn check(&self) -> Result<()> {
        let Self { val_share, epochs, batch, lr, weight_decay, patience, wise, .. } = self;
        ensure!(*val_share > 0.0 && *val_share < 1.0, "--val-share {val_share}: it lies between 0 and 1");
        ensure!(
            *epochs > 0 && *batch > 0 && *patience > 0,
            "--epochs, --batch and --patience are 1 at least"
        );
        ensure!(lr.is_normal() && *lr > 0.0, "--lr {lr}: it is a number above 0");
        ensure!(
            weight_decay.is_finite() && *weight_decay >= 0.0,
            "--weight-decay {weight_decay}: it is 0 or more"
        );
        ensure!(
            (0.0..=1.0).contains(wise),
            "--wise {wise}: it lies from 0, the original, to 1, the trained model"
        );
        Ok(())
    }

    fn sets(&self) -> Result<Sets> {
        let mut labels = Labels::read(&self.pictures)?;
        let validation = match &self.val {
            Some(folder) => labels.others(folder)?,
            None => labels.split_off(self.val_share, self.seed),
        };
        ensure!(
            !validation.is_empty(),
            "no class has two pictures, so none is left to judge by; give some with --val"
        );
        let mut judged = vec![("validation", validation)];
        if let Some(folder) = &self.test {
            judged.push(("test", labels.others(folder)?));
        }
        Ok(Sets { labels, judged })
    }

    fn recipe(&self, model: &Path, sets: &Sets) -> Result<Recipe> {
        let mut weights = Sha256::new();
        for path in bundle::weight_files(model)?.concat() {
            weights.update(pieces::sha256_of(&path)?);
        }
        let mut pictures = Sha256::new();
        for one in sets.labels.pictures.iter().chain(&sets.judged[0].1) {
            pictures.update(format!("{}\t{}\n", one.class, one.path.display()));
        }
        Ok(Recipe {
            model: format!("{:x}", weights.finalize()),
            pictures: format!("{:x}", pictures.finalize()),
            template: self.template.clone(),
            blocks: self.blocks,
            loss: self.loss,
            logit_scale: self.train_logit_scale,
            flip: !self.no_flip,
            epochs: self.epochs,
            batch: self.batch,
            learning_rate: self.lr,
            weight_decay: self.weight_decay,
            patience: self.patience,
            seed: self.seed,
        })
    }
}

fn title(source: &Source) -> String {
    format!("{}, fine-tuned", source.id.as_ref().unwrap_or(&source.name))
}

/// `[prompts, embedding]` unit vectors by the engine's text tower, and the logit scale.
fn texts(model: &Path, prompts: &[String]) -> Result<(Tensor, f32)> {
    let mut clip = Clip::from_bundle(Bundle::open(model)?, Towers::Text, Compute::F32)?;
    let vectors = clip.embed_texts(prompts)?;
    let texts =
        Tensor::from_vec(vectors.concat(), (prompts.len(), clip.config().projection_dim), &Device::Cpu)?;
    Ok((texts, clip.logit_scale()))
}

/// The frozen part for a set of pictures, with what is worth saying of it; and how many were left out.
fn compute(
    what: &str,
    tower: &Tower,
    frozen: usize,
    preprocess: &PreprocessConfig,
    pictures: &[Labelled],
    flip: bool,
) -> Result<(Activations, usize)> {
    /// As many names of pictures that cannot be read are said.
    const NAMED: usize = 3;
    let begun = std::time::Instant::now();
    let mut said = 0;
    let progress = |done: usize| {
        if done / 1000 > said / 1000 {
            println!("{what}: {done} of {} pictures", pictures.len());
        }
        said = done;
    };
    let (found, skipped) = Activations::compute(tower, frozen, preprocess, pictures, flip, progress)
        .with_context(|| format!("the {what} pictures cannot be used"))?;
    println!(
        "{what}: {} pictures, {:.1} MiB of activations, {:.1} s",
        found.len(),
        found.bytes() as f64 / f64::from(1 << 20),
        begun.elapsed().as_secs_f64()
    );
    if !skipped.is_empty() {
        println!("{what}: {} left out, which cannot be read:", skipped.len());
        skipped.iter().take(NAMED).for_each(|why| println!("  {why}"));
        if skipped.len() > NAMED {
            println!("  …");
        }
    }
    Ok((found, skipped.len()))
}

/// Epoch by epoch, each kept as soon as it is done.
fn train_until_finished(
    training: &mut Training,
    train: &Activations,
    validation: &Activations,
    path: &Path,
    resume: bool,
) -> Result<()> {
    if resume && path.is_file() {
        checkpoint::restore(training, path)?;
        println!("going on after epoch {}", training.progress.epochs.len());
    }
    while !training.is_finished() {
        let epoch = training.epoch(train, validation)?;
        let line = format!(
            "loss {:.4}, validation loss {:.4}, accuracy {:.1} %, {:.1} s",
            epoch.train_loss,
            epoch.validation.loss,
            100.0 * epoch.validation.accuracy,
            epoch.seconds
        );
        println!("epoch {}: {line}", training.progress.epochs.len());
        checkpoint::save(training, path)?;
    }
    println!("the best of {} epochs is {}", training.progress.epochs.len(), training.progress.best_epoch);
    Ok(())
}
