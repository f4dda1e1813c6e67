//! Measuring natively, with pocket on the sample pictures: what the model says arrives in the numbers, and comes back whole.
//! (`semblance evaluate`, the command, has its tests in `tools/cli`.)

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};

use semblance::classify::Encoder;
use semblance::measure::{self, Finding, Kind, Probe, ZeroShot};
use semblance::{Clip, Error, Picture};
use semblance_measure::tally;
use semblance_measure::unusual::Verdict;

const NAMES: [&str; 8] = ["bee", "boats", "bridge", "cat", "citrus", "coffee", "dandelion", "moose"];
const LABELS: [&str; 8] =
    ["bee", "boat", "bridge", "cat", "citrus fruit", "cup of coffee", "dandelion", "moose"];
const TRUTHS: [u32; 8] = [0, 1, 2, 3, 4, 5, 6, 7];
const TEMPLATE: &str = "a photo of a {}";

fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn pocket() -> Clip {
    Clip::load(repository("models/pocket")).unwrap()
}

fn vectors(clip: &Clip) -> Vec<Vec<f32>> {
    let open = |name| Picture::open(repository(&format!("assets/samples/{name}.jpg"))).unwrap();
    clip.embed_images(&NAMES.map(open)).unwrap()
}

/// As many unit vectors as wanted, each between two pictures'.
fn between(vectors: &[Vec<f32>], count: usize) -> Vec<Vec<f32>> {
    let mixed = |at: usize| {
        let (one, other) = (&vectors[at % vectors.len()], &vectors[at / vectors.len() % vectors.len()]);
        let share = (at % 7) as f32 / 7.0;
        let sum: Vec<f32> = one.iter().zip(other).map(|(x, y)| x * (1.0 - share) + y * share).collect();
        let length = sum.iter().map(|x| x * x).sum::<f32>().sqrt();
        sum.into_iter().map(|x| x / length).collect()
    };
    (0..count).map(mixed).collect()
}

fn sentence<T>(result: Result<T, Error>) -> String {
    result.map(drop).unwrap_err().to_string()
}

#[test]
fn an_evaluation_is_that_of_the_models_logits() {
    let mut clip = pocket();
    let vectors = vectors(&clip);
    let images: Vec<&[f32]> = vectors.iter().map(Vec::as_slice).collect();
    for templates in [&[TEMPLATE][..], &[TEMPLATE, "a painting of a {}", "{}"]] {
        let found = measure::evaluate(&mut clip, &vectors, &TRUTHS, &LABELS, templates, 7).unwrap();
        let logits = clip.similarity(&images, &LABELS, templates).unwrap().logits;
        assert_eq!(found, tally::evaluate(&logits, LABELS.len(), &TRUTHS, 7).unwrap());
        assert_eq!((found.evaluation.pictures, found.evaluation.classes.len()), (8, 8));
        let one_by_one = ZeroShot::new(&mut clip, &LABELS, templates).unwrap();
        assert_eq!(images.iter().flat_map(|image| one_by_one.logits(image)).collect::<Vec<_>>(), logits);
    }
    // A model that sees what is there is right more often than chance; labels exchanged, it is not.
    let share = |truths: &[u32], clip: &mut Clip| {
        measure::evaluate(clip, &vectors, truths, &LABELS, TEMPLATE, 0).unwrap().evaluation.top1.share
    };
    let shares = [TRUTHS, TRUTHS.map(|class| (class + 1) % 8)].map(|truths| share(&truths, &mut clip));
    assert!(shares[0] >= 0.5 && shares[1] < 0.3, "{shares:?}");

    let short = [vec![0.0; 3]];
    assert!(
        sentence(measure::evaluate(&mut clip, &short, &[0], &LABELS, TEMPLATE, 0)).contains("of 3 numbers")
    );
    let few = measure::evaluate(&mut clip, &vectors, &[0], &LABELS, TEMPLATE, 0);
    assert!(sentence(few).contains("1 truths for 8 pictures"));
    let none = measure::evaluate(&mut clip, &vectors, &TRUTHS, &LABELS, "a photo", 0);
    assert!(sentence(none).contains("has no {}"));
}

#[test]
fn labels_are_checked_with_what_the_model_says_of_them() {
    let mut clip = pocket();
    let kinds = |findings: Vec<Finding>, kind: Kind| -> Vec<Vec<usize>> {
        findings.into_iter().filter(|one| one.kind == kind).map(|one| one.labels).collect()
    };
    // By their words alone.
    let found = measure::check_labels(&mut clip, &["cat", "dog", "cat"], TEMPLATE, None).unwrap();
    assert_eq!(kinds(found, Kind::Duplicate), [[0, 2]]);
    // By the model's tokens: as many of these words are more than it reads.
    let long = vec!["xylophonist"; clip.config().text_config.max_position_embeddings].join(" ");
    let tokens = clip.tokenize(&long).unwrap();
    assert!(tokens.cut);
    let found = measure::check_labels(&mut clip, &["cat", &long], TEMPLATE, None).unwrap();
    assert_eq!(kinds(found, Kind::Long), [[1]]);
    // By its cosines, where they tell same from different: pocket's do not, so they say nothing.
    assert_eq!(measure::threshold(&mut clip).unwrap(), None);
    // A label that is blank leaves the model out of it; a template must have its place.
    assert!(measure::check_labels(&mut clip, &["cat", " "], TEMPLATE, None).is_ok());
    assert!(sentence(measure::check_labels(&mut clip, &["cat"], "a photo", None)).contains("has no {}"));
}

#[test]
fn a_probe_is_the_difference_of_differences() {
    let mut clip = pocket();
    let vectors = vectors(&clip);
    let images: Vec<&[f32]> = vectors.iter().map(Vec::as_slice).collect();
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    let probe = Probe {
        groups: words(&["woman", "man"]),
        attributes: words(&["doctor", "cook"]),
        prompt: "a photo of a {group} who is a {attribute}".into(),
        base: "a photo of a {group}".into(),
    };
    let found = measure::bias(&mut clip, &vectors, &probe, 0).unwrap();
    assert_eq!((found.pictures, found.shifts.len()), (8, 2));
    let texts = [
        "a photo of a woman who is a cook",
        "a photo of a man who is a cook",
        "a photo of a woman",
        "a photo of a man",
    ];
    let cosine = clip.similarity(&images, &texts, "{}").unwrap().cosine;
    let shifts = cosine.chunks(4).map(|c| f64::from((c[0] - c[1]) - (c[2] - c[3])));
    let mean = f64::from(clip.logit_scale()) * shifts.sum::<f64>() / 8.0;
    assert!((found.shifts[1].mean - mean).abs() < 1e-4, "{} and {mean}", found.shifts[1].mean);

    for (change, part) in [
        ((|probe| probe.groups.truncate(1)) as fn(&mut Probe), "at least two groups"),
        (|probe| probe.attributes.clear(), "at least one attribute"),
        (|probe| probe.prompt = "a photo of a {group}".into(), "needs {group} and {attribute}"),
        (|probe| probe.base = "a photo".into(), "The base needs {group}"),
    ] {
        let mut wrong = probe.clone();
        change(&mut wrong);
        let found = sentence(measure::bias(&mut clip, &vectors, &wrong, 0));
        assert!(found.contains(part), "{found}");
    }
}

#[test]
fn pictures_that_the_model_knows_are_usual_and_their_opposites_are_not() {
    let mut clip = pocket();
    let known = between(&vectors(&clip), 120);
    let usual = measure::usual(&mut clip, &known, &LABELS, TEMPLATE).unwrap();
    assert_eq!((usual.pictures, usual.classes), (120, 8));
    let same = measure::domain(&mut clip, &known, &LABELS, TEMPLATE, &usual, 0).unwrap();
    assert_eq!(same.verdict, Verdict::Usual);
    let opposite: Vec<Vec<f32>> = known.iter().map(|vector| vector.iter().map(|x| -x).collect()).collect();
    let other = measure::domain(&mut clip, &opposite, &LABELS, TEMPLATE, &usual, 0).unwrap();
    assert_eq!(other.verdict, Verdict::Unusual);
    assert!(sentence(measure::usual(&mut clip, &known[..9], &LABELS, TEMPLATE)).contains("at least 101"));
}

#[test]
fn a_template_that_says_nothing_tells_less() {
    let mut clip = pocket();
    let vectors = vectors(&clip);
    // Against words that are no labels' the label hardly shows.
    let drowned = "nothing at all but words and words and words around {} and words behind it";
    let found = measure::compare_templates(&mut clip, &vectors, &LABELS, [TEMPLATE, drowned], 0).unwrap();
    assert_eq!((found.pictures, found.present, found.ranked.len()), (8, 0, 2));
    assert_eq!(found.ranked[0].template, 0, "{found:?}");
    let none: [&str; 0] = [];
    assert!(measure::compare_templates(&mut clip, &vectors, &LABELS, none, 0).is_err());
}
