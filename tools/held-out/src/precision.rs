//! precision@10 of every class: by words, by pictures of it, and by both, beside chance.

use std::fmt::Write;

use anyhow::Result;
use semblance_index::{Filter, Hit, Part};
use semblance_teach::random::Random;

use crate::collection::Collection;

const BEST: usize = 10;
/// Classes with fewer pictures say little.
const PICTURES_AT_LEAST: usize = 20;
/// Pictures of a class that are searched by, each by itself.
const QUERIES: usize = 10;

struct Row {
    name: String,
    pictures: usize,
    words: f64,
    picture: f64,
    both: f64,
    chance: f64,
}

pub fn report(collection: &Collection) -> Result<String> {
    let all: Vec<usize> = (0..collection.vectors.len()).collect();
    let index = collection.index(&all)?;
    let mut random = Random(2);
    let mut rows = Vec::new();
    for (concept, names) in collection.table.names.iter().enumerate() {
        let mut inside: Vec<usize> =
            all.iter().copied().filter(|&one| collection.shows(one, concept)).collect();
        if inside.len() < PICTURES_AT_LEAST {
            continue;
        }
        let words = &collection.words[concept];
        // The picture that is searched by is left out.
        let precision = |parts: &[Part], left_out: Option<usize>| -> Result<f64> {
            let query = index.combine(parts)?;
            let found = index.search(&query, BEST + 1, &Filter::default());
            let picture = |hit: &Hit| hit.id as usize - 1;
            let best = found.iter().map(picture).filter(|&one| Some(one) != left_out).take(BEST);
            Ok(best.filter(|&one| collection.shows(one, concept)).count() as f64 / BEST as f64)
        };
        let part = |vector| Part { vector, weight: 1.0 };
        let by_words = precision(&[part(words)], None)?;
        random.shuffle(&mut inside);
        let asked = &inside[..QUERIES.min(inside.len())];
        let (mut by_picture, mut by_both) = (0.0, 0.0);
        for &one in asked {
            let vector = &collection.vectors[one];
            by_picture += precision(&[part(vector)], Some(one))?;
            by_both += precision(&[part(words), part(vector)], Some(one))?;
        }
        rows.push(Row {
            name: names[0].clone(),
            pictures: inside.len(),
            words: by_words,
            picture: by_picture / asked.len() as f64,
            both: by_both / asked.len() as f64,
            chance: inside.len() as f64 / all.len() as f64,
        });
    }
    let mean = |of: fn(&Row) -> f64| rows.iter().map(of).sum::<f64>() / rows.len() as f64;
    let mut text = format!(
        "## precision@10\n\nOf the ten best for a class, how many show it: by words, by a picture of it (mean of {QUERIES}), and by words with that picture. Classes with {PICTURES_AT_LEAST} pictures and more.\n\n| class | pictures | words | picture | both | chance |\n|---|--:|--:|--:|--:|--:|\n"
    );
    let percent = |share: f64| format!("{:.0} %", 100.0 * share);
    writeln!(
        text,
        "| **mean of {}** | | **{}** | **{}** | **{}** | {:.1} % |",
        rows.len(),
        percent(mean(|row| row.words)),
        percent(mean(|row| row.picture)),
        percent(mean(|row| row.both)),
        100.0 * mean(|row| row.chance)
    )?;
    rows.sort_by_key(|row| row.name.to_lowercase());
    for Row { name, pictures, words, picture, both, chance } in rows {
        writeln!(
            text,
            "| {name} | {pictures} | {} | {} | {} | {:.1} % |",
            percent(words),
            percent(picture),
            percent(both),
            100.0 * chance
        )?;
    }
    Ok(text)
}
