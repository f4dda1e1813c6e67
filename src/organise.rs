//! Order in a library of pictures: verbs on an [`Index`](crate::Index) and a [`Clip`](crate::Clip) over [`semblance_organise`], which
//! knows vectors, words' places and small pictures alone. The same as the browser's `index.tag`, `groups`, `map`, `duplicates`,
//! `moderate` and `facets`.
//!
//! | verb | what it gives |
//! |---|---|
//! | [`tag`] | the words of a large vocabulary for each picture, at the precision that is aimed at |
//! | [`fn@groups`] | clusters in every fineness, with names |
//! | [`map`] | a place on a plane for each picture |
//! | [`fn@duplicates`] | the same picture twice, bursts, and what is merely alike |
//! | [`moderate`] | what rules find, and why |
//! | [`facets`] | of a group of labels the one that fits each picture best |
//!
//! ```no_run
//! use semblance::{Clip, Index, organise};
//!
//! let mut clip = Clip::load("models/pocket")?;
//! let mut index = Index::open_with("pictures.index", None)?;
//! let tagging = organise::tag(&mut index, &mut clip, &organise::vocabulary(Some("pocket")))?;
//! let tags = tagging.select(0.9, 10, &[])?;
//! for (id, given) in tagging.ids.iter().zip(&tags.given) {
//!     let words: Vec<&str> = given.iter().map(|tag| tagging.terms[tag.word as usize].word).collect();
//!     println!("{}: {}", index.facts(*id)?.path, words.join(", "));
//! }
//! # Ok::<(), semblance::Error>(())
//! ```

mod duplicates;
mod groups;
mod rules;
mod tags;
mod vectors;

pub use duplicates::{Duplicates, duplicates};
pub use groups::{Groups, Map, groups, map};
pub use rules::{Answer, facets, moderate};
pub use semblance_organise::duplicates::{Evidence, Kind, Options, Set};
pub use semblance_organise::judging::{Mark, centre, cut, probability, score_of};
pub use semblance_organise::rules::{Action, Advice, Facet, Least, Report, Rule, advice, general, report};
pub use semblance_organise::tags::vocabulary::{Term, vocabulary};
pub use semblance_organise::tags::{Correction, Given, Selection, sidecar};
pub use tags::{Tagging, tag};
