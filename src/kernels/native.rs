//! The integer tile of this build.

use std::sync::OnceLock;

use super::rate::Routes;
#[cfg(not(all(target_arch = "wasm32", feature = "relaxed")))]
use super::{
    gemm::TILE_ROWS,
    rate::{GROUPS, rate},
    tile::Kernel,
};

/// The kernel of this build.
#[cfg(all(target_arch = "wasm32", feature = "relaxed"))]
pub type Native = super::relaxed::Relaxed;
#[cfg(all(target_arch = "wasm32", not(feature = "relaxed")))]
pub type Native = super::simd128::Simd128;
#[cfg(not(target_arch = "wasm32"))]
pub type Native = super::machine::Machine;

static ROUTES: OnceLock<Routes> = OnceLock::new();

/// Get ready, once: where an instruction set has two ways to the same sums, choose the faster one by `now`, in
/// milliseconds.
pub fn choose_route(now: fn() -> f64) {
    ROUTES.get_or_init(|| measure(now));
}

/// What was tried, once it was.
pub fn routes() -> Option<&'static Routes> {
    ROUTES.get()
}

#[cfg(all(target_arch = "wasm32", feature = "relaxed"))]
fn measure(now: fn() -> f64) -> Routes {
    super::relaxed::Route::measure(now)
}

#[cfg(not(all(target_arch = "wasm32", feature = "relaxed")))]
fn measure(now: fn() -> f64) -> Routes {
    // A group is two activations of two bytes here, and four of one byte natively.
    const ROW_GROUPS: usize = 4 * GROUPS / Native::GROUP;
    const ROWS: usize = Native::ROWS;
    let height = Native::height(TILE_ROWS, ROW_GROUPS);
    let numbers = vec![<Native as Kernel>::Activation::default(); 4 * GROUPS * (height + Native::BEYOND)];
    let (first, _held) = (numbers.as_ptr(), Native::hold(height, ROW_GROUPS));
    let rate = rate(height, now, |_, panel, sums| {
        // SAFETY: there are as many rows, each of as many numbers as the panel's columns.
        unsafe {
            if !Native::strip(first, height, height, panel.as_ptr(), ROW_GROUPS, sums) {
                Native::tile([first; ROWS], panel.as_ptr(), ROW_GROUPS, sums);
            }
        }
    });
    #[cfg(target_arch = "wasm32")]
    let name = "simd128";
    #[cfg(not(target_arch = "wasm32"))]
    let name = super::isa::chosen().name();
    Routes { chosen: name, rates: vec![(name, rate)] }
}
