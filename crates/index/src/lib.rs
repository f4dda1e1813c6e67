//! An index of pictures: their vectors and facts, in a file that is only ever appended to, and an exact search over all
//! of them. It knows no model, reads and writes no file, and is the same natively and in the browser.
//!
//! | module | what it does |
//! |---|---|
//! | [`index`] | the pictures in memory, by number, path and content; makes records |
//! | [`opening`] | an index from the bytes of its file, cut off or damaged as they may be |
//! | [`query`] | what is searched for, of several parts |
//! | [`search`] | the best k for a query, among the pictures that a filter takes |
//! | [`standing`] | how far pictures stand out, and where results end |
//! | [`filter`] | which pictures a search looks at |
//! | [`scan`] | a query's dot product with every vector |
//! | [`q8`] | vectors of 8 bits |
//! | [`facts`] | what is known of a picture besides its vector |
//! | [`header`] | what all vectors of an index have in common |
//! | [`error`] | what can go wrong, in sentences |

// Whoever has one of these in a struct of their own can derive `Debug` for that.
#![cfg_attr(not(target_arch = "wasm32"), warn(missing_debug_implementations))]

#[cfg(target_arch = "wasm32")]
pub mod api;
pub mod error;
pub mod facts;
pub mod filter;
pub mod header;
pub mod index;
pub mod opening;
pub mod q8;
pub mod query;
mod record;
pub mod scan;
pub mod search;
pub mod standing;
mod vectors;

pub use error::{Error, Result};
pub use facts::{Facts, Place};
pub use filter::{Filter, Shape};
pub use header::Header;
pub use index::{Index, Stats};
pub use opening::{Opened, Opening, Report};
pub use query::Part;
pub use scan::Query;
pub use search::Hit;
pub use standing::Ranking;
