//! Both towers of small random CLIPs, of many shapes, against HF's `CLIPModel`.

use std::collections::BTreeMap;

use semblance::bundle::config::Activation;
use semblance::bundle::{FILES, Head};
use semblance::classify::Encoder;
use semblance::explain::Method;
use semblance::model::Towers;
use semblance::{Bundle, Clip, Compute, Loader, prompt};
use serde::Deserialize;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::golden;

#[derive(Deserialize)]
struct Golden {
    logit_scale: f32,
    texts: Vec<Text>,
}

#[derive(Deserialize)]
pub struct Text {
    pub text: String,
    pub ids: Vec<u32>,
    pub cut: bool,
}

/// The goldens' pixels, u8 `[n, side, side, 3]`, as pictures.
pub fn pictures(tensors: &safetensors::SafeTensors) -> Vec<semblance::Picture> {
    let view = tensors.tensor("pixels").unwrap();
    let &[_, height, width, 3] = view.shape() else { panic!("{:?}", view.shape()) };
    let picture = |rgb: &[u8]| {
        let rgba = rgb.as_chunks::<3>().0.iter().flat_map(|&[r, g, b]| [r, g, b, 255]).collect();
        semblance::Picture::from_rgba(rgba, width as u32, height as u32).unwrap()
    };
    view.data().chunks_exact(3 * width * height).map(picture).collect()
}

#[test]
fn embeddings_and_probabilities_are_hfs() {
    let folders = golden::folders("models");
    let mut wrong = Vec::new();
    for folder in &folders {
        let golden: Golden = golden::json(&format!("{folder}/golden.json"));
        let expected = golden::tensors(&format!("{folder}/golden.safetensors"));
        let mut clip = Clip::from_bundle(golden::bundle(folder), Towers::Both, Compute::F32).unwrap();
        for text in &golden.texts {
            let tokens = clip.tokenize(&text.text).unwrap();
            assert_eq!((&tokens.ids, tokens.cut), (&text.ids, text.cut), "{folder} {:?}", text.text);
        }

        let images = clip.embed_images(&pictures(&expected)).unwrap();
        let texts: Vec<String> = golden.texts.iter().map(|text| text.text.clone()).collect();
        let vectors = clip.embed_texts(&texts).unwrap();
        let rows: Vec<&[f32]> = images.iter().map(Vec::as_slice).collect();
        // A blank text has its vector, and is nothing to compare pictures with.
        let kept: Vec<usize> = (0..texts.len()).filter(|&i| !texts[i].trim().is_empty()).collect();
        let written: Vec<&String> = kept.iter().map(|&i| &texts[i]).collect();
        assert!(kept.len() == texts.len() || clip.similarity(&rows, &texts, "{}").is_err());
        let scores = clip.similarity(&rows, &written, "{}").unwrap();
        let table = |numbers: &[f32]| numbers.chunks(kept.len()).map(<[f32]>::to_vec).collect::<Vec<_>>();
        let columns = |name: &str| {
            let pick = |row: Vec<f32>| kept.iter().map(|&i| row[i]).collect::<Vec<_>>();
            golden::rows(&expected, name).into_iter().map(pick).collect::<Vec<_>>()
        };
        let probabilities = columns("probabilities").into_iter().map(|row| {
            let sum: f32 = row.iter().sum();
            row.into_iter().map(|probability| probability / sum).collect()
        });

        for (what, found, theirs, tolerance) in [
            ("image embeddings", images.clone(), golden::rows(&expected, "image_embeds"), 1e-4),
            ("text embeddings", vectors, golden::rows(&expected, "text_embeds"), 1e-4),
            ("probabilities", table(&scores.over_texts), probabilities.collect(), 1e-3),
            (
                "logits",
                table(&scores.logits),
                columns("logits_per_image"),
                1e-4 * golden.logit_scale.max(1.0),
            ),
        ] {
            let difference = golden::max_difference(&found, &theirs);
            if difference > tolerance {
                wrong.push(format!("{folder}: {what} differ by {difference}"));
            }
        }
        if (clip.logit_scale() - golden.logit_scale).abs() > 1e-4 * golden.logit_scale {
            wrong.push(format!("{folder}: logit scale {}, HF {}", clip.logit_scale(), golden.logit_scale));
        }
    }
    golden::none_wrong(wrong);
    assert!(folders.len() >= 11, "{folders:?}");
}

/// Of the templates' prompts the mean, as the paper has it; and where the evidence for a label lies, by both methods.
#[test]
fn ensembles_and_explanations_are_those_of_the_formulas() {
    let mut wrong = Vec::new();
    for folder in golden::folders("models") {
        let golden: Golden = golden::json(&format!("{folder}/golden.json"));
        let expected = golden::tensors(&format!("{folder}/golden.safetensors"));
        let mut clip = Clip::from_bundle(golden::bundle(folder), Towers::Both, Compute::F32).unwrap();
        let texts: Vec<String> =
            golden.texts.into_iter().map(|text| text.text).filter(|text| !text.trim().is_empty()).collect();
        let ensemble = clip.embed_texts(&[prompt::synonyms(&texts)]).unwrap();
        let mut found = vec![("ensemble", ensemble, 1e-5)];
        for method in Method::ALL {
            let heat = |picture| clip.explain(picture, &texts, 1, "{}", method).unwrap().cells;
            let asked = golden::rows(&expected, method.name()).len();
            let grids = pictures(&expected)[..asked].iter().map(heat).collect();
            found.push((method.name(), grids, 1e-4 * golden.logit_scale.max(1.0)));
        }
        for (what, found, tolerance) in found {
            let difference = golden::max_difference(&found, &golden::rows(&expected, what));
            if difference > tolerance {
                wrong.push(format!("{folder}: {what} differ by {difference}"));
            }
        }
    }
    golden::none_wrong(wrong);
}

/// The same models as other projects write them, through the loader, in small chunks: bit by bit what their Hugging Face
/// folders give.
#[test]
fn other_layouts_give_the_same_model() {
    let layouts = [
        ("sharded", "quick-gelu-p32", None),
        ("open-clip", "b-32", None),
        ("clip-cpp", "b-16", Some(golden::json::<Golden>("models/b-16/golden.json").logit_scale)),
    ];
    for (layout, model, logit_scale) in layouts {
        let model = format!("models/{model}");
        let (expected, golden): (_, Golden) = (
            golden::tensors(&format!("{model}/golden.safetensors")),
            golden::json(&format!("{model}/golden.json")),
        );
        let texts: Vec<&str> = golden.texts.iter().map(|text| text.text.as_str()).collect();
        for compute in [Compute::F32, Compute::Int8] {
            let mut loader = Loader::new(Towers::Both, compute);
            if let Some(scale) = logit_scale {
                loader = loader.with_logit_scale(scale).unwrap();
            }
            let mut found = load_layout(loader, &format!("layouts/{layout}")).unwrap();
            let mut plain = load_layout(Loader::new(Towers::Both, compute), &model).unwrap();
            let pictures = pictures(&expected);
            let bits = |clip: &mut Clip| {
                (clip.embed_images(&pictures).unwrap(), clip.embed_texts(&texts).unwrap(), clip.logit_scale())
            };
            let (found, plain) = (bits(&mut found), bits(&mut plain));
            assert_eq!((found.0, found.1), (plain.0, plain.1), "{layout} {compute:?}");
            assert!((found.2 - plain.2).abs() < 1e-4 * plain.2, "{layout} {}", found.2);
        }
    }
    let missing = load_layout(Loader::new(Towers::Both, Compute::F32), "layouts/clip-cpp").map(|_| ());
    assert_eq!(missing.unwrap_err().name(), "LogitScaleMissing");
}

/// A folder's text files first, then its weights, file by file.
fn load_layout(mut loader: Loader, folder: &str) -> semblance::Result<Clip> {
    let files = golden::files(folder);
    let texts: BTreeMap<_, _> = FILES
        .iter()
        .filter_map(|name| Some((name.to_string(), String::from_utf8(files.get(*name)?.to_vec()).ok()?)))
        .collect();
    if !texts.is_empty() {
        loader.files(&texts)?;
    }
    let weights = files.iter().filter(|(name, _)| {
        (name.ends_with(".safetensors") || name.ends_with(".gguf")) && !name.starts_with("golden.")
    });
    for (n, (_, bytes)) in weights.enumerate() {
        if n > 0 {
            loader.next_file()?;
        }
        for chunk in bytes.chunks(977) {
            loader.push(chunk)?;
        }
    }
    loader.finish()
}

/// timm and OpenCLIP keep a `config.json` that says nothing of CLIP.
#[test]
fn a_configuration_of_another_program_is_passed_over() {
    let other = ("config.json".to_owned(), r#"{"architecture": "vit_base_patch32"}"#.to_owned());
    let open_clip = golden::files("layouts/open-clip");
    let text = |name: &str| (name.to_owned(), String::from_utf8(open_clip[name].to_vec()).unwrap());
    let vocabulary = [text("vocab.json"), text("merges.txt"), other];
    let files =
        |more: &[(String, String)]| vocabulary.iter().chain(more).cloned().collect::<BTreeMap<_, _>>();
    let head = Head::from_files(&files(&[text("open_clip_config.json")])).unwrap();
    assert_eq!(head.config.vision_config.hidden_act, Activation::Gelu);
    let message = Head::from_files(&files(&[])).map(|_| ()).unwrap_err().to_string();
    assert!(message.contains("does not describe a CLIP model"), "{message}");
}

#[test]
fn a_missing_or_misshapen_tensor_is_named() {
    let folder = golden::folders("models")[0];
    let (missing, misshapen) = ("vision_model.post_layernorm.bias", "text_projection.weight");
    let load = |bundle: Bundle| {
        Clip::from_bundle(bundle, Towers::Both, Compute::F32).map(|_| ()).unwrap_err().to_string()
    };

    let mut bundle = golden::bundle(folder);
    let width = bundle.head.config.vision_config.hidden_size;
    bundle.weights.take(missing, &[width]).unwrap();
    assert!(load(bundle).contains(missing));

    let mut bundle = golden::bundle(folder);
    bundle.head.config.projection_dim += 1;
    let message = load(bundle);
    assert!(message.contains(misshapen) || message.contains("visual_projection.weight"), "{message}");
}

#[test]
fn towers_load_and_free_separately() {
    let folder = golden::folders("models")[0];
    let expected = golden::tensors(&format!("{folder}/golden.safetensors"));
    let pictures = pictures(&expected);

    let mut vision = Clip::from_bundle(golden::bundle(folder), Towers::Vision, Compute::F32).unwrap();
    assert!(vision.embed_images(&pictures).is_ok());
    assert!(vision.embed_texts(&["cat"]).unwrap_err().to_string().contains("text tower"));

    let mut both = Clip::from_bundle(golden::bundle(folder), Towers::Both, Compute::F32).unwrap();
    both.model_mut().free_vision();
    assert!(both.embed_images(&pictures).unwrap_err().to_string().contains("image tower"));
    assert!(both.embed_texts(&["cat"]).is_ok());
    both.model_mut().free_text();
    assert!(both.embed_texts(&["cat"]).is_ok(), "a kept vector needs no tower");
    assert!(both.embed_texts(&["dog"]).is_err());

    vision.model_mut().free_vision();
    assert!(vision.embed_images(&pictures).is_err());
}
