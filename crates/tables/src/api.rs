//! What JavaScript calls; the only file here that knows it. Lists of pictures cross as JSON.

use js_sys::{Object, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;

use crate::parquet::Writer;
use crate::picture::{List, Picture};
use crate::{Error, Table, parquet, vectors};

impl From<Error> for JsValue {
    fn from(error: Error) -> Self {
        let js = js_sys::Error::new(&error.to_string());
        js.set_name("StorageError");
        js.into()
    }
}

type JsResult<T> = Result<T, JsValue>;

/// What stands before the vectors in a file of them: `npy` or `safetensors`.
#[wasm_bindgen]
pub fn vectors_header(format: &str, count: u32, dim: u32) -> JsResult<Vec<u8>> {
    Ok(if format == "npy" {
        vectors::npy_header(count, dim)
    } else {
        vectors::safetensors_header(count, dim)?
    })
}

#[wasm_bindgen]
pub struct ParquetWriter(Writer);

#[wasm_bindgen]
impl ParquetWriter {
    #[wasm_bindgen(constructor)]
    pub fn new(model: &[u8], dim: u32) -> JsResult<Self> {
        let model = model.try_into().map_err(|_| Error::Parquet("a hash has 32 bytes".into()))?;
        Ok(Self(Writer::new(&model, dim)?))
    }

    /// `pictures`: JSON.
    pub fn push(&mut self, pictures: &str, vectors: &[f32]) -> JsResult<Vec<u8>> {
        let pictures: Vec<Picture> =
            serde_json::from_str(pictures).map_err(|error| Error::List(error.to_string()))?;
        Ok(self.0.push(&pictures, vectors)?)
    }

    pub fn finish(self) -> JsResult<Vec<u8>> {
        Ok(self.0.finish()?)
    }
}

/// What a file had.
#[wasm_bindgen]
pub struct ReadTable(Table);

#[wasm_bindgen]
impl ReadTable {
    pub fn parquet(bytes: Vec<u8>) -> JsResult<ReadTable> {
        Ok(Self(parquet::read(bytes)?))
    }

    /// `format`: `npy` or `safetensors`; `list`: JSON.
    pub fn vectors(format: &str, bytes: Vec<u8>, list: &[u8]) -> JsResult<ReadTable> {
        let read = if format == "npy" { vectors::from_npy } else { vectors::from_safetensors };
        let (vectors, dim) = read(&bytes)?;
        let list = List::from_json(list)?;
        if list.dim != dim {
            let numbers = vectors.len();
            return Err(Error::Fit { pictures: list.pictures.len(), dim: list.dim as usize, numbers }.into());
        }
        Ok(Self(Table::new(list, vectors)?))
    }

    /// `{ model, dim, count }`.
    pub fn info(&self) -> Object {
        let List { model, dim, pictures } = &self.0.list;
        let object = Object::new();
        let fields: [(&str, JsValue); 3] = [
            ("model", Uint8Array::from(&model[..]).into()),
            ("dim", (*dim).into()),
            ("count", (pictures.len() as u32).into()),
        ];
        for (name, value) in fields {
            // Setting a field of a fresh plain object cannot fail.
            let _ = Reflect::set(&object, &JsValue::from_str(name), &value);
        }
        object
    }

    /// Some of the pictures, as JSON.
    pub fn pictures(&self, from: u32, count: u32) -> String {
        let pictures = &self.0.list.pictures;
        let from = pictures.len().min(from as usize);
        let until = pictures.len().min(from + count as usize);
        serde_json::to_string(&pictures[from..until]).unwrap_or_default()
    }

    pub fn vector(&self, at: u32) -> Vec<f32> {
        let dim = self.0.list.dim as usize;
        self.0.vectors.chunks(dim).nth(at as usize).unwrap_or_default().to_vec()
    }
}
