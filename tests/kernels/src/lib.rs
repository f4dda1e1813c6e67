//! The kernels' products with their tests, and nothing that needs candle: `cargo xtask test native --long` compiles this for
//! aarch64 and runs it in an emulator.

#![allow(unsafe_code, clippy::needless_range_loop, reason = "as in the kernels' own file")]

// Nothing here uses all of them.
#[allow(dead_code, unused_imports, unused_macros)]
#[path = "../../../src/kernels"]
pub mod kernels {
    pub mod float;
    mod fused;
    pub mod gemm;
    pub mod int8;
    pub mod isa;
    pub mod machine;
    pub mod native;
    #[cfg(test)]
    mod random;
    pub mod rate;
    mod scalar;
    pub mod team;
    pub mod tile;
    pub mod vector;
}
