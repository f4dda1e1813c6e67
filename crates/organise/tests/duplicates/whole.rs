//! All of the way, over made pictures: what was made of a picture is found in every way of making it, and what is not, is not.

use semblance_organise::Error;
use semblance_organise::duplicates::{Facts, Finder, Kind, Options};
use semblance_organise::rows::Rows;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::changes::{ALL, small};
use crate::made::{Dice, Scene, near, noise, unit};

const FAMILIES: u64 = 8;
const DIM: usize = 64;

#[test]
fn what_was_made_of_a_picture_is_found_and_nothing_else() {
    let (mut vectors, mut facts, mut pictures, mut what) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for family in 0..FAMILIES {
        let mut dice = Dice(family);
        let middle = unit(noise(&mut dice, DIM, 1.0));
        let scene = Scene::new(family + 50);
        let (width, height) = [(480, 360), (300, 400), (256, 256), (420, 300)][family as usize % 4];
        let picture = scene.picture(width, height);
        let changed = ALL.iter().map(|(name, change)| (Some(*name), change(&picture)));
        // Alike: the same things elsewhere, as close in their vectors as copies are.
        let alike = [1, 2, 3].map(|seed| (None, scene.alike(100 * family + seed).picture(width, height)));
        for (name, picture) in changed.chain(alike) {
            vectors.extend(near(&mut dice, &middle, 0.3));
            let path = format!("{}/{}.jpg", family, facts.len() * 10 + 100);
            facts.push(Facts { width: picture.width(), height: picture.height(), path, ..Facts::default() });
            pictures.push(small(&picture));
            what.push((family, name));
        }
    }
    let rows = Rows::new(&vectors, DIM).unwrap();
    let mut finder = Finder::new(rows, facts, Options::default()).unwrap();
    while !finder.step(rows).unwrap().is_over() {}
    let wanted = finder.wanted();
    assert_eq!(wanted.len(), pictures.len());
    for number in wanted {
        let picture = &pictures[number as usize];
        finder.add_look(number, picture.as_raw(), picture.width(), picture.height()).unwrap();
    }
    let sets = finder.finish(rows).unwrap();
    let mut inside = vec![false; pictures.len()];
    let mut wrong = Vec::new();
    for set in sets.iter().filter(|set| set.kind == Kind::Same) {
        for member in &set.members {
            inside[member.picture as usize] = true;
            let (one, kept) = (what[member.picture as usize], what[set.keep as usize]);
            if one.0 != kept.0 || one.1.is_none() || kept.1.is_none() {
                wrong.push(format!("{one:?} is taken for {kept:?}: {:?}", member.evidence));
            }
        }
    }
    for (one, inside) in what.iter().zip(inside) {
        if one.1.is_some() && !inside {
            wrong.push(format!("{one:?} is not found"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(sets.iter().any(|set| set.kind == Kind::Alike));
}

#[test]
fn what_is_wrong_is_said() {
    let rows = Rows::new(&[1.0, 0.0, 0.0, 1.0], 2).unwrap();
    let facts = vec![Facts::default(); 2];
    let new = |facts: &[Facts], options| Finder::new(rows, facts.to_vec(), options).err();
    let argument = |error: Option<Error>| matches!(error, Some(Error::Argument(_)));
    assert!(argument(new(&facts[..1], Options::default())));
    for options in [
        Options { candidates: f32::NAN, ..Options::default() },
        Options { burst: -1.0, ..Options::default() },
        Options { alike: 3.0, ..Options::default() },
        Options { usual: Some(1.0), ..Options::default() },
        Options { nearest: 0, ..Options::default() },
    ] {
        assert!(argument(new(&facts, options)), "{options:?}");
    }
    let mut finder = Finder::new(rows, facts.clone(), Options::default()).unwrap();
    assert!(argument(finder.judge().err()), "before the pairs are known");
    assert!(argument(finder.add_look(2, &[0; 4], 1, 1).err()));
    assert!(argument(finder.add_look(0, &[0; 3], 1, 1).err()));
    let other = Rows::new(&[1.0, 0.0], 2).unwrap();
    assert!(argument(finder.step(other).err()));
    assert!(argument(finder.finish(rows).err()));
    // A library without pictures has nothing in it.
    let none = Rows::new(&[], 2).unwrap();
    let mut finder = Finder::new(none, Vec::new(), Options::default()).unwrap();
    assert!(finder.step(none).unwrap().is_over());
    assert_eq!(finder.finish(none).unwrap(), []);
}
