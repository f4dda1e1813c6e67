//! The held-out pictures with their vectors, which are kept in a library below `target/`.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use repository::paths;
use semblance::classify::Encoder;
use semblance::index::{Facts, Index, model_hash};
use semblance::{Clip, Picture};
use semblance_index::Header;
use semblance_teach::Examples;
use semblance_teach::random::Random;

use crate::shards::{self, HeldOut, Table};

/// Pictures that go through the model together.
const BATCH: usize = 32;

/// The pictures that are searched, and what is searched for.
pub struct Collection {
    pub table: Table,
    /// Of each picture its concept and those above it.
    pub concepts: Vec<Vec<usize>>,
    pub vectors: Vec<Vec<f32>>,
    /// Of each concept, the prompt's.
    pub words: Vec<Vec<f32>>,
    pub neutral: Vec<Vec<f32>>,
    pub logit_scale: f32,
}

impl Collection {
    /// So many of the pictures of a folder, drawn by chance; none where there is no such folder.
    pub fn read(folder: &Path, pictures: usize) -> Result<Option<Self>> {
        if !folder.join("table.json").is_file() {
            return Ok(None);
        }
        let (table, mut all) = shards::read(folder)?;
        Random(1).shuffle(&mut all);
        all.truncate(pictures);
        embed(table, &all).map(Some)
    }

    /// Whether a picture shows a concept.
    pub fn shows(&self, picture: usize, concept: usize) -> bool {
        self.concepts[picture].contains(&concept)
    }

    pub fn dim(&self) -> usize {
        self.vectors[0].len()
    }

    /// Some of them, as what is classified: their classes say nothing.
    pub fn pictures(&self, pictures: &[usize]) -> Result<Examples> {
        let vectors = pictures.iter().flat_map(|&picture| self.vectors[picture].clone()).collect();
        Ok(Examples::new(vectors, self.dim(), vec![0; pictures.len()], 2)?)
    }

    /// An index of some of them, numbered from 1 in this order.
    pub fn index(&self, pictures: &[usize]) -> Result<semblance_index::Index> {
        let dim = self.dim() as u32;
        let mut index = semblance_index::Index::new(Header { dim, exact: false, model: [0; 32] });
        let mut length = 0;
        for &picture in pictures {
            let facts = Facts { path: format!("{picture:06}").into(), ..Facts::default() };
            let record = index.picture(&facts, &self.vectors[picture])?;
            index.apply(&record, length);
            length += record.len() as u64;
        }
        Ok(index)
    }
}

impl Table {
    /// A concept and all above it.
    pub fn above(&self, concept: usize) -> Vec<usize> {
        let mut all = vec![concept];
        let mut at = 0;
        while at < all.len() {
            for &up in &self.up[all[at]] {
                if !all.contains(&up) {
                    all.push(up);
                }
            }
            at += 1;
        }
        all
    }

    /// Concepts that no other is below, in order.
    pub fn narrow(&self) -> Vec<usize> {
        let wide: BTreeSet<usize> = self.up.iter().flatten().copied().collect();
        (0..self.up.len()).filter(|concept| !wide.contains(concept)).collect()
    }
}

/// Embed what is not in the library yet.
fn embed(table: Table, pictures: &[HeldOut]) -> Result<Collection> {
    let model = paths::root().join("models/pocket");
    let mut clip = Clip::load(&model)?;
    let hash = model_hash(model.join("pocket-q8_0.gguf"))?;
    let header = Header { dim: clip.config().projection_dim as u32, exact: true, model: hash };
    let mut library = Index::open_with(paths::work("held-out"), Some(header))?;
    let path = |one: &HeldOut| format!("{}.jpg", one.row);
    let missing: Vec<&HeldOut> =
        pictures.iter().filter(|one| library.at_path(&path(one)).is_none()).collect();
    for (done, some) in missing.chunks(BATCH).enumerate() {
        if done % 50 == 0 {
            println!("{} of {} pictures embedded", done * BATCH, missing.len());
        }
        let decoded: Vec<Picture> =
            some.iter().map(|one| Picture::decode(&one.picture)).collect::<Result<_, _>>()?;
        for (one, vector) in some.iter().zip(clip.embed_images(&decoded)?) {
            library.put(&Facts { path: path(one).into(), ..Facts::default() }, &vector, None)?;
        }
    }
    let mut vectors = Vec::with_capacity(pictures.len());
    for one in pictures {
        let id = library.at_path(&path(one)).context("a picture was embedded")?;
        vectors.push(library.vector(id)?);
    }
    let concepts = pictures.iter().map(|one| table.above(one.concept)).collect();
    let prompts: Vec<String> = table.names.iter().map(|names| prompt(&names[0])).collect();
    let words = clip.embed_texts(&prompts)?;
    ensure!(words.len() == table.names.len(), "each concept has its words");
    let neutral = clip.embed_texts(&semblance_prompts::NEUTRAL)?;
    let logit_scale = clip.logit_scale();
    Ok(Collection { table, concepts, vectors, words, neutral, logit_scale })
}

/// As the model card has it.
fn prompt(name: &str) -> String {
    let vowel = name.starts_with(|first: char| "aeioAEIO".contains(first));
    format!("a photo of {} {name}", if vowel { "an" } else { "a" })
}
