//! What packing costs a model that writes texts: what it says beside what the original says.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use semblance::Picture;
use semblance::captioner::{Ability, CaptionOptions, Captioner, Limits};

/// What a model that answers is asked.
const QUESTION: &str = "What is in the picture?";

/// Print what both say of each picture, greedily, in f32, one model in memory at a time.
///
/// Errors: a model or a picture cannot be read.
pub fn print(original: &Path, packed: &Path, pictures: &[PathBuf]) -> Result<()> {
    let open =
        |path: &PathBuf| Picture::open(path).with_context(|| format!("{} cannot be used", path.display()));
    let opened = pictures.iter().map(open).collect::<Result<Vec<_>>>()?;
    let said = |model: &Path| -> Result<Vec<String>> {
        let captioner = Captioner::load(model)?;
        let text = |picture| match captioner.facts().ability {
            Ability::Captions => captioner.caption(picture, &CaptionOptions::default(), |_| ()),
            Ability::Answers => captioner.answer(picture, QUESTION, Limits::default(), |_| ()),
        };
        opened.iter().map(|picture| Ok(text(picture)?.text)).collect()
    };
    let (a, b) = (said(original)?, said(packed)?);
    for ((path, a), b) in pictures.iter().zip(&a).zip(&b) {
        println!(
            "{}: {b:?}{}",
            path.display(),
            if a == b { String::new() } else { format!(", before {a:?}") }
        );
    }
    let same = a.iter().zip(&b).filter(|(a, b)| a == b).count();
    println!("the same text for {same} of {} pictures", opened.len());
    Ok(())
}
