//! One tile of the integer product: what an instruction set gives, and what it is given.

use super::gemm::{TILE_COLUMNS, TILE_ROWS, even};
use super::vector::{Integers, SIXTEEN};

/// Rows are padded to so many numbers: what [`Kernel::narrow`] takes.
pub const STEP: usize = 16;

/// The integer sums of one tile.
pub type Sums = [[i32; TILE_COLUMNS]; TILE_ROWS];

/// The innermost loop on one instruction set.
pub trait Kernel: Sync {
    /// An activation as the kernel reads it; a group of them is four bytes.
    type Activation: Copy + Default + Send + Sync + Into<i32>;
    /// Numbers along k that one lane multiplies and adds at once.
    const GROUP: usize;

    /// Sixteen numbers within 0..=127 as activations.
    fn narrow(sixteen: [Integers; SIXTEEN], to: &mut [Self::Activation]);

    /// Most rows of [`Kernel::tile`].
    const ROWS: usize = if cfg!(target_arch = "wasm32") { 4 } else { 12 };

    /// `sums[m][n] = Σ a[m][k] · w[k][n]` over `groups` groups along k, for the first `ROWS` rows.
    ///
    /// # Safety
    /// Each of `rows` points to `groups · GROUP` activations and `panel` to `groups · GROUP · TILE_COLUMNS` weights.
    unsafe fn tile<const ROWS: usize>(
        rows: [*const Self::Activation; ROWS],
        panel: *const i8,
        groups: usize,
        sums: &mut Sums,
    );

    /// Rows of [`Kernel::tile_fitted`].
    const FITTED_ROWS: usize = Self::ROWS;

    /// Change a panel so that a faster tile can take it, and say what the change leaves out of the sums. `None`: there
    /// is no such tile here, or the panel is not for it; then it is as it was.
    fn fit(_panel: &mut [i8]) -> Option<Vec<Rest>> {
        None
    }

    /// As [`Kernel::tile`], of a panel that was made to fit.
    ///
    /// # Safety
    /// As [`Kernel::tile`], the panel was changed by [`Kernel::fit`], and `groups` is even.
    unsafe fn tile_fitted<const ROWS: usize>(
        rows: [*const Self::Activation; ROWS],
        panel: *const i8,
        groups: usize,
        sums: &mut Sums,
    ) {
        // SAFETY: the caller's promise.
        unsafe { Self::tile(rows, panel, groups, sums) }
    }

    /// Rows of each tile where `rows` rows of `groups` groups are gone through.
    #[inline(always)]
    fn height(rows: usize, _groups: usize) -> usize {
        even(rows, Self::ROWS)
    }

    /// What a thread holds for as long as it computes tiles of this height.
    #[inline(always)]
    fn hold(_height: usize, _groups: usize) -> impl Sized {}

    /// Rows beyond the last one that [`Kernel::strip`] may read, and there must be.
    const BEYOND: usize = 0;

    /// As [`Kernel::tile`], of rows that lie one after the other from `first` on. False: there is no such tile here.
    ///
    /// # Safety
    /// As [`Kernel::tile`], of `rows` and [`Kernel::BEYOND`] rows; [`Kernel::height`] gave `height`, `rows` are at most as many, and
    /// what [`Kernel::hold`] gave for it is alive.
    #[inline(always)]
    unsafe fn strip(
        _first: *const Self::Activation,
        _height: usize,
        _rows: usize,
        _panel: *const i8,
        _groups: usize,
        _sums: &mut Sums,
    ) -> bool {
        false
    }
}

/// A part of a weight that is not in its panel: `sums[m][column] += a[m][k] · weight`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rest {
    pub k: usize,
    pub column: usize,
    pub weight: i32,
}

/// `$tile!(ROWS)` with the number of rows as a constant, which is at most [`Kernel::ROWS`].
macro_rules! with_rows {
    ($rows:expr, $tile:ident) => {
        match $rows {
            #[cfg(not(target_arch = "wasm32"))]
            12 => $tile!(12),
            #[cfg(not(target_arch = "wasm32"))]
            11 => $tile!(11),
            #[cfg(not(target_arch = "wasm32"))]
            10 => $tile!(10),
            #[cfg(not(target_arch = "wasm32"))]
            9 => $tile!(9),
            #[cfg(not(target_arch = "wasm32"))]
            8 => $tile!(8),
            #[cfg(not(target_arch = "wasm32"))]
            7 => $tile!(7),
            #[cfg(not(target_arch = "wasm32"))]
            6 => $tile!(6),
            #[cfg(not(target_arch = "wasm32"))]
            5 => $tile!(5),
            4 => $tile!(4),
            3 => $tile!(3),
            2 => $tile!(2),
            _ => $tile!(1),
        }
    };
}
pub(super) use with_rows;

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(not(target_arch = "wasm32"))]
    use crate::kernels::isa::Isa;
    use crate::kernels::random::random;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    /// The triple loop over random integers at and around every edge of the tiles.
    fn sums_are_the_triple_loops<K: Kernel>(number: fn(i32) -> K::Activation, fitted: bool) {
        let mut wrong = Vec::new();
        for groups in [1, 2, 3, 4, 7, 8, 191, 192, 193] {
            if fitted && groups % 2 == 1 {
                continue; // Rows are padded to whole pairs.
            }
            let mut next = random(groups as u64);
            let width = groups * K::GROUP;
            let plain: Vec<i32> =
                (0..TILE_ROWS * width).map(|_| ((next() + 1.0) * 64.0) as i32).map(|p| p.min(127)).collect();
            // The extremes, where sums in 16 bits would overflow.
            let plain: Vec<i32> =
                plain.iter().enumerate().map(|(i, &p)| if i % 5 < 3 { 127 } else { p }).collect();
            let weights: Vec<i8> = (0..TILE_COLUMNS * width)
                .map(|i| match i % 7 {
                    0..=2 => -127,
                    3 | 4 => 127,
                    _ => (next() * 127.0) as i8,
                })
                .collect();
            let mut weights = weights;
            let mut rests = Vec::new();
            if fitted {
                // Half as large, so that nearly everything fits; now and then at the edge of 258 and beyond.
                weights.iter_mut().for_each(|w| *w /= 2);
                for block in (0..groups / 2).step_by(16) {
                    let [first, second] = if block % 32 == 0 { [65, 64] } else { [66, 127] };
                    let at = 2 * block * K::GROUP * TILE_COLUMNS;
                    weights[at..at + 2].fill(first);
                    weights[at + K::GROUP * TILE_COLUMNS..][..2].fill(second);
                }
                let original = weights.clone();
                rests = K::fit(&mut weights).expect("few weights are too large");
                assert_eq!(rests.is_empty(), groups < 64, "{groups} groups");
                let mut put_back = weights.clone();
                for rest in &rests {
                    let at = (rest.k / K::GROUP * TILE_COLUMNS + rest.column) * K::GROUP + rest.k % K::GROUP;
                    put_back[at] = (i32::from(put_back[at]) + rest.weight) as i8;
                }
                assert!(put_back == original, "the rests are what was taken");
            }
            let activations: Vec<K::Activation> = plain.iter().map(|&p| number(p)).collect();
            let mut expected: Sums = [[0; TILE_COLUMNS]; TILE_ROWS];
            for (m, row) in expected.iter_mut().enumerate() {
                for (n, sum) in row.iter_mut().enumerate() {
                    for k in 0..width {
                        let at = (k / K::GROUP * TILE_COLUMNS + n) * K::GROUP + k % K::GROUP;
                        *sum += plain[m * width + k] * i32::from(weights[at]);
                    }
                    for rest in rests.iter().filter(|rest| rest.column == n) {
                        *sum += plain[m * width + rest.k] * rest.weight;
                    }
                }
            }
            let row = |m: usize| activations[m * width..].as_ptr();
            macro_rules! check {
                ($rows:literal) => {{
                    let mut sums: Sums = [[0; TILE_COLUMNS]; TILE_ROWS];
                    let rows: [_; $rows] = std::array::from_fn(row);
                    // SAFETY: the vectors above have `groups` groups.
                    unsafe {
                        match fitted {
                            false => K::tile(rows, weights.as_ptr(), groups, &mut sums),
                            true => K::tile_fitted(rows, weights.as_ptr(), groups, &mut sums),
                        }
                    }
                    for rest in &rests {
                        for (m, sums) in sums.iter_mut().enumerate() {
                            sums[rest.column] += plain[m * width + rest.k] * rest.weight;
                        }
                    }
                    if sums[..$rows] != expected[..$rows] {
                        wrong.push(format!(
                            "{} rows, {groups} groups: {sums:?} instead of {expected:?}",
                            $rows
                        ));
                    }
                }};
            }
            for rows in 1..=K::ROWS {
                with_rows!(rows, check);
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn tiles_are_exact_scalar() {
        sums_are_the_triple_loops::<crate::kernels::scalar::Scalar>(|p| p as u8, false);
    }

    /// The tile of one instruction set, by its place in `Isa::ALL`.
    #[cfg(not(target_arch = "wasm32"))]
    struct Of<const ISA: usize>;

    #[cfg(not(target_arch = "wasm32"))]
    impl<const ISA: usize> Kernel for Of<ISA> {
        type Activation = u8;
        const GROUP: usize = 4;

        fn narrow(sixteen: [Integers; SIXTEEN], to: &mut [u8]) {
            Integers::to_bytes(sixteen, to);
        }

        unsafe fn tile<const ROWS: usize>(
            rows: [*const u8; ROWS],
            panel: *const i8,
            groups: usize,
            sums: &mut Sums,
        ) {
            // SAFETY: the caller's promise; the test below asks for what the machine has.
            unsafe { crate::kernels::machine::tile_of(Isa::ALL[ISA], rows, panel, groups, sums) }
        }
    }

    /// Every tile that this machine can run. What it can't, it says: `cargo xtask test native --long` runs those of aarch64 in an
    /// emulator.
    #[test]
    #[cfg(not(target_arch = "wasm32"))]
    fn tiles_are_exact_of_this_machine() {
        let mut tested = 0;
        macro_rules! check {
            ($($isa:literal)*) => {$({
                let isa = Isa::ALL[$isa];
                if isa.is_here() {
                    sums_are_the_triple_loops::<Of<$isa>>(|p| p as u8, false);
                    tested += 1;
                }
                println!("{}: {}", isa.name(), if isa.is_here() { "tested" } else { "NOT tested, this machine has it not" });
            })*};
        }
        check!(0 1 2 3 4 5 6 7 8);
        // In the emulator, which has them all: plain Rust and three.
        if std::env::var_os("SEMBLANCE_ALL_KERNELS").is_some() {
            assert_eq!(tested, 4, "the emulator lacks an instruction set");
        }
        assert!(tested > 0);
    }

    #[test]
    #[cfg(target_arch = "wasm32")]
    fn tiles_are_exact_simd128() {
        sums_are_the_triple_loops::<crate::kernels::simd128::Simd128>(|p| p as i16, false);
    }

    #[test]
    #[cfg(target_arch = "wasm32")]
    fn tiles_are_exact_relaxed() {
        use crate::kernels::relaxed::{Relaxed, Route};
        for route in [Route::Dot, Route::MultiplyAdd] {
            Route::choose(route);
            sums_are_the_triple_loops::<Relaxed>(|p| p as u8, false);
        }
        sums_are_the_triple_loops::<Relaxed>(|p| p as u8, true);
    }
}
