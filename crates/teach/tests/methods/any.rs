//! Examples of any kind, the same in every run.

use semblance_teach::random::Random;
use semblance_teach::{Background, Classifier, Error, Examples, Method, Report, Result, Teaching, Words};

/// `count` vectors about nothing, each number from −1 to 1.
pub fn vectors(random: &mut Random, count: usize, dim: usize) -> Vec<f32> {
    (0..count * dim).map(|_| (random.below(2001) as f32 - 1000.0) / 1000.0).collect()
}

/// So many examples of each class, about the vectors of its words.
pub fn given(seed: u64, counts: &[usize], dim: usize, logit_scale: f32) -> (Examples, Words) {
    let mut random = Random(seed);
    let words = vectors(&mut random, counts.len(), dim);
    let labels: Vec<u32> = counts.iter().zip(0..).flat_map(|(&count, label)| vec![label; count]).collect();
    let mut all = vectors(&mut random, labels.len(), dim);
    for (vector, &label) in all.chunks_mut(dim).zip(&labels) {
        let about = &words[label as usize * dim..][..dim];
        vector.iter_mut().zip(about).for_each(|(to, from)| *to += from);
    }
    let examples = Examples::new(all, dim, labels, counts.len()).unwrap();
    (examples, Words::new(words, dim, counts.len(), logit_scale).unwrap())
}

pub fn names(count: usize) -> Vec<String> {
    (0..count).map(|class| format!("class {class}")).collect()
}

/// Taught from the first step to the last, with things that are none of the classes.
pub fn teach(
    examples: Examples,
    words: Option<Words>,
    method: Option<Method>,
) -> Result<(Classifier, Report)> {
    let (classes, dim) = (examples.classes(), examples.dim());
    let names = names(classes);
    let prompts = if words.is_some() { names.clone() } else { Vec::new() };
    let mut teaching = Teaching::new(examples, words, method, &names)?;
    let mut before = 0.0;
    while teaching.step()? {
        let now = teaching.progress();
        assert!((before..=1.0).contains(&now), "{now} after {before}");
        before = now;
    }
    let taught = teaching.finish(method)?;
    let mut random = Random(7);
    let background =
        Background { captions: vectors(&mut random, 5, dim), pictures: vectors(&mut random, 6, dim) };
    semblance_teach::report::conclude(&taught, background, names, prompts, "0f".repeat(32))
}

/// What is wrong with the answers of a classifier, if anything is.
pub fn wrong_answers(classifier: &Classifier, vectors: Vec<f32>) -> Result<(), String> {
    let rows = vectors.len() / classifier.dim();
    let answers = match classifier.classify(vectors) {
        Ok(answers) => answers,
        Err(error) => return Err(error.to_string()),
    };
    let classes = classifier.about.classes.len();
    if answers.probabilities.len() != rows * classes || answers.known.len() != rows {
        return Err(format!("{} probabilities of {rows} vectors", answers.probabilities.len()));
    }
    let whole = |row: &[f32]| (row.iter().sum::<f32>() - 1.0).abs() < 1e-4 && row.iter().all(|p| *p >= 0.0);
    match answers.probabilities.chunks(classes).find(|row| !whole(row)) {
        Some(row) => Err(format!("probabilities of {row:?}")),
        None if answers.known.iter().any(|known| !known.is_finite()) => {
            Err(format!("known by {:?}", answers.known))
        }
        None => Ok(()),
    }
}

/// Begins like a sentence and ends like one.
pub fn sentence(error: &Error) -> bool {
    let text = error.to_string();
    text.starts_with(char::is_uppercase) && text.ends_with('.') && text.len() > 20
}
