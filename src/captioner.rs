//! Models that write texts about pictures: what is in one, or the answer to a question about it.
//!
//! ```no_run,ignore-wasm32
//! use semblance::captioner::{CaptionOptions, Captioner};
//! use semblance::Picture;
//!
//! let captioner = Captioner::load("models/blip-image-captioning-base")?;
//! let options = CaptionOptions { beams: 3, ..CaptionOptions::default() };
//! let caption = captioner.caption(&Picture::open("cat.jpg")?, &options, |so_far| println!("{so_far} …"))?;
//! println!("{}", caption.text);
//! # Ok::<(), semblance::Error>(())
//! ```
//!
//! | file | what it does |
//! |---|---|
//! | `whole` | a loaded model with its verbs `caption` and `answer` |
//! | `loader` | a model from bytes that come in bit by bit |
//! | `captioning` | a text that is being written, a token at a time |
//! | [`decoding`] | logits → texts: greedy and by beams |
//! | `head` | all of a model but its weights |

mod captioning;
pub mod decoding;
mod head;
mod loader;
mod whole;

pub use captioning::{Caption, CaptionOptions, Captioning, Teller, Text};
pub use decoding::Limits;
pub use head::{memory, parameters};
pub use loader::CaptionerLoader;
pub use whole::Captioner;

pub use crate::model::generator::{Ability, Facts, Generator, Image};
