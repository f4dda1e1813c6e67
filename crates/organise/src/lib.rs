//! Order in a library of pictures, from their vectors, small pictures and what is known of them: it knows no model, reads no
//! file, and is the same natively and in the browser, where it is fetched when somebody organises.
//!
//! | module | what it does |
//! |---|---|
//! | [`rows`] | vectors one after another, and what is computed of them |
//! | [`tags`] | the words of a large vocabulary that fit a picture, judged against the whole library |
//! | [`judging`] | how sure a score is, and how corrections move that |
//! | [`rules`] | labels with a threshold and an action, over any picture |
//! | [`groups`] | clusters in every fineness |
//! | [`map`] | pictures on a plane |
//! | [`duplicates`] | the same picture, a burst, or merely alike |
//! | [`error`] | what can go wrong, in sentences |

// Whoever has one of these in a struct of their own can derive `Debug` for that.
#![cfg_attr(not(target_arch = "wasm32"), warn(missing_debug_implementations))]

#[cfg(all(target_arch = "wasm32", feature = "exports"))]
pub mod api;
pub mod duplicates;
pub mod error;
pub mod groups;
pub mod judging;
pub mod map;
mod progress;
pub mod rows;
pub mod rules;
pub mod tags;

pub use error::{Error, Result};
pub use progress::Progress;
// Where these modules look for it.
use semblance_teach::random;
