//! The engine in WebAssembly on a page's own thread: for those who use it without a worker. What only a page has
//! (elements) goes in here; everything that doesn't care where it runs is tested in `worker.rs`.
//!
//! `cargo test --target wasm32-unknown-unknown --test page`
#![cfg(target_arch = "wasm32")]

mod browser;

use browser::{Decoder, Golden, Rgba, difference, dot, embed_texts, engine, number};
use js_sys::{Function, Promise, Uint8Array};
use semblance::api::Engine;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

/// The samples that `golden/pocket/` has embeddings of.
macro_rules! samples {
    ($($name:literal)*) => {
        &[$(($name, include_bytes!(concat!("../assets/samples/", $name)).as_slice())),*]
    };
}
const SAMPLES: &[(&str, &[u8])] = samples!("cat.jpg" "bee.jpg" "citrus.jpg" "bridge.jpg" "moose.jpg" "dandelion.jpg" "coffee.jpg" "boats.jpg");

/// Photographs, decoded by this browser: JPEG decoders differ by a few steps of 255, and the embeddings hardly.
#[wasm_bindgen_test]
async fn photographs_match_as_they_do_in_transformers() {
    let golden = Golden::read();
    let names: Vec<_> = SAMPLES.iter().map(|(name, _)| *name).collect();
    assert_eq!(golden.picture_names(), names);
    let decoder = Decoder::new().await;
    let mut engine = engine();
    let expected = golden.rows("q8_0/image_embeds");
    let (set, template, labels) = golden.sets().remove(0);
    let probabilities = golden.rows(&format!("q8_0/{set}/probabilities"));
    for (row, (name, file)) in SAMPLES.iter().enumerate() {
        let picture = decoder.decode(file).await.expect(name);
        let image = embed(&engine, picture);
        let cosine = dot(&image, &expected[row]);
        assert!(cosine > 0.995, "{name}: cosine {cosine}");
        let scores = engine.classify(image, labels.clone(), vec![template.clone()]).expect("scores");
        let ours: Vec<f32> = scores.iter().map(|score| number(&score, "probability") as f32).collect();
        assert_eq!(best(&ours), best(&probabilities[row]), "{name}");
    }
}

/// A picture element shows a photograph upright; so does the decoder.
#[wasm_bindgen_test]
async fn an_element_and_its_file_give_the_same_embedding() {
    let decoder = Decoder::new().await;
    let engine = engine();
    let (name, file) = SAMPLES[0];
    let from_file = embed(&engine, decoder.decode(file).await.expect(name));
    let from_element = embed(&engine, draw(file).await);
    let cosine = dot(&from_file, &from_element);
    assert!(cosine > 0.999, "cosine {cosine}");
}

#[wasm_bindgen_test]
fn texts_are_those_of_transformers() {
    let golden = Golden::read();
    let texts = embed_texts(&mut engine(), golden.texts());
    assert!(difference(&texts, &golden.rows("q8_0/text_embeds").concat()) < 1e-4);
}

/// What an `<img>` shows of a file, read off a canvas.
async fn draw(file: &[u8]) -> Rgba {
    let draw = Function::new_with_args(
        "bytes",
        "const image = document.createElement('img');
         image.src = URL.createObjectURL(new Blob([bytes]));
         return image.decode().then(() => {
           const canvas = document.createElement('canvas');
           canvas.width = image.naturalWidth;
           canvas.height = image.naturalHeight;
           const context = canvas.getContext('2d');
           context.drawImage(image, 0, 0);
           return context.getImageData(0, 0, canvas.width, canvas.height);
         });",
    );
    let promise = draw.call1(&JsValue::NULL, &Uint8Array::from(file)).expect("a promise");
    let shown = JsFuture::from(Promise::from(promise)).await.expect("a picture");
    Rgba::from_js(&shown)
}

fn embed(engine: &Engine, picture: Rgba) -> Vec<f32> {
    let pixels = engine.preprocess(picture.data, picture.width, picture.height).expect("pixels");
    engine.embed_images(vec![pixels]).expect("an embedding").to_vec()
}

/// The place of the largest.
fn best(numbers: &[f32]) -> Option<usize> {
    (0..numbers.len()).max_by(|&a, &b| numbers[a].total_cmp(&numbers[b]))
}
