//! The search for a description: a chain of phrases, each the one that raises the cosine most (“best” mode of CLIP Interrogator,
//! pharmapsychotic 2022), along several chains at a time.
//!
//! ```text
//! chains ← { () }                          v(chain) = Σ vᵢ / ‖Σ vᵢ‖, the vector of a prompt ensemble
//! repeat
//!   for each chain and each phrase that may follow it:  c = image · v(chain + phrase)
//!   chains ← the best `beam` of those whose c is above their chain's, no set of phrases twice
//! until there is none, or chains have `most` phrases
//! → the chain with the largest c that was seen
//! ```
//! With Σ vᵢ = s, c = (image·s + image·v) / √(‖s‖² + 2 s·v + 1), so a step is one product of all phrases with s.

use semblance_organise::rows::{Rows, dot};

/// What a search may do.
pub struct Search<'a> {
    /// Of each phrase its cosine with the picture.
    pub cosines: &'a [f32],
    pub vectors: Rows<'a>,
    pub beam: usize,
    pub most: usize,
    /// +1: towards the picture; −1: away from it.
    pub sign: f32,
    /// May the phrase follow those?
    pub allowed: &'a dyn Fn(&[usize], usize) -> bool,
}

/// Phrases in the order in which they came, and the cosine with each of them taken in.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Chain {
    pub phrases: Vec<usize>,
    pub cosines: Vec<f32>,
}

/// A chain, and what the next step needs of it.
#[derive(Clone)]
struct Beam {
    chain: Chain,
    sum: Vec<f32>,
    /// image · sum
    toward: f32,
    /// ‖sum‖²
    square: f32,
    value: f32,
}

impl Search<'_> {
    /// The best chain; of equals the one whose phrases come first.
    pub fn run(&self) -> Chain {
        let start = Beam {
            chain: Chain::default(),
            sum: vec![0.0; self.vectors.width()],
            toward: 0.0,
            square: 0.0,
            value: f32::NEG_INFINITY,
        };
        let mut best = start.clone();
        let mut beams = vec![start];
        for _ in 0..self.most {
            beams = self.next(&beams);
            match beams.first() {
                Some(first) if first.value > best.value => best = first.clone(),
                Some(_) => {}
                None => break,
            }
        }
        best.chain
    }

    /// The chains that are one phrase longer, best first.
    fn next(&self, beams: &[Beam]) -> Vec<Beam> {
        let mut found: Vec<(f32, usize, usize)> = Vec::new();
        for (at, beam) in beams.iter().enumerate() {
            let mut own: Vec<(f32, usize, usize)> = (0..self.vectors.len())
                .map(|phrase| (self.value(beam, phrase), at, phrase))
                .filter(|(value, _, phrase)| {
                    *value > beam.value && (self.allowed)(&beam.chain.phrases, *phrase)
                })
                .collect();
            own.sort_by(order);
            // Of one chain these are different sets already.
            own.truncate(self.beam);
            found.extend(own);
        }
        found.sort_by(order);
        let mut sets: Vec<Vec<usize>> = Vec::new();
        let mut next = Vec::new();
        for (value, at, phrase) in found {
            if next.len() == self.beam {
                break;
            }
            let mut set = beams[at].chain.phrases.clone();
            set.push(phrase);
            set.sort_unstable();
            if !sets.contains(&set) {
                sets.push(set);
                next.push(self.longer(&beams[at], phrase, value));
            }
        }
        next
    }

    /// The cosine of a chain with one more phrase, with the search's sign.
    fn value(&self, beam: &Beam, phrase: usize) -> f32 {
        let across = dot(&beam.sum, self.vectors.row(phrase));
        let square = (beam.square + 2.0 * across + 1.0).max(f32::MIN_POSITIVE);
        self.sign * (beam.toward + self.cosines[phrase]) / square.sqrt()
    }

    fn longer(&self, beam: &Beam, phrase: usize, value: f32) -> Beam {
        let sum: Vec<f32> = beam.sum.iter().zip(self.vectors.row(phrase)).map(|(a, b)| a + b).collect();
        let mut chain = beam.chain.clone();
        chain.phrases.push(phrase);
        chain.cosines.push(self.sign * value);
        Beam { chain, square: dot(&sum, &sum), toward: beam.toward + self.cosines[phrase], sum, value }
    }
}

/// Larger values first; of equals, earlier chains and earlier phrases.
fn order(a: &(f32, usize, usize), b: &(f32, usize, usize)) -> std::cmp::Ordering {
    b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2))
}
