//! Labels with a threshold and an action, over any picture: of a library or not. Pure numbers; who embeds the words is somebody
//! else.

mod advisory;
mod facets;
mod report;
mod rule;

pub use advisory::{Advice, advice, general};
pub use facets::{Facet, facets};
pub use report::{Report, report};
pub use rule::{Action, Least, Rule, Scored, Words, score};
