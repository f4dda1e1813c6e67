//! A library of pictures in a folder: the same files as the browser keeps (`www/engine/index`), over the same
//! [`semblance_index`].
//!
//! ```no_run
//! use semblance::index::{Index, Term, model_hash};
//! use semblance::Clip;
//!
//! let mut clip = Clip::load("models/pocket")?;
//! let mut index = Index::open("library", &clip, model_hash("models/pocket/pocket-q8_0.gguf")?)?;
//! index.add_folder(&clip, "holiday", |done, all| println!("{done} of {all}"))?;
//! let found = index.search(&mut clip, &[(Term::Text("a photo of a boat"), 1.0)], 10, &Default::default())?;
//! for hit in &found.hits[..found.line] {
//!     println!("{:.3}  {}", hit.cosine, index.facts(hit.id)?.path);
//! }
//! # Ok::<(), semblance::Error>(())
//! ```

mod adding;
mod exchange;
mod library;

pub use adding::{Added, is_picture};
pub use exchange::Format;
pub use library::{Index, Term, model_hash};
pub use semblance_index::{Facts, Filter, Hit, Part, Place, Ranking, Shape, Stats};
