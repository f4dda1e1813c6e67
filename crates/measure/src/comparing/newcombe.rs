//! Between what the difference of two shares on the same pictures lies: method 10 of Newcombe, “Improved Confidence Intervals
//! for the Difference between Binomial Proportions Based on Paired Data”, 1998.
//!
//! ```text
//!                   second right   second wrong
//! first right            a              b            p₁ = (a + b) / n, Wilson's interval l₁ to u₁
//! first wrong            c              d            p₂ = (a + c) / n, Wilson's interval l₂ to u₂
//!
//! φ = q / √((a + b)(c + d)(a + c)(b + d)),   q = ad − bc, and of a positive one max(ad − bc − n/2, 0)
//!
//! low  = p₁ − p₂ − √((p₁ − l₁)² − 2φ (p₁ − l₁)(u₂ − p₂) + (u₂ − p₂)²)
//! high = p₁ − p₂ + √((u₁ − p₁)² − 2φ (u₁ − p₁)(p₂ − l₂) + (p₂ − l₂)²)
//! ```

use semblance_teach::interval::{Interval, wilson};

/// Of the four cells, in pictures, n > 0 in all; −1 to 1. φ is 0 where one of its margins is.
pub fn newcombe([a, b, c, d]: [usize; 4]) -> Interval {
    let n = a + b + c + d;
    let (first, second) = (wilson(a + b, n), wilson(a + c, n));
    let share = |part: usize| part as f64 / n as f64;
    let (p1, p2) = (share(a + b), share(a + c));
    let phi = phi([a, b, c, d]);
    let half = |one: f64, other: f64| (one * one - 2.0 * phi * one * other + other * other).max(0.0).sqrt();
    let (difference, below) = (p1 - p2, half(p1 - first.low, second.high - p2));
    Interval { low: difference - below, high: difference + half(first.high - p1, p2 - second.low) }
}

fn phi(cells: [usize; 4]) -> f64 {
    let [a, b, c, d] = cells.map(|count| count as f64);
    let margins = (a + b) * (c + d) * (a + c) * (b + d);
    let q = a * d - b * c;
    let corrected = if q > 0.0 { (q - (a + b + c + d) / 2.0).max(0.0) } else { q };
    if margins > 0.0 { corrected / margins.sqrt() } else { 0.0 }
}
