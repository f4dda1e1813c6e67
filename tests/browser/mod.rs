//! What the two browser suites (`worker.rs`, `page.rs`) share: pocket as the site ships it, its goldens, and the
//! site's own decoder.
#![allow(dead_code, reason = "each suite is a crate of its own and uses its part")]

use js_sys::{Array, Function, Promise, Reflect, Uint8Array};
use safetensors::SafeTensors;
use semblance::api::{Engine, Loader, PictureFacts};
use serde_json::Value;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

pub const BUNDLE: &[u8] = include_bytes!("../../models/pocket/pocket-q8_0.gguf");
const MANIFEST: &str = include_str!("../../models/pocket/manifest.json");
const GOLDEN: &str = include_str!("../golden/pocket/golden.json");
static GOLDEN_TENSORS: &[u8] = include_bytes!("../golden/pocket/golden.safetensors");

/// Pocket in the exact mode, read in chunks as the network delivers them.
pub fn engine() -> Engine {
    engine_of("f32", "both")
}

/// Pocket computing in `dtype`, with these towers.
pub fn engine_of(dtype: &str, towers: &str) -> Engine {
    let mut loader = Loader::new(dtype, towers, None).expect("the names are known");
    for chunk in BUNDLE.chunks(65_537) {
        loader.push(chunk).expect("the bundle's bytes are a model's");
    }
    loader.finish().expect("the bundle is whole")
}

/// The texts' vectors, one after the other.
pub fn embed_texts(engine: &mut Engine, texts: Vec<String>) -> Vec<f32> {
    let found = engine.embed_texts(texts).expect("texts");
    js_sys::Float32Array::from(field(&found, "vectors")).to_vec()
}

pub fn manifest() -> Value {
    serde_json::from_str(MANIFEST).expect("the manifest is JSON")
}

/// What transformers computes with pocket's weights as the bundle holds them.
pub struct Golden {
    json: Value,
    tensors: SafeTensors<'static>,
}

impl Golden {
    pub fn read() -> Self {
        Self {
            json: serde_json::from_str(GOLDEN).expect("the golden is JSON"),
            tensors: SafeTensors::deserialize(GOLDEN_TENSORS).expect("the golden is safetensors"),
        }
    }

    /// An f32 tensor's rows.
    pub fn rows(&self, name: &str) -> Vec<Vec<f32>> {
        let tensor = self.tensors.tensor(name).expect(name);
        let numbers: Vec<f32> =
            tensor.data().chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect();
        numbers.chunks(tensor.shape()[1]).map(<[f32]>::to_vec).collect()
    }

    /// The preprocessed pictures as RGBA, and their side.
    pub fn pictures(&self) -> (Vec<Vec<u8>>, u32) {
        let tensor = self.tensors.tensor("pixels").expect("pixels");
        let side = tensor.shape()[1];
        let rgba = |rgb: &[u8]| rgb.chunks_exact(3).flat_map(|p| [p[0], p[1], p[2], 255]).collect();
        (tensor.data().chunks_exact(3 * side * side).map(rgba).collect(), side as u32)
    }

    pub fn texts(&self) -> Vec<String> {
        strings(self.json["texts"].as_array().expect("texts").iter().map(|text| &text["text"]))
    }

    /// The file names of the pictures, in `assets/samples/`.
    pub fn picture_names(&self) -> Vec<String> {
        strings(self.json["pictures"].as_array().expect("pictures"))
    }

    /// Name, template and labels of each set of labels.
    pub fn sets(&self) -> Vec<(String, String, Vec<String>)> {
        let sets = self.json["sets"].as_array().expect("sets");
        let set = |set: &Value| {
            let labels = strings(set["labels"].as_array().expect("labels"));
            (set["name"].to_string().replace('"', ""), strings([&set["template"]]).remove(0), labels)
        };
        sets.iter().map(set).collect()
    }
}

fn strings<'a>(values: impl IntoIterator<Item = &'a Value>) -> Vec<String> {
    values.into_iter().map(|value| value.as_str().expect("a string").to_owned()).collect()
}

/// Σ a·b: the cosine of unit vectors.
pub fn dot(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// The largest difference of two rows of numbers.
pub fn difference(a: &[f32], b: &[f32]) -> f32 {
    assert_eq!(a.len(), b.len(), "rows of different lengths");
    a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}

/// A field of a plain JavaScript object.
pub fn field(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).expect("an object")
}

pub fn number(object: &JsValue, name: &str) -> f64 {
    field(object, name).as_f64().expect(name)
}

/// The error's name, and its message to be looked at.
pub fn refusal<T>(result: Result<T, JsValue>) -> (String, String) {
    let error = result.err().expect("an error");
    assert!(error.is_instance_of::<js_sys::Error>(), "{error:?} is no Error");
    let text = |name| field(&error, name).as_string().expect(name);
    (text("name"), text("message"))
}

/// The modules of the site's decoder, each after those that it imports.
const DECODER: &[(&str, &str)] = &[
    ("../errors.js", include_str!("../../www/engine/errors.js")),
    ("./facts.js", include_str!("../../www/engine/pictures/facts.js")),
    ("./turn.js", include_str!("../../www/engine/pictures/turn.js")),
    // Asks the network for its module: the end-to-end tests have it.
    ("./tiff.js", "export function decodeTiff() { throw new Error('there is none'); }"),
    ("./sniff.js", include_str!("../../www/engine/pictures/sniff.js")),
    ("./decode.js", include_str!("../../www/engine/pictures/decode.js")),
];

/// Pixels as a canvas has them.
pub struct Rgba {
    pub data: Vec<u8>,
    pub width: u32,
    pub height: u32,
}

impl Rgba {
    /// From `{ data, width, height }`.
    pub fn from_js(rgba: &JsValue) -> Self {
        let side = |name| number(rgba, name) as u32;
        Self {
            data: Uint8Array::new(&field(rgba, "data")).to_vec(),
            width: side("width"),
            height: side("height"),
        }
    }
}

/// `decode` of `www/engine/pictures/decode.js`, the one that the site runs, imported from its text since the test server
/// serves no files of the site.
pub struct Decoder {
    decode: Function,
    read_facts: Closure<dyn Fn(f64) -> JsValue>,
}

impl Decoder {
    pub async fn new() -> Self {
        let import = Function::new_with_args(
            "modules",
            "const addresses = [];
             for (const [name, text] of modules) {
               const linked = addresses.reduce((text, [name, url]) => text.replaceAll(`\"${name}\"`, `\"${url}\"`), text);
               addresses.push([name, URL.createObjectURL(new Blob([linked], { type: 'text/javascript' }))]);
             }
             return import(addresses.at(-1)[1]);",
        );
        let modules: Array = DECODER
            .iter()
            .map(|(name, text)| JsValue::from([*name, *text].map(JsValue::from).iter().collect::<Array>()))
            .collect();
        let module =
            settle(import.call1(&JsValue::NULL, &modules)).await.expect("the decoder can be imported");
        let read_facts = Closure::new(|length: f64| PictureFacts::new(length).into());
        Self { decode: field(&module, "decode").into(), read_facts }
    }

    /// A picture file's pixels.
    ///
    /// Errors: the decoder's own, as the page shows them.
    pub async fn decode(&self, file: &[u8]) -> Result<Rgba, JsValue> {
        let blob = Function::new_with_args("bytes", "return new Blob([bytes])")
            .call1(&JsValue::NULL, &Uint8Array::from(file))?;
        let rgba = settle(self.decode.call2(&JsValue::NULL, &blob, self.read_facts.as_ref())).await?;
        Ok(Rgba::from_js(&rgba))
    }
}

/// Wait for a promise.
async fn settle(promise: Result<JsValue, JsValue>) -> Result<JsValue, JsValue> {
    JsFuture::from(Promise::from(promise?)).await
}
