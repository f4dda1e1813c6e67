//! Names that captions have and word lists have not.

use std::collections::HashSet;
use std::sync::LazyLock;

const NAMES: &str = include_str!("../../data/hand/names.txt");

static MAKERS: LazyLock<HashSet<&str>> = LazyLock::new(|| names("makers: ").collect());
static ALL: LazyLock<HashSet<&str>> = LazyLock::new(|| names("makers: ").chain(names("others: ")).collect());

fn names(of: &str) -> impl Iterator<Item = &'static str> {
    NAMES.lines().filter_map(move |line| line.strip_prefix(of)).flat_map(str::split_whitespace)
}

/// Whether a word in lower case is one of them.
pub fn is_name(word: &str) -> bool {
    ALL.contains(word)
}

/// Whether it is a maker's.
pub fn is_maker(word: &str) -> bool {
    MAKERS.contains(word)
}
