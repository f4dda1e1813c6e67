//! The words of a large vocabulary that fit a picture.
//!
//! A cosine alone says little: some words are near to all pictures, some pictures near to all words. So a picture and a word
//! are judged by both:
//!
//! ```text
//! z = (cos(picture, word) − m) / σ        m, σ the middle and the spread of the word's cosines over the library
//! r = (z − mean z) / sd z                 over all words, of this picture
//! score = a + b z + d r                   in logits: P(right) = 1 / (1 + exp(−(score − c))), c of corrections
//! ```
//!
//! a, b and d are a logistic regression's on pocket's held-out pictures (`tools/held-out`, `docs/tags.md`).

mod background;
mod proposals;
mod tagger;
pub mod vocabulary;
mod xmp;

pub use background::{Background, SAMPLED};
pub use proposals::{Correction, Given, Proposals, Selection};
pub use tagger::{KEPT, Tagger, Weights};
pub use xmp::sidecar;
