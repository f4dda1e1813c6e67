//! How a method stands beside another over several numbers of examples.

use std::fmt;

use crate::spread::Spread;

/// By the differences of accuracy at the number of examples where they are worst.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Stands {
    /// The mean difference is nowhere below 0.
    NotBelow,
    /// Somewhere it is, but everywhere by less than the differences' standard deviation.
    Within(usize, Spread),
    Below(usize, Spread),
}

impl Stands {
    /// `differences`: of each number of examples, method − other, over the tasks.
    pub fn of(differences: &[(usize, Spread)]) -> Self {
        let worst = |all: &mut dyn Iterator<Item = &(usize, Spread)>| {
            all.min_by(|one, other| one.1.mean.total_cmp(&other.1.mean)).copied()
        };
        let mut beyond = differences.iter().filter(|(_, one)| !one.within_reach_of(0.0));
        let mut below = differences.iter().filter(|(_, one)| !one.not_below(0.0));
        match (worst(&mut beyond), worst(&mut below)) {
            (Some((shots, worst)), _) => Self::Below(shots, worst),
            (None, Some((shots, worst))) => Self::Within(shots, worst),
            (None, None) => Self::NotBelow,
        }
    }
}

impl fmt::Display for Stands {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotBelow => write!(to, "not below"),
            Self::Within(shots, worst) | Self::Below(shots, worst) => {
                let (mean, deviation) = (-100.0 * worst.mean, 100.0 * worst.deviation);
                write!(to, "−{mean:.1} ± {deviation:.1} at {shots}")
            }
        }
    }
}

/// Whether each number is above the one before it.
pub fn climbs(way: &[f64]) -> bool {
    way.windows(2).all(|pair| pair[1] > pair[0])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_number_of_examples_counts() {
        let of = |mean, deviation| Spread { mean, deviation };
        for (differences, expected) in [
            (vec![(2, of(0.0, 0.0)), (4, of(0.02, 0.01))], Stands::NotBelow),
            (vec![(2, of(-0.01, 0.02)), (4, of(0.02, 0.01))], Stands::Within(2, of(-0.01, 0.02))),
            (
                vec![(2, of(-0.03, 0.04)), (4, of(-0.02, 0.01)), (8, of(-0.025, 0.02))],
                Stands::Below(8, of(-0.025, 0.02)),
            ),
        ] {
            assert_eq!(Stands::of(&differences), expected, "{differences:?}");
        }
        assert_eq!(Stands::Below(8, of(-0.025, 0.02)).to_string(), "−2.5 ± 2.0 at 8");
    }

    #[test]
    fn what_stays_does_not_climb() {
        assert!(climbs(&[0.1, 0.2, 0.3]));
        assert!(!climbs(&[0.1, 0.1, 0.3]));
    }
}
