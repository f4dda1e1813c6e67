//! The bundled model, as it is shipped, against HF on the same weights.

use semblance::bundle::Bundle;
use semblance::model::Towers;
use semblance::{Clip, Compute, classify};
use serde::Deserialize;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::golden;
use super::towers::{Text, pictures};

#[derive(Deserialize)]
struct Golden {
    sets: Vec<Set>,
    texts: Vec<Text>,
}

#[derive(Deserialize)]
struct Set {
    name: String,
    template: String,
    labels: Vec<String>,
}

fn pocket(compute: Compute) -> Clip {
    let weights = golden::weights(include_bytes!("../../models/pocket/pocket-q8_0.gguf"));
    Clip::from_bundle(Bundle::from_gguf(weights).unwrap(), Towers::Both, compute).unwrap()
}

#[test]
fn the_bundle_computes_what_hf_does() {
    let golden: Golden = golden::json("pocket/golden.json");
    let expected = golden::tensors("pocket/golden.safetensors");
    let mut clip = pocket(Compute::F32);
    let texts: Vec<String> = golden.texts.iter().map(|text| text.text.clone()).collect();

    let images = clip.embed_images(&pictures(&expected)).unwrap();
    let vectors = clip.embed_texts(&texts).unwrap();
    let mut wrong = Vec::new();
    for (found, name) in [(&images, "image_embeds"), (&vectors, "text_embeds")] {
        let exact = golden::rows(&expected, &format!("q8_0/{name}"));
        let difference = golden::max_difference(found, &exact);
        if difference > 1e-4 {
            wrong.push(format!("{name} differ by {difference}"));
        }
        // What the 8 bits of the download cost, against the weights as trained.
        let trained = golden::rows(&expected, &format!("f32/{name}"));
        for (i, (a, b)) in found.iter().zip(&trained).enumerate() {
            let cosine: f32 = a.iter().zip(b).map(|(x, y)| x * y).sum();
            if cosine < 0.999 {
                wrong.push(format!("{name} {i}: cosine {cosine} to the weights as trained"));
            }
        }
    }
    for set in &golden.sets {
        let exact = golden::rows(&expected, &format!("q8_0/{}/probabilities", set.name));
        let found: Vec<Vec<f32>> = images
            .iter()
            .map(|image| {
                let scores = classify::classify(&mut clip, image, &set.labels, &set.template).unwrap();
                scores.iter().map(|score| score.probability).collect()
            })
            .collect();
        let difference = golden::max_difference(&found, &exact);
        if difference > 1e-3 {
            wrong.push(format!("probabilities of {} differ by {difference}", set.name));
        }
    }
    golden::none_wrong(wrong);
    assert!(!golden.sets.is_empty() && !images.is_empty());
}

#[test]
fn a_text_is_computed_once() {
    let mut clip = pocket(Compute::F32);
    let first = clip.embed_texts(&["a cat", "a dog", "a cat"]).unwrap();
    assert_eq!((clip.cached_texts(), &first[0]), (2, &first[2]));
    clip.model_mut().free_text();
    assert_eq!(clip.embed_texts(&["a dog"]).unwrap()[0], first[1], "kept without the tower");
}

#[test]
fn int8_keeps_the_embeddings_directions() {
    let golden: Golden = golden::json("pocket/golden.json");
    let pictures = pictures(&golden::tensors("pocket/golden.safetensors"));
    let texts: Vec<String> = golden.texts.iter().map(|text| text.text.clone()).collect();
    let [exact, fast] = [Compute::F32, Compute::Int8].map(|compute| {
        let mut clip = pocket(compute);
        [clip.embed_images(&pictures).unwrap(), clip.embed_texts(&texts).unwrap()].concat()
    });
    let cosine = |(a, b): (&Vec<f32>, &Vec<f32>)| a.iter().zip(b).map(|(x, y)| x * y).sum::<f32>();
    let cosines: Vec<f32> = exact.iter().zip(&fast).map(cosine).collect();
    let mean = cosines.iter().sum::<f32>() / cosines.len() as f32;
    let worst = cosines.iter().copied().fold(1.0, f32::min);
    assert!(mean > 0.9998 && worst > 0.999, "mean {mean}, worst {worst}");
}

/// A row's result depends on nothing but the row and those it attends to, to the last bit.
#[test]
fn company_changes_nothing() {
    let pictures = pictures(&golden::tensors("pocket/golden.safetensors"));
    let texts = ["a photo of a cat", "a photo of a dog", "a photo", "", "a photo of a cat on a mat"];
    for compute in [Compute::F32, Compute::Int8] {
        let mut together = pocket(compute);
        let images = together.embed_images(&pictures).unwrap();
        let vectors = together.embed_texts(&texts).unwrap();
        for (picture, together) in pictures.iter().zip(&images) {
            let alone = pocket(compute).embed_images(std::slice::from_ref(picture)).unwrap();
            assert_eq!(&alone[0], together, "{compute:?}");
        }
        for (text, together) in texts.iter().zip(&vectors) {
            assert_eq!(&pocket(compute).embed_texts(&[text]).unwrap()[0], together, "{compute:?} {text:?}");
        }
    }
}

#[test]
#[cfg(not(target_arch = "wasm32"))]
fn files_are_their_pictures() {
    let clip = pocket(Compute::Int8);
    let path = |name: &str| format!("{}/tests/pictures/{name}", env!("CARGO_MANIFEST_DIR"));
    let files = ["alpha.png", "alpha.webp", "animated.gif"].map(path);
    let pictures = files.each_ref().map(|file| semblance::Picture::open(file).unwrap());
    assert_eq!(clip.embed_files(&files).unwrap(), clip.embed_images(&pictures).unwrap());
    let error = clip.embed_files(&[path("alpha.png"), path("no such file")]).unwrap_err();
    assert!(error.to_string().contains("no such file"), "{error}");
    assert!(clip.embed_files(&[""; 0]).unwrap().is_empty());
}
