//! A classifier of one's own from a handful of pictures, on the vectors that a CLIP makes of them. It knows no model, reads
//! and writes no file, and is the same natively and in the browser, where it is fetched when somebody teaches.
//!
//! | module | what it does |
//! |---|---|
//! | [`scored`] | logits of examples whose class is known: what everything that judges starts from |
//! | [`random`] | numbers that are the same in every run |
//! | [`error`] | what can go wrong, in sentences |

pub mod error;
pub mod random;
pub mod scored;

pub use error::{Error, Result};
pub use scored::Scored;
