//! English, and what is known of it.

pub mod dictionary;
pub mod distance;
pub mod foreign;
pub mod inflection;
pub mod lexicon;
pub mod looks;
pub mod meaning;
pub mod names;
pub mod pairs;
pub mod text;
