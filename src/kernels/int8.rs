//! The integer product: weights of 8 bits per output channel, activations of 7 bits per row, exact i32 sums.
//!
//! ```text
//! weights      w[n][k] ≈ sₙ · q[n][k]          q in −127..=127, sₙ = max|w[n]| / 127
//! activations  x[m][k] ≈ lₘ + tₘ · p[m][k]     p in 0..=127, lₘ = min x[m], tₘ = (max x[m] − lₘ) / 127
//! product      Σₖ x w  ≈ sₙ (tₘ Σₖ p q + lₘ Σₖ q)
//! ```
//! Seven bits, because the relaxed dot product of WebAssembly is only the same on every machine when its second operand
//! is within 0..=127. The row's minimum stays in f32, so there is no rounding of a zero point. Dynamic ranges per row
//! and weights per channel: Dettmers et al. 2022, "LLM.int8()", section 2.

mod rows;
mod weights;

pub use rows::Rows;
pub use weights::{Weights, largest_of_columns};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::gemm::End;
    use crate::kernels::native::Native;
    use crate::kernels::random::random;
    use crate::kernels::team::with_team;
    use crate::kernels::tile::Kernel;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    /// Products of random matrices against the formula at the top of the file, in f64 on the same integers.
    fn products_are_the_formula<K: Kernel>() {
        let mut wrong = Vec::new();
        for (rows, inputs, outputs) in [
            (0, 16, 8),
            (1, 1, 1),
            (1, 3, 2),
            (3, 15, 7),
            (4, 16, 8),
            (5, 17, 9),
            (7, 31, 15),
            (8, 32, 16),
            (9, 33, 33),
            (50, 64, 40),
            (13, 768, 24),
            (300, 700, 12),
        ] {
            let mut next = random((rows * 1000 + inputs * 10 + outputs) as u64);
            // Evenly spread, or mostly small with some large, as a trained layer's are.
            let power = if inputs % 2 == 0 { 3 } else { 1 };
            let weights: Vec<f32> = (0..inputs * outputs).map(|_| next().powi(power)).collect();
            let bias: Vec<f32> = (0..outputs).map(|_| next()).collect();
            let x: Vec<f32> = (0..rows * inputs).map(|_| next() * 3.0 + 1.0).collect();
            let residual: Vec<f32> = (0..rows * outputs).map(|_| next()).collect();
            let packed = Weights::<K>::pack(outputs, inputs, Some(&bias), |n, to| {
                to.copy_from_slice(&weights[n * inputs..][..inputs]);
            })
            .unwrap();
            let quantised = Rows::<K>::quantise(&x, inputs, |row, to| to.copy_from_slice(row));
            let end = End { residual: Some(&residual), ..End::default() };
            let out = with_team(|| packed.product(&quantised, end));

            for m in 0..rows {
                let row = &x[m * inputs..][..inputs];
                let low = row.iter().copied().fold(f32::INFINITY, f32::min);
                let high = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
                let step = (high - low) / 127.0;
                for n in 0..outputs {
                    let column = &weights[n * inputs..][..inputs];
                    let scale = column.iter().fold(0f32, |most, w| most.max(w.abs())) / 127.0;
                    let mut sum = 0.0;
                    for (x, w) in row.iter().zip(column) {
                        let p = if high > low {
                            f64::from((x - low) * (127.0 / (high - low))).round_ties_even()
                        } else {
                            0.0
                        };
                        let q = f64::from(w * (1.0 / scale)).round_ties_even();
                        sum += (f64::from(low) + f64::from(step) * p) * f64::from(scale) * q;
                    }
                    let expected = sum + f64::from(bias[n]) + f64::from(residual[m * outputs + n]);
                    let found = f64::from(out[m * outputs + n]);
                    if (found - expected).abs() > 1e-5 * (inputs as f64) {
                        wrong.push(format!(
                            "{rows}×{inputs}×{outputs} at {m},{n}: {found} instead of {expected}"
                        ));
                    }
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn products_are_the_formula_scalar() {
        products_are_the_formula::<crate::kernels::scalar::Scalar>();
    }

    #[test]
    #[cfg(not(target_arch = "wasm32"))]
    fn products_are_the_formula_machine() {
        products_are_the_formula::<crate::kernels::machine::Machine>();
    }

    #[test]
    #[cfg(target_arch = "wasm32")]
    fn products_are_the_formula_simd128() {
        products_are_the_formula::<crate::kernels::simd128::Simd128>();
    }

    #[test]
    #[cfg(target_arch = "wasm32")]
    fn products_are_the_formula_relaxed() {
        use crate::kernels::relaxed::{Relaxed, Route};
        for route in [Route::Dot, Route::MultiplyAdd] {
            Route::choose(route);
            products_are_the_formula::<Relaxed>();
        }
    }

    #[test]
    #[cfg(target_arch = "wasm32")]
    fn some_panels_have_a_rest_and_some_none() {
        use crate::kernels::relaxed::{Relaxed, Route};
        Route::choose(Route::MultiplyAdd);
        let pack = |power| {
            let mut next = random(7);
            let numbers: Vec<f32> = (0..16 * 768).map(|_| next().powi(power)).collect();
            let row = |n: usize, to: &mut [f32]| to.copy_from_slice(&numbers[n * 768..][..768]);
            Weights::<Relaxed>::pack(16, 768, None, row).unwrap().rests
        };
        assert!(pack(3).iter().all(|rest| rest.as_ref().is_some_and(|rest| !rest.is_empty())));
        assert_eq!(pack(1), [None, None]);
    }

    #[test]
    fn weights_that_are_no_numbers_are_refused() {
        for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            let pack = Weights::<Native>::pack(3, 20, None, |n, to| {
                to.fill(1.0);
                to[17] = if n == 2 { bad } else { 0.0 };
            });
            assert!(pack.is_none(), "{bad}");
        }
    }

    #[test]
    fn nan_anywhere_in_a_row_stays_nan() {
        let packed = Weights::<Native>::pack(8, 16, None, |_, to| to.fill(1.0)).unwrap();
        for (at, bad) in [(0, f32::NAN), (5, f32::NAN), (15, f32::INFINITY)] {
            let mut row = [1.0; 16];
            row[at] = bad;
            let rows = Rows::<Native>::quantise(&row, 16, |row, to| to.copy_from_slice(row));
            let out = packed.product(&rows, End::default());
            assert!(out.iter().all(|x| x.is_nan()), "{at}: {out:?}");
        }
    }

    #[test]
    fn rows_of_one_value_are_exact() {
        let packed = Weights::<Native>::pack(8, 16, None, |_, to| to.fill(1.0)).unwrap();
        for value in [0.0, -2.5, 1e-40] {
            let rows = Rows::<Native>::quantise(&[value; 16], 16, |row, to| to.copy_from_slice(row));
            let out = packed.product(&rows, End::default());
            assert!(
                out.iter().all(|x| (x - 16.0 * value).abs() <= 16.0 * value.abs() * 1e-6),
                "{value}: {out:?}"
            );
        }
    }
}
