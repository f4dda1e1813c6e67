//! A classifier of the pictures in some folders, one a class, and how good each method is at telling them apart.
//!
//! ```text
//! cargo run --release --example teach -- FOLDER [--method linear-probe] [--test FOLDER] [--out my.classifier.safetensors]
//! ```
//!
//! `FOLDER` has a folder for each class, by its name; that of `--test` the same classes, whose pictures are only asked about. `SEMBLANCE_MODEL` names another model's file than pocket's.

#[cfg(not(target_arch = "wasm32"))]
use std::path::{Path, PathBuf};

#[cfg(not(target_arch = "wasm32"))]
use semblance::classifier::{ClassExamples, Classifier, Images, Method, TeachOptions};
#[cfg(not(target_arch = "wasm32"))]
use semblance::{Clip, Error, Picture, index::model_hash};

// `cargo test` builds examples for every target, and in a browser there is no command line.
#[cfg(target_arch = "wasm32")]
fn main() {}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let flag = |name: &str| {
        arguments.iter().position(|argument| argument == name).and_then(|at| arguments.get(at + 1)).cloned()
    };
    let Some(folder) = arguments.first().filter(|first| !first.starts_with('-')) else {
        eprintln!("Usage: teach FOLDER [--method NAME] [--test FOLDER] [--out FILE]");
        std::process::exit(2);
    };
    if let Err(error) = teach(folder.as_ref(), flag("--method"), flag("--test"), flag("--out")) {
        eprintln!("{error}");
        std::process::exit(1);
    }
}

#[cfg(not(target_arch = "wasm32"))]
fn teach(
    folder: &Path,
    method: Option<String>,
    test: Option<String>,
    out: Option<String>,
) -> Result<(), Error> {
    let pocket = concat!(env!("CARGO_MANIFEST_DIR"), "/models/pocket/pocket-q8_0.gguf");
    let model = std::env::var("SEMBLANCE_MODEL").unwrap_or_else(|_| pocket.to_owned());
    let mut clip = Clip::load(&model)?;
    let shown = vectors(&mut clip, folder)?;
    let mut classes = Vec::new();
    for (name, vectors) in &shown {
        classes.push(ClassExamples { name, prompt: None, images: Images::Vectors(vectors) });
    }
    let method = method.map(|name| Method::of(&name)).transpose()?;
    let options = TeachOptions { method, template: "a photo of a {}", ..TeachOptions::default() };
    let (classifier, report) = Classifier::teach(&mut clip, model_hash(&model)?, &classes, &options)?;

    println!("{} pictures of {} classes, held out in {} folds", report.examples, shown.len(), report.folds);
    println!("{:20} {:>8} {:>15} {:>9}", "method", "right, %", "95 % interval", "log loss");
    for method in &report.methods {
        let name = method.method.name();
        match (method.accuracy, method.interval, method.log_loss) {
            (Some(accuracy), Some(between), Some(loss)) => {
                let interval = format!("{:.1} to {:.1}", 100.0 * between.low, 100.0 * between.high);
                println!("{name:20} {:8.1} {interval:>15} {loss:9.3}", 100.0 * accuracy);
            }
            _ => println!("{name:20} not tried"),
        }
    }
    println!("Chosen: {:?}", report.setting);
    if let Some(folder) = test {
        let (mut right, mut of) = (0, 0);
        for (name, vectors) in vectors(&mut clip, folder.as_ref())? {
            let answers = classifier.classify_vectors(&vectors)?;
            right += answers.iter().filter(|answer| answer.scores[0].label == name).count();
            of += vectors.len();
        }
        println!("Of {of} others: {:.1} % right", 100.0 * right as f64 / of.max(1) as f64);
    }
    out.map_or(Ok(()), |file| classifier.save(file))
}

/// A class's name, and the vectors of its pictures.
#[cfg(not(target_arch = "wasm32"))]
type Shown = (String, Vec<Vec<f32>>);

/// Of each folder inside, its name and the vectors of its pictures.
#[cfg(not(target_arch = "wasm32"))]
fn vectors(clip: &mut Clip, folder: &Path) -> Result<Vec<Shown>, Error> {
    let mut shown = Vec::new();
    for class in inside(folder)?.into_iter().filter(|class| class.is_dir()) {
        let mut vectors = Vec::new();
        for file in inside(&class)?.into_iter().filter(|file| file.is_file()) {
            match Picture::open(&file) {
                Ok(picture) => vectors.extend(clip.embed_images(&[picture])?),
                Err(error) => eprintln!("left out: {error}"),
            }
        }
        shown.push((class.file_name().unwrap_or_default().to_string_lossy().replace('_', " "), vectors));
    }
    Ok(shown)
}

/// What lies in a folder, by name; nothing hidden.
#[cfg(not(target_arch = "wasm32"))]
fn inside(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let failed = |source| Error::Io { path: folder.display().to_string(), source };
    let entries = std::fs::read_dir(folder).map_err(failed)?;
    let mut paths = entries
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<Vec<_>, _>>()
        .map_err(failed)?;
    paths.retain(|path| !path.file_name().unwrap_or_default().to_string_lossy().starts_with('.'));
    paths.sort();
    Ok(paths)
}
