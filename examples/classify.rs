//! Zero-shot classification from the command line.
//!
//! ```text
//! cargo run --release --example classify -- picture.jpg cat dog "a bowl of fruit"
//! ```
//!
//! `SEMBLANCE_MODEL` names another model than pocket: a `.gguf` bundle, or a folder in Hugging Face layout.

#[cfg(not(target_arch = "wasm32"))]
use semblance::{Clip, Error, Picture};

// `cargo test` builds examples for every target, and in a browser there is no command line.
#[cfg(target_arch = "wasm32")]
fn main() {}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [picture, labels @ ..] = arguments.as_slice() else {
        eprintln!("Usage: classify PICTURE LABEL [LABEL …]");
        std::process::exit(2);
    };
    if let Err(error) = classify(picture, labels) {
        eprintln!("{error}");
        std::process::exit(1);
    }
}

#[cfg(not(target_arch = "wasm32"))]
fn classify(picture: &str, labels: &[String]) -> Result<(), Error> {
    let pocket = concat!(env!("CARGO_MANIFEST_DIR"), "/models/pocket");
    let model = std::env::var("SEMBLANCE_MODEL").unwrap_or_else(|_| pocket.to_owned());
    let mut clip = Clip::load(model)?;
    let mut scores = clip.classify_with_template(&Picture::open(picture)?, labels, "a photo of a {}")?;
    scores.sort_by(|a, b| b.probability.total_cmp(&a.probability));
    for score in scores {
        println!("{:6.2} %  {}  (cosine {:.4})", 100.0 * score.probability, score.label, score.cosine);
    }
    Ok(())
}
