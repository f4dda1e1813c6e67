//! Which requests go wrong, and how.

use crate::random_model::numbers::Random;

/// What goes wrong with one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The connection is closed without an answer.
    Silence,
    /// The connection breaks after so many bytes.
    Break(u64),
    /// 503, and perhaps in how many seconds to come again.
    Busy(Option<u64>),
    /// The bytes come in drops.
    Drip,
    /// Nothing comes for a while in the middle.
    Stall(u64),
    /// A bit of this byte is wrong.
    Flip(u64),
    /// All of the file, whatever part was asked for.
    NoRange,
    /// `Content-Length` says so many bytes too few.
    Short(u64),
    /// So many too many.
    Long(u64),
    /// `Content-Encoding: gzip`.
    Gzip,
    /// A redirect to a site that doesn't let others read.
    Closed,
    /// A redirect to where no model may come from.
    Foreign,
    /// A redirect within the site.
    Moved,
}

impl Fault {
    /// Its name.
    pub fn kind(self) -> String {
        format!("{self:?}").chars().take_while(|letter| letter.is_alphabetic()).collect()
    }

    /// Does the right file come all the same?
    pub fn is_harmless(self) -> bool {
        matches!(self, Self::Drip | Self::Stall(_) | Self::NoRange | Self::Gzip | Self::Moved)
    }
}

/// Which requests go wrong, and how: the same for the same seed, whatever the order in which they come.
#[derive(Clone, Copy, Debug)]
pub enum Plan {
    /// All of them, in the same way.
    All(Fault),
    /// So many of a hundred.
    Seeded { seed: u64, percent: u64 },
}

impl Plan {
    /// For the `nth` request for `length` bytes at `place`.
    pub(super) fn fault(self, place: &str, nth: u64, length: u64) -> Option<Fault> {
        let (seed, percent) = match self {
            Self::All(fault) => return Some(fault),
            Self::Seeded { seed, percent } => (seed, percent),
        };
        // FNV-1a, which is short.
        let fold = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
        let place = place.bytes().fold(0xcbf2_9ce4_8422_2325, fold);
        let mut random = Random(seed.wrapping_mul(0x2545_f491_4f6c_dd1d) ^ place.wrapping_add(nth));
        if random.below(100) >= percent {
            return None;
        }
        let kind = random.below(15);
        let at = random.below(length.max(1));
        Some(match kind {
            0 => Fault::Silence,
            1..=3 => Fault::Break(at),
            4 => Fault::Busy(None),
            5 => Fault::Busy(Some(1)),
            6 => Fault::Drip,
            7 => Fault::Stall(at),
            8 => Fault::Flip(at),
            9 => Fault::NoRange,
            10 => Fault::Short(1 + at),
            11 => Fault::Long(1 + at),
            12 => Fault::Gzip,
            13 => {
                if at.is_multiple_of(2) {
                    Fault::Closed
                } else {
                    Fault::Foreign
                }
            }
            _ => Fault::Moved,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_is_the_same_each_time_and_has_every_fault() {
        let plan = |seed| Plan::Seeded { seed, percent: 50 };
        let faults = |plan: Plan| (0..2000).map(|nth| plan.fault("/a", nth, 1000)).collect::<Vec<_>>();
        assert_eq!(faults(plan(7)), faults(plan(7)));
        assert_ne!(faults(plan(7)), faults(plan(8)));
        let found = faults(plan(7));
        let wrong = found.iter().flatten().count();
        assert!((900..1100).contains(&wrong), "{wrong}");
        let mut kinds: Vec<String> = found.iter().flatten().map(|fault| fault.kind()).collect();
        kinds.sort_unstable();
        kinds.dedup();
        assert_eq!(kinds.len(), 13, "{kinds:?}");
    }
}
