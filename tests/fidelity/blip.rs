//! Small random BLIPs against HF's `BlipForConditionalGeneration` and `BlipForQuestionAnswering`, and their `generate`.

use std::collections::BTreeMap;

use safetensors::SafeTensors;
use semblance::bundle::FILES;
use semblance::captioner::{
    Ability, Caption, CaptionOptions, Captioner, CaptionerLoader, Captioning, Limits, Teller, memory,
};
use semblance::model::generator::Next;
use semblance::tokenizer::WordPieces;
use semblance::{Compute, Picture, Result};
use serde::Deserialize;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::golden;
use super::preprocess::decode;

const KINDS: [&str; 2] = ["caption", "vqa"];

#[derive(Deserialize)]
struct Golden {
    /// Prompts or questions.
    asked: Vec<Option<String>>,
    cases: Vec<Case>,
    texts: Vec<Text>,
}

#[derive(Deserialize)]
struct Case {
    picture: String,
    text: Option<String>,
    beams: usize,
    length: usize,
    sequences: Vec<Sequence>,
}

#[derive(Deserialize)]
struct Sequence {
    ids: Vec<u32>,
    text: String,
    score: f32,
}

#[derive(Deserialize)]
struct Text {
    text: String,
    ids: Vec<u32>,
    plain: String,
}

fn golden_of(kind: &str) -> (Golden, SafeTensors<'static>) {
    (
        golden::json(&format!("blip/{kind}/golden.json")),
        golden::tensors(&format!("blip/{kind}/golden.safetensors")),
    )
}

fn picture(name: &str) -> Picture {
    decode(golden::bytes(&format!("blip/pictures/{name}.png")))
}

fn texts(kind: &str) -> BTreeMap<String, String> {
    let files = golden::files(&format!("blip/{kind}"));
    let text = |name: &str| Some((name.to_owned(), String::from_utf8(files.get(name)?.to_vec()).ok()?));
    FILES.into_iter().filter_map(text).collect()
}

/// Through the loader, in odd chunks; `change` may spoil the texts.
fn load(kind: &str, compute: Compute, change: impl Fn(&mut BTreeMap<String, String>)) -> Result<Captioner> {
    let mut files = texts(kind);
    change(&mut files);
    let mut loader = CaptionerLoader::new(compute);
    loader.files(&files)?;
    assert_eq!(loader.memory(), Some(memory(&files["config.json"], compute)?));
    for chunk in golden::bytes(&format!("blip/{kind}/model.safetensors")).chunks(977) {
        loader.push(chunk)?;
    }
    loader.finish()
}

fn captioner(kind: &str, compute: Compute) -> Captioner {
    load(kind, compute, |_| ()).unwrap()
}

fn write(captioner: &Captioner, case: &Case) -> Caption {
    let (text, picture) = (case.text.clone().unwrap_or_default(), picture(&case.picture));
    let (beams, max_tokens) = (case.beams, case.length);
    match captioner.facts().ability {
        Ability::Captions => {
            let options = CaptionOptions { prompt: text, beams, max_tokens, min_tokens: 0 };
            captioner.caption(&picture, &options, |_| ())
        }
        Ability::Answers => {
            captioner.answer(&picture, &text, Limits { beams, max_tokens, min_tokens: 0 }, |_| ())
        }
    }
    .unwrap()
}

/// The ids of the question that this is, for a model that answers.
fn question(captioner: &Captioner, asked: &Option<String>) -> Option<Vec<u32>> {
    let ids = |text: &String| captioner.tokenizer().encode(text).unwrap();
    asked.as_ref().map(ids).filter(|_| captioner.facts().ability == Ability::Answers)
}

/// Logits after each of these tokens, read one at a time, and after all of them, read at once.
fn logits(captioner: &Captioner, name: &str, asked: &Option<String>, ids: &[u32]) -> [Vec<Vec<f32>>; 2] {
    let generator = captioner.generator();
    let image = generator.see(&captioner.preprocess(&picture(name)).unwrap()).unwrap();
    let look = || generator.look(&image, question(captioner, asked).as_deref()).unwrap();
    let (mut state, mut place) = (look(), None);
    let cached = ids.iter().map(|id| {
        let next = Next { after: place, tokens: std::slice::from_ref(id) };
        let reading = generator.read(&mut state, &[next]).unwrap().remove(0);
        place = Some(reading.place);
        reading.logits
    });
    let cached = cached.collect();
    let anew = (1..=ids.len()).map(|length| {
        let next = Next { after: None, tokens: &ids[..length] };
        generator.read(&mut look(), &[next]).unwrap().remove(0).logits
    });
    [cached, anew.collect()]
}

#[test]
fn pixels_are_hfs() {
    for kind in KINDS {
        let ((_, expected), captioner) = (golden_of(kind), captioner(kind, Compute::F32));
        let names: Vec<_> = expected.names().into_iter().filter(|name| name.ends_with(".pixels")).collect();
        assert_eq!(names.len(), 4);
        for name in names {
            let found = captioner.preprocess(&picture(name.trim_end_matches(".pixels"))).unwrap().rows();
            let difference = golden::max_difference(&found, &golden::rows(&expected, name));
            println!("{kind} {name}: {difference:e}");
            // One step of 255, over the smallest deviation.
            assert!(difference < 1.001 / 255.0 / 0.2613, "{kind} {name}: {difference}");
        }
    }
}

#[test]
fn image_and_logits_are_hfs() {
    let mut wrong = Vec::new();
    for kind in KINDS {
        let ((golden, expected), captioner) = (golden_of(kind), captioner(kind, Compute::F32));
        for case in golden.cases.iter().filter(|case| (case.beams, case.length) == (1, 20)) {
            let name = &case.picture;
            let pixels = captioner.preprocess(&picture(name)).unwrap();
            let image = captioner.generator().see(&pixels).unwrap().rows();
            let at = golden.asked.iter().position(|asked| *asked == case.text).unwrap();
            let ids = &case.sequences[0].ids;
            let [cached, anew] = logits(&captioner, name, &case.text, ids);
            // Reading on gives to the last bit what reading all of it gives.
            assert_eq!(cached, anew, "{kind} {name} {:?}", case.text);
            for (what, found, theirs, tolerance) in [
                ("image", image, format!("{name}.image"), 1e-3),
                ("logits", cached, format!("{name}.{at}.logits"), 1e-3),
            ] {
                let difference = golden::max_difference(&found, &golden::rows(&expected, &theirs));
                println!("{kind} {theirs}: {difference:e}");
                if difference > tolerance {
                    wrong.push(format!("{kind} {theirs}: {what} differ by {difference}"));
                }
            }
        }
    }
    golden::none_wrong(wrong);
}

#[test]
fn texts_are_those_of_generate() {
    let (mut wrong, mut cases, mut worst) = (Vec::new(), 0, 0f32);
    for kind in KINDS {
        let ((golden, _), captioner) = (golden_of(kind), captioner(kind, Compute::F32));
        for case in &golden.cases {
            let found = write(&captioner, case);
            let what =
                format!("{kind} {} {:?}, {} beams, {}", case.picture, case.text, case.beams, case.length);
            assert_eq!(found.beams.len(), case.sequences.len(), "{what}");
            assert_eq!(
                (&found.text, &found.tokens),
                (&found.beams[0].text, &found.beams[0].tokens),
                "{what}"
            );
            for (found, theirs) in found.beams.iter().zip(&case.sequences) {
                cases += 1;
                if (&found.tokens, &found.text) != (&theirs.ids, &theirs.text) {
                    wrong.push(format!("{what}:\n  {found:?}\n  {:?} {}", theirs.ids, theirs.score));
                }
                worst = worst.max((found.score - theirs.score).abs());
            }
        }
    }
    println!("{cases} texts, scores differ by {worst:e}");
    golden::none_wrong(wrong);
    assert!(worst < 1e-4 && cases >= 150, "{worst} {cases}");
}

#[test]
fn the_tokenizer_is_hfs() {
    let mut wrong = Vec::new();
    for kind in KINDS {
        let (golden, _) = golden_of(kind);
        let vocabulary = captioner(kind, Compute::F32).facts().vocabulary;
        let tokenizer =
            WordPieces::from_json(golden::text(&format!("blip/{kind}/tokenizer.json")), vocabulary).unwrap();
        for Text { text, ids, plain } in &golden.texts {
            let found = tokenizer.encode(text).unwrap();
            let back = tokenizer.decode(&found).unwrap();
            if (&found, &back) != (ids, plain) {
                wrong.push(format!("{kind} {text:?}: {found:?} {back:?}, HF {ids:?} {plain:?}"));
            }
        }
    }
    golden::none_wrong(wrong);
}

#[test]
fn int8_says_nearly_the_same() {
    for kind in KINDS {
        let (golden, expected) = golden_of(kind);
        let captioner = captioner(kind, Compute::Int8);
        for case in golden.cases.iter().filter(|case| (case.beams, case.length) == (1, 20)) {
            let at = golden.asked.iter().position(|asked| *asked == case.text).unwrap();
            let theirs = golden::rows(&expected, &format!("{}.{at}.logits", case.picture));
            let [found, _] = logits(&captioner, &case.picture, &case.text, &case.sequences[0].ids[..1]);
            let correlation = correlation(&found[0], &theirs[0]);
            println!("{kind} {} {:?}: {correlation}", case.picture, case.text);
            assert!(correlation > 0.99, "{kind} {} {:?}: {correlation}", case.picture, case.text);
            assert!(!write(&captioner, case).text.is_empty());
        }
    }
}

/// Pearson's.
pub fn correlation(a: &[f32], b: &[f32]) -> f64 {
    let mean = |x: &[f32]| x.iter().map(|x| f64::from(*x)).sum::<f64>() / x.len() as f64;
    let (centre_a, centre_b) = (mean(a), mean(b));
    let (mut ab, mut aa, mut bb) = (0.0, 0.0, 0.0);
    for (x, y) in a.iter().zip(b) {
        let (x, y) = (f64::from(*x) - centre_a, f64::from(*y) - centre_b);
        (ab, aa, bb) = (ab + x * y, aa + x * x, bb + y * y);
    }
    ab / (aa * bb).sqrt()
}

#[test]
fn a_caption_grows_a_token_at_a_time_and_can_be_left() {
    let (golden, _) = golden_of("caption");
    let captioner = captioner("caption", Compute::F32);
    for case in golden.cases.iter().filter(|case| case.length == 20).take(4) {
        let options = CaptionOptions {
            prompt: case.text.clone().unwrap_or_default(),
            beams: case.beams,
            ..CaptionOptions::default()
        };
        let pixels = captioner.preprocess(&picture(&case.picture)).unwrap();
        let mut captioning = Captioning::caption(&captioner, pixels, &options).unwrap();
        let (mut steps, mut progress, mut last) = (0, 0.0, String::new());
        while captioning.step(&captioner).unwrap() {
            assert!(captioning.whole(&captioner).unwrap().is_none());
            let (now, so_far) = (captioning.progress(), captioning.so_far(&captioner).unwrap());
            assert!(now >= progress, "{now} after {progress}");
            // A single text only grows; of several another may come first.
            assert!(case.beams > 1 || so_far.starts_with(&last), "{so_far:?} after {last:?}");
            (steps, progress, last) = (steps + 1, now, so_far);
        }
        let whole = captioning.whole(&captioner).unwrap().unwrap();
        assert_eq!(whole.tokens, case.sequences[0].ids);
        assert!(steps >= 3 && captioning.progress() == 1.0 && !captioning.step(&captioner).unwrap());

        let mut seen = Vec::new();
        let again = captioner.caption(&picture(&case.picture), &options, |text| seen.push(text.to_owned()));
        assert_eq!((again.unwrap(), seen.last()), (whole.clone(), Some(&whole.text)));
    }
}

#[test]
fn a_model_says_which_of_the_two_it_can() {
    let [captions, answers] = KINDS.map(|kind| captioner(kind, Compute::F32));
    let (picture, limits) = (picture("board-32"), Limits::default());
    let message = |result: Result<Caption>| result.unwrap_err().to_string();
    let caption = |options: &CaptionOptions| captions.caption(&picture, options, |_| ());
    let plain = CaptionOptions::default();
    assert_eq!(captions.facts().ability, Ability::Captions);
    assert_eq!(answers.facts().ability, Ability::Answers);
    let long = "a ".repeat(70);
    for (found, part) in [
        (captions.answer(&picture, "what color?", limits, |_| ()), "answers no questions"),
        (answers.caption(&picture, &plain, |_| ()), "does not describe"),
        (answers.answer(&picture, " ", limits, |_| ()), "blank"),
        (answers.answer(&picture, &long, limits, |_| ()), "longer than the 64"),
        (caption(&CaptionOptions { prompt: long.clone(), ..plain.clone() }), "can read 64"),
        (caption(&CaptionOptions { beams: 0, ..plain.clone() }), "0 beams"),
        (caption(&CaptionOptions { beams: 17, ..plain.clone() }), "17 beams"),
        (caption(&CaptionOptions { max_tokens: 0, ..plain.clone() }), "no tokens"),
    ] {
        let found = message(found);
        assert!(found.contains(part), "{found:?} has no {part:?}");
    }
    // Where the context ends, so does the text.
    let longest = caption(&CaptionOptions { max_tokens: 1000, min_tokens: 1000, ..plain }).unwrap();
    assert_eq!(longest.tokens.len(), captions.facts().context);
}

#[test]
fn what_is_wrong_with_a_model_is_named() {
    let spoiled = |kind: &str, file: &'static str, from: &'static str, to: &'static str| {
        let change = |files: &mut BTreeMap<String, String>| {
            let text = files.get_mut(file).unwrap();
            assert!(text.contains(from), "{file} has no {from}");
            *text = text.replace(from, to);
        };
        load(kind, Compute::F32, change).map(|_| ()).unwrap_err().to_string()
    };
    let config = "config.json";
    for (kind, file, from, to, part) in [
        (
            "caption",
            config,
            "BlipForConditionalGeneration",
            "BlipForImageTextRetrieval",
            "ImageTextRetrieval",
        ),
        ("caption", config, "BlipForConditionalGeneration", "BlipForQuestionAnswering", "one width"),
        ("vqa", config, "BlipForQuestionAnswering", "BlipForConditionalGeneration", "text_encoder."),
        ("caption", config, "\"model_type\": \"blip\"", "\"model_type\": \"clip\"", "compares pictures"),
        ("caption", config, "\"model_type\": \"blip\"", "\"model_type\": \"git\"", "git"),
        ("caption", config, "\"intermediate_size\": 64", "\"intermediate_size\": 65", "intermediate.dense"),
        ("caption", config, "\"num_hidden_layers\": 2", "\"num_hidden_layers\": 3", "layer.2"),
        ("caption", config, "\"vocab_size\": 125", "\"vocab_size\": 126", "[126, 32]"),
        ("caption", config, "\"image_size\": 32", "\"image_size\": 40", "40 × 40"),
        ("caption", "tokenizer.json", "WordPiece", "Unigram", "tokenizer.json"),
        ("caption", "preprocessor_config.json", "\"resample\": 3", "\"resample\": 9", "resample"),
    ] {
        let found = spoiled(kind, file, from, to);
        assert!(found.contains(part), "{kind} {to}: {found:?} has no {part:?}");
    }
    let without = |file: &'static str| load("caption", Compute::F32, |files| drop(files.remove(file)));
    assert!(without("tokenizer.json").unwrap_err().to_string().contains("tokenizer.json"));
    assert!(without("preprocessor_config.json").is_ok());

    // A CLIP is no captioner, and a captioner no CLIP; each says so.
    let mut loader = CaptionerLoader::new(Compute::F32);
    let pocket = include_bytes!("../../models/pocket/pocket-q8_0.gguf");
    let message = loader.push(pocket).and_then(|()| loader.finish()).unwrap_err().to_string();
    assert!(message.contains("CLIP"), "{message}");
    let head = semblance::bundle::Head::from_files(&texts("caption")).map(|_| ()).unwrap_err().to_string();
    assert!(head.contains("blip"), "{head}");
}
