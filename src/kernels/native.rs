//! The integer tile of this build.

/// The kernel of this build.
#[cfg(all(target_arch = "wasm32", feature = "relaxed"))]
pub type Native = super::relaxed::Relaxed;
#[cfg(all(target_arch = "wasm32", not(feature = "relaxed")))]
pub type Native = super::simd128::Simd128;
#[cfg(not(target_arch = "wasm32"))]
pub type Native = super::scalar::Scalar;

/// Get ready, once: where an instruction set has two ways to the same sums, choose the faster one by `now`, in
/// milliseconds.
pub fn choose_route(now: fn() -> f64) {
    static CHOSEN: std::sync::Once = std::sync::Once::new();
    CHOSEN.call_once(|| {
        #[cfg(all(target_arch = "wasm32", feature = "relaxed"))]
        super::relaxed::Route::measure(now);
        #[cfg(not(all(target_arch = "wasm32", feature = "relaxed")))]
        let _ = now;
    });
}
