//! What JavaScript calls; the only file here that knows it. Numbers beyond 32 bits are f64 there.

use js_sys::{Float32Array, Object, Reflect, Uint8Array, Uint32Array};
use wasm_bindgen::prelude::*;

use crate::facts::{Facts, Place};
use crate::filter::{Filter, Shape};
use crate::header::Header;
use crate::index::Index;
use crate::opening::{Opened, Opening};
use crate::query::Part;
use crate::search::Hit;
use crate::{Error, Result};
use semblance_prompts::NEUTRAL;

impl From<Error> for JsValue {
    fn from(error: Error) -> Self {
        let js = js_sys::Error::new(&error.to_string());
        js.set_name(error.name());
        js.into()
    }
}

type JsResult<T> = std::result::Result<T, JsValue>;

/// Captions that mean nothing in particular.
#[wasm_bindgen]
pub fn neutral_captions() -> Vec<String> {
    NEUTRAL.map(str::to_owned).to_vec()
}

/// An index from the bytes of its file.
#[wasm_bindgen]
pub struct IndexReader(Opening);

#[wasm_bindgen]
impl IndexReader {
    #[wasm_bindgen(constructor)]
    #[allow(clippy::new_without_default, reason = "JavaScript's constructor")]
    pub fn new() -> Self {
        Self(Opening::new())
    }

    pub fn push(&mut self, chunk: &[u8]) {
        self.0.push(chunk);
    }

    /// `{ index, length, damaged }`, or `{ again }`: another reader, to be pushed the file once more.
    pub fn finish(self) -> JsResult<Object> {
        Ok(match self.0.finish()? {
            Opened::Whole(index, report) => object(&[
                ("index", PictureIndex(index).into()),
                ("length", (report.length as f64).into()),
                ("damaged", (report.damaged as f64).into()),
            ]),
            Opened::Again(opening) => object(&[("again", Self(opening).into())]),
        })
    }
}

/// The pictures of an index and their vectors, in memory.
#[wasm_bindgen]
pub struct PictureIndex(Index);

#[wasm_bindgen]
impl PictureIndex {
    /// An index of no picture. `model`: 32 bytes, the SHA-256 of the weights.
    #[wasm_bindgen(constructor)]
    pub fn new(dim: u32, exact: bool, model: &[u8]) -> JsResult<Self> {
        Ok(Self(Index::new(Header { dim, exact, model: hash(model)? })))
    }

    /// `{ dim, exact, model, pictures, bytes, waste }`.
    pub fn info(&self) -> Object {
        let (header, stats) = (self.0.header(), self.0.stats());
        object(&[
            ("dim", header.dim.into()),
            ("exact", header.exact.into()),
            ("model", Uint8Array::from(&header.model[..]).into()),
            ("pictures", stats.pictures.into()),
            ("bytes", (stats.bytes as f64).into()),
            ("waste", (stats.waste as f64).into()),
        ])
    }

    /// All numbers, in the order of paths.
    pub fn ids(&self) -> Vec<u32> {
        self.0.ids()
    }

    /// The numbers of the pictures that a filter takes, in the order of paths.
    pub fn ids_of(&self, filter: &Object) -> JsResult<Vec<u32>> {
        Ok(self.0.ids_of(&filter_from_js(filter)?))
    }

    pub fn folders(&self) -> Vec<String> {
        self.0.folders().into_iter().map(str::to_owned).collect()
    }

    /// Numbers of the pictures around one in its folder.
    pub fn neighbours(&self, id: u32, count: u32) -> JsResult<Vec<u32>> {
        Ok(self.0.neighbours(id, count as usize)?)
    }

    pub fn has(&self, id: u32) -> bool {
        self.0.facts(id).is_ok()
    }

    /// What is known of a picture.
    pub fn facts(&self, id: u32) -> JsResult<Object> {
        Ok(facts_to_js(self.0.facts(id)?))
    }

    pub fn at_path(&self, path: &str) -> Option<u32> {
        self.0.at_path(path)
    }

    pub fn of_content(&self, sha256: &[u8]) -> JsResult<Option<u32>> {
        Ok(self.0.of_content(&hash(sha256)?))
    }

    pub fn vector(&self, id: u32) -> JsResult<Vec<f32>> {
        Ok(self.0.vector(id)?)
    }

    /// Vectors one after another.
    pub fn vectors(&self, ids: &[u32]) -> JsResult<Vec<f32>> {
        let mut rows = Vec::with_capacity(ids.len() * self.0.header().dim as usize);
        for &id in ids {
            rows.extend(self.0.vector(id)?);
        }
        Ok(rows)
    }

    /// `[at, length]` in the file.
    pub fn vector_place(&self, id: u32) -> JsResult<Vec<f64>> {
        let (at, length) = self.0.vector_place(id)?;
        Ok(vec![at as f64, length as f64])
    }

    /// The record of a picture with its vector, to be appended to the file and then applied.
    pub fn picture(&mut self, facts: &Object, vector: &[f32]) -> JsResult<Vec<u8>> {
        Ok(self.0.picture(&facts_from_js(facts)?, vector)?)
    }

    /// The same with a vector's bytes as the file has them.
    pub fn picture_with(&mut self, facts: &Object, vector: &[u8]) -> JsResult<Vec<u8>> {
        Ok(self.0.picture_with(&facts_from_js(facts)?, vector)?)
    }

    /// The record of a picture for a new file, under the number that it had in another one.
    pub fn copy(&mut self, id: u32, facts: &Object, vector: &[u8]) -> JsResult<Vec<u8>> {
        Ok(self.0.copy(id, &facts_from_js(facts)?, vector)?)
    }

    /// The record of other facts.
    pub fn renewed(&self, id: u32, facts: &Object) -> JsResult<Vec<u8>> {
        Ok(self.0.renewed(id, &facts_from_js(facts)?)?)
    }

    pub fn removal(&self, id: u32) -> JsResult<Vec<u8>> {
        Ok(self.0.removal(id)?)
    }

    /// Take in records that were appended to the file at `at`.
    pub fn apply(&mut self, bytes: &[u8], at: f64) {
        self.0.apply(bytes, at as u64);
    }

    /// The query that parts are together, a unit vector; `parts`: their vectors one after another, a weight each.
    pub fn combine(&self, parts: &[f32], weights: &[f32]) -> JsResult<Vec<f32>> {
        let vectors = parts.chunks(self.0.header().dim as usize);
        let parts: Vec<Part> =
            vectors.zip(weights).map(|(vector, &weight)| Part { vector, weight }).collect();
        Ok(self.0.combine(&parts)?)
    }

    /// The best `k`, best first, and where results end: `{ ids, cosines, line, threshold, middle, spread }`; all of them
    /// where `k` is the greatest there is. `rivals`: vectors of the neutral captions, one after another, or none.
    pub fn rank(&self, query: &[f32], rivals: &[f32], k: u32, filter: &Object) -> JsResult<Object> {
        let rivals: Vec<&[f32]> = rivals.chunks(self.0.header().dim as usize).collect();
        let k = if k == u32::MAX { usize::MAX } else { k as usize };
        let ranking = self.0.rank(query, &rivals, k, &filter_from_js(filter)?)?;
        let object = hits_to_js(&ranking.hits);
        for (name, value) in [
            ("line", ranking.line as f64),
            ("threshold", ranking.threshold),
            ("middle", ranking.middle),
            ("spread", ranking.spread),
        ] {
            // Setting a field of a fresh plain object cannot fail.
            let _ = Reflect::set(&object, &JsValue::from_str(name), &value.into());
        }
        Ok(object)
    }

    /// The same from the same, in the order of cosines with the vectors that the file keeps as f32; `bytes`: those of all
    /// hits, one after another, as [`Self::vector_place`] says.
    pub fn rescore(&self, query: &[f32], ids: &[u32], bytes: &[u8]) -> JsResult<Object> {
        self.0.check(query)?;
        Ok(hits_to_js(&self.0.rescore(query, ids, bytes)?))
    }
}

fn hits_to_js(hits: &[Hit]) -> Object {
    let ids: Vec<u32> = hits.iter().map(|hit| hit.id).collect();
    let cosines: Vec<f32> = hits.iter().map(|hit| hit.cosine).collect();
    object(&[
        ("ids", Uint32Array::from(&ids[..]).into()),
        ("cosines", Float32Array::from(&cosines[..]).into()),
    ])
}

/// 32 bytes.
fn hash(bytes: &[u8]) -> Result<[u8; 32]> {
    bytes.try_into().map_err(|_| Error::Argument("a hash has 32 bytes".into()))
}

fn facts_to_js(facts: &Facts) -> Object {
    let place = facts.thumbnail.map_or(JsValue::NULL, |Place { at, length, crc }| {
        object(&[("at", (at as f64).into()), ("length", length.into()), ("crc", crc.into())]).into()
    });
    object(&[
        ("path", (&*facts.path).into()),
        ("size", (facts.size as f64).into()),
        ("modified", (facts.modified as f64).into()),
        ("taken", facts.taken.map_or(JsValue::NULL, |taken| (taken as f64).into())),
        ("width", facts.width.into()),
        ("height", facts.height.into()),
        ("hash", Uint8Array::from(&facts.hash[..]).into()),
        ("thumbnail", place),
    ])
}

fn facts_from_js(facts: &Object) -> Result<Facts> {
    let thumbnail = field(facts, "thumbnail");
    let place = |thumbnail: &JsValue| -> Result<Place> {
        let number = |name| number(thumbnail, name)?.ok_or_else(|| wrong(name));
        Ok(Place { at: number("at")? as u64, length: number("length")? as u32, crc: number("crc")? as u32 })
    };
    let number = |name| number(facts, name);
    let needed = |name| number(name)?.ok_or_else(|| wrong(name));
    Ok(Facts {
        path: text(facts, "path")?.ok_or_else(|| wrong("path"))?.into(),
        size: needed("size")? as u64,
        modified: needed("modified")? as i64,
        taken: number("taken")?.map(|taken| taken as i64),
        width: needed("width")? as u32,
        height: needed("height")? as u32,
        hash: hash(&field(facts, "hash").dyn_into::<Uint8Array>().map_err(|_| wrong("hash"))?.to_vec())?,
        thumbnail: if thumbnail.is_null() || thumbnail.is_undefined() {
            None
        } else {
            Some(place(&thumbnail)?)
        },
    })
}

fn filter_from_js(filter: &Object) -> Result<Filter> {
    let number = |name| number(filter, name);
    let shape = match text(filter, "shape")?.as_deref() {
        None => None,
        Some("landscape") => Some(Shape::Landscape),
        Some("portrait") => Some(Shape::Portrait),
        Some("square") => Some(Shape::Square),
        Some(_) => return Err(wrong("shape")),
    };
    Ok(Filter {
        folder: text(filter, "folder")?.unwrap_or_default(),
        from: number("from")?.map(|from| from as i64),
        until: number("until")?.map(|until| until as i64),
        smallest: number("smallest")?.map(|smallest| smallest as u64),
        largest: number("largest")?.map(|largest| largest as u64),
        pixels: number("pixels")?.map(|pixels| pixels as u32),
        shape,
    })
}

fn wrong(field: &str) -> Error {
    Error::Argument(format!("“{field}” is missing or of another type"))
}

fn field(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).unwrap_or(JsValue::UNDEFINED)
}

/// A finite number; none where it is null or left out.
fn number(object: &JsValue, name: &str) -> Result<Option<f64>> {
    let value = field(object, name);
    if value.is_null() || value.is_undefined() {
        return Ok(None);
    }
    value.as_f64().filter(|number| number.is_finite()).map(Some).ok_or_else(|| wrong(name))
}

fn text(object: &JsValue, name: &str) -> Result<Option<String>> {
    let value = field(object, name);
    if value.is_null() || value.is_undefined() {
        return Ok(None);
    }
    value.as_string().map(Some).ok_or_else(|| wrong(name))
}

fn object(fields: &[(&str, JsValue)]) -> Object {
    let object = Object::new();
    for (name, value) in fields {
        // Setting a field of a fresh plain object cannot fail.
        let _ = Reflect::set(&object, &JsValue::from_str(name), value);
    }
    object
}
