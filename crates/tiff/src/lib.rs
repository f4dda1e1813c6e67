//! TIFF → 8-bit RGBA, as Pillow shows it. The first page counts; nothing is turned.
//!
//! | what a file has | what becomes of it |
//! |---|---|
//! | 8 bits | as they are |
//! | 1, 2, 4 bits of grey or palette | spread over 0..=255, or looked up |
//! | 16 and 32 bits, unsigned | the upper 8 bits |
//! | floating point within 0..=1 | times 255 |
//! | other floating point | cut to 0..=255 |
//! | alpha that colours were multiplied by | is taken out of them |
//! | CMYK, YCbCr | the plain formulas, no colour profile |
//!
//! Strips and tiles, chunky and planar, either byte order, BigTIFF; uncompressed, PackBits, LZW, Deflate, JPEG and
//! CCITT group 4. Everything else is refused with what it is.

// Whoever has one of these in a struct of their own can derive `Debug` for that.
#![cfg_attr(not(target_arch = "wasm32"), warn(missing_debug_implementations))]

pub mod directory;

#[cfg(feature = "decode")]
mod colour;
#[cfg(feature = "decode")]
mod decode;
#[cfg(feature = "exports")]
mod exports;
#[cfg(feature = "decode")]
mod samples;

#[cfg(feature = "decode")]
pub use decode::{Rgba, decode};
