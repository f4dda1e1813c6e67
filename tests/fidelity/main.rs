//! Semblance against Hugging Face: the goldens of `tests/golden`, natively and in the browser.

// A test that cannot read its golden has failed.
#![allow(clippy::unwrap_used)]

#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_dedicated_worker);

mod blip;
mod golden;
mod pocket;
mod preprocess;
mod tokenizer;
mod towers;
