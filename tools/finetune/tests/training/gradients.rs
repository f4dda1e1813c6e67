//! Gradients beside finite differences, in f64: `(f(θ + h) − f(θ − h)) / 2h`.

use candle_core::{DType, Device, Tensor};
use finetune::loss::Loss;

use crate::example::{Example, example, model, recipe};

const STEP: f64 = 1e-5;
/// Of a tensor's largest gradient: candle's constants of gelu's derivative have six digits.
const TOLERANCE: f64 = 1e-5;
/// Numbers of each tensor that are moved.
const MOVED: usize = 3;

#[test]
fn gradients_are_finite_differences() {
    let mut wrong = Vec::new();
    for name in ["mixed-p4", "quick-gelu-p8", "gelu-new-p16"] {
        for loss in [Loss::CrossEntropy, Loss::Contrastive] {
            let recipe = finetune::training::Recipe { loss, blocks: 2, ..recipe() };
            let Example { mut training, train, .. } = example(&model(name), recipe, DType::F64);
            let places: Vec<_> = (0..6).map(|i| (3 * i, i % 2)).collect();
            let (activations, classes) = train.batch(&places, &Device::Cpu).unwrap();
            let gradients = training.loss(&activations, &classes).unwrap().backward().unwrap();
            let values = training.optimiser.values().unwrap();
            assert!(values.len() > 30, "two blocks, a norm, the projection and the logit scale");
            let mut random = fastrand::Rng::with_seed(1);
            for (parameter, value) in &values {
                let gradient = gradients.get(&training.optimiser.parameters[parameter].var);
                let gradient = gradient.unwrap_or_else(|| panic!("{parameter} has no gradient"));
                let gradient: Vec<f64> = gradient.flatten_all().unwrap().to_vec1().unwrap();
                let largest = gradient.iter().fold(0.0, |most: f64, x| most.max(x.abs()));
                // A bias of the keys moves all of a row's logits alike, which softmax does not see.
                assert!(largest > 1e-6 || parameter.ends_with("k_proj.bias"), "{name} {loss:?} {parameter}");
                for _ in 0..MOVED {
                    let at = random.usize(..gradient.len());
                    let mut moved = |by: f64| {
                        let mut numbers: Vec<f64> = value.flatten_all().unwrap().to_vec1().unwrap();
                        numbers[at] += by;
                        let moved = Tensor::from_vec(numbers, value.dims(), &Device::Cpu).unwrap();
                        training.optimiser.set(&[(parameter.clone(), moved)].into()).unwrap();
                        training.loss(&activations, &classes).unwrap().to_scalar::<f64>().unwrap()
                    };
                    let expected = (moved(STEP) - moved(-STEP)) / (2.0 * STEP);
                    moved(0.0);
                    if (gradient[at] - expected).abs() > TOLERANCE * largest + 1e-9 {
                        wrong.push(format!(
                            "{name} {loss:?} {parameter}[{at}]: {} not {expected}",
                            gradient[at]
                        ));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
