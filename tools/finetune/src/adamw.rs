//! AdamW (Loshchilov and Hutter 2019, algorithm 2), whose state can be kept; candle-nn's can't.
//!
//! ```text
//! m ← β₁ m + (1 − β₁) g          v ← β₂ v + (1 − β₂) g²
//! θ ← θ − η λ θ − η · (m / (1 − β₁ᵗ)) / (√(v / (1 − β₂ᵗ)) + ε)
//! ```
//! 1. λ is 0 for vectors and single numbers: norms, biases and the logit scale are not shrunk (as CLIP was trained,
//!    Radford et al. 2021, §2.5).

use std::collections::BTreeMap;

use candle_core::backprop::GradStore;
use candle_core::{Result, Tensor, Var};

/// Kingma and Ba's (2015), and PyTorch's.
const BETA1: f64 = 0.9;
const BETA2: f64 = 0.999;
const EPSILON: f64 = 1e-8;

/// A parameter and the running means of its gradient and of the gradient's square, of the same shape.
pub struct Parameter {
    pub var: Var,
    pub first_moment: Tensor,
    pub second_moment: Tensor,
}

pub struct AdamW {
    pub parameters: BTreeMap<String, Parameter>,
    /// t.
    pub steps: usize,
    weight_decay: f64,
}

impl AdamW {
    /// Parameters that begin with these numbers.
    ///
    /// Errors: the device has no memory.
    pub fn new(tensors: BTreeMap<String, Tensor>, weight_decay: f64) -> Result<Self> {
        let parameter = |(name, tensor): (String, Tensor)| {
            let zeros = tensor.zeros_like()?;
            let (first_moment, second_moment) = (zeros.clone(), zeros);
            // A copy: the tensor stays what it was.
            Ok((name, Parameter { var: Var::from_tensor(&tensor.copy()?)?, first_moment, second_moment }))
        };
        let parameters = tensors.into_iter().map(parameter).collect::<Result<_>>()?;
        Ok(Self { parameters, steps: 0, weight_decay })
    }

    /// One step down the gradients, with the learning rate η.
    ///
    /// Errors: the computation fails.
    pub fn step(&mut self, gradients: &GradStore, learning_rate: f64) -> Result<()> {
        self.steps += 1;
        let unbiased = |beta: f64| 1.0 / (1.0 - beta.powf(self.steps as f64));
        let (scale1, scale2) = (unbiased(BETA1), unbiased(BETA2));
        for Parameter { var, first_moment, second_moment } in self.parameters.values_mut() {
            let Some(gradient) = gradients.get(var) else { continue };
            *first_moment = ((&*first_moment * BETA1)? + (gradient * (1.0 - BETA1))?)?;
            *second_moment = ((&*second_moment * BETA2)? + (gradient.sqr()? * (1.0 - BETA2))?)?;
            let adjusted = ((&*first_moment * scale1)? / ((&*second_moment * scale2)?.sqrt()? + EPSILON)?)?;
            let decay = if var.rank() > 1 { learning_rate * self.weight_decay } else { 0.0 };
            let theta = var.as_detached_tensor();
            var.set(&((theta * (1.0 - decay))? - (adjusted * learning_rate)?)?)?;
        }
        Ok(())
    }

    /// The parameters as they are now, copied.
    ///
    /// Errors: the device has no memory.
    pub fn values(&self) -> Result<BTreeMap<String, Tensor>> {
        let value = |(name, parameter): (&String, &Parameter)| {
            Ok((name.clone(), parameter.var.as_detached_tensor().copy()?))
        };
        self.parameters.iter().map(value).collect()
    }

    /// Give parameters other numbers, by name.
    ///
    /// Errors: there is none of that name, or it has another shape.
    pub fn set(&mut self, values: &BTreeMap<String, Tensor>) -> Result<()> {
        for (name, value) in values {
            match self.parameters.get(name) {
                Some(parameter) => parameter.var.set(value)?,
                None => candle_core::bail!("there is no parameter “{name}”"),
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use candle_core::Device;
    use candle_nn::{AdamW as Theirs, Optimizer, ParamsAdamW};

    #[test]
    fn steps_are_candle_nns() {
        let start = Tensor::new(&[[0.5f64, -2.0], [3.0, 0.1]], &Device::Cpu).unwrap();
        let target = Tensor::new(&[[1.0f64, 1.0], [-1.0, 0.0]], &Device::Cpu).unwrap();
        let loss = |x: &Tensor| (x - &target).unwrap().sqr().unwrap().sum_all().unwrap();
        let mut ours = AdamW::new(BTreeMap::from([("x".to_owned(), start.clone())]), 0.1).unwrap();
        let var = Var::from_tensor(&start.copy().unwrap()).unwrap();
        let params = ParamsAdamW { lr: 0.05, weight_decay: 0.1, ..ParamsAdamW::default() };
        let mut theirs = Theirs::new(vec![var.clone()], params).unwrap();
        for _ in 0..5 {
            let gradients = loss(&ours.parameters["x"].var).backward().unwrap();
            ours.step(&gradients, 0.05).unwrap();
            theirs.backward_step(&loss(&var)).unwrap();
        }
        let numbers = |x: &Tensor| x.flatten_all().unwrap().to_vec1::<f64>().unwrap();
        for (a, b) in numbers(&ours.values().unwrap()["x"]).iter().zip(numbers(&var)) {
            assert!((a - b).abs() < 1e-12, "{a} {b}");
        }
        assert_eq!(start.to_vec2::<f64>().unwrap(), [[0.5, -2.0], [3.0, 0.1]], "the start is left alone");
    }

    #[test]
    fn vectors_are_not_shrunk() {
        let tensor = |rows: usize| Tensor::ones((rows, 2), candle_core::DType::F64, &Device::Cpu).unwrap();
        let tensors = [("matrix", tensor(2)), ("vector", tensor(1).squeeze(0).unwrap())];
        let tensors = tensors.map(|(name, tensor)| (name.to_owned(), tensor));
        let mut optimiser = AdamW::new(BTreeMap::from(tensors), 0.5).unwrap();
        let sum = |name: &str| optimiser.parameters[name].var.sum_all().unwrap();
        let gradients = (sum("matrix") + sum("vector")).unwrap().backward().unwrap();
        optimiser.step(&gradients, 0.1).unwrap();
        // Every gradient is 1, and so is the first step but for η.
        for (name, expected) in [("matrix", 0.95 - 0.1), ("vector", 1.0 - 0.1)] {
            let numbers: Vec<f64> =
                optimiser.values().unwrap()[name].flatten_all().unwrap().to_vec1().unwrap();
            assert!(numbers.iter().all(|x| (x - expected).abs() < 1e-6), "{name}: {numbers:?}");
        }
    }
}
