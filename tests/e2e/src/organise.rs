//! The view `organise`: tags, duplicates, groups and the map, rules, a shop's questions, films; and the library's own verbs for them.

pub(crate) mod library;
pub(crate) mod view;
