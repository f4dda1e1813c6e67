//! Classifiers of one's own natively: taught with real pictures, kept in a file, and nobody else's.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};

use semblance::classifier::{ClassExamples, Classifier, Images, Method, Setting, TeachOptions};
use semblance::index::model_hash;
use semblance::{Clip, Error, Picture};
use semblance_teach::Error as TeachError;

const NAMES: [&str; 3] = ["an animal", "something to eat or drink", "a river"];
const SAMPLES: [[&str; 2]; 3] = [["cat", "moose"], ["citrus", "coffee"], ["bridge", "boats"]];
/// Where crops begin, of the room that there is: those that teach, and those that ask.
const TAUGHT: [(f64, f64); 2] = [(0.2, 0.2), (0.8, 0.8)];
const ASKED: [(f64, f64); 1] = [(0.5, 0.5)];

fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn pocket() -> (Clip, [u8; 32]) {
    let hash = model_hash(repository("models/pocket/pocket-q8_0.gguf")).unwrap();
    (Clip::load(repository("models/pocket")).unwrap(), hash)
}

/// A square of four fifths of the shorter side.
fn crop(picture: &Picture, (x, y): (f64, f64)) -> Picture {
    let (width, height) = picture.size();
    let side = width.min(height) * 4 / 5;
    let start = |room: u32, at: f64| (f64::from(room) * at) as u32;
    let (left, top) = (start(width - side, x), start(height - side, y));
    let rows = (top..top + side).flat_map(|row| {
        let at = 4 * (row * width + left) as usize;
        &picture.rgba()[at..at + 4 * side as usize]
    });
    Picture::from_rgba(rows.copied().collect(), side, side).unwrap()
}

fn crops(places: &[(f64, f64)]) -> [Vec<Picture>; 3] {
    SAMPLES.map(|samples| {
        let open = |name: &str| Picture::open(repository(&format!("assets/samples/{name}.jpg"))).unwrap();
        let whole: Vec<Picture> = samples.map(open).into();
        whole.iter().flat_map(|picture| places.iter().map(|&at| crop(picture, at))).collect()
    })
}

fn classes<'a>(images: [Images<'a>; 3]) -> [ClassExamples<'a>; 3] {
    let mut names = NAMES.iter();
    images.map(|images| ClassExamples { name: names.next().unwrap(), prompt: None, images })
}

fn pictures(all: &[Vec<Picture>; 3]) -> [ClassExamples<'_>; 3] {
    classes(all.each_ref().map(|some| Images::Pictures(some)))
}

fn vectors(clip: &Clip, all: &[Vec<Picture>; 3]) -> [Vec<Vec<f32>>; 3] {
    all.each_ref().map(|pictures| clip.embed_images(pictures).unwrap())
}

fn rows(all: &[Vec<Vec<f32>>; 3]) -> [ClassExamples<'_>; 3] {
    classes(all.each_ref().map(|some| Images::Vectors(some)))
}

fn error<T>(result: Result<T, Error>) -> Error {
    result.map(drop).unwrap_err()
}

#[test]
fn what_was_taught_is_saved_and_opened_to_the_last_bit() {
    let (mut clip, hash) = pocket();
    let taught = vectors(&clip, &crops(&TAUGHT));
    let asked = vectors(&clip, &crops(&ASKED)).concat();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("three.classifier.safetensors");
    for method in Method::ALL {
        let options = TeachOptions { method: Some(method), ..TeachOptions::default() };
        let (classifier, _) = Classifier::teach(&mut clip, hash, &rows(&taught), &options).unwrap();
        classifier.save(&file).unwrap();
        let opened = Classifier::open(&file, hash).unwrap();
        let mut about = opened.about().clone();
        // JSON's reader is quicker without the last bit of numbers in f64; everything else has 32 bits.
        for (read, written) in [
            (&mut about.accuracy, classifier.about().accuracy),
            (&mut about.threshold, classifier.about().threshold),
        ] {
            let (found, expected) = (read.unwrap_or_default(), written.unwrap_or_default());
            assert!((found - expected).abs() <= 1e-12 * expected.abs(), "{method:?}: {found} {expected}");
            *read = written;
        }
        assert_eq!(&about, classifier.about());
        assert_eq!(opened.about().setting.method(), method);
        let answers = classifier.classify_vectors(&asked).unwrap();
        assert_eq!(answers.len(), asked.len());
        assert_eq!(opened.classify_vectors(&asked).unwrap(), answers, "{method:?}");
    }
}

#[test]
fn the_best_method_knows_pictures_that_it_has_not_seen() {
    let (mut clip, hash) = pocket();
    let (taught, asked) = (vectors(&clip, &crops(&TAUGHT)), crops(&ASKED));
    let (mut classifier, report) =
        Classifier::teach(&mut clip, hash, &rows(&taught), &TeachOptions::default()).unwrap();
    assert_eq!((report.examples, report.counts), (12, vec![4, 4, 4]));
    let best = report.methods.iter().min_by(|a, b| a.log_loss.partial_cmp(&b.log_loss).unwrap()).unwrap();
    assert_eq!((best.setting, report.methods.len()), (Some(report.setting), Method::ALL.len()));
    let judged = report.judged.unwrap();
    assert_eq!(classifier.about().accuracy, Some(judged.quality.accuracy));
    assert_eq!(classifier.about().threshold, Some(judged.open_set.threshold.threshold));

    classifier.set_threshold(None);
    let pictures = asked.concat();
    let answers = classifier.classify(&clip, &pictures).unwrap();
    let truth = NAMES.iter().flat_map(|name| [name, name]);
    for (answer, name) in answers.iter().zip(truth) {
        assert_eq!((answer.label, answer.scores[0].label), (Some(*name), *name));
        let probabilities: Vec<f32> = answer.scores.iter().map(|score| score.probability).collect();
        assert!(probabilities.is_sorted_by(|a, b| a >= b), "{probabilities:?}");
        assert!((probabilities.iter().sum::<f32>() - 1.0).abs() < 1e-5, "{probabilities:?}");
    }
    // Vectors of the same pictures say the same, and where the line is the best known one, all others are refused.
    let vectors = clip.embed_images(&pictures).unwrap();
    assert_eq!(classifier.classify_vectors(&vectors).unwrap(), answers);
    let most = answers.iter().map(|answer| answer.known).fold(f32::MIN, f32::max);
    let mut strict = classifier.clone();
    strict.set_threshold(Some(f64::from(most)));
    let refusing = strict.classify_vectors(&vectors).unwrap();
    assert!(refusing.iter().zip(&answers).all(|(strict, open)| strict.scores == open.scores));
    assert!(refusing.iter().all(|answer| answer.label.is_some() == (answer.known == most)));
}

#[test]
fn vectors_teach_the_same_as_their_pictures() {
    let (mut clip, hash) = pocket();
    let taught = crops(&TAUGHT[..1]);
    let method = Some(Method::NearestClassMean);
    let background = [crops(&ASKED)[0][0].clone()];
    let options = TeachOptions {
        method,
        template: "a photo of {}",
        background: Images::Pictures(&background),
        ..TeachOptions::default()
    };
    let (by_pictures, report) = Classifier::teach(&mut clip, hash, &pictures(&taught), &options).unwrap();
    assert_eq!(report.judged.unwrap().open_set.background.len(), background.len());
    let (taught, background) = (vectors(&clip, &taught), clip.embed_images(&background).unwrap());
    // Words of their own instead of a template.
    let prompts = NAMES.map(|name| format!("a photo of {name}"));
    let mut classes = rows(&taught);
    classes.iter_mut().zip(&prompts).for_each(|(class, prompt)| class.prompt = Some(prompt));
    let options = TeachOptions { background: Images::Vectors(&background), template: "{} {}", ..options };
    let (by_vectors, _) = Classifier::teach(&mut clip, hash, &classes, &options).unwrap();
    assert!(by_vectors == by_pictures, "{:?} {:?}", by_vectors.about(), by_pictures.about());
    assert_eq!(by_vectors.about().prompts, prompts);
    assert_eq!(by_vectors.about().setting, Setting::NearestClassMean);
}

#[test]
fn words_alone_do_and_without_them_every_class_takes_a_picture() {
    let (mut clip, hash) = pocket();
    let pictures = crops(&TAUGHT[..1]);
    let taught = vectors(&clip, &pictures);
    let nothing = classes([Images::Vectors(&[]); 3]);
    let (classifier, report) =
        Classifier::teach(&mut clip, hash, &nothing, &TeachOptions::default()).unwrap();
    assert!(report.judged.is_none());
    // Before anything is learnt, it is CLIP's own zero-shot classification.
    assert_eq!(report.setting, Setting::ZeroShot);
    let answer = classifier.classify_vectors(&taught[0][..1]).unwrap().remove(0);
    for score in clip.classify(&pictures[0][0], &NAMES).unwrap() {
        let own = answer.scores.iter().find(|own| own.label == score.label).unwrap();
        assert!((own.probability - score.probability).abs() < 1e-5, "{own:?} {score:?}");
    }

    let mut empty = rows(&taught);
    empty[1].images = Images::Vectors(&[]);
    let options = TeachOptions { words: false, ..TeachOptions::default() };
    let sentence = error(Classifier::teach(&mut clip, hash, &empty, &options));
    assert_eq!(sentence.to_string(), TeachError::Empty(NAMES[1].into()).to_string());
    assert_eq!(sentence.name(), "EngineError");
    let (classifier, report) = Classifier::teach(&mut clip, hash, &rows(&taught), &options).unwrap();
    assert!(classifier.about().prompts.is_empty() && report.setting != Setting::ZeroShot);
}

#[test]
fn what_fits_nothing_is_refused_in_a_sentence() {
    let (mut clip, hash) = pocket();
    let vectors = [[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]].map(|start| {
        let mut vector = start.to_vec();
        vector.resize(128, 0.5);
        vec![vector]
    });
    let good = rows(&vectors);
    let short = [vec![1.0; 64], vec![1.0; 64]];
    let default = TeachOptions::default();
    let mut teach = |change: &dyn Fn(&mut [ClassExamples<'static>; 3]), options: &TeachOptions<'_>| {
        let mut classes = classes([Images::Vectors(&[]); 3]);
        change(&mut classes);
        error(Classifier::teach(&mut clip, hash, &classes, options)).to_string()
    };
    for (found, expected) in [
        (teach(&|classes| classes[2].name = " ", &default), "A class has no name"),
        (teach(&|classes| classes[2].name = NAMES[0], &default), "There are two classes “an animal”"),
        (teach(&|classes| classes[1].prompt = Some(" "), &default), "blank"),
        (teach(&|_| {}, &TeachOptions { template: "a photo", ..default }), "has no {}"),
        (teach(&|_| {}, &TeachOptions { background: Images::Vectors(&short), ..default }), "64 numbers"),
    ] {
        assert!(found.contains(expected), "{found}");
    }
    let wordless = TeachOptions { words: false, method: Some(Method::ZeroShot), ..default };
    let without = error(Classifier::teach(&mut clip, hash, &good, &wordless)).to_string();
    assert!(without.contains("takes the classes' words"), "{without}");
    let one = error(Classifier::teach(&mut clip, hash, &good[..1], &default));
    assert!(matches!(one, Error::Teach(TeachError::Classes(1))), "{one}");

    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.classifier.safetensors");
    let (classifier, _) = Classifier::teach(&mut clip, hash, &good, &default).unwrap();
    assert!(error(classifier.classify_vectors(&short)).to_string().contains("64 numbers"));
    assert!(classifier.classify(&clip, &[]).unwrap().is_empty());
    let other = Clip::load(repository("tests/golden/models/quick-gelu-p8")).unwrap();
    assert!(matches!(error(classifier.classify(&other, &[])), Error::Teach(TeachError::OtherModel)));

    let nowhere = error(classifier.save(folder.path()));
    assert!(matches!(nowhere, Error::Write { .. }), "{nowhere}");
    classifier.save(&file).unwrap();
    let mut another = hash;
    another[31] ^= 1;
    let refused = error(Classifier::open(&file, another));
    assert!(matches!(refused, Error::Teach(TeachError::OtherModel)), "{refused}");
    assert_eq!(refused.name(), "ModelError");
    let bytes = fs::read(&file).unwrap();
    for wrong in [&b"no classifier"[..], &[], &bytes[..bytes.len() - 1], &bytes[8..]] {
        fs::write(&file, wrong).unwrap();
        let refused = error(Classifier::open(&file, hash));
        assert!(matches!(refused, Error::Teach(TeachError::NoClassifier(_))), "{refused}");
    }
    let gone = error(Classifier::open(folder.path().join("none"), hash));
    assert!(matches!(gone, Error::Io { .. }), "{gone}");
}
