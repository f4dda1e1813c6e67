//! What both modules have: threads, pictures' files, where the time goes, and how things cross.

use js_sys::{Object, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;

use crate::kernels::{native, profile};
use crate::model::{self, PRODUCT};
use crate::picture::reader::FactsReader;
use crate::{Compute, Error, Result};

/// Start so many helper threads beside the calling worker.
#[cfg(feature = "threads")]
pub use wasm_bindgen_rayon::init_thread_pool;

/// A helper thread stopped in the middle of its work: the engine is to stop, too, and not to wait for it.
#[cfg(feature = "threads")]
#[wasm_bindgen]
pub fn helper_failed() {
    crate::kernels::team::helper_failed();
}

/// A panic is written to the console before it stops the engine.
#[wasm_bindgen(start)]
fn start() {
    console_error_panic_hook::set_once();
}

impl From<Error> for JsValue {
    fn from(error: Error) -> Self {
        let js = js_sys::Error::new(&error.to_string());
        js.set_name(error.name());
        js.into()
    }
}

pub type JsResult<T> = std::result::Result<T, JsValue>;

/// What a picture file says of itself before it is decoded, read part by part.
#[wasm_bindgen]
pub struct PictureFacts(FactsReader);

#[wasm_bindgen]
impl PictureFacts {
    /// `length`: of the whole file, in bytes.
    #[wasm_bindgen(constructor)]
    pub fn new(length: f64) -> Self {
        Self(FactsReader::new(length as u64))
    }

    /// From where on 256 KiB bytes are to be pushed, or all that there are; `undefined`: no more.
    #[wasm_bindgen(getter)]
    pub fn wanted(&self) -> Option<f64> {
        self.0.wanted().map(|at| at as f64)
    }

    pub fn push(&mut self, bytes: &[u8]) {
        self.0.push(bytes);
    }

    /// `size` as it is stored, where that is certain; `orientation` 1 to 8, to be applied; and `hide`, what to change in
    /// the file so that nobody else applies it; `taken` in milliseconds since 1970 on the camera's clock, or `undefined`.
    pub fn found(&self) -> Object {
        let facts = self.0.facts();
        let size =
            facts.size.map(|(width, height)| object(&[("width", width.into()), ("height", height.into())]));
        let hide = facts.hide.as_ref().map(|patch| {
            object(&[
                ("start", (patch.range.start as f64).into()),
                ("end", (patch.range.end as f64).into()),
                ("with", Uint8Array::from(&patch.with[..]).into()),
            ])
        });
        let or_undefined = |object: Option<Object>| object.map_or(JsValue::UNDEFINED, JsValue::from);
        object(&[
            ("size", or_undefined(size)),
            ("orientation", facts.orientation.tag().into()),
            ("hide", or_undefined(hide)),
            ("taken", facts.taken.map_or(JsValue::UNDEFINED, |taken| (taken as f64).into())),
        ])
    }
}

/// Where the time went since the last call: by op, milliseconds, calls, and multiplications and additions.
#[wasm_bindgen]
pub fn take_profile() -> Object {
    let totals = profile::take().into_iter().map(|(name, total)| {
        let fields = [
            ("ms", total.milliseconds.into()),
            ("calls", total.calls.into()),
            ("ops", total.operations.into()),
        ];
        (name, JsValue::from(object(&fields)))
    });
    object(&totals.collect::<Vec<_>>())
}

/// Let the browser optimise the engine's code for so many milliseconds, while the model is still on its way: beside the
/// calling thread, where there are helpers.
#[wasm_bindgen]
pub fn warm_up(dtype: &str, milliseconds: f64) -> JsResult<()> {
    model::warm_up(compute(dtype)?, now, milliseconds);
    Ok(())
}

pub fn compute(dtype: &str) -> Result<Compute> {
    let found = [Compute::F32, Compute::Int8].into_iter().find(|compute| compute.name() == dtype);
    found.ok_or_else(|| Error::Model(format!("There is no dtype “{dtype}”, only int8 and f32.")))
}

/// Which way the integer products go, what each way gave when they were tried, and what is reached, in 10⁹ operations a
/// second.
pub fn products(compute: Compute) -> Option<Object> {
    let routes = native::routes().filter(|_| compute == Compute::Int8)?;
    let rates: Vec<_> = routes.rates.iter().map(|(name, rate)| (*name, (*rate).into())).collect();
    let done = profile::of(PRODUCT);
    let reached = (done.milliseconds > 0.0).then_some(done.operations / done.milliseconds / 1e6);
    Some(object(&[
        ("route", routes.chosen.into()),
        ("rates", object(&rates).into()),
        ("reached", reached.into()),
    ]))
}

/// How weights are packed depends on the way that products go.
pub fn before_packing(compute: Compute) {
    if compute == Compute::Int8 {
        native::choose_route(now);
    }
}

/// This thread is the one that will compute.
pub fn computes_here() {
    profile::set_clock(now);
}

#[wasm_bindgen]
extern "C" {
    /// Milliseconds since the worker began.
    #[wasm_bindgen(js_namespace = performance, js_name = now)]
    fn performance_now() -> f64;
}

fn now() -> f64 {
    performance_now()
}

/// A plain JavaScript object.
pub fn object(fields: &[(&str, JsValue)]) -> Object {
    let object = Object::new();
    for (key, value) in fields {
        // Setting a field of a fresh plain object cannot fail.
        let _ = Reflect::set(&object, &JsValue::from_str(key), value);
    }
    object
}
