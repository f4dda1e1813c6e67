//! The bootstrap over pictures (Efron, “Bootstrap Methods: Another Look at the Jackknife”, 1979): n pictures are drawn with
//! replacement from n, again and again, and the statistic is computed from each draw.

use semblance_teach::interval::{Interval, percentile};
use semblance_teach::random::Random;

/// Draws where there is time for them: with so many the ends of a 95 % interval hardly move (Davison and Hinkley, “Bootstrap
/// Methods and Their Application”, 1997, section 5.2.3, ask for a thousand).
pub const RESAMPLES: usize = 2000;
/// And at least so many: then there are so many pictures that the interval is narrow, and its ends need not be known well.
pub const RESAMPLES_AT_LEAST: usize = 100;
/// Numbers that are gone through over all draws of a statistic: a tenth of a second, also in a browser.
pub const WORK: usize = 60_000_000;

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

/// What `statistics` statistics come to in each draw: of each all its numbers. `compute` has how often each of `pictures` pictures
/// is in the draw, and writes one number each. The same seed draws the same pictures, so that differences of two calls are
/// paired.
pub fn resample(
    pictures: usize,
    statistics: usize,
    resamples: usize,
    seed: u64,
    mut compute: impl FnMut(&[u32], &mut [f64]),
) -> Vec<Vec<f64>> {
    let mut random = Random(seed);
    let (mut times, mut numbers) = (vec![0; pictures], vec![0.0; statistics]);
    let mut all = vec![Vec::with_capacity(resamples); statistics];
    for _ in 0..resamples {
        draw(&mut random, &mut times);
        compute(&times, &mut numbers);
        all.iter_mut().zip(&numbers).for_each(|(all, &number)| all.push(number));
    }
    all
}

/// The percentile interval of a mean of numbers.
pub fn mean_interval(numbers: &[f64], seed: u64) -> Interval {
    let mut random = Random(seed);
    let n = numbers.len();
    let mut mean = |_| (0..n).map(|_| numbers[random.below(n)]).sum::<f64>() / n as f64;
    percentile((0..resamples(n)).map(&mut mean).collect())
}

/// The basic interval of a statistic that came to `found`, within `least` to `most`, of what it comes to in draws (Davison and
/// Hinkley, section 5.2.1):
///
/// ```text
/// 2 found − the draws' 97.5th percentile   to   2 found − their 2.5th
/// ```
///
/// For statistics that are larger of few pictures than of many: a draw's is larger than `found` by about as much as that is
/// larger than the truth, and the percentile interval lies too high by both. Where that is much, `found` itself lies above the
/// interval.
pub fn basic(found: f64, draws: Vec<f64>, [least, most]: [f64; 2]) -> Interval {
    let Interval { low, high } = percentile(draws);
    let turned = |end: f64| (2.0 * found - end).clamp(least, most);
    Interval { low: turned(high), high: turned(low) }
}
