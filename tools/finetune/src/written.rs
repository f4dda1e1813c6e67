//! What was written, judged by the engine itself: what its users will see.

use std::path::Path;

use anyhow::Result;
use semblance::{Clip, Picture};

use crate::pictures::Labelled;

/// Pictures that are read before they are embedded together.
const BATCH: usize = 32;

/// The share of pictures whose best prompt is their class's, by a model as the engine loads it in f32, and how many could be
/// read.
///
/// Errors: the model cannot be loaded.
pub fn accuracy(model: &Path, prompts: &[String], pictures: &[Labelled]) -> Result<(f32, usize)> {
    let mut clip = Clip::load(model)?;
    let texts = clip.embed_texts(prompts)?;
    let (mut right, mut read) = (0, 0);
    for some in pictures.chunks(BATCH) {
        let opened: Vec<_> =
            some.iter().filter_map(|one| Some((one.class, Picture::open(&one.path).ok()?))).collect();
        let (classes, opened): (Vec<usize>, Vec<Picture>) = opened.into_iter().unzip();
        for (class, image) in classes.into_iter().zip(clip.embed_images(&opened)?) {
            let cosine = |text: &Vec<f32>| image.iter().zip(text).map(|(x, y)| x * y).sum::<f32>();
            let best = texts.iter().map(cosine).enumerate().max_by(|(_, a), (_, b)| a.total_cmp(b));
            right += usize::from(best.is_some_and(|(at, _)| at == class));
            read += 1;
        }
    }
    Ok((right as f32 / (read as f32).max(1.0), read))
}
