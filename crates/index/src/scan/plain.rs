//! The scan's inner loop for any machine; what the others are held to.

use crate::q8::{BLOCK, widen};

/// ```text
/// for each block:
///     for each lane of 4: sum four products as integers: of the numbers 2 lane, 2 lane + 1, and 8 further on
///     lanes += sums × scale
/// ```
/// Which numbers share a lane is what instructions of 128 bits that multiply pairs of 16 bits make of it.
pub(super) fn lanes(query: &[[i16; BLOCK]], codes: &[[i8; BLOCK]], scales: &[u16]) -> [f32; 4] {
    let mut lanes = [0.0; 4];
    for ((query, codes), &scale) in query.iter().zip(codes).zip(scales) {
        let product = |at: usize| i32::from(query[at]) * i32::from(codes[at]);
        for (lane, sum) in lanes.iter_mut().enumerate() {
            let at = 2 * lane;
            let products = (product(at) + product(at + 1)) + (product(at + 8) + product(at + 9));
            *sum += products as f32 * widen(scale);
        }
    }
    lanes
}
