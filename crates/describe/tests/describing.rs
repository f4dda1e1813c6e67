//! Descriptions: the search against one that tries everything, and what descriptions keep to.

#![allow(clippy::unwrap_used)]

use semblance_describe::banks::{Bank, banks};
use semblance_describe::describer::{Describer, Description, Mode, Options};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// The same numbers everywhere: a linear congruential generator (Knuth, MMIX).
struct Random(u64);

impl Random {
    fn next(&mut self) -> f32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 40) as f32 / (1_u64 << 23) as f32 - 1.0
    }

    fn unit(&mut self, width: usize) -> Vec<f32> {
        let vector: Vec<f32> = (0..width).map(|_| self.next()).collect();
        let length = vector.iter().map(|x| x * x).sum::<f32>().sqrt();
        vector.iter().map(|x| x / length).collect()
    }
}

fn cosine(image: &[f32], vectors: &[Vec<f32>], chosen: &[usize]) -> f64 {
    let sum: Vec<f64> =
        (0..image.len()).map(|i| chosen.iter().map(|at| f64::from(vectors[*at][i])).sum()).collect();
    let toward: f64 = sum.iter().zip(image).map(|(a, b)| a * f64::from(*b)).sum();
    toward / sum.iter().map(|x| x * x).sum::<f64>().sqrt()
}

/// `beam` chains at a time, each computed anew from the phrases' vectors, in f64.
fn plainly(image: &[f32], vectors: &[Vec<f32>], beam: usize, most: usize, sign: f64) -> (Vec<usize>, f64) {
    let mut beams: Vec<(Vec<usize>, f64)> = vec![(Vec::new(), f64::NEG_INFINITY)];
    let mut best = beams[0].clone();
    for _ in 0..most {
        let mut next: Vec<(Vec<usize>, f64)> = Vec::new();
        for (chain, value) in &beams {
            for phrase in (0..vectors.len()).filter(|phrase| !chain.contains(phrase)) {
                let longer: Vec<usize> = chain.iter().copied().chain([phrase]).collect();
                let reached = sign * cosine(image, vectors, &longer);
                if reached > *value {
                    next.push((longer, reached));
                }
            }
        }
        next.sort_by(|a, b| b.1.total_cmp(&a.1));
        let mut seen: Vec<Vec<usize>> = Vec::new();
        next.retain(|(chain, _)| {
            let mut set = chain.clone();
            set.sort_unstable();
            let new = !seen.contains(&set);
            seen.push(set);
            new
        });
        next.truncate(beam);
        beams = next;
        match beams.first() {
            Some(first) if first.1 > best.1 => best = first.clone(),
            Some(_) => {}
            None => break,
        }
    }
    best
}

/// The best of all sets of at most so many phrases.
fn of_all_sets(image: &[f32], vectors: &[Vec<f32>], most: usize) -> f64 {
    let sets = (1_u32..1 << vectors.len()).filter(|set| set.count_ones() as usize <= most);
    let members = |set: u32| (0..vectors.len()).filter(|at| set >> at & 1 == 1).collect::<Vec<_>>();
    sets.map(|set| cosine(image, vectors, &members(set))).fold(f64::NEG_INFINITY, f64::max)
}

fn describer(vectors: &[Vec<f32>], bank: impl Fn(usize) -> Bank) -> Describer {
    let phrases = (0..vectors.len()).map(|at| (bank(at), format!("phrase{at}"))).collect();
    Describer::new(phrases, vectors.concat(), vectors[0].len()).unwrap()
}

fn phrases(description: &Description) -> Vec<usize> {
    description.parts.iter().map(|part| part.phrase).collect()
}

#[test]
fn the_chain_is_the_one_that_a_plain_search_finds() {
    let mut random = Random(1);
    for case in 0..60 {
        let (count, width) = (5 + case % 25, 8 + case % 16);
        let vectors: Vec<Vec<f32>> = (0..count).map(|_| random.unit(width)).collect();
        let image = random.unit(width);
        let describer = describer(&vectors, |_| Bank::Own);
        for (beam, max) in [(1, 4), (2, 5), (3, 8), (5, 3)] {
            for (mode, sign) in [(Mode::Best, 1.0), (Mode::Negative, -1.0)] {
                let found =
                    describer.describe(&image, &Options { mode, beam, max, ..Options::default() }).unwrap();
                let (chain, value) = plainly(&image, &vectors, beam, max, sign);
                // Which of two orders of one set is kept is a matter of the last digit.
                let sorted = |mut chain: Vec<usize>| {
                    chain.sort_unstable();
                    chain
                };
                assert_eq!(sorted(phrases(&found)), sorted(chain), "case {case}, beam {beam}, {mode:?}");
                assert!((f64::from(found.cosine) * sign - value).abs() < 1e-5, "case {case}");
            }
        }
    }
}

#[test]
fn a_wide_beam_finds_the_best_set_there_is() {
    let mut random = Random(2);
    let mut equal = 0;
    for _ in 0..40 {
        let vectors: Vec<Vec<f32>> = (0..9).map(|_| random.unit(6)).collect();
        let image = random.unit(6);
        let describer = describer(&vectors, |_| Bank::Own);
        let found = describer.describe(&image, &Options { beam: 16, max: 4, ..Options::default() }).unwrap();
        let best = of_all_sets(&image, &vectors, 4);
        assert!(f64::from(found.cosine) <= best + 1e-5);
        equal += usize::from((f64::from(found.cosine) - best).abs() < 1e-5);
    }
    // Not all: a chain only ever grows by what raises it.
    assert!(equal >= 36, "{equal} of 40");
}

#[test]
fn gains_add_up_and_nothing_that_lowers_it_is_taken() {
    let mut random = Random(3);
    let vectors: Vec<Vec<f32>> = (0..40).map(|_| random.unit(16)).collect();
    let image = random.unit(16);
    let found = describer(&vectors, |_| Bank::Own).describe(&image, &Options::default()).unwrap();
    assert!(found.parts.iter().all(|part| part.gain > 0.0));
    let sum: f32 = found.parts.iter().map(|part| part.gain).sum();
    assert!((sum - found.cosine).abs() < 1e-5);
    assert!((f64::from(found.cosine) - cosine(&image, &vectors, &phrases(&found))).abs() < 1e-5);
}

#[test]
fn it_begins_with_what_is_there_and_tells_one_place() {
    let mut random = Random(4);
    let vectors: Vec<Vec<f32>> = (0..20).map(|_| random.unit(12)).collect();
    for _ in 0..20 {
        let image = random.unit(12);
        let bank = |at: usize| [Bank::Place, Bank::Subject, Bank::Light, Bank::Style][at % 4];
        let describer = describer(&vectors, bank);
        for mode in [Mode::Best, Mode::Fast] {
            let found = describer.describe(&image, &Options { mode, max: 20, ..Options::default() }).unwrap();
            let banks: Vec<Bank> = found.parts.iter().map(|part| bank(part.phrase)).collect();
            assert_eq!(banks[0], Bank::Subject, "{mode:?}");
            for one in [Bank::Place, Bank::Light] {
                assert!(banks.iter().filter(|bank| **bank == one).count() <= 1, "{mode:?}: {banks:?}");
            }
            let mut ordered: Vec<usize> = phrases(&found);
            ordered.sort_by_key(|at| bank(*at));
            let text: Vec<String> = ordered.iter().map(|at| format!("phrase{at}")).collect();
            assert_eq!(found.text, text.join(", "));
        }
    }
}

#[test]
fn what_is_left_out_does_not_come_and_what_is_said_is_not_said_again() {
    let mut random = Random(5);
    let width = 24;
    let image = random.unit(width);
    let near = |random: &mut Random| {
        let noise = random.unit(width);
        let sum: Vec<f32> = image.iter().zip(noise).map(|(a, b)| a + 0.5 * b).collect();
        let length = sum.iter().map(|x| x * x).sum::<f32>().sqrt();
        sum.iter().map(|x| x / length).collect::<Vec<f32>>()
    };
    let words = ["fox", "a red fox", "foxes", "dog", "the dogs", "in the snow", "snow"];
    let vectors: Vec<f32> = words.iter().flat_map(|_| near(&mut random)).collect();
    let all = words.iter().map(|word| (Bank::Own, (*word).to_owned())).collect();
    let describer = Describer::new(all, vectors, width).unwrap();
    let found = describer.describe(&image, &Options::default()).unwrap();
    for same in [&[0, 1][..], &[3, 4], &[5, 6]] {
        assert!(phrases(&found).iter().filter(|at| same.contains(at)).count() <= 1, "{}", found.text);
    }
    let first = phrases(&found)[0];
    let without = Options { without: vec![first], ..Options::default() };
    assert!(!phrases(&describer.describe(&image, &without).unwrap()).contains(&first));
}

#[test]
fn the_same_picture_is_described_in_the_same_way() {
    let mut random = Random(6);
    let vectors: Vec<Vec<f32>> = (0..200).map(|_| random.unit(32)).collect();
    let image = random.unit(32);
    // With phrases that are equal, which tie.
    let twice: Vec<Vec<f32>> = vectors.iter().chain(&vectors).cloned().collect();
    let first = describer(&twice, |_| Bank::Own).describe(&image, &Options::default()).unwrap();
    let second = describer(&twice, |_| Bank::Own).describe(&image, &Options::default()).unwrap();
    assert_eq!(first, second);
}

#[test]
fn wrong_arguments_are_refused() {
    let vectors = vec![vec![1.0, 0.0], vec![0.0, 1.0]];
    let one = describer(&vectors, |_| Bank::Own);
    assert!(one.describe(&[1.0, 0.0, 0.0], &Options::default()).is_err());
    assert!(one.describe(&[f32::NAN, 0.0], &Options::default()).is_err());
    for options in [
        Options { max: 0, ..Options::default() },
        Options { beam: 17, ..Options::default() },
        Options { without: vec![2], ..Options::default() },
    ] {
        assert!(one.describe(&[1.0, 0.0], &options).is_err(), "{options:?}");
    }
    assert!(Describer::new(Vec::new(), Vec::new(), 2).is_err());
    assert!(Describer::new(vec![(Bank::Own, "a".into())], vec![1.0; 3], 2).is_err());
}

#[test]
fn the_banks_are_whole() {
    let all = banks(None);
    let pocket = banks(Some("pocket"));
    assert!(all.len() >= 5000, "{}", all.len());
    assert!(pocket.len() >= 1000 && pocket.len() < all.len(), "{}", pocket.len());
    for bank in Bank::ALL.into_iter().filter(|bank| *bank != Bank::Own) {
        assert!(all.iter().filter(|phrase| phrase.bank == bank).count() >= 100, "{bank:?}");
    }
    assert!(
        all.iter().all(|phrase| !phrase.phrase.starts_with('·') && phrase.phrase.trim() == phrase.phrase)
    );
}
