//! The same picture, a burst, or merely alike: three kinds of closeness in a library, found and told apart.
//!
//! ```text
//! finder = Finder::new(rows, facts, options)      copies of one file, by their SHA-256
//! while !finder.step(rows).is_over() {}           pairs that are close, by vectors alone
//! for number in finder.wanted() { finder.add_look(number, its small picture) }
//! while !finder.judge().is_over() {}              each pair: is one of them made of the other?
//! sets = finder.finish(rows)                      sets, each with the picture to keep
//! ```
//!
//! | module | what it does |
//! |---|---|
//! | [`finder`] | the way through all of it, in steps |
//! | [`facts`] | what is known of a picture besides its vector: times, names |
//! | [`candidates`] | pairs of close vectors, exactly or by cells |
//! | [`look`] | what is computed of a small picture once |
//! | [`plane`] | means over any part of a picture |
//! | [`agreement`] | how far two grids of numbers agree, even where something lies over a part of one |
//! | [`registration`] | whether a picture is another one, or a part of it |
//! | [`kind`] | same, burst, or alike, and by what |
//! | [`keep`] | which picture of a set to keep |
//! | [`sets`] | sets of pairs, without chains |

pub mod agreement;
pub mod candidates;
mod cells;
pub mod facts;
pub mod finder;
pub mod keep;
pub mod kind;
pub mod look;
pub mod plane;
pub mod registration;
pub mod sets;

pub use facts::Facts;
pub use finder::{Finder, Options};
pub use keep::Because;
pub use kind::{Evidence, Kind, Reason};
pub use sets::{Member, Set};
