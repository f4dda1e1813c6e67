//! Six rows by four vectors of four: 24 sums in 32 registers.

use std::arch::aarch64::*;

use super::parts::in_parts;

in_parts!(4 of 4, rows [6 5 4 3 2 1],
    vld1q_f32, vdupq_n_f32, vfmaq_f32, vst1q_f32, target_feature(enable = "neon"));
