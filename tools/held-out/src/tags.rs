//! Whether tags are right, and as often as was aimed at: by the words that are concepts of the labels.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use anyhow::{Result, ensure};
use repository::paths;
use semblance::Clip;
use semblance_organise::judging::probability;
use semblance_organise::rows::Rows;
use semblance_organise::tags::vocabulary::vocabulary;
use semblance_organise::tags::{KEPT, Proposals, SAMPLED, Tagger, Weights};
use semblance_teach::open_set::auroc;

use crate::collection::Collection;

const AIMS: [f64; 7] = [0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98];
/// Of libraries.
const SIZES: [usize; 6] = [10, 30, 100, 300, 1000, 10_000];
/// Pictures that are gathered of libraries of one size.
const FITTED: usize = 10_000;
/// Of Newton's method, which is done after some ten.
const STEPS: usize = 40;

/// A proposed word of a picture: (z, r), and whether the label says it.
type Judged = ([f64; 3], bool);

/// Tags that are judged.
#[derive(Default)]
struct Taken {
    taken: usize,
    right: usize,
    /// Concepts that the labels say.
    truths: usize,
    /// With a tag.
    pictures: usize,
    /// The sum of their probabilities.
    expected: f64,
}

pub fn report(collection: &Collection) -> Result<String> {
    let terms = vocabulary(Some("pocket"));
    let concepts: BTreeMap<String, usize> = collection
        .table
        .names
        .iter()
        .enumerate()
        .flat_map(|(concept, names)| names.iter().map(move |name| (name.to_lowercase(), concept)))
        .collect();
    let concept_of: Vec<Option<usize>> =
        terms.iter().map(|term| concepts.get(&term.word.to_lowercase()).copied()).collect();
    let judged: BTreeSet<usize> = concept_of.iter().flatten().copied().collect();
    ensure!(judged.len() > 100, "the vocabulary has the labels' concepts");
    let mut clip = Clip::load(paths::root().join("models/pocket"))?;
    let prompts: Vec<String> =
        terms.iter().map(|term| term.kind.template().replace("{}", term.word)).collect();
    let words: Vec<f32> = clip.embed_texts(&prompts)?.concat();
    let width = collection.dim();
    // Pictures come in the order of chance: the first half is fitted to, the second is asked.
    let (first, second) = collection.vectors.split_at(collection.vectors.len() / 2);
    let tagger = |pictures: &[Vec<f32>]| -> Result<Tagger> {
        let every = (pictures.len() / SAMPLED).max(1);
        let sample: Vec<f32> = pictures.iter().step_by(every).take(SAMPLED).flatten().copied().collect();
        let sample = Rows::new(&sample, width)?;
        Ok(Tagger::new(words.clone(), width, sample, Weights::of(sample.len()))?)
    };
    let gather = |pictures: &[Vec<f32>], from: usize| -> Result<Vec<Judged>> {
        let tagger = tagger(pictures)?;
        let mut all = Vec::new();
        for (at, picture) in pictures.iter().enumerate() {
            let features = tagger.features(picture)?;
            let (found, _) = tagger.tag(Rows::new(picture, width)?)?;
            for word in found {
                if let Some(concept) = concept_of[word as usize] {
                    let (z, r) = features[word as usize];
                    all.push(([1.0, z.into(), r.into()], collection.shows(from + at, concept)));
                }
            }
        }
        Ok(all)
    };
    let mut out = String::new();
    writeln!(
        out,
        "{} words of the vocabulary are known to pocket; {} of them are concepts of the labels or above one, and only those are judged. The score's weights are fitted to the first {} pictures (below); asked about the other {} as one library:\n",
        terms.len(),
        judged.len(),
        first.len(),
        second.len()
    )?;
    writeln!(
        out,
        "| precision aimed at | expected | precision of those judged | recall | judged tags a picture | pictures with a judged tag |\n|--:|--:|--:|--:|--:|--:|"
    )?;
    let taken = |pictures: &[Vec<f32>], from: usize, aims: &[f64]| -> Result<Vec<Taken>> {
        let tagger = tagger(pictures)?;
        let mut proposals = Proposals::new(terms.len());
        for some in pictures.chunks(256) {
            let rows: Vec<f32> = some.concat();
            let (words, scores) = tagger.tag(Rows::new(&rows, width)?)?;
            proposals.add(&words, &scores)?;
        }
        let of = |at: usize| &collection.concepts[from + at];
        let truths = (0..pictures.len())
            .map(|at| of(at).iter().filter(|concept| judged.contains(concept)).count())
            .sum();
        aims.iter()
            .map(|&aim| {
                let mut counts = Taken { truths, ..Taken::default() };
                for (at, given) in proposals.select(aim, KEPT, &[])?.given.iter().enumerate() {
                    let mut concepts: BTreeMap<usize, f32> = BTreeMap::new();
                    for one in given {
                        if let Some(concept) = concept_of[one.word as usize] {
                            concepts.entry(concept).or_insert(one.probability);
                        }
                    }
                    counts.taken += concepts.len();
                    counts.pictures += usize::from(!concepts.is_empty());
                    counts.expected += concepts.values().map(|p| f64::from(*p)).sum::<f64>();
                    counts.right += concepts.keys().filter(|concept| of(at).contains(concept)).count();
                }
                Ok(counts)
            })
            .collect()
    };
    for (aim, one) in AIMS.iter().zip(taken(second, first.len(), &AIMS)?) {
        let share = |part: usize, whole: usize| 100.0 * part as f64 / whole.max(1) as f64;
        writeln!(
            out,
            "| {:.0} % | {:.1} % | {:.1} % | {:.1} % | {:.2} | {:.0} % |",
            100.0 * aim,
            100.0 * one.expected / one.taken.max(1) as f64,
            share(one.right, one.taken),
            share(one.right, one.truths),
            one.taken as f64 / second.len() as f64,
            share(one.pictures, second.len())
        )?;
    }
    writeln!(
        out,
        "\nExpected: the mean probability of the tags that are judged. The same pictures as many libraries of so many, all tags together:\n\n| pictures | aim 50 % | aim 80 % | aim 90 % |\n|--:|--:|--:|--:|"
    )?;
    for size in SIZES {
        let mut sums: Vec<Taken> = Vec::new();
        for (at, some) in second.chunks_exact(size).take((FITTED / size).max(1)).enumerate() {
            let found = taken(some, first.len() + at * size, &[0.5, 0.8, 0.9])?;
            sums.resize_with(found.len(), Taken::default);
            for (sum, one) in sums.iter_mut().zip(found) {
                sum.taken += one.taken;
                sum.right += one.right;
                sum.truths += one.truths;
            }
        }
        let cell = |one: &Taken| {
            format!(
                " {:.1} % right, {:.1} % found |",
                100.0 * one.right as f64 / one.taken.max(1) as f64,
                100.0 * one.right as f64 / one.truths.max(1) as f64
            )
        };
        writeln!(out, "| {size} |{}", sums.iter().map(cell).collect::<String>())?;
    }
    writeln!(out)?;
    let asked = gather(second, first.len())?;
    let weights = Weights::of(SAMPLED);
    writeln!(
        out,
        "What tells right words from wrong ones among the {KEPT} likeliest of each picture, as the area under the ROC curve: both numbers {:.3}, the library's alone {:.3}, the picture's alone {:.3}.\n",
        area(&asked, |x| x[1] * weights.library + x[2] * weights.picture),
        area(&asked, |x| x[1]),
        area(&asked, |x| x[2])
    )?;
    let mut by_size = String::new();
    for size in SIZES {
        let mut all = Vec::new();
        for (at, some) in first.chunks_exact(size).take((FITTED / size).max(1)).enumerate() {
            all.extend(gather(some, at * size)?);
        }
        let [constant, library, picture] = fit(&all);
        writeln!(
            by_size,
            "| {size} | {constant:.3} | {library:.3} | {picture:.3} | {:.3} |",
            area(&all, |x| x[1] * library + x[2] * picture)
        )?;
    }
    writeln!(
        out,
        "Fitted to libraries of so many pictures: few tell a word's middle and spread badly, and the picture's own words count more.\n\n| pictures | constant | library | picture | area |\n|--:|--:|--:|--:|--:|\n{by_size}"
    )?;
    Ok(out)
}

/// A logistic regression by Newton's method (iteratively reweighted least squares).
fn fit(judged: &[Judged]) -> [f64; 3] {
    let mut weights = [0.0_f64; 3];
    for _ in 0..STEPS {
        let (mut gradient, mut hessian) = ([0.0; 3], [[0.0; 3]; 3]);
        for (x, right) in judged {
            let p = probability(x.iter().zip(&weights).map(|(x, w)| x * w).sum(), 0.0);
            for i in 0..3 {
                gradient[i] += x[i] * (f64::from(u8::from(*right)) - p);
                for j in 0..3 {
                    hessian[i][j] += x[i] * x[j] * p * (1.0 - p);
                }
            }
        }
        for (weight, step) in weights.iter_mut().zip(solved(hessian, gradient)) {
            *weight += step;
        }
    }
    weights
}

/// Three equations, by Gauss's elimination; the matrix is positive definite.
fn solved(mut a: [[f64; 3]; 3], mut b: [f64; 3]) -> [f64; 3] {
    for i in 0..3 {
        let (pivot, right) = (a[i], b[i]);
        for row in i + 1..3 {
            let factor = a[row][i] / pivot[i];
            a[row].iter_mut().zip(pivot).for_each(|(cell, above)| *cell -= factor * above);
            b[row] -= factor * right;
        }
    }
    for i in (0..3).rev() {
        let known: f64 = a[i].iter().zip(b).skip(i + 1).map(|(cell, value)| cell * value).sum();
        b[i] = (b[i] - known) / a[i][i];
    }
    b
}

/// How well a score tells right words from wrong ones.
fn area(judged: &[Judged], score: impl Fn(&[f64; 3]) -> f64) -> f64 {
    let of = |wanted: bool| -> Vec<f64> {
        judged.iter().filter(|(_, right)| *right == wanted).map(|(x, _)| score(x)).collect()
    };
    auroc(&of(true), &of(false))
}
