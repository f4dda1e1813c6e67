//! Tags for all pictures of a library.

use semblance_organise::rows::Rows;
use semblance_organise::tags::vocabulary::Term;
use semblance_organise::tags::{Correction, Proposals, SAMPLED, Selection, Tagger, Weights};

use crate::{Clip, Index, Result};

/// Pictures at a time.
const BATCH: usize = 1024;

/// What was found of all words for all pictures: tags are taken from it without the model.
#[derive(Debug)]
pub struct Tagging {
    pub terms: Vec<Term>,
    /// Of pictures, in the order of paths.
    pub ids: Vec<u32>,
    proposals: Proposals,
}

impl Tagging {
    /// As many tags as are expected to be right to the share `aim`, at most `most` a picture, after `corrections`, which name pictures by
    /// their places among [`Tagging::ids`]: see [`Proposals::select`].
    ///
    /// Errors: an aim outside 0..=1.
    pub fn select(&self, aim: f64, most: usize, corrections: &[Correction]) -> Result<Selection> {
        Ok(self.proposals.select(aim, most, corrections)?)
    }
}

/// Compare every picture with every word, and both with how the library as a whole answers.
///
/// Errors: no words or no pictures, a text cannot be tokenised, or another model made the library's vectors.
pub fn tag(index: &mut Index, clip: &mut Clip, terms: &[Term]) -> Result<Tagging> {
    let prompts: Vec<String> =
        terms.iter().map(|term| term.kind.template().replace("{}", term.word)).collect();
    let words = clip.embed_texts(&prompts)?.concat();
    let width = index.header().dim as usize;
    let ids = index.ids();
    let mut gathered = |ids: &mut dyn Iterator<Item = u32>| -> Result<Vec<f32>> {
        let mut all = Vec::new();
        for id in ids {
            all.extend(index.vector(id)?);
        }
        Ok(all)
    };
    let every = (ids.len() / SAMPLED).max(1);
    let sample = gathered(&mut ids.iter().copied().step_by(every).take(SAMPLED))?;
    let sample = Rows::new(&sample, width)?;
    let tagger = Tagger::new(words, width, sample, Weights::of(sample.len()))?;
    let mut proposals = Proposals::new(tagger.len());
    for some in ids.chunks(BATCH) {
        let rows = gathered(&mut some.iter().copied())?;
        let (words, scores) = tagger.tag(Rows::new(&rows, width)?)?;
        proposals.add(&words, &scores)?;
    }
    Ok(Tagging { terms: terms.to_vec(), ids, proposals })
}
