//! Which pictures become a set, and which of them is kept: without chains, and without saying anything twice.

use semblance_organise::duplicates::{Because, Facts, Finder, Kind, Options, Reason, Set};
use semblance_organise::rows::Rows;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::changes::{ALL, cropped, jpeg, scaled, small};
use crate::made::{Dice, Scene, near, noise, unit};

/// A library, picture by picture: the vectors of one scene are close.
#[derive(Default)]
struct Library {
    vectors: Vec<f32>,
    facts: Vec<Facts>,
    pictures: Vec<image::RgbImage>,
}

impl Library {
    fn add(&mut self, scene: u64, off: f32, picture: image::RgbImage, facts: Facts) -> u32 {
        let number = self.facts.len() as u32;
        let middle = unit(noise(&mut Dice(scene), 64, 1.0));
        self.vectors.extend(near(&mut Dice(1000 + u64::from(number)), &middle, off));
        let (width, height) = picture.dimensions();
        self.facts.push(Facts { width, height, path: format!("{number}.jpg"), ..facts });
        self.pictures.push(picture);
        number
    }

    fn sets(&self) -> Vec<Set> {
        let rows = Rows::new(&self.vectors, 64).unwrap();
        let options = Options { usual: Some(0.0), ..Options::default() };
        let mut finder = Finder::new(rows, self.facts.clone(), options).unwrap();
        while !finder.step(rows).unwrap().is_over() {}
        for number in finder.wanted() {
            let small = small(&self.pictures[number as usize]);
            finder.add_look(number, small.as_raw(), small.width(), small.height()).unwrap();
        }
        finder.finish(rows).unwrap()
    }
}

fn bytes(bytes: u64) -> Facts {
    Facts { bytes, ..Facts::default() }
}

fn members(set: &Set) -> Vec<u32> {
    set.members.iter().map(|member| member.picture).collect()
}

fn summary(sets: &[Set]) -> Vec<(Kind, Vec<u32>, Because)> {
    sets.iter().map(|set| (set.kind, members(set), set.because)).collect()
}

#[test]
fn the_largest_is_kept_then_the_sharpest_then_the_least_compressed_then_the_oldest() {
    let picture = Scene::new(1).picture(400, 300);
    let blurred = image::imageops::blur(&picture, 2.0);
    let old = Facts { modified: -5, ..bytes(900) };
    let taken = Facts { taken: Some(-9), ..bytes(900) };
    let cases = [
        (
            "pixels",
            vec![(scaled(&picture, 0.5), bytes(900)), (picture.clone(), bytes(800))],
            1,
            Because::Pixels,
        ),
        (
            "a pixel more",
            vec![(picture.clone(), bytes(900)), (cropped(&picture, [0.003, 0.0, 0.0, 0.0]), bytes(800))],
            0,
            Because::LeastCompressed,
        ),
        ("sharpness", vec![(blurred, bytes(900)), (picture.clone(), bytes(800))], 1, Because::Sharpness),
        (
            "compression",
            vec![(jpeg(&picture, 90), bytes(500)), (jpeg(&picture, 91), bytes(900))],
            1,
            Because::LeastCompressed,
        ),
        ("days", vec![(picture.clone(), bytes(900)), (picture.clone(), old.clone())], 1, Because::Oldest),
        ("the day of the shot", vec![(picture.clone(), old), (picture.clone(), taken)], 1, Because::Oldest),
        ("nothing", vec![(picture.clone(), bytes(900)), (picture.clone(), bytes(900))], 0, Because::First),
        (
            "what is whole",
            vec![(scaled(&cropped(&picture, [0.1; 4]), 2.0), bytes(900)), (picture.clone(), bytes(100))],
            1,
            Because::Whole,
        ),
    ];
    for (what, pictures, keep, because) in cases {
        let mut library = Library::default();
        for (picture, facts) in pictures {
            library.add(1, 0.1, picture, facts);
        }
        let sets = library.sets();
        assert_eq!(sets.len(), 1, "{what}: {sets:?}");
        assert_eq!((sets[0].kind, sets[0].keep, sets[0].because), (Kind::Same, keep, because), "{what}");
        assert_eq!(members(&sets[0]), [keep, 1 - keep], "{what}");
        assert_eq!(sets[0].members[0].evidence, None);
    }
}

#[test]
fn of_a_chain_only_what_is_the_kept_picture_is_thrown_away() {
    // Two parts of a picture that each is made of have less than half in common.
    let whole = Scene::new(2).picture(400, 300);
    let mut library = Library::default();
    let left = library.add(1, 0.05, cropped(&whole, [0.0, 0.0, 0.2, 0.2]), Facts::default());
    let all = library.add(1, 0.05, whole.clone(), Facts::default());
    let right = library.add(1, 0.05, cropped(&whole, [0.2, 0.2, 0.0, 0.0]), Facts::default());
    assert_eq!(summary(&library.sets()), [(Kind::Same, vec![all, left, right], Because::Whole)]);

    // Made of the whole, but the whole is not there: neither is made of the other, and they stay.
    let mut library = Library::default();
    library.add(1, 0.05, cropped(&whole, [0.0, 0.0, 0.2, 0.2]), Facts::default());
    library.add(1, 0.05, cropped(&whole, [0.2, 0.2, 0.0, 0.0]), Facts::default());
    let sets = library.sets();
    assert_eq!((sets.len(), sets[0].kind), (1, Kind::Alike), "{sets:?}");

    // A part of a part is none of what may be off: kept is the whole, and the smallest one stays.
    let mut library = Library::default();
    let whole_one = library.add(1, 0.05, whole.clone(), Facts::default());
    let part = cropped(&whole, [0.1; 4]);
    let less = library.add(1, 0.05, part.clone(), Facts::default());
    let least = library.add(1, 0.05, cropped(&part, [0.1; 4]), Facts::default());
    let sets = library.sets();
    assert_eq!(summary(&sets)[0], (Kind::Same, vec![whole_one, less], Because::Whole));
    let thrown_away =
        sets.iter().filter(|set| set.kind == Kind::Same).any(|set| members(set).contains(&least));
    assert!(!thrown_away, "{sets:?}");
}

#[test]
fn a_copy_without_a_time_belongs_to_one_of_two_shots() {
    // From a tripod: something small has moved, and the largest copy of the first does not tell when it was taken.
    let picture = Scene::new(8).picture(400, 300);
    let mut moved = picture.clone();
    for y in 40..80 {
        for x in 50..100 {
            moved.put_pixel(x, y, image::Rgb([200, 30, (4 * y) as u8]));
        }
    }
    let at = |seconds: i64| Facts { taken: Some(1000 * seconds), ..Facts::default() };
    let mut library = Library::default();
    let shot = library.add(1, 0.1, moved, at(3));
    let copy = library.add(1, 0.1, scaled(&picture, 2.0), Facts::default());
    let original = library.add(1, 0.1, picture, at(0));
    let sets = library.sets();
    let kinds: Vec<(Kind, u32, usize)> =
        sets.iter().map(|set| (set.kind, set.keep, set.members.len())).collect();
    assert_eq!(kinds[0], (Kind::Same, copy, 2), "{sets:?}");
    assert_eq!(members(&sets[0]), [copy, original]);
    assert_eq!((kinds[1].0, kinds.len()), (Kind::Burst, 2));
    assert!(members(&sets[1]).contains(&shot));
}

#[test]
fn a_copy_belongs_to_the_shot_that_it_fits_better() {
    // The other shot has more pixels, so that it would be kept.
    let picture = Scene::new(8).picture(400, 300);
    let mut moved = picture.clone();
    for y in 40..80 {
        for x in 50..100 {
            moved.put_pixel(x, y, image::Rgb([200, 30, (4 * y) as u8]));
        }
    }
    let at = |seconds: i64| Facts { taken: Some(1000 * seconds), ..Facts::default() };
    let mut library = Library::default();
    let shot = library.add(1, 0.1, scaled(&moved, 1.5), at(3));
    let original = library.add(1, 0.1, picture.clone(), at(0));
    let copy = library.add(1, 0.1, jpeg(&scaled(&picture, 0.6), 60), Facts::default());
    let sets = library.sets();
    let kinds: Vec<(Kind, Vec<u32>)> = sets.iter().map(|set| (set.kind, members(set))).collect();
    assert_eq!(kinds[0], (Kind::Same, vec![original, copy]), "{sets:?}");
    assert_eq!((kinds[1].0, kinds.len()), (Kind::Burst, 2));
    assert!(members(&sets[1]).contains(&shot));
}

#[test]
fn copies_of_one_time_are_no_shots_of_each_other() {
    // A part and what is written over are not made of each other, and tell the same time.
    let picture = Scene::new(9).picture(400, 300);
    let writing = ALL.iter().find(|(name, _)| name.contains("writing")).unwrap().1;
    let mut library = Library::default();
    for picture in [picture.clone(), jpeg(&picture, 90), writing(&picture), cropped(&picture, [0.1; 4])] {
        library.add(1, 0.1, picture, Facts { taken: Some(5000), ..Facts::default() });
    }
    let sets = library.sets();
    assert_eq!((sets.len(), sets[0].kind, sets[0].members.len()), (1, Kind::Same, 4), "{sets:?}");
}

#[test]
fn what_has_something_over_it_is_not_kept() {
    let picture = Scene::new(9).picture(400, 300);
    let writing = ALL.iter().find(|(name, _)| name.contains("writing")).unwrap().1;
    // Two that have nothing over them tell which one has; it is the sharpest and the least compressed.
    let mut library = Library::default();
    library.add(1, 0.1, writing(&picture), bytes(900));
    library.add(1, 0.1, jpeg(&picture, 80), bytes(300));
    let best = library.add(1, 0.1, picture.clone(), bytes(500));
    let sets = library.sets();
    assert_eq!(summary(&sets), [(Kind::Same, vec![best, 0, 1], Because::LeastCompressed)], "{sets:?}");
    assert_eq!(sets[0].members[1].evidence.unwrap().reason, Reason::Overlay);

    // Of two alone nobody knows; the older one is what the other was made of.
    let mut library = Library::default();
    library.add(1, 0.1, writing(&picture), bytes(500));
    let old = library.add(1, 0.1, picture, Facts { modified: -9, ..bytes(500) });
    assert_eq!(summary(&library.sets()), [(Kind::Same, vec![old, 0], Because::Oldest)]);
}

#[test]
fn kinds_stand_on_each_other() {
    // Two shots, each with copies, and a picture that is alike: one set of each kind for each, and nothing twice.
    let scene = Scene::new(3);
    let at = |seconds: i64| Facts { taken: Some(1000 * seconds), ..Facts::default() };
    let first = scene.picture(400, 300);
    let second = scene.shot(400, 300, [0.05, 0.04, 1.08, 0.06], 9);
    let mut library = Library::default();
    let a = library.add(1, 0.1, first.clone(), at(0));
    let b = library.add(1, 0.1, second.clone(), at(5));
    let a_copy = library.add(1, 0.1, scaled(&first, 0.5), at(0));
    let b_copy = library.add(1, 0.1, jpeg(&scaled(&second, 0.6), 50), Facts::default());
    let alike = library.add(1, 0.3, Scene::new(30).picture(500, 300), Facts::default());
    library.add(2, 0.1, Scene::new(4).picture(400, 300), Facts::default());
    let sets = library.sets();
    let kinds: Vec<(Kind, Vec<u32>)> = sets.iter().map(|set| (set.kind, members(set))).collect();
    let burst = sets.iter().find(|set| set.kind == Kind::Burst).unwrap();
    let other = if burst.keep == a { b } else { a };
    assert_eq!(
        kinds,
        [
            (Kind::Same, vec![a, a_copy]),
            (Kind::Same, vec![b, b_copy]),
            (Kind::Burst, vec![burst.keep, other]),
            (Kind::Alike, vec![alike, burst.keep]),
        ]
    );
    let reason = |set: &Set| set.members.iter().find_map(|member| member.evidence).unwrap().reason;
    assert_eq!(
        sets.iter().map(reason).collect::<Vec<_>>(),
        [Reason::Pixels, Reason::Pixels, Reason::Times, Reason::Vectors]
    );
}

#[test]
fn the_sharpest_of_a_burst_is_kept() {
    let scene = Scene::new(6);
    let mut library = Library::default();
    for (at, blur) in [2.5, 0.0, 1.5, 3.0].into_iter().enumerate() {
        let shot = scene.shot(400, 300, [0.03 * at as f32, 0.0, 1.0 + 0.03 * at as f32, 0.03], at as u64);
        let shot = if blur > 0.0 { image::imageops::blur(&shot, blur) } else { shot };
        // More pixels do not make it sharper.
        let shot = if at == 2 { scaled(&shot, 1.5) } else { shot };
        library.add(1, 0.1, shot, Facts { taken: Some(3000 * at as i64), ..Facts::default() });
    }
    assert_eq!(summary(&library.sets()), [(Kind::Burst, vec![1, 0, 2, 3], Because::Sharpness)]);
}

#[test]
fn copies_of_one_file_are_found_without_a_picture() {
    let rows: Vec<f32> = [[1.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 0.0]].concat();
    let rows = Rows::new(&rows, 2).unwrap();
    let file = |byte: u8, modified| Facts { hash: Some([byte; 32]), modified, ..Facts::default() };
    let facts = vec![file(1, 9), file(2, 9), file(1, 5), file(1, 7)];
    let mut finder = Finder::new(rows, facts, Options::default()).unwrap();
    while !finder.step(rows).unwrap().is_over() {}
    assert_eq!(finder.wanted(), Vec::<u32>::new());
    let sets = finder.finish(rows).unwrap();
    assert_eq!(summary(&sets), [(Kind::Same, vec![2, 0, 3], Because::Oldest)]);
    assert!(sets[0].members[1..].iter().all(|member| member.evidence.unwrap().reason == Reason::Bytes));
    let json = serde_json::to_value(&sets[0]).unwrap();
    assert_eq!(json["because"], "oldest");
    assert_eq!(json["members"][1]["evidence"]["hashDistance"], serde_json::Value::Null);
}
