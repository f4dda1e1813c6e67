//! Teaching from the first step to the last, with as little, as much and as odd examples as there may be.

use semblance_teach::random::Random;
use semblance_teach::teaching::Skipped;
use semblance_teach::{Error, Examples, Method, Setting, Teaching, Words};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::any::{given, names, sentence, teach, vectors, wrong_answers};
use super::golden::Wrong;

const SCALE: f32 = 50.0;

/// Every method asked for, and the best of all.
fn wishes() -> impl Iterator<Item = Option<Method>> {
    std::iter::once(None).chain(Method::ALL.map(Some))
}

/// With and without words, whatever is asked for, a classifier that answers.
fn teaches(wrong: &mut Wrong, name: &str, examples: &Examples, words: Option<&Words>) {
    let (dim, classes) = (examples.dim(), examples.classes());
    for wish in wishes() {
        let what = format!("{name}, {}, {wish:?}", if words.is_some() { "words" } else { "no words" });
        match teach(examples.clone(), words.cloned(), wish) {
            Ok((classifier, report)) => {
                let mut asked = vectors(&mut Random(5), 9, dim);
                asked.extend(examples.vectors());
                let answers = wrong_answers(&classifier, asked);
                wrong.unless(answers.is_ok(), || format!("{what}: {answers:?}"));
                let method = report.setting.method();
                wrong.unless(wish.is_none_or(|wish| wish == method), || format!("{what}: {method:?}"));
                let right = report.judged.is_some() == (examples.len() >= 4);
                wrong.unless(right, || format!("{what}: judged by {} examples", examples.len()));
                for method in &report.methods {
                    let bad =
                        |number: Option<f64>| number.is_some_and(|number| !(0.0..1e6).contains(&number));
                    let bad = bad(method.accuracy) || bad(method.log_loss);
                    wrong.unless(!bad, || format!("{what}: {method:?}"));
                }
                wrong.unless(report.counts.len() == classes, || format!("{what}: {:?}", report.counts));
            }
            Err(error) => {
                let none = words.is_none() && wish == Some(Method::ZeroShot) && sentence(&error);
                wrong.unless(none, || format!("{what}: {error}"));
            }
        }
    }
}

#[test]
fn few_examples_many_and_odd_ones_teach() {
    let mut wrong = Wrong::default();
    let cases: &[(&str, &[usize])] = &[
        ("one of each of two", &[1, 1]),
        ("one of each of five", &[1; 5]),
        ("two of each", &[2, 2, 2]),
        ("one against many", &[1, 30]),
        ("forty, each held out alone", &[20, 20]),
        ("forty-one, held out in fifths", &[20, 21]),
        ("enough for a factor and a bias a class", &[30, 45, 60]),
    ];
    for (seed, &(name, counts)) in (1..).zip(cases) {
        let (examples, words) = given(seed, counts, 6, SCALE);
        teaches(&mut wrong, name, &examples, Some(&words));
        teaches(&mut wrong, name, &examples, None);
    }
    let cases: &[(&str, &[usize])] = &[
        ("a class without pictures", &[3, 0, 4]),
        ("pictures of one class only", &[0, 5, 0]),
        ("no pictures", &[0, 0, 0]),
        ("a single picture", &[0, 1]),
    ];
    for (seed, &(name, counts)) in (11..).zip(cases) {
        let (examples, words) = given(seed, counts, 6, SCALE);
        teaches(&mut wrong, name, &examples, Some(&words));
    }
}

#[test]
fn classes_with_the_same_vectors_teach() {
    let mut wrong = Wrong::default();
    let one = [0.3, -0.2, 0.9, 0.1];
    let cases: &[(&str, Vec<f32>, Vec<u32>)] = &[
        ("one vector for all", one.repeat(6), vec![0, 1, 2, 0, 1, 2]),
        ("two classes alike", [one.repeat(4), vec![1.0, 0.0, 0.0, 0.0]].concat(), vec![0, 1, 0, 1, 2]),
        ("opposites, whose mean is nothing", [one, one.map(|x| -x), one].concat(), vec![0, 0, 1]),
    ];
    for (name, vectors, labels) in cases {
        let classes = *labels.iter().max().unwrap() as usize + 1;
        let examples = Examples::new(vectors.clone(), 4, labels.clone(), classes).unwrap();
        let words = Words::new(one.repeat(classes), 4, classes, SCALE).unwrap();
        teaches(&mut wrong, name, &examples, Some(&words));
        teaches(&mut wrong, name, &examples, None);
    }
}

#[test]
fn a_class_without_an_example_has_its_words_for_a_mean_or_is_never_the_nearest() {
    let (examples, words) = given(51, &[5, 0, 5], 3, SCALE);
    let head = Setting::NearestClassMean.fit(&examples, Some(&words)).unwrap();
    let difference = &head.weights.row(1) - &words.weights().row(1);
    assert!(difference.iter().all(|by| by.abs() < 1e-4), "{difference}");
    let head = Setting::NearestClassMean.fit(&examples, None).unwrap();
    let asked = Examples::new(vectors(&mut Random(1), 500, 3), 3, vec![0; 500], 3).unwrap();
    for logits in head.logits(asked.vectors()).rows() {
        assert!(logits[1] < logits[0] && logits[1] < logits[2], "{logits}");
    }
}

#[test]
fn logit_scales_without_measure_teach_or_are_refused_in_a_sentence() {
    let mut wrong = Wrong::default();
    for scale in [1e-38, 1e-6, 1e6, 1e15, 1e30, 3e38] {
        for counts in [&[3, 4, 5][..], &[0, 2, 60]] {
            for wish in wishes() {
                let (examples, words) = given(21, counts, 6, scale);
                let what = format!("{scale}, {counts:?}, {wish:?}");
                match teach(examples, Some(words), wish) {
                    Ok((classifier, _)) => {
                        let answers = wrong_answers(&classifier, vectors(&mut Random(5), 9, 6));
                        wrong.unless(answers.is_ok(), || format!("{what}: {answers:?}"));
                    }
                    Err(error) => {
                        wrong.unless(scale > 1e15 && sentence(&error), || format!("{what}: {error}"))
                    }
                }
            }
        }
    }
}

#[test]
fn a_thousand_classes_are_taught_by_what_is_quick() {
    let (examples, words) = given(31, &[2; 1000], 64, SCALE);
    let (classifier, report) = teach(examples, Some(words), None).unwrap();
    assert_eq!(wrong_answers(&classifier, vectors(&mut Random(5), 9, 64)), Ok(()));
    assert_eq!((report.folds, report.counts.len()), (5, 1000));
    assert_eq!(report.judged.unwrap().places.len(), 2000);
    let skipped: Vec<_> =
        report.methods.iter().filter_map(|method| Some((method.method, method.skipped?))).collect();
    let large = Skipped::TooLarge;
    assert_eq!(skipped, [(Method::LinearProbe, large), (Method::TipAdapterF, large)]);
}

#[test]
fn what_cannot_be_taught_is_refused_in_a_sentence() {
    let (examples, words) = given(41, &[3, 0, 4], 6, SCALE);
    let teaching = |examples: &Examples, words: Option<&Words>, wish| {
        Teaching::new(examples.clone(), words.cloned(), wish, &names(3)).err()
    };
    assert_eq!(teaching(&examples, None, None), Some(Error::Empty("class 1".into())));
    assert_eq!(teaching(&examples, Some(&words), None), None);
    let (longer, _) = given(41, &[3, 0, 4], 7, SCALE);
    let (_, fewer) = given(41, &[3, 4], 6, SCALE);
    let refused = [
        teaching(&longer, Some(&words), None),
        teaching(&examples, Some(&fewer), None),
        teaching(&given(1, &[3, 2, 4], 6, SCALE).0, None, Some(Method::ZeroShot)),
        Examples::new(vec![1.0, 2.0], 2, vec![0], 1).err(),
        Examples::new(vec![1.0, 2.0], 2, vec![2], 2).err(),
        Examples::new(vec![1.0, 2.0, 3.0], 2, vec![0], 2).err(),
        Examples::new(vec![1.0, 2.0], 2, vec![0, 1], 2).err(),
        Examples::new(vec![], 0, vec![], 2).err(),
        Examples::new(vec![1.0, f32::NAN], 2, vec![0], 2).err(),
        Examples::new(vec![1.0, f32::INFINITY], 2, vec![0], 2).err(),
        Examples::new(vec![0.0, 0.0], 2, vec![0], 2).err(),
        Words::new(vec![1.0, 2.0], 1, 2, 0.0).err(),
        Words::new(vec![1.0, 2.0], 1, 2, f32::NAN).err(),
        Words::new(vec![1.0, 2.0], 1, 2, f32::INFINITY).err(),
        Words::new(vec![1.0, 2.0], 1, 3, 1.0).err(),
        Setting::ZeroShot.fit(&examples, None).err(),
    ];
    for (case, error) in refused.iter().enumerate() {
        assert!(error.as_ref().is_some_and(sentence), "case {case}: {error:?}");
    }
}
