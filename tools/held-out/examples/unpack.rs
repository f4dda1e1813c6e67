//! Labelled pictures that pocket was not trained on, as folders of files: a folder per class, `train/` and `test/`.
//!
//! ```text
//! cargo run -p held-out --example unpack -- OUT [--data ../shared/pocket/data] [--of food] [--classes 20] [--train 40] [--seed 0]
//! ```
//!
//! Classes are the narrowest, which stand above no other, drawn by chance among those with enough pictures. The pictures
//! belong to their owners: they are for measuring, and not to be handed on.

#[path = "../src/shards.rs"]
mod shards;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use clap::Parser;
use semblance_teach::random::Random;
use shards::{HeldOut, Table};

#[derive(Parser)]
struct Args {
    /// Where the folders go.
    out: PathBuf,
    /// The shards of tools/pocket/prepare.py.
    #[arg(long, default_value = "../shared/pocket/data")]
    data: PathBuf,
    /// Only classes below this one.
    #[arg(long)]
    of: Option<String>,
    #[arg(long, default_value_t = 20)]
    classes: usize,
    /// Pictures of each class that are to be trained on; of the others as many at most, and a fifth of it at least.
    #[arg(long, default_value_t = 40)]
    train: usize,
    #[arg(long, default_value_t = 0)]
    seed: u64,
}

fn main() -> Result<()> {
    let args = Args::parse();
    let (table, pictures) = shards::read(&args.data)?;
    let mut of_class: BTreeMap<usize, Vec<HeldOut>> = BTreeMap::new();
    for one in pictures {
        of_class.entry(one.concept).or_default().push(one);
    }
    if let Some(of) = &args.of {
        let wanted = table.names.iter().position(|names| names.contains(of));
        let wanted = wanted.with_context(|| format!("there is no class “{of}”"))?;
        of_class.retain(|&concept, _| is_below(&table, concept, wanted));
    }
    let above: BTreeSet<usize> = table.up.iter().flatten().copied().collect();
    let least = args.train + args.train.div_ceil(5);
    of_class.retain(|concept, pictures| !above.contains(concept) && pictures.len() >= least);
    let mut random = Random(args.seed);
    let mut classes: Vec<(usize, Vec<HeldOut>)> = of_class.into_iter().collect();
    random.shuffle(&mut classes);
    ensure!(classes.len() >= args.classes, "there are {} classes with {least} pictures", classes.len());
    classes.truncate(args.classes);
    for (concept, mut pictures) in classes {
        let name = table.names[concept].first().context("each concept has a name")?;
        let folder = name.replace([' ', '/'], "_");
        random.shuffle(&mut pictures);
        pictures.truncate(2 * args.train);
        for (n, HeldOut { row, picture, .. }) in pictures.iter().enumerate() {
            let set = if n < args.train { "train" } else { "test" };
            let path = args.out.join(set).join(&folder).join(format!("{row}.jpg"));
            fs::create_dir_all(path.parent().context("it has a folder")?)?;
            fs::write(path, picture)?;
        }
        println!("{folder}: {} pictures", pictures.len());
    }
    Ok(())
}

fn is_below(table: &Table, concept: usize, wanted: usize) -> bool {
    table.up[concept].iter().any(|&up| up == wanted || is_below(table, up, wanted))
}
