//! Whether results end where they should: what stands out beside what shows the class, in libraries of several sizes that
//! lack a third of the classes.

use std::collections::HashSet;
use std::fmt::Write;

use anyhow::Result;
use semblance_index::{Filter, Ranking};
use semblance_teach::random::Random;

use crate::collection::Collection;

const SIZES: [usize; 3] = [300, 2000, 6000];
const LIBRARIES: usize = 3;
/// Classes with fewer pictures in the library are passed over: one or two may be wrong labels.
const PICTURES_AT_LEAST: usize = 3;

#[derive(Default)]
struct Sums {
    classes: f64,
    precision: f64,
    found: f64,
    recall: f64,
    f1: f64,
    best_f1: f64,
    nothing: f64,
    absent: f64,
    absent_nothing: f64,
}

pub fn report(collection: &Collection) -> Result<String> {
    let mut text = String::from(
        "\n## Where results end\n\nLibraries that lack a third of the narrowest classes. *With the captions*: nothing stands out where neutral captions describe the best pictures better. *F1 at best*: had each query's line been drawn where it is best. *Nothing said*: of classes that are there, which is wrong, and of those that are not, which is right (though much that is not there has its like in what is).\n\n| pictures | line | precision | recall | F1 | F1 at best | nothing said of what is there | nothing said of what is not |\n|--:|---|--:|--:|--:|--:|--:|--:|\n",
    );
    for size in SIZES {
        for (name, captions) in [("by the library alone", false), ("with the captions", true)] {
            let mut sums = Sums::default();
            for seed in 0..LIBRARIES {
                add(collection, size, captions, seed as u64, &mut sums)?;
            }
            let Sums { classes, precision, found, recall, f1, best_f1, nothing, absent, absent_nothing } =
                sums;
            writeln!(
                text,
                "| {size} | {name} | {:.2} | {:.2} | {:.2} | {:.2} | {:.0} % | {:.0} % |",
                precision / found,
                recall / classes,
                f1 / classes,
                best_f1 / classes,
                100.0 * nothing / classes,
                100.0 * absent_nothing / absent
            )?;
        }
    }
    Ok(text)
}

fn add(collection: &Collection, size: usize, captions: bool, seed: u64, sums: &mut Sums) -> Result<()> {
    let mut random = Random(100 * size as u64 + seed);
    let names = collection.table.names.len();
    let mut narrow = collection.table.narrow();
    random.shuffle(&mut narrow);
    let gone: HashSet<usize> = narrow[..narrow.len() / 3].iter().copied().collect();
    let left = |&picture: &usize| !collection.concepts[picture].iter().any(|concept| gone.contains(concept));
    let mut pictures: Vec<usize> = (0..collection.vectors.len()).filter(left).collect();
    random.shuffle(&mut pictures);
    pictures.truncate(size);
    let index = collection.index(&pictures)?;
    let rivals: Vec<&[f32]> =
        if captions { collection.neutral.iter().map(Vec::as_slice).collect() } else { Vec::new() };
    for concept in 0..names {
        let right: Vec<bool> = pictures.iter().map(|&picture| collection.shows(picture, concept)).collect();
        let there = right.iter().filter(|&&right| right).count();
        let ranking = index.rank(&collection.words[concept], &rivals, usize::MAX, &Filter::default())?;
        if there == 0 {
            sums.absent += 1.0;
            sums.absent_nothing += f64::from(ranking.line == 0);
        } else if there >= PICTURES_AT_LEAST {
            one(&ranking, &right, there, sums);
        }
    }
    Ok(())
}

fn one(ranking: &Ranking, right: &[bool], there: usize, sums: &mut Sums) {
    let mut hits = 0;
    let (mut at_line, mut best_f1) = (0, 0.0_f64);
    for (place, hit) in ranking.hits.iter().enumerate() {
        hits += usize::from(right[hit.id as usize - 1]);
        if place + 1 == ranking.line {
            at_line = hits;
        }
        best_f1 = best_f1.max(2.0 * hits as f64 / (place + 1 + there) as f64);
    }
    sums.classes += 1.0;
    sums.recall += at_line as f64 / there as f64;
    sums.f1 += 2.0 * at_line as f64 / (ranking.line + there) as f64;
    sums.best_f1 += best_f1;
    sums.nothing += f64::from(ranking.line == 0);
    if ranking.line > 0 {
        sums.found += 1.0;
        sums.precision += at_line as f64 / ranking.line as f64;
    }
}
