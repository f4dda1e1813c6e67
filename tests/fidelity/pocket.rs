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

fn pocket() -> Clip {
    let weights = golden::weights(include_bytes!("../../assets/models/pocket/pocket-q8_0.gguf"));
    Clip::from_bundle(Bundle::from_gguf(weights).unwrap(), Towers::Both, Compute::F32).unwrap()
}

#[test]
fn the_bundle_computes_what_hf_does() {
    let golden: Golden = golden::json("pocket/golden.json");
    let expected = golden::tensors("pocket/golden.safetensors");
    let mut clip = pocket();
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
    let mut clip = pocket();
    let first = clip.embed_texts(&["a cat", "a dog", "a cat"]).unwrap();
    assert_eq!((clip.cached_texts(), &first[0]), (2, &first[2]));
    clip.model_mut().free_text();
    assert_eq!(clip.embed_texts(&["a dog"]).unwrap()[0], first[1], "kept without the tower");
}
