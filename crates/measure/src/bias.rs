//! What a word that names a group changes.

pub mod association;
pub mod shift;
