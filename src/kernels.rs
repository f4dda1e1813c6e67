//! The inner loops, on plain slices: what candle's own ops are too slow at in WebAssembly.
//!
//! | file | what |
//! |---|---|
//! | `int8` | rows to 7 bits, weights to 8 bits per output channel, and their product |
//! | `float` | the same product in f32 |
//! | `gemm` | what both share: the walk over tiles and the fused end (bias, activation, residual) |
//! | `tile`, `native` | what a tile of the integer product is; the one of this build |
//! | `scalar`, `simd128`, `relaxed` | that tile, by instruction set |
//! | `isa`, `machine`, `fused` | outside the browser: which instruction set this machine has, and the integer and f32 tiles by it |
//! | `norm` | layer norm |
//! | `attention`, `panels` | softmax(q · kᵀ) · v; the keys and values of a head, packed |
//! | `vector` | several f32 at a time, the same bits on every machine |
//! | `team` | several threads on one loop |
//! | `rate` | how fast a tile is on this machine |
//! | `profile` | where the time goes, where there is a clock |
//!
//! This is the only module with `unsafe`; each block says why it is sound.

#![allow(unsafe_code)]
#![allow(
    clippy::needless_range_loop,
    reason = "iterators have functions of their own, which are compiled without a kernel's instructions"
)]

pub mod attention;
pub mod float;
#[cfg(not(target_arch = "wasm32"))]
mod fused;
pub mod gemm;
pub mod int8;
pub mod isa;
#[cfg(not(target_arch = "wasm32"))]
pub mod machine;
pub mod native;
pub mod norm;
mod panels;
pub mod profile;
#[cfg(test)]
mod random;
pub mod rate;
pub mod team;
pub mod tile;
pub mod vector;

#[cfg(all(target_arch = "wasm32", any(test, feature = "relaxed")))]
mod relaxed;
#[cfg(any(test, not(target_arch = "wasm32")))]
mod scalar;
// The relaxed builds take its store, and only in tests its tile.
#[cfg(target_arch = "wasm32")]
#[cfg_attr(feature = "relaxed", allow(dead_code))]
mod simd128;
