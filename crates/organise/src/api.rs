//! What JavaScript calls; the only file here that knows it. What has many fields crosses as JSON.

use js_sys::{Array, Float32Array, Object, Reflect, Uint32Array};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::duplicates::{self, Finder};
use crate::groups::Grouping;
use crate::groups::central::central;
use crate::groups::naming::Naming;
use crate::groups::tree::Tree;
use crate::judging::{self, Mark};
use crate::map::Mapping;
use crate::rows::Rows;
use crate::tags::{self, Correction, Proposals, Tagger, Weights};
use crate::{Error, Result, rules};

impl From<Error> for JsValue {
    fn from(error: Error) -> Self {
        let js = js_sys::Error::new(&error.to_string());
        js.set_name(error.name());
        js.into()
    }
}

type JsResult<T> = std::result::Result<T, JsValue>;

/// `[{ word, kind, template }]`, JSON; `model`: the name of the one whose words they must be.
#[wasm_bindgen]
pub fn vocabulary(model: Option<String>) -> JsResult<String> {
    #[derive(Serialize)]
    struct Line {
        word: &'static str,
        kind: tags::vocabulary::Kind,
        template: &'static str,
    }
    let line = |tags::vocabulary::Term { word, kind }| Line { word, kind, template: kind.template() };
    let lines: Vec<Line> = tags::vocabulary::vocabulary(model.as_deref()).into_iter().map(line).collect();
    Ok(json(&lines)?)
}

/// Captions that mean nothing in particular.
#[wasm_bindgen]
pub fn neutral_captions() -> Vec<String> {
    semblance_prompts::NEUTRAL.map(str::to_owned).to_vec()
}

/// Words, and what was found of them.
#[wasm_bindgen]
pub struct Tags {
    tagger: Tagger,
    proposals: Proposals,
}

#[wasm_bindgen]
impl Tags {
    /// `words`: their vectors; `sample`: those of some pictures of the library.
    #[wasm_bindgen(constructor)]
    pub fn new(words: Vec<f32>, width: u32, sample: &[f32]) -> JsResult<Self> {
        let width = width as usize;
        let sample = Rows::new(sample, width)?;
        let tagger = Tagger::new(words, width, sample, Weights::of(sample.len()))?;
        let proposals = Proposals::new(tagger.len());
        Ok(Self { tagger, proposals })
    }

    /// Further pictures of the library.
    pub fn add(&mut self, pictures: &[f32]) -> JsResult<()> {
        let (words, scores) = self.tagger.tag(Rows::new(pictures, self.tagger.width())?)?;
        Ok(self.proposals.add(&words, &scores)?)
    }

    /// `corrections`: `[{ picture, word, right }]`, by places, JSON. `{ counts, words, probabilities, least, expected }`.
    pub fn select(&self, aim: f64, most: u32, corrections: &str) -> JsResult<Object> {
        let corrections: Vec<Correction> = parsed(corrections)?;
        let selection = self.proposals.select(aim, most as usize, &corrections)?;
        let counts: Vec<u32> = selection.given.iter().map(|given| given.len() as u32).collect();
        let all = selection.given.iter().flatten();
        let words: Vec<u32> = all.clone().map(|given| given.word).collect();
        let probabilities: Vec<f32> = all.map(|given| given.probability).collect();
        Ok(object(&[
            ("counts", Uint32Array::from(&counts[..]).into()),
            ("words", Uint32Array::from(&words[..]).into()),
            ("probabilities", Float32Array::from(&probabilities[..]).into()),
            ("least", selection.least.into()),
            ("expected", selection.expected.into()),
        ]))
    }
}

/// An XMP sidecar with these tags.
#[wasm_bindgen]
pub fn sidecar(tags: Vec<String>) -> String {
    tags::sidecar(&tags.iter().map(String::as_str).collect::<Vec<_>>())
}

/// Of each picture `{ scores, labels, against }`: the logit, and the words that fit best on either side.
#[wasm_bindgen]
pub fn score(
    pictures: &[f32],
    width: u32,
    labels: &[f32],
    against: &[f32],
    logit_scale: f64,
) -> JsResult<Object> {
    let width = width as usize;
    let words = rules::Words { labels: Rows::new(labels, width)?, against: Rows::new(against, width)? };
    let scored = rules::score(Rows::new(pictures, width)?, words, logit_scale)?;
    let scores: Vec<f32> = scored.iter().map(|one| one.score as f32).collect();
    let labels: Vec<u32> = scored.iter().map(|one| one.label as u32).collect();
    let against: Vec<u32> = scored.iter().map(|one| one.against as u32).collect();
    Ok(object(&[
        ("scores", Float32Array::from(&scores[..]).into()),
        ("labels", Uint32Array::from(&labels[..]).into()),
        ("against", Uint32Array::from(&against[..]).into()),
    ]))
}

/// The centre of scores after corrections, `[{ score, right }]`, JSON.
#[wasm_bindgen]
pub fn centre(marks: &str) -> JsResult<f64> {
    Ok(judging::centre(0.0, &parsed::<Vec<Mark>>(marks)?)?)
}

/// The least probability to take so that such a share is expected to be right.
#[wasm_bindgen]
pub fn cut(probabilities: &[f32], aim: f64) -> Option<f32> {
    judging::cut(&mut probabilities.to_vec(), aim).map(|cut| cut.least)
}

/// How a rule does on what was corrected. JSON.
#[wasm_bindgen]
pub fn report(marks: &str, threshold: f64) -> JsResult<String> {
    Ok(json(&rules::report(&parsed::<Vec<Mark>>(marks)?, threshold)?)?)
}

/// `{ general, rules: [{ rule, evidence }] }`, JSON.
#[wasm_bindgen]
pub fn advice() -> JsResult<String> {
    Ok(json(&serde_json::json!({ "general": rules::general(), "rules": rules::advice() }))?)
}

/// Of each picture its label of a group, and its share: `{ labels, probabilities }`.
#[wasm_bindgen]
pub fn facets(pictures: &[f32], width: u32, labels: &[f32], logit_scale: f64) -> JsResult<Object> {
    let width = width as usize;
    let found = rules::facets(Rows::new(pictures, width)?, Rows::new(labels, width)?, logit_scale)?;
    let labels: Vec<u32> = found.iter().map(|one| one.label as u32).collect();
    let probabilities: Vec<f32> = found.iter().map(|one| one.probability as f32).collect();
    Ok(object(&[
        ("labels", Uint32Array::from(&labels[..]).into()),
        ("probabilities", Float32Array::from(&probabilities[..]).into()),
    ]))
}

/// The vectors of a library, for what goes over all of them again and again.
#[wasm_bindgen]
pub struct Vectors {
    numbers: Vec<f32>,
    width: usize,
}

#[wasm_bindgen]
impl Vectors {
    #[wasm_bindgen(constructor)]
    pub fn new(width: u32) -> Self {
        Self { numbers: Vec::new(), width: width as usize }
    }

    /// Further pictures' vectors.
    pub fn add(&mut self, pictures: &[f32]) -> JsResult<()> {
        Rows::new(pictures, self.width)?;
        self.numbers.extend_from_slice(pictures);
        Ok(())
    }

    fn rows(&self) -> Result<Rows<'_>> {
        if self.numbers.is_empty() {
            return Rows::new(&self.numbers, self.width);
        }
        Ok(Rows::checked(&self.numbers, self.width))
    }
}

/// A tree of clusters.
#[wasm_bindgen]
pub struct Groups {
    grouping: Option<Grouping>,
    progress: f64,
    tree: Option<Tree>,
    naming: Option<Naming>,
}

/// Pictures that stand for a group.
const CENTRAL: usize = 8;
/// Names of a group.
const NAMES: usize = 3;

#[wasm_bindgen]
impl Groups {
    #[wasm_bindgen(constructor)]
    pub fn new(vectors: &Vectors, seed: u32) -> JsResult<Self> {
        let grouping = Some(Grouping::new(vectors.rows()?, seed.into())?);
        Ok(Self { grouping, progress: 0.0, tree: None, naming: None })
    }

    /// Whether there is more to do.
    pub fn step(&mut self, vectors: &Vectors) -> JsResult<bool> {
        let grouping = self.grouping.as_mut().ok_or_else(over)?;
        let progress = grouping.step(vectors.rows()?)?;
        self.progress = progress.share();
        Ok(!progress.is_over())
    }

    /// From 0 to 1.
    pub fn progress(&self) -> f64 {
        self.progress
    }

    /// After all steps. `terms`: vectors of words for names, or none.
    pub fn finish(&mut self, vectors: &Vectors, terms: Vec<f32>) -> JsResult<()> {
        self.tree = Some(self.grouping.take().ok_or_else(over)?.finish()?);
        if !terms.is_empty() {
            self.naming = Some(Naming::new(vectors.rows()?, Rows::new(&terms, vectors.width)?, 1)?);
        }
        Ok(())
    }

    /// Groups that there can be.
    pub fn most(&self) -> JsResult<u32> {
        Ok(self.tree()?.leaves() as u32)
    }

    pub fn suggested(&self) -> JsResult<u32> {
        Ok(self.tree()?.suggested() as u32)
    }

    /// So many groups: `{ groups, central, names }`, of each picture its group, and of each group its middle pictures and its names.
    pub fn cut(&self, vectors: &Vectors, count: u32) -> JsResult<Object> {
        let (rows, groups) = (vectors.rows()?, self.tree()?.cut(count as usize));
        let names = match &self.naming {
            Some(naming) => naming.names(rows, &groups, NAMES)?,
            None => vec![Vec::new(); count as usize],
        };
        Ok(object(&[
            ("groups", Uint32Array::from(&groups[..]).into()),
            ("central", lists(&central(rows, &groups, CENTRAL)?).into()),
            ("names", lists(&names).into()),
        ]))
    }

    fn tree(&self) -> Result<&Tree> {
        self.tree.as_ref().ok_or_else(over)
    }
}

/// A map that is under way.
#[wasm_bindgen]
pub struct Places(Mapping);

#[wasm_bindgen]
impl Places {
    #[wasm_bindgen(constructor)]
    pub fn new(vectors: &Vectors, seed: u32) -> JsResult<Self> {
        Ok(Self(Mapping::new(vectors.rows()?, seed.into())?))
    }

    /// Whether there is more to do.
    pub fn step(&mut self, vectors: &Vectors) -> JsResult<bool> {
        Ok(!self.0.step(vectors.rows()?)?.is_over())
    }

    /// From 0 to 1.
    pub fn progress(&self) -> f64 {
        self.0.progress().share()
    }

    /// x and y of each picture so far; nothing before the first ones are known.
    pub fn points(&self) -> Float32Array {
        let points: Vec<f32> = self.0.points().iter().flatten().copied().collect();
        Float32Array::from(&points[..])
    }
}

/// Duplicates that are being looked for.
#[wasm_bindgen]
pub struct Duplicates {
    finder: Option<Finder>,
    progress: f64,
}

#[wasm_bindgen]
impl Duplicates {
    /// `facts`: of each picture, JSON.
    #[wasm_bindgen(constructor)]
    pub fn new(vectors: &Vectors, facts: &str) -> JsResult<Self> {
        let facts: Vec<duplicates::Facts> = parsed(facts)?;
        Ok(Self {
            finder: Some(Finder::new(vectors.rows()?, facts, duplicates::Options::default())?),
            progress: 0.0,
        })
    }

    /// Whether there are more pairs to be looked for.
    pub fn step(&mut self, vectors: &Vectors) -> JsResult<bool> {
        let progress = self.finder()?.step(vectors.rows()?)?;
        self.progress = progress.share();
        Ok(!progress.is_over())
    }

    /// Of the stage that it is in, from 0 to 1.
    pub fn progress(&self) -> f64 {
        self.progress
    }

    /// Whose small pictures are needed.
    pub fn wanted(&mut self) -> JsResult<Uint32Array> {
        Ok(Uint32Array::from(&self.finder()?.wanted()[..]))
    }

    /// A small picture.
    pub fn look(&mut self, picture: u32, rgba: &[u8], width: u32, height: u32) -> JsResult<()> {
        Ok(self.finder()?.add_look(picture, rgba, width, height)?)
    }

    /// Whether there are more pairs to be judged.
    pub fn judge(&mut self) -> JsResult<bool> {
        let progress = self.finder()?.judge()?;
        self.progress = progress.share();
        Ok(!progress.is_over())
    }

    /// The sets, JSON.
    pub fn finish(&mut self, vectors: &Vectors) -> JsResult<String> {
        Ok(json(&self.finder.take().ok_or_else(over)?.finish(vectors.rows()?)?)?)
    }

    fn finder(&mut self) -> Result<&mut Finder> {
        self.finder.as_mut().ok_or_else(over)
    }
}

fn over() -> Error {
    Error::Argument("what is over was gone on with".into())
}

fn lists(lists: &[Vec<u32>]) -> Array {
    lists.iter().map(|list| JsValue::from(Uint32Array::from(&list[..]))).collect()
}

fn object(fields: &[(&str, JsValue)]) -> Object {
    let object = Object::new();
    for (name, value) in fields {
        // Setting a field of a fresh plain object cannot fail.
        let _ = Reflect::set(&object, &JsValue::from_str(name), value);
    }
    object
}

fn json(what: &impl Serialize) -> Result<String> {
    serde_json::to_string(what).map_err(|error| Error::Argument(error.to_string()))
}

fn parsed<T: serde::de::DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|error| Error::Argument(error.to_string()))
}
