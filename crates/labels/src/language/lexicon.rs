//! WordNet's nouns: what they may mean, and what is a kind of what. `data/make.py` says how the file is written.

use std::collections::HashMap;
use std::sync::LazyLock;

const FIRST: &str = include_str!("../../data/hand/first.txt");

pub const WORDNET: &str = include_str!("../../data/wordnet.txt");

/// So many senses of a kind given by hand count.
const BY_HAND: usize = 2;

/// A set of synonyms, by its line.
pub type Synset = u32;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sense {
    pub synset: Synset,
    /// Among the lemma's senses in WordNet, from 1; the commonest first, where SemCor has them.
    pub place: u8,
    /// 0 where SemCor has none; otherwise 1 + ⌊log₂ of how many⌋.
    pub count: u8,
}

struct Node {
    up: Option<Synset>,
    also: Vec<Synset>,
    depth: u8,
    lemmas: &'static str,
}

pub struct Lexicon {
    nodes: Vec<Node>,
    /// Sorted by lemma, then by place.
    lemmas: Vec<(&'static str, Sense)>,
    /// What alone counts of a lemma, by hand.
    first: HashMap<String, String>,
}

static LEXICON: LazyLock<Lexicon> = LazyLock::new(Lexicon::read);

/// It is read at its first use.
pub fn lexicon() -> &'static Lexicon {
    &LEXICON
}

impl Lexicon {
    fn read() -> Self {
        let text = WORDNET.split_once("\n\n").map_or(WORDNET, |halves| halves.0);
        let mut nodes: Vec<Node> = Vec::new();
        let mut lemmas = Vec::new();
        // Where the last line of each depth stands.
        let mut path: Vec<Synset> = Vec::new();
        for (line, synset) in text.lines().zip(0..) {
            let depth = line.bytes().next().unwrap_or(b'A').saturating_sub(b'A');
            let mut fields = line.get(2..).unwrap_or("").split('>');
            let names = fields.next().unwrap_or("");
            path.truncate(depth.into());
            let up = path.last().copied();
            path.push(synset);
            let also = fields.filter_map(|number| number.parse().ok()).collect();
            nodes.push(Node { up, also, depth, lemmas: names });
            lemmas.extend(names.split(',').filter(|name| !name.is_empty()).map(|name| sense(name, synset)));
        }
        lemmas.sort_unstable_by_key(|&(lemma, sense)| (lemma, sense.place));
        let lines =
            FIRST.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(": "));
        let spaced = |text: &str| text.replace('_', " ");
        let first =
            lines.flat_map(|(kind, words)| words.split(' ').map(move |word| (spaced(word), spaced(kind))));
        Self { nodes, lemmas, first: first.collect() }
    }

    /// What a lemma may mean; empty where it is none.
    pub fn senses(&self, lemma: &str) -> &[(&'static str, Sense)] {
        let from = self.lemmas.partition_point(|&(one, _)| one < lemma);
        let of = self.lemmas[from..].partition_point(|&(one, _)| one == lemma);
        &self.lemmas[from..from + of]
    }

    pub fn has(&self, lemma: &str) -> bool {
        !self.senses(lemma).is_empty()
    }

    /// What a lemma usually means, the commonest first: by hand, or senses that SemCor has at least about a quarter as often as its
    /// commonest one. Where it has hardly any of them it is WordNet's order that says so: the first two of what it has once,
    /// the first three of what it has not.
    pub fn common(&self, lemma: &str) -> Vec<Synset> {
        let senses = self.senses(lemma);
        if let Some(kind) = self.first.get(lemma) {
            let of = senses.iter().map(|(_, sense)| sense.synset).filter(|&synset| self.is_of(synset, kind));
            return of.take(BY_HAND).collect();
        }
        let most = senses.iter().map(|(_, sense)| sense.count).max().unwrap_or(0);
        let places = match most {
            0 => 3,
            1 => 2,
            _ => 0,
        };
        let common = senses
            .iter()
            .enumerate()
            .filter(|(at, (_, sense))| *at < places || (sense.count > 0 && sense.count + 2 >= most.max(3)));
        common.map(|(_, (_, sense))| sense.synset).collect()
    }

    /// Whether a synset, or one of those that it is a kind of, has a lemma.
    fn is_of(&self, synset: Synset, lemma: &str) -> bool {
        let up = self.ancestors(synset);
        up.into_iter().chain([synset]).any(|one| self.lemmas(one).any(|name| name == lemma))
    }

    /// The lemmas of a synset.
    pub fn lemmas(&self, synset: Synset) -> impl Iterator<Item = &'static str> + use<> {
        let names = self.nodes.get(synset as usize).map_or("", |node| node.lemmas);
        names.split(',').map(move |name| sense(name, synset).0)
    }

    /// From the root.
    pub fn depth(&self, synset: Synset) -> u8 {
        self.nodes.get(synset as usize).map_or(0, |node| node.depth)
    }

    /// All that a synset is a kind of, the nearest first.
    pub fn ancestors(&self, synset: Synset) -> Vec<Synset> {
        let mut all = Vec::new();
        let mut next = vec![synset];
        while let Some(one) = next.pop() {
            let Some(node) = self.nodes.get(one as usize) else { continue };
            for &up in node.also.iter().chain(&node.up) {
                if !all.contains(&up) {
                    all.push(up);
                    next.push(up);
                }
            }
        }
        all
    }
}

/// `dog3C`: the third sense of dog, of count 2.
fn sense(name: &'static str, synset: Synset) -> (&'static str, Sense) {
    let (name, count) = match name.as_bytes().last() {
        Some(&last) if last.is_ascii_uppercase() => (&name[..name.len() - 1], last - b'A'),
        _ => (name, 0),
    };
    let lemma = name.trim_end_matches(|c: char| c.is_ascii_digit());
    (lemma, Sense { synset, place: name[lemma.len()..].parse().unwrap_or(1), count })
}

#[cfg(test)]
mod tests {
    use super::{FIRST, lexicon};

    #[test]
    fn what_is_said_by_hand_is_a_sense_of_wordnet_and_no_other_is_left() {
        let mut words = 0;
        for (kind, of) in
            FIRST.lines().filter_map(|line| line.split_once(": ")).filter(|line| !line.0.starts_with('#'))
        {
            for word in of.split(' ').map(|word| word.replace('_', " ")) {
                let common = lexicon().common(&word);
                assert!(!common.is_empty(), "{word} is no {kind}");
                assert!(
                    common.iter().all(|&synset| lexicon().is_of(synset, &kind.replace('_', " "))),
                    "{word}"
                );
                words += 1;
            }
        }
        assert!(words > 200);
    }
}
