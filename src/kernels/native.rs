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
    let row = vec![<Native as Kernel>::Activation::default(); 4 * GROUPS];
    let rate = rate(TILE_ROWS, now, |_, panel, sums| {
        // SAFETY: the row and the panel have as many numbers.
        unsafe { Native::tile([row.as_ptr(); TILE_ROWS], panel.as_ptr(), ROW_GROUPS, sums) }
    });
    #[cfg(target_arch = "wasm32")]
    let name = "simd128";
    #[cfg(not(target_arch = "wasm32"))]
    let name = super::isa::chosen().name();
    Routes { chosen: name, rates: vec![(name, rate)] }
}
