//! The bootstrap over pictures (Efron, “Bootstrap Methods: Another Look at the Jackknife”, 1979): n pictures are drawn with
//! replacement from n, again and again, and the statistic is computed from each draw.

use semblance_teach::interval::{Interval, percentile};
use semblance_teach::random::Random;

/// Draws where there is time for them: with so many the ends of a 95 % interval hardly move (Davison and Hinkley, “Bootstrap
/// Methods and Their Application”, 1997, section 5.2.3, ask for a thousand).
pub const RESAMPLES: usize = 2000;
/// And at least so many: then there are so many pictures that the interval is narrow, and its ends need not be known well.
pub const RESAMPLES_AT_LEAST: usize = 100;
/// Numbers that are gone through over all draws of a statistic: some tenths of a second, also in a browser.
pub const WORK: usize = 200_000_000;

/// How many draws a statistic gets that goes through `numbers` numbers in each: [`WORK`] over it, between
/// [`RESAMPLES_AT_LEAST`] and [`RESAMPLES`].
pub fn resamples(numbers: usize) -> usize {
    (WORK / numbers.max(1)).clamp(RESAMPLES_AT_LEAST, RESAMPLES)
}

/// How often each of `times.len()` pictures is in a draw of as many.
pub fn draw(random: &mut Random, times: &mut [u32]) {
    times.fill(0);
    for _ in 0..times.len() {
        times[random.below(times.len())] += 1;
    }
}

/// What `statistic` comes to in each draw, of `pictures` pictures by how often each is in it. The same seed draws the same
/// pictures, so that differences of two calls are paired.
pub fn resample(
    pictures: usize,
    resamples: usize,
    seed: u64,
    mut statistic: impl FnMut(&[u32]) -> f64,
) -> Vec<f64> {
    let mut random = Random(seed);
    let mut times = vec![0; pictures];
    let mut once = |_| {
        draw(&mut random, &mut times);
        statistic(&times)
    };
    (0..resamples).map(&mut once).collect()
}

/// The percentile interval of a mean of numbers.
pub fn mean_interval(numbers: &[f64], seed: u64) -> Interval {
    let mut random = Random(seed);
    let n = numbers.len();
    let mut mean = |_| (0..n).map(|_| numbers[random.below(n)]).sum::<f64>() / n as f64;
    percentile((0..resamples(n)).map(&mut mean).collect())
}
