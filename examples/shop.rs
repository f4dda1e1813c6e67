//! A shop's questions, on product pictures that it draws itself: facets, near products, more of several, gaps, duplicates.
//!
//! ```text
//! cargo run --release --example shop [-- --write docs/shop.md] [-- --pictures FOLDER]
//! ```
//!
//! `--pictures`: where the drawn pictures are to stay. `SEMBLANCE_MODEL` names another model's file than pocket's.

#[cfg(not(target_arch = "wasm32"))]
#[path = "shop/drawing.rs"]
mod drawing;

// `cargo test` builds examples for every target, and in a browser there is no command line.
#[cfg(target_arch = "wasm32")]
fn main() {}

#[cfg(not(target_arch = "wasm32"))]
fn main() -> std::process::ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let flag = |name: &str| {
        arguments.iter().position(|argument| argument == name).and_then(|at| arguments.get(at + 1))
    };
    match shop::report(flag("--pictures").map(AsRef::as_ref)) {
        Ok(report) => {
            print!("{report}");
            match flag("--write").map(|path| std::fs::write(path, report)) {
                Some(Err(error)) => {
                    eprintln!("{error}");
                    std::process::ExitCode::FAILURE
                }
                _ => std::process::ExitCode::SUCCESS,
            }
        }
        Err(error) => {
            eprintln!("{error}");
            std::process::ExitCode::FAILURE
        }
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod shop {
    use std::fmt::Write;
    use std::path::Path;

    use semblance::index::{Facts, Filter, Index, Term, model_hash};
    use semblance::organise::{Facet, duplicates, facets};
    use semblance::{Clip, Picture, Result};

    use crate::drawing::{COLOURS, Product, SHAPES, products};

    /// What is drawn, and what is not.
    const WANTED: [&str; 6] = ["a mug", "a ball", "a chair", "a bottle", "a bicycle", "an umbrella"];

    pub fn report(keep: Option<&Path>) -> Result<String> {
        let pocket = concat!(env!("CARGO_MANIFEST_DIR"), "/models/pocket/pocket-q8_0.gguf");
        let model = std::env::var("SEMBLANCE_MODEL").unwrap_or_else(|_| pocket.to_owned());
        let mut clip = Clip::load(&model)?;
        let folder = std::env::temp_dir().join(format!("semblance-shop-{}", std::process::id()));
        let mut index = Index::open(&folder, &clip, model_hash(&model)?)?;
        let products = products();
        for product in &products {
            let jpeg = product.jpeg();
            if let Some(keep) = keep {
                let _ = std::fs::create_dir_all(keep)
                    .and_then(|()| std::fs::write(keep.join(&product.name), &jpeg));
            }
            let vector = clip.embed_images(&[Picture::decode(&jpeg)?])?.remove(0);
            let mut facts = Facts {
                path: product.name.clone().into(),
                size: jpeg.len() as u64,
                width: 224,
                height: 224,
                ..Facts::default()
            };
            // Nobody needs it but to tell files apart.
            facts.hash.iter_mut().zip(product.name.bytes()).for_each(|(hash, byte)| *hash = byte);
            index.put(&facts, &vector, Some(&jpeg))?;
        }
        let text = tell(&mut clip, &mut index, &products);
        let _ = std::fs::remove_dir_all(folder);
        text
    }

    fn tell(clip: &mut Clip, index: &mut Index, products: &[Product]) -> Result<String> {
        let ids = index.ids();
        let product = |index: &Index, id: u32| -> Result<usize> {
            let path = index.facts(id)?.path.to_string();
            Ok(products.iter().position(|product| product.name == path).unwrap_or_default())
        };
        let mut vectors = Vec::new();
        for &id in &ids {
            vectors.push(index.vector(id)?);
        }
        let mut out = format!(
            "# A shop's product pictures\n\nWritten by `cargo run --release --example shop -- --write docs/shop.md`: {} pictures that the example draws ({} kinds of product in {} colours, two each, by a seed), with pocket. The same is in the view Organise under Shop, and in the library as `index.facets`, `index.search`, `index.gaps` and `index.duplicates`.\n\n",
            products.len(),
            SHAPES.len(),
            COLOURS.len(),
        );
        let colours: Vec<&str> = COLOURS.iter().map(|(name, _)| *name).collect();
        let kinds: Vec<&str> = SHAPES.iter().map(|(name, _)| *name).collect();
        out += "## Facets\n\nOf each picture the best of a group's labels.\n\n| group | template | right | by chance |\n|---|---|--:|--:|\n";
        for (name, labels, template, truth) in [
            ("colour", &colours, "a photo of something {}", 0),
            ("colour", &colours, "a photo of a {} object", 0),
            ("kind", &kinds, "a photo of a {}", 1),
        ] {
            let found: Vec<Facet> = facets(clip, &vectors, labels, template)?;
            let mut right = 0;
            for (&id, facet) in ids.iter().zip(&found) {
                let product = &products[product(index, id)?];
                right += usize::from(facet.label == if truth == 0 { product.colour } else { product.shape });
            }
            let _ = writeln!(
                out,
                "| {name} | `{template}` | {:.0} % | {:.0} % |",
                100.0 * right as f64 / ids.len() as f64,
                100.0 / labels.len() as f64
            );
        }
        out += "\n## Near products\n\nOf the nearest picture to each (itself left out): ";
        let (mut kind, mut colour) = (0, 0);
        for &id in &ids {
            let own = product(index, id)?;
            if let Some(hit) = index.similar_to(id, 1, &Filter::default())?.hits.first() {
                let other = product(index, hit.id)?;
                kind += usize::from(products[own].shape == products[other].shape);
                colour += usize::from(products[own].colour == products[other].colour);
            }
        }
        let share = |count: usize| 100.0 * count as f64 / ids.len() as f64;
        let _ = writeln!(
            out,
            "{:.0} % are of the same kind (chance {:.0} %), {:.0} % of the same colour (chance {:.0} %).",
            share(kind),
            100.0 / kinds.len() as f64,
            share(colour),
            100.0 / colours.len() as f64
        );
        out += "\n## More of several\n\nThree red examples of different kinds, and the ten best for all three together: ";
        let examples: Vec<u32> = (0..3)
            .filter_map(|shape| {
                ids.iter().copied().find(|id| {
                    product(index, *id)
                        .is_ok_and(|at| products[at].shape == shape && products[at].colour == 0)
                })
            })
            .collect();
        let terms: Vec<(Term, f32)> = examples.iter().map(|&id| (Term::Id(id), 1.0)).collect();
        let hits: Vec<u32> = index
            .search(clip, &terms, 13, &Filter::default())?
            .hits
            .iter()
            .map(|hit| hit.id)
            .filter(|id| !examples.contains(id))
            .take(10)
            .collect();
        let mut red = 0;
        for &id in &hits {
            red += usize::from(products[product(index, id)?].colour == 0);
        }
        let _ = writeln!(
            out,
            "{red} of {} are red (chance {:.1}).",
            hits.len(),
            hits.len() as f64 / colours.len() as f64
        );
        out += "\n## Gaps\n\nProducts by their words; which of them does no picture show, as a search decides where its results end?\n\n| product | drawn | shown, it says | stands out |\n|---|---|---|--:|\n";
        for wanted in WANTED {
            let text = format!("a photo of {wanted}");
            let ranking = index.search(clip, &[(Term::Text(&text), 1.0)], 1, &Filter::default())?;
            let drawn = SHAPES.iter().any(|(name, _)| wanted.ends_with(name));
            let best = ranking.hits.first().map_or(0.0, |hit| ranking.stands_out(hit.cosine));
            let _ = writeln!(
                out,
                "| {wanted} | {} | {} | {best:.1} of {:.1} |",
                yes(drawn),
                yes(ranking.line > 0),
                ranking.threshold
            );
        }
        let found = duplicates(index, semblance::organise::Options::default())?;
        let same = found.sets.iter().filter(|set| set.kind == semblance::organise::Kind::Same).count();
        let _ = writeln!(
            out,
            "\n## Duplicates\n\nThe two pictures of each product differ in place, size and ground alone, which is what cutting does to a flat drawing: {same} of the {} pairs are taken for one cut out of the other.\n\nDrawn pictures are flat and few; what this says of photographs is only that the pieces work together. How well tags fit photographs is in [tags.md](tags.md), how well words find them in [retrieval.md](retrieval.md).",
            products.len() / 2
        );
        Ok(out)
    }

    fn yes(so: bool) -> &'static str {
        if so { "yes" } else { "no" }
    }
}
