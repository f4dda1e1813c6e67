//! What decoding needs of a model that writes texts about pictures, whichever its architecture is.
//!
//! ```text
//! picture → tokens of the picture → state;   state + token → logits over the vocabulary, and a place to go on from
//! ```
//! A text is a path in a tree of tokens: what several beams begin with is read once, a beam forks where two go on
//! from the same [`Place`], and to drop one or to reorder them costs nothing. A row of the tree stays until the state
//! goes.

use candle_core::Tensor;

use super::options::Compute;
use crate::Result;
use crate::bundle::Weights;
use crate::kernels::attention::{Kept, Span};
use crate::preprocess::Pixels;

/// What a model can be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ability {
    /// To say what is in a picture.
    Captions,
    /// To answer questions about a picture.
    Answers,
}

/// What the configuration says of a generator, known before its weights.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Facts {
    pub ability: Ability,
    /// Side in pixels of the square that the image tower sees.
    pub image_size: usize,
    /// Tokens that there are logits for.
    pub vocabulary: usize,
    /// Longest text in tokens, what it begins with included.
    pub context: usize,
    /// The token that a text begins with.
    pub begin: u32,
    /// The token that ends a text.
    pub end: u32,
}

/// A model that is being loaded: made of its configuration alone.
pub trait Plan {
    fn facts(&self) -> Facts;

    /// Numbers in all tensors.
    fn parameters(&self) -> u64;

    /// Bytes that the model takes at most, from the first byte of its file on, a picture and the state of a text
    /// included.
    fn memory(&self, compute: Compute) -> u64;

    /// Pack the layers whose tensors have all come, and let those go.
    ///
    /// Errors: a tensor is misshapen, or has infinite numbers or NaN.
    fn absorb(&mut self, weights: &mut Weights, compute: Compute) -> Result<()>;

    /// The model, once all of its tensors are there.
    ///
    /// Errors: a tensor is missing or misshapen, or has infinite numbers or NaN.
    fn finish(self: Box<Self>, weights: Weights, compute: Compute) -> Result<Box<dyn Generator>>;
}

/// A model that writes texts about pictures.
pub trait Generator {
    fn facts(&self) -> Facts;

    /// What the image tower makes of a picture.
    ///
    /// Errors: the weights give no finite numbers.
    fn see(&self, pixels: &Pixels) -> Result<Image>;

    /// The state before the first token of a text about a picture; `question`: the ids of a question, for a model
    /// that answers.
    ///
    /// Errors: the question has no tokens or too many, or a token is beyond the vocabulary.
    fn look(&self, image: &Image, question: Option<&[u32]>) -> Result<State>;

    /// Read tokens on from places: for each the place after its last token, and the logits of what comes next.
    ///
    /// Errors: a text has no tokens or becomes longer than [`Facts::context`], a token is beyond the vocabulary, or the
    /// weights give no finite numbers.
    fn read(&self, state: &mut State, texts: &[Next]) -> Result<Vec<Reading>>;
}

/// A picture as the decoder sees it: `[tokens, width]`.
#[derive(Clone)]
pub struct Image(pub(super) Tensor);

impl Image {
    /// One vector a token: of the picture as a whole, then its patches row by row.
    pub fn rows(&self) -> Vec<Vec<f32>> {
        // The image tower made the tensor: f32 and of two dimensions.
        self.0.to_vec2().unwrap_or_default()
    }
}

/// A token that was read after those before it; of one [`State`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place(usize);

/// Tokens to be read on from a place, or from the beginning.
pub struct Next<'a> {
    pub after: Option<Place>,
    pub tokens: &'a [u32],
}

/// What came of reading.
pub struct Reading {
    /// After the last token.
    pub place: Place,
    /// One for each token of the vocabulary.
    pub logits: Vec<f32>,
}

/// What a decoder keeps of a picture and of the tokens that it has read.
pub struct State {
    /// Of each layer: keys and values of what the text is about.
    pub(super) seen: Vec<Kept>,
    /// Of each layer: rows of queries, keys and values, one for each token read.
    pub(super) read: Vec<Vec<f32>>,
    /// Of each token read: the one before it.
    before: Vec<Option<usize>>,
}

/// Tokens that go through the decoder together.
pub(crate) struct Pass {
    pub ids: Vec<u32>,
    pub positions: Vec<u32>,
    pub spans: Vec<Span>,
    /// Rows of the pass that end a text, in the order of the texts.
    pub ends: Vec<u32>,
    pub places: Vec<Place>,
}

impl State {
    pub(crate) fn new(seen: Vec<Kept>) -> Self {
        Self { read: seen.iter().map(|_| Vec::new()).collect(), seen, before: Vec::new() }
    }

    /// Tokens that stand before a place, its own included.
    pub(crate) fn length(&self, place: Option<Place>) -> usize {
        self.path(place).len()
    }

    /// The rows of a text, first to last.
    fn path(&self, place: Option<Place>) -> Vec<usize> {
        let place = place.map(|Place(row)| row);
        let mut rows: Vec<usize> = std::iter::successors(place, |row| self.before[*row]).collect();
        rows.reverse();
        rows
    }

    /// Take these tokens in as the next rows; each layer then adds its own to `read`.
    pub(crate) fn pass(&mut self, texts: &[Next]) -> Pass {
        let first = self.before.len();
        let mut pass = Pass {
            ids: Vec::new(),
            positions: Vec::new(),
            spans: Vec::new(),
            ends: Vec::new(),
            places: Vec::new(),
        };
        for text in texts {
            let mut keys = self.path(text.after);
            let from = keys.len();
            for token in text.tokens {
                pass.ids.push(*token);
                pass.positions.push(keys.len() as u32);
                self.before.push(keys.last().copied());
                keys.push(self.before.len() - 1);
            }
            let last = self.before.len() - 1;
            pass.ends.push((last - first) as u32);
            pass.places.push(Place(last));
            pass.spans.push(Span { queries: from..keys.len(), keys, causal: true });
        }
        pass
    }
}
