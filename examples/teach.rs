//! A classifier of the pictures in some folders, one a class, and how good each method is at telling them apart.
//!
//! ```text
//! cargo run --release --example teach -- FOLDER [--out my.classifier.safetensors]
//! ```
//!
//! `FOLDER` has a folder for each class, by its name. `SEMBLANCE_MODEL` names another model's file than pocket's.

#[cfg(not(target_arch = "wasm32"))]
use std::path::{Path, PathBuf};

#[cfg(not(target_arch = "wasm32"))]
use semblance::classifier::{ClassExamples, Classifier, Images, TeachOptions};
#[cfg(not(target_arch = "wasm32"))]
use semblance::{Clip, Error, Picture, index::model_hash};

// `cargo test` builds examples for every target, and in a browser there is no command line.
#[cfg(target_arch = "wasm32")]
fn main() {}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (folder, out) = match &arguments[..] {
        [folder] => (folder, None),
        [folder, flag, out] if flag == "--out" => (folder, Some(out.as_str())),
        _ => {
            eprintln!("Usage: teach FOLDER [--out FILE]");
            std::process::exit(2);
        }
    };
    if let Err(error) = teach(folder.as_ref(), out) {
        eprintln!("{error}");
        std::process::exit(1);
    }
}

#[cfg(not(target_arch = "wasm32"))]
fn teach(folder: &Path, out: Option<&str>) -> Result<(), Error> {
    let pocket = concat!(env!("CARGO_MANIFEST_DIR"), "/models/pocket/pocket-q8_0.gguf");
    let model = std::env::var("SEMBLANCE_MODEL").unwrap_or_else(|_| pocket.to_owned());
    let mut clip = Clip::load(&model)?;
    let mut shown = Vec::new();
    for class in inside(folder)?.into_iter().filter(|class| class.is_dir()) {
        let mut vectors = Vec::new();
        for file in inside(&class)?.into_iter().filter(|file| file.is_file()) {
            match Picture::open(&file) {
                Ok(picture) => vectors.extend(clip.embed_images(&[picture])?),
                Err(error) => eprintln!("left out: {error}"),
            }
        }
        shown.push((class.file_name().unwrap_or_default().to_string_lossy().into_owned(), vectors));
    }
    let mut classes = Vec::new();
    for (name, vectors) in &shown {
        classes.push(ClassExamples { name, prompt: None, images: Images::Vectors(vectors) });
    }
    let (classifier, report) =
        Classifier::teach(&mut clip, model_hash(&model)?, &classes, &TeachOptions::default())?;

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
    out.map_or(Ok(()), |file| classifier.save(file))
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
