//! A classifier's file: the same when read again, and refused in a sentence where it is damaged.

use ndarray::{Array2, array};
use semblance_teach::calibration::Calibration;
use semblance_teach::classifier::{About, Captions};
use semblance_teach::head::Cache;
use semblance_teach::random::Random;
use semblance_teach::{Classifier, Error, Head, Method, Setting};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::any::{given, sentence, teach, vectors, wrong_answers};
use super::golden::Wrong;

/// A file of another kind in the same format.
const VECTORS: &[u8] = include_bytes!("../../../../tests/golden/tables/vectors.safetensors");

/// Two classes, three keys, two captions: everything that a file may have.
fn small() -> Classifier {
    let cache = Cache {
        keys: array![[1.0, 0.0], [0.0, 1.0], [0.6, 0.8]],
        labels: vec![0, 1, 1],
        alpha: 1.7,
        beta: 5.5,
    };
    Classifier {
        about: About {
            classes: vec!["a cat".into(), "ein Hund – “ünïcödé” 🐕".into()],
            model: "0f".repeat(32),
            prompts: vec!["a photo of a cat".into(), "a photo of a dog".into()],
            setting: Setting::TipAdapterF { alpha: 1.7, beta: 5.5 },
            examples: 3,
            accuracy: Some(2.0 / 3.0),
            threshold: Some(-0.1),
            calibration: Calibration { scale: vec![0.9, 1.1], bias: vec![-0.2, 0.2] },
        },
        head: Head { weights: array![[3.0, -1.0], [-2.0, 0.5]], bias: vec![0.1, -0.1], cache: Some(cache) },
        captions: Some(Captions { vectors: array![[0.8, 0.6], [0.6, -0.8]], scale: 20.0 }),
    }
}

/// A good classifier in which one thing was changed.
fn with(change: impl Fn(&mut Classifier)) -> Vec<u8> {
    let mut classifier = small();
    change(&mut classifier);
    classifier.to_bytes().unwrap()
}

/// Weights alone, and all else that fits to them.
fn linear(classifier: &mut Classifier, weights: Array2<f32>) {
    classifier.about.classes.truncate(weights.nrows());
    classifier.about.prompts.clear();
    classifier.about.calibration = Calibration::as_is();
    classifier.about.setting = Setting::ZeroShot;
    (classifier.head, classifier.captions) = (Head::linear(weights), None);
}

fn cache(classifier: &mut Classifier) -> &mut Cache {
    classifier.head.cache.as_mut().unwrap()
}

/// Put `to` where `from` stands in the header; both are equally long.
fn replaced(from: &str, to: &str) -> Vec<u8> {
    let mut bytes = small().to_bytes().unwrap();
    let at = bytes.windows(from.len()).position(|part| part == from.as_bytes()).unwrap();
    bytes[at..at + to.len()].copy_from_slice(to.as_bytes());
    bytes
}

#[test]
fn what_is_read_is_what_was_written() {
    let mut wrong = Wrong::default();
    let mut random = Random(3);
    let mut all = vec![small()];
    for counts in [&[3, 2, 4][..], &[30, 41, 50], &[0, 0]] {
        for wish in Method::ALL {
            for words in [true, false] {
                let (examples, known) = given(random.below(1000) as u64, counts, 7, 33.3);
                // Without words nothing is known of no pictures, and zero-shot is none.
                if let Ok((classifier, _)) = teach(examples, words.then_some(known), Some(wish)) {
                    all.push(classifier);
                }
            }
        }
    }
    wrong.unless(all.len() == 24, || format!("{} classifiers", all.len()));
    for _ in 0..200 {
        let mut odd = small();
        let number = |random: &mut Random| 1e3 * (random.below(1 << 30) as f64).sin();
        odd.about.threshold = Some(number(&mut random));
        let [alpha, beta] = [(); 2].map(|()| number(&mut random) as f32);
        odd.about.setting = Setting::TipAdapter { alpha, beta };
        (cache(&mut odd).alpha, cache(&mut odd).beta) = (alpha, beta);
        all.push(odd);
    }
    for (number, classifier) in all.iter().enumerate() {
        let what = format!("{number}, {:?}", classifier.about.setting);
        let mut again = match Classifier::from_bytes(&classifier.to_bytes().unwrap()) {
            Ok(again) => again,
            Err(error) => {
                wrong.unless(false, || format!("{what}: {error}"));
                continue;
            }
        };
        // serde_json may be one bit off where f64 has many digits; to be exact would make the module 3 % larger.
        let pairs = [
            (&mut again.about.accuracy, classifier.about.accuracy),
            (&mut again.about.threshold, classifier.about.threshold),
        ];
        for (again, written) in pairs {
            let bits = |number: Option<f64>| number.map(f64::to_bits);
            let near =
                bits(*again).zip(bits(written)).is_none_or(|(again, written)| again.abs_diff(written) <= 1);
            wrong.unless(near && again.is_some() == written.is_some(), || format!("{what}: {again:?}"));
            *again = written;
        }
        wrong.unless(again == *classifier, || format!("{what}: {:?}", again.about));
        wrong.unless(bits(&again) == bits(classifier), || format!("{what}: other bits"));
        let asked = vectors(&mut random, 5, classifier.dim());
        let same = again.classify(asked.clone()) == classifier.classify(asked);
        wrong.unless(same, || format!("{what}: other answers"));
    }
}

/// −0 and 0 are equal as numbers; their bits are not.
fn bits(classifier: &Classifier) -> Vec<u32> {
    let Head { weights, bias, cache } = &classifier.head;
    let keys = cache.iter().flat_map(|cache| &cache.keys);
    let captions = classifier.captions.iter().flat_map(|captions| &captions.vectors);
    weights.iter().chain(bias).chain(keys).chain(captions).map(|number| number.to_bits()).collect()
}

#[test]
fn a_damaged_file_is_refused_in_a_sentence_or_answers() {
    let mut wrong = Wrong::default();
    let good = small().to_bytes().unwrap();
    assert_eq!(wrong_answers(&Classifier::from_bytes(&good).unwrap(), vec![1.0, 2.0]), Ok(()));
    for at in 0..good.len() {
        for flip in [0x01, 0x02, 0x10, 0x40, 0x80, 0xff] {
            let mut bytes = good.clone();
            bytes[at] ^= flip;
            let what = format!("byte {at} by {flip:#x}");
            match Classifier::from_bytes(&bytes) {
                Err(error) => wrong.unless(sentence(&error), || format!("{what}: {error}")),
                // A number or a name that is another one.
                Ok(classifier) => match classifier.classify(vec![1.0; 2 * classifier.dim()]) {
                    Err(error) => wrong.unless(sentence(&error), || format!("{what}: {error}")),
                    Ok(_) => {
                        let answers = wrong_answers(&classifier, vec![1.0; 2 * classifier.dim()]);
                        wrong.unless(answers.is_ok(), || format!("{what}: {answers:?}"));
                    }
                },
            }
        }
    }
    for length in 0..good.len() {
        let refused = Classifier::from_bytes(&good[..length]).is_err_and(|error| sentence(&error));
        wrong.unless(refused, || format!("{length} of {} bytes are taken", good.len()));
    }
    let longer = [&good[..], &[0]].concat();
    wrong.unless(Classifier::from_bytes(&longer).is_err(), || "a byte too many is taken".into());
}

#[test]
fn parts_that_do_not_fit_are_refused_in_a_sentence() {
    let mut wrong = Wrong::default();
    let header = |length: u64| [&length.to_le_bytes()[..], b"{}      "].concat();
    let cases: Vec<(&str, Vec<u8>)> = vec![
        ("nothing", vec![]),
        ("noise", vectors(&mut Random(1), 40, 1).iter().flat_map(|number| number.to_le_bytes()).collect()),
        ("an endless header", header(u64::MAX)),
        ("a header of a gigabyte", header(1 << 30)),
        ("no tensors", header(8)),
        ("another safetensors file", VECTORS.to_vec()),
        ("one name", with(|one| one.about.classes.truncate(1))),
        ("one class", with(|one| linear(one, Array2::ones((1, 2))))),
        ("a third class", with(|one| one.about.classes.push("a third".into()))),
        ("weights of three classes", with(|one| one.head.weights = Array2::ones((3, 2)))),
        ("weights of no numbers", with(|one| linear(one, Array2::ones((2, 0))))),
        ("a weight that is no number", with(|one| one.head.weights[[1, 1]] = f32::NAN)),
        ("an endless weight", with(|one| one.head.weights[[1, 1]] = f32::INFINITY)),
        ("one bias", with(|one| one.head.bias.truncate(1))),
        ("an endless bias", with(|one| one.head.bias[0] = f32::NEG_INFINITY)),
        ("keys of another length", with(|one| cache(one).keys = Array2::ones((3, 3)))),
        ("a key that is no number", with(|one| cache(one).keys[[0, 0]] = f32::NAN)),
        ("a key without a label", with(|one| cache(one).labels.truncate(2))),
        ("a label of a third class", with(|one| cache(one).labels[1] = 2)),
        ("a label without measure", with(|one| cache(one).labels[1] = u32::MAX)),
        ("no keys", with(|one| one.head.cache = None)),
        (
            "an α that is no number",
            with(|one| one.about.setting = Setting::TipAdapter { alpha: f32::NAN, beta: 1.0 }),
        ),
        ("a calibration of three classes", with(|one| one.about.calibration.scale = vec![1.0; 3])),
        ("a calibration of nothing", with(|one| one.about.calibration.scale.clear())),
        ("a calibration with one bias", with(|one| one.about.calibration.bias.truncate(1))),
        ("a calibration that is no number", with(|one| one.about.calibration.scale[0] = f32::NAN)),
        ("words of one class", with(|one| one.about.prompts.truncate(1))),
        (
            "captions of another length",
            with(|one| one.captions.as_mut().unwrap().vectors = Array2::ones((2, 3))),
        ),
        ("captions without a scale", with(|one| one.captions.as_mut().unwrap().scale = f32::NAN)),
        (
            "weights that are whole numbers",
            replaced(r#""weights":{"dtype":"F32""#, r#""weights":{"dtype":"I32""#),
        ),
        ("labels that are not", replaced(r#""labels":{"dtype":"U32""#, r#""labels":{"dtype":"F32""#)),
        ("no weights", replaced(r#""weights":"#, r#""Weights":"#)),
        ("a method that there is not", replaced("tip-adapter-f", "tip-adapter-g")),
        ("no layout", replaced("layout", "Layout")),
    ];
    for (what, bytes) in cases {
        match Classifier::from_bytes(&bytes) {
            Err(error @ Error::NoClassifier(_)) => {
                wrong.unless(sentence(&error), || format!("{what}: {error}"))
            }
            other => wrong.unless(false, || format!("{what}: {:?}", other.map(|_| "taken"))),
        }
    }
    let good = Classifier::from_bytes(&with(|one| linear(one, Array2::ones((2, 3)))));
    wrong.unless(good.is_ok(), || "weights that fit".into());
    let newer = replaced(r#"layout\":1"#, r#"layout\":2"#);
    wrong.unless(Classifier::from_bytes(&newer) == Err(Error::Newer(2)), || "a newer layout".into());
}

#[test]
fn vectors_that_are_not_the_models_are_refused_in_a_sentence() {
    let classifier = small();
    let cases: &[&[f32]] =
        &[&[1.0], &[1.0, 2.0, 3.0], &[0.0, 0.0], &[f32::NAN, 1.0], &[1.0, 1.0, f32::INFINITY, 1.0]];
    for vectors in cases {
        let refused = classifier.classify(vectors.to_vec()).is_err_and(|error| sentence(&error));
        assert!(refused, "{vectors:?}");
    }
    assert!(classifier.classify(vec![]).unwrap().probabilities.is_empty());
}

#[test]
fn numbers_that_overflow_are_refused_in_a_sentence() {
    type Change = fn(&mut Classifier);
    let cases: [(&str, Change); 6] = [
        ("weights", |one| one.head.weights.fill(f32::MAX)),
        ("keys", |one| cache(one).keys.fill(f32::MAX)),
        ("β", |one| cache(one).beta = -f32::MAX),
        ("biases", |one| {
            (one.head.bias, one.about.calibration.scale) = (vec![f32::MAX; 2], vec![f32::MAX; 2])
        }),
        ("captions", |one| one.captions.as_mut().unwrap().vectors.fill(f32::MAX)),
        ("the captions' scale", |one| {
            let captions = one.captions.as_mut().unwrap();
            captions.vectors.fill(0.7);
            (captions.scale, one.head.bias[0]) = (-f32::MAX, f32::MAX);
        }),
    ];
    for (what, change) in cases {
        let mut classifier = small();
        change(&mut classifier);
        let found = classifier.classify(vec![0.7, 0.7]);
        assert!(found.as_ref().is_err_and(sentence), "{what}: {found:?}");
    }
}
