//! One file for each kind of finding.

pub mod background;
pub mod contained;
pub mod duplicate;
pub mod language;
pub mod long;
pub mod negation;
pub mod senses;
pub mod spelling;
pub mod synonyms;
pub mod template;
pub mod vague;
