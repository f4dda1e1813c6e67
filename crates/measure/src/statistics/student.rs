//! Student's t.
//!
//! ```text
//! P(|T_ν| > t) = I_x(ν/2, 1/2),   x = ν / (ν + t²)
//! I_x(a, b)    = xᵃ (1 − x)ᵇ / (a B(a, b)) · 1/(1 + d₁/(1 + d₂/(1 + …)))
//! ```
//!
//! I is the regularised incomplete beta function (26.7.1 and 26.5.8 of Abramowitz and Stegun, “Handbook of Mathematical
//! Functions”, 1964), its fraction evaluated by Lentz's method.

use std::f64::consts::PI;

/// Lanczos's coefficients for g = 7 (Godfrey, “A note on the computation of the convergent Lanczos complex Gamma
/// approximation”, 2001): 15 digits.
const LANCZOS: [f64; 9] = [
    0.999_999_999_999_809_9,
    676.520_368_121_885_1,
    -1_259.139_216_722_402_8,
    771.323_428_777_653_1,
    -176.615_029_162_140_6,
    12.507_343_278_686_905,
    -0.138_571_095_265_720_12,
    9.984_369_578_019_572e-6,
    1.505_632_735_149_311_6e-7,
];

/// log Γ(x) of x ≥ 1/2.
fn ln_gamma(x: f64) -> f64 {
    let x = x - 1.0;
    let sum = (1..).zip(&LANCZOS[1..]).map(|(k, c)| c / (x + f64::from(k))).sum::<f64>() + LANCZOS[0];
    let t = x + 7.5;
    0.5 * (2.0 * PI).ln() + (x + 0.5) * t.ln() - t + sum.ln()
}

/// I_x(a, b), 0 to 1; a and b at least 1/2.
fn incomplete_beta(a: f64, b: f64, x: f64) -> f64 {
    if x <= 0.0 || x >= 1.0 {
        return x.clamp(0.0, 1.0);
    }
    // Below its mean the fraction converges; the other tail is one less it.
    if x > (a + 1.0) / (a + b + 2.0) {
        return 1.0 - incomplete_beta(b, a, 1.0 - x);
    }
    let front = ln_gamma(a + b) - ln_gamma(a) - ln_gamma(b) + a * x.ln() + b * (-x).ln_1p();
    front.exp() / a * fraction(a, b, x)
}

fn fraction(a: f64, b: f64, x: f64) -> f64 {
    const TINY: f64 = 1e-300;
    /// Some times √a are needed, for as many pictures as there ever are.
    const STEPS: usize = 20_000;
    let away = |number: f64| if number.abs() < TINY { TINY } else { number };
    let mut d = 1.0 / away(1.0 - (a + b) * x / (a + 1.0));
    let (mut c, mut value) = (1.0, d);
    for step in 1..STEPS {
        let m = step as f64;
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        let mut factor = 1.0;
        for part in [even, odd] {
            d = 1.0 / away(1.0 + part * d);
            c = away(1.0 + part / c);
            factor = d * c;
            value *= factor;
        }
        if (factor - 1.0).abs() < f64::EPSILON {
            break;
        }
    }
    value
}

/// How often |T| is greater than |`t`|; `freedom` ≥ 1. SciPy's `2 * t.sf(|t|, ν)` within 1e-10.
pub fn two_sided(t: f64, freedom: f64) -> f64 {
    if t.is_infinite() { 0.0 } else { incomplete_beta(freedom / 2.0, 0.5, freedom / (freedom + t * t)) }
}

/// What |T| exceeds with this probability, of 0 < p < 1: SciPy's `t.isf(p / 2, ν)` within 1e-9.
pub fn two_sided_quantile(p: f64, freedom: f64) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    while two_sided(high, freedom) > p {
        (low, high) = (high, high * 2.0);
    }
    // Each step brings a bit.
    for _ in 0..60 {
        let middle = (low + high) / 2.0;
        if two_sided(middle, freedom) > p {
            low = middle;
        } else {
            high = middle;
        }
    }
    (low + high) / 2.0
}
