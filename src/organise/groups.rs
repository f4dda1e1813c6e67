//! Clusters of a library, and a map of it.

use semblance_organise::groups::central::central;
use semblance_organise::groups::naming::Naming;
use semblance_organise::groups::tree;
use semblance_organise::groups::tree::Tree;
use semblance_organise::map::Mapping;
use semblance_organise::rows::Rows;
use semblance_organise::tags::vocabulary::Term;

use super::vectors::vectors;
use crate::{Clip, Index, Result};

/// A tree of clusters that can be cut anywhere.
#[derive(Debug)]
pub struct Groups {
    /// Of pictures, in the order of paths.
    pub ids: Vec<u32>,
    pub tree: Tree,
    terms: Vec<Term>,
    naming: Option<Naming>,
    vectors: Vec<f32>,
    width: usize,
}

impl Groups {
    /// Of each picture its group, so many in all, the largest first: see [`Tree::cut`].
    pub fn cut(&self, count: usize) -> Vec<u32> {
        self.tree.cut(count)
    }

    /// Of each group of a cut up to `most` names, the best first.
    ///
    /// Errors: not one group for each picture.
    pub fn names(&self, groups: &[u32], most: usize) -> Result<Vec<Vec<&'static str>>> {
        let Some(naming) = &self.naming else { return Ok(Vec::new()) };
        let names = naming.names(self.rows()?, groups, most)?;
        Ok(names
            .into_iter()
            .map(|names| names.iter().map(|&name| self.terms[name as usize].word).collect())
            .collect())
    }

    /// Of each group of a cut the places of the pictures that are nearest to its middle.
    ///
    /// Errors: not one group for each picture.
    pub fn central(&self, groups: &[u32], count: usize) -> Result<Vec<Vec<u32>>> {
        Ok(central(self.rows()?, groups, count)?)
    }

    fn rows(&self) -> Result<Rows<'_>> {
        Ok(Rows::new(&self.vectors, self.width)?)
    }
}

/// Small clusters by spherical k-means, then Ward's method over them; `terms`: words for names, or none.
///
/// Errors: no pictures, or a text cannot be tokenised.
pub fn groups(index: &mut Index, clip: &mut Clip, terms: &[Term], seed: u64) -> Result<Groups> {
    let width = index.header().dim as usize;
    let (ids, vectors) = vectors(index)?;
    let tree = tree(Rows::new(&vectors, width)?, seed)?;
    let prompts: Vec<String> =
        terms.iter().map(|term| term.kind.template().replace("{}", term.word)).collect();
    let naming = if terms.is_empty() {
        None
    } else {
        let words = clip.embed_texts(&prompts)?.concat();
        Some(Naming::new(Rows::new(&vectors, width)?, Rows::new(&words, width)?, seed)?)
    };
    Ok(Groups { ids, tree, terms: terms.to_vec(), naming, vectors, width })
}

/// Where each picture is.
#[derive(Debug)]
pub struct Map {
    pub ids: Vec<u32>,
    pub points: Vec<[f32; 2]>,
}

/// Near ones together: a neighbour embedding that begins at the principal components.
///
/// Errors: no pictures.
pub fn map(index: &mut Index, seed: u64) -> Result<Map> {
    let width = index.header().dim as usize;
    let (ids, vectors) = vectors(index)?;
    let rows = Rows::new(&vectors, width)?;
    let mut mapping = Mapping::new(rows, seed)?;
    while !mapping.step(rows)?.is_over() {}
    Ok(Map { ids, points: mapping.points().to_vec() })
}
