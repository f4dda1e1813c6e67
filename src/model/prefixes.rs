//! Texts as a tree of tokens: what several begin with is computed once.
//!
//! Under the causal mask a token's vectors depend on the tokens before it and nothing else, so “a photo of a cat” and
//! “a photo of a dog” share all but two. Each row of the text tower is a node of the tree; eighty labels in one
//! template are some 250 rows instead of 800.

use crate::kernels::attention::Span;

/// One pass through the text tower.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Prefixes {
    /// Each row's token and position.
    pub ids: Vec<u32>,
    pub positions: Vec<u32>,
    /// For each text, the rows it reads and those that it brings.
    pub spans: Vec<Span>,
    /// For each text, the rows it reads, asking for its last one only.
    pub end_spans: Vec<Span>,
    /// Each text's last row.
    pub ends: Vec<u32>,
}

impl Prefixes {
    /// The tree of texts in alphabetical order of their tokens, where common beginnings stand side by side. Each text
    /// has a token and no two are equal.
    pub fn new(sorted: &[&[u32]]) -> Self {
        let mut tree = Self::default();
        let mut path: Vec<usize> = Vec::new();
        let mut before: &[u32] = &[];
        for ids in sorted {
            let shared = before.iter().zip(*ids).take_while(|(a, b)| a == b).count();
            path.truncate(shared);
            for (position, id) in ids.iter().enumerate().skip(shared) {
                path.push(tree.ids.len());
                tree.ids.push(*id);
                tree.positions.push(position as u32);
            }
            let span = |queries| Span { keys: path.clone(), queries, causal: true };
            tree.spans.push(span(shared..ids.len()));
            tree.end_spans.push(span(ids.len() - 1..ids.len()));
            tree.ends.push(path[ids.len() - 1] as u32);
            before = ids;
        }
        tree
    }
}

/// Rows (tokens) in one pass through a tower; bounds the memory of a call. Above some 300 a pass gets no faster.
pub const PASS_ROWS: usize = 512;

/// Cut sorted texts into passes that bring at most `rows` rows each, or one text.
pub fn passes<'a>(sorted: &'a [&'a [u32]], rows: usize) -> Vec<&'a [&'a [u32]]> {
    let mut passes = Vec::new();
    let (mut start, mut brought) = (0, 0);
    for (i, ids) in sorted.iter().enumerate() {
        let shared = match i.checked_sub(1).filter(|before| *before >= start) {
            Some(before) => sorted[before].iter().zip(*ids).take_while(|(a, b)| a == b).count(),
            None => 0,
        };
        brought += ids.len() - shared;
        if brought > rows && i > start {
            passes.push(&sorted[start..i]);
            (start, brought) = (i, ids.len());
        }
    }
    if start < sorted.len() {
        passes.push(&sorted[start..]);
    }
    passes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_beginnings_are_rows_once() {
        let tree = Prefixes::new(&[&[1, 2], &[1, 2, 3, 9], &[1, 2, 4, 9], &[5, 2]]);
        assert_eq!(tree.ids, [1, 2, 3, 9, 4, 9, 5, 2]);
        assert_eq!(tree.positions, [0, 1, 2, 3, 2, 3, 0, 1]);
        assert_eq!(tree.ends, [1, 3, 5, 7]);
        let keys: Vec<_> = tree.spans.iter().map(|span| span.keys.clone()).collect();
        assert_eq!(keys, [vec![0, 1], vec![0, 1, 2, 3], vec![0, 1, 4, 5], vec![6, 7]]);
        let queries: Vec<_> = tree.spans.iter().map(|span| span.queries.clone()).collect();
        assert_eq!(queries, [0..2, 2..4, 2..4, 0..2]);
        assert!(tree.end_spans.iter().all(|span| span.queries == (span.keys.len() - 1..span.keys.len())));
    }

    #[test]
    fn passes_are_bounded_and_lose_nothing() {
        let texts: [&[u32]; 5] = [&[1, 2, 3], &[1, 2, 4], &[1, 5], &[6, 7, 8, 9], &[6, 7, 8, 9, 9]];
        for rows in 0..20 {
            let passes = passes(&texts, rows);
            assert_eq!(passes.concat(), texts);
            assert!(
                passes.iter().all(|pass| pass.len() == 1 || Prefixes::new(pass).ids.len() <= rows),
                "{rows}"
            );
        }
        assert_eq!(passes(&texts, 10).len(), 1);
        assert!(passes(&[], 10).is_empty());
    }
}
