//! The engine in WebAssembly, in a dedicated worker: where the site runs it. Through `api.rs` alone, as JavaScript
//! does.
//!
//! `cargo test --target wasm32-unknown-unknown --test worker`
#![cfg(target_arch = "wasm32")]

mod browser;

use browser::{
    BUNDLE, Decoder, Golden, Rgba, difference, dot, embed_texts, engine, engine_of, field, manifest, number,
    refusal,
};
use safetensors::SafeTensors;
use semblance::Picture;
use semblance::api::{Loader, PictureFacts, take_profile, warm_up};
use semblance::bundle::PreprocessConfig;
use semblance::preprocess::resize_and_crop;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_dedicated_worker);

#[wasm_bindgen_test]
fn pocket_is_what_its_manifest_says() {
    let info = engine().info();
    let manifest = manifest();
    for (ours, theirs) in
        [("parameters", "parameters"), ("imageSize", "image_size"), ("embedding", "embedding")]
    {
        assert_eq!(Some(number(&info, ours)), manifest[theirs].as_f64(), "{ours}");
    }
    assert_eq!(field(&info, "dtype").as_string().as_deref(), manifest["dtype"].as_str());
    assert_eq!(BUNDLE.len() as u64, manifest["bytes"].as_u64().expect("bytes"));
}

#[wasm_bindgen_test]
fn embeddings_are_those_of_transformers() {
    let golden = Golden::read();
    let mut engine = engine();

    let texts = embed_texts(&mut engine, golden.texts());
    let expected = golden.rows("q8_0/text_embeds");
    assert!(difference(&texts, &expected.concat()) < 1e-4);

    let (pictures, side) = golden.pictures();
    let pixels =
        pictures.into_iter().map(|rgba| engine.preprocess(rgba, side, side).expect("pixels")).collect();
    let images = engine.embed_images(pixels).expect("images").to_vec();
    let expected = golden.rows("q8_0/image_embeds");
    assert!(difference(&images, &expected.concat()) < 1e-4);
}

#[wasm_bindgen_test]
fn int8_is_close_to_the_exact_mode() {
    warm_up("int8", 5.0).expect("the tiny model runs");
    let golden = Golden::read();
    let mut engine = engine_of("int8", "both");
    assert_eq!(field(&engine.info(), "compute").as_string().as_deref(), Some("int8"));
    let (pictures, side) = golden.pictures();
    let pixels =
        pictures.into_iter().map(|rgba| engine.preprocess(rgba, side, side).expect("pixels")).collect();
    take_profile();
    let images = engine.embed_images(pixels).expect("images").to_vec();
    let texts = embed_texts(&mut engine, golden.texts());
    let profile = take_profile();
    assert!(number(&field(&profile, "gemm int8"), "ops") > 1e6, "{profile:?}");
    let products = field(&engine.info(), "products");
    let route = field(&products, "route").as_string().expect("a route was chosen");
    assert!(number(&field(&products, "rates"), &route) > 0.0, "{products:?}");
    for (found, name) in [(images, "q8_0/image_embeds"), (texts, "q8_0/text_embeds")] {
        let expected = golden.rows(name);
        for (i, (found, expected)) in found.chunks(expected[0].len()).zip(&expected).enumerate() {
            let cosine = dot(found, expected);
            assert!(cosine > 0.999, "{name} {i}: {cosine}");
        }
    }
}

#[wasm_bindgen_test]
fn kept_vectors_take_the_place_of_the_text_tower() {
    let mut engine = engine_of("int8", "both");
    let texts = || vec!["a cat".to_owned(), "a dog".to_owned(), "a cat".to_owned()];
    assert_eq!(engine.uncached(texts()), ["a cat", "a dog"]);
    let vectors = embed_texts(&mut engine, texts());
    assert!(engine.uncached(texts()).is_empty());
    engine.forget_texts();
    assert_eq!(engine.uncached(texts()).len(), 2);

    let mut images_only = engine_of("int8", "image");
    assert_eq!(refusal(images_only.embed_texts(texts())).0, "ModelError");
    images_only.put_texts(texts(), &vectors, &[0, 1, 0]).expect("they are this model's");
    let found = images_only.embed_texts(texts()).expect("kept");
    assert_eq!(js_sys::Float32Array::from(field(&found, "vectors")).to_vec(), vectors);
    assert_eq!(js_sys::Uint8Array::from(field(&found, "cut")).to_vec(), [0, 1, 0]);
    for (vectors, cut) in
        [(&vectors[1..], &[0, 0, 0][..]), (&vectors[..], &[0]), (&vec![0.5; vectors.len()], &[0, 0, 0])]
    {
        assert!(images_only.put_texts(texts(), vectors, cut).is_err());
    }
}

#[wasm_bindgen_test]
fn scores_are_those_of_transformers() {
    let golden = Golden::read();
    let mut engine = engine();
    let images = golden.rows("q8_0/image_embeds");
    for (name, template, labels) in golden.sets() {
        let logits = golden.rows(&format!("q8_0/{name}/logits"));
        let probabilities = golden.rows(&format!("q8_0/{name}/probabilities"));
        for (row, image) in images.iter().enumerate() {
            let scores =
                engine.classify(image.clone(), labels.clone(), vec![template.clone()]).expect("scores");
            for (col, (score, label)) in scores.iter().zip(&labels).enumerate() {
                assert_eq!(field(&score, "label").as_string().as_deref(), Some(label.trim()));
                let probability = number(&score, "probability") as f32;
                let logit = number(&score, "logit") as f32;
                assert!(
                    (probability - probabilities[row][col]).abs() < 1e-3,
                    "{name}, {label}: {probability}"
                );
                assert!((logit - logits[row][col]).abs() < 1e-2, "{name}, {label}: {logit}");
            }
        }
    }
}

#[wasm_bindgen_test]
fn similarity_holds_the_scores_of_classify() {
    let golden = Golden::read();
    let mut engine = engine();
    let images = golden.rows("q8_0/image_embeds");
    let (_, template, labels) = golden.sets().remove(0);
    let all = engine.similarity(images.concat(), labels.clone(), vec![template.clone()]).expect("similarity");
    let numbers = |name| js_sys::Float32Array::from(field(&all, name)).to_vec();
    let (rows, cols) = (images.len(), labels.len());
    assert_eq!((number(&all, "rows"), number(&all, "cols")), (rows as f64, cols as f64));

    for (row, image) in images.iter().enumerate() {
        let scores = engine.classify(image.clone(), labels.clone(), vec![template.clone()]).expect("scores");
        for (array, name) in [("cosine", "cosine"), ("logits", "logit"), ("overTexts", "probability")] {
            let one: Vec<f32> = scores.iter().map(|score| number(&score, name) as f32).collect();
            assert!(difference(&one, &numbers(array)[row * cols..][..cols]) < 1e-5, "{array}, picture {row}");
        }
    }
    let over_images = numbers("overImages");
    for col in 0..cols {
        let sum: f32 = (0..rows).map(|row| over_images[row * cols + col]).sum();
        assert!((sum - 1.0).abs() < 1e-5, "over the pictures, {} sums to {sum}", labels[col]);
    }
}

#[wasm_bindgen_test]
fn a_text_is_embedded_once_and_its_cut_is_told() {
    let mut engine = engine();
    let words = "word ".repeat(1000);
    let labels = vec!["cat".to_owned(), words, "dog".to_owned()];
    let image = vec![0.0; number(&engine.info(), "embedding") as usize];
    let before = number(&engine.info(), "cachedTexts");
    let scores = engine.classify(image, labels, vec!["{}".to_owned()]).expect("scores");
    assert_eq!(number(&engine.info(), "cachedTexts") - before, 3.0);
    let cut: Vec<bool> = scores.iter().map(|score| field(&score, "cut").is_truthy()).collect();
    assert_eq!(cut, [false, true, false]);
}

#[wasm_bindgen_test]
fn errors_have_names_and_sentences() {
    let mut engine = engine();
    let width = number(&engine.info(), "embedding") as usize;
    let image = || vec![0.0; width];
    let label = || vec!["cat".to_owned()];
    let part = |bytes: &[u8]| {
        let mut loader = Loader::new("int8", "both", None)?;
        loader.push(bytes)?;
        loader.finish().map(|_| ())
    };
    let cases = [
        ("a text for a model", "ModelError", refusal(part(b"Dear diary, this is no model at all."))),
        ("no bytes", "ModelError", refusal(part(b""))),
        ("half a header", "ModelError", refusal(part(&BUNDLE[..100]))),
        ("half a model", "ModelError", refusal(part(&BUNDLE[..BUNDLE.len() / 2]))),
        ("a byte too few", "ModelError", refusal(part(&BUNDLE[..BUNDLE.len() - 1]))),
        ("no labels", "TextError", refusal(engine.classify(image(), vec![], vec!["{}".to_owned()]))),
        ("no place for the label", "TextError", refusal(engine.fill(vec!["a photo".to_owned()], label()))),
        ("pixels missing", "PictureError", refusal(engine.preprocess(vec![0; 15], 2, 2).map(|_| ()))),
        ("no pixels", "PictureError", refusal(engine.preprocess(vec![], 0, 0).map(|_| ()))),
        (
            "another model's embedding",
            "PictureError",
            refusal(engine.classify(vec![0.0; width + 1], label(), vec!["{}".to_owned()])),
        ),
    ];
    for (what, expected, (name, message)) in cases {
        assert_eq!(name, expected, "{what}: {message}");
        assert!(message.len() > 20 && message.ends_with('.'), "{what}: “{message}” is no sentence");
    }
    // None of them has hurt the engine.
    assert_eq!(engine.classify(image(), label(), vec!["{}".to_owned()]).expect("scores").length(), 1);
}

#[wasm_bindgen_test]
fn sizes_are_read_without_decoding() {
    let png = |width: u32, height: u32| {
        [
            b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".as_slice(),
            &width.to_be_bytes(),
            &height.to_be_bytes(),
            &[8, 6, 0, 0, 0],
        ]
        .concat()
    };
    let size = |head: &[u8]| {
        let mut facts = PictureFacts::new(head.len() as f64);
        while facts.wanted().is_some() {
            facts.push(head);
        }
        let size = field(&facts.found(), "size");
        size.is_object().then(|| (number(&size, "width"), number(&size, "height")))
    };
    assert_eq!(size(&png(20_000, 20_000)), Some((20_000.0, 20_000.0)));
    assert_eq!(size(include_bytes!("golden/preprocess/pictures/odd-33x47.png")), Some((33.0, 47.0)));
    assert_eq!(size(b"This is a text, whatever its name may be."), None);
    assert_eq!(size(b""), None);
}

/// The pictures of `golden/preprocess/`.
macro_rules! pictures {
    ($($name:literal)*) => {
        &[$(($name, include_bytes!(concat!("golden/preprocess/pictures/", $name, ".png")).as_slice())),*]
    };
}
const PICTURES: &[(&str, &[u8])] = pictures!(
    "bilevel" "checkerboard" "exact-32" "gradient" "grey" "grey-16" "grey-alpha" "large-3000x2000" "noise"
    "odd-33x47" "odd-47x33" "one-pixel" "palette-transparent" "panorama" "photo-landscape" "photo-portrait"
    "rgb-16" "rgba-clear" "rgba-partial" "tall-1x400" "tall-1x4000" "tiny-5x3" "wide-4000x1"
);

/// The whole way of a file: the browser decodes it, our code resizes and crops it, Pillow has done the same.
#[wasm_bindgen_test]
async fn pixels_of_decoded_files_are_those_of_pillow() {
    let cases: serde_json::Value =
        serde_json::from_str(include_str!("golden/preprocess/cases.json")).expect("the cases are JSON");
    let expected = SafeTensors::deserialize(include_bytes!("golden/preprocess/expected.safetensors"))
        .expect("the golden");
    let decoder = Decoder::new().await;
    let mut compared = 0;
    let mut wrong = Vec::new();
    for (name, file) in PICTURES {
        let Rgba { data, width, height } = decoder.decode(file).await.expect(name);
        let picture = Picture::from_rgba(data, width, height).expect(name);
        for case in cases["cases"].as_array().expect("cases") {
            if case["picture"] != *name {
                continue;
            }
            let configs = cases["configs"].as_array().expect("configs");
            let config =
                configs.iter().find(|config| config["name"] == case["config"]).expect("the case's config");
            let config =
                PreprocessConfig::from_json(&config["preprocessor_config"].to_string()).expect("a config");
            let (ours, _, _) = resize_and_crop(&picture, &config).expect(name);
            let theirs = expected.tensor(case["pixels"].as_str().expect("pixels")).expect("the pixels");
            assert_eq!(ours.len(), theirs.data().len(), "{}", case["pixels"]);
            let worst = ours.iter().zip(theirs.data()).map(|(a, b)| a.abs_diff(*b)).max();
            compared += 1;
            if worst > Some(1) {
                wrong.push(format!("{}: {worst:?}", case["pixels"]));
            }
        }
    }
    assert_eq!(
        compared,
        cases["cases"].as_array().expect("cases").len(),
        "a picture is missing from the table"
    );
    assert!(wrong.is_empty(), "off by more than 1/255: {wrong:?}");
}

#[wasm_bindgen_test]
async fn bad_files_are_refused_with_reasons() {
    let decoder = Decoder::new().await;
    let bomb =
        [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".as_slice(), &[0, 0, 0x4e, 0x20, 0, 0, 0x4e, 0x20, 1, 0, 0, 0, 0]]
            .concat();
    let jpeg = [b"\xff\xd8\xff\xe0\0\x10JFIF\0".as_slice(), &[7; 300]].concat();
    let heic = [b"\0\0\0\x18ftypheic\0\0\0\0mif1heic".as_slice(), &[0; 100]].concat();
    let cases: &[(&[u8], &str)] = &[
        (b"", "empty"),
        (b"Dear diary, this is no picture.", "text"),
        (b"<!DOCTYPE html><html></html>", "web page"),
        (b"%PDF-1.7 and so on", "PDF"),
        (&[0xfe, 0xdc, 0xba, 0x98, 0x76], "not a picture"),
        (&jpeg, "JPEG file is damaged"),
        (&bomb, "20000 × 20000"),
        (&heic, "cannot read HEIC"),
    ];
    for (file, reason) in cases {
        let (name, message) = refusal(decoder.decode(file).await);
        assert_eq!(name, "PictureError", "{message}");
        assert!(message.contains(reason), "“{message}” doesn't speak of “{reason}”");
    }
}

/// JavaScript gets plain objects, which survive `postMessage`.
#[wasm_bindgen_test]
fn answers_can_be_posted() {
    let mut engine = engine();
    let image = vec![0.0; number(&engine.info(), "embedding") as usize];
    let labels = vec!["cat".to_owned(), "dog".to_owned()];
    let similarity =
        engine.similarity(image.clone(), labels.clone(), vec!["{}".to_owned()]).expect("similarity");
    let scores = engine.classify(image, labels, vec!["{}".to_owned()]).expect("scores");
    let clone = js_sys::Function::new_with_args("value", "return structuredClone(value)");
    for answer in [JsValue::from(similarity), scores.into(), engine.info().into()] {
        clone.call1(&JsValue::NULL, &answer).expect("plain data");
    }
}

/// Two models side by side don't mix, and one that is freed leaves the other.
#[wasm_bindgen_test]
fn models_are_apart() {
    let mut first = engine();
    let second = engine();
    embed_texts(&mut first, vec!["cat".to_owned()]);
    assert_eq!(number(&first.info(), "cachedTexts"), 1.0);
    assert_eq!(number(&second.info(), "cachedTexts"), 0.0);
    drop(second);
    let texts = embed_texts(&mut first, vec!["cat".to_owned(), "cat".to_owned()]);
    let (one, other) = texts.split_at(texts.len() / 2);
    assert!((dot(one, other) - 1.0).abs() < 1e-5, "equal texts, and unit vectors");
}
