//! Weights drawn by name, bit by bit as `tests/tools/make_resnet.py` draws them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use candle_core::{DType, Device, Result, Shape, Tensor};
use candle_nn::var_builder::SimpleBackend;
use candle_nn::{Init, VarBuilder};
use semblance_cli::evaluate::resnet::{Depth, ResNet};

/// Has every tensor that is asked for, and remembers it.
#[derive(Clone, Default)]
struct Drawn(Arc<Mutex<HashMap<String, Tensor>>>);

/// All tensors of a ResNet, and one that torchvision's files have besides.
pub fn tensors(depth: Depth) -> HashMap<String, Tensor> {
    let drawn = Drawn::default();
    ResNet::new(depth, VarBuilder::from_backend(Box::new(drawn.clone()), DType::F32, Device::Cpu)).unwrap();
    let mut tensors = drawn.0.lock().unwrap().clone();
    let counted = Tensor::new(&[7_i64], &Device::Cpu).unwrap();
    tensors.insert("bn1.num_batches_tracked".into(), counted.squeeze(0).unwrap());
    tensors
}

impl SimpleBackend for Drawn {
    fn get(&self, shape: Shape, name: &str, _: Init, _: DType, device: &Device) -> Result<Tensor> {
        let tensor = drawn(name, &shape, device)?;
        self.0.lock().unwrap().insert(name.into(), tensor.clone());
        Ok(tensor)
    }

    fn get_unchecked(&self, name: &str, _: DType, _: &Device) -> Result<Tensor> {
        candle_core::bail!("{name} is asked for without a shape")
    }

    fn contains_tensor(&self, _: &str) -> bool {
        true
    }
}

/// Activations keep one size: He's bound, and normalisation near to none.
fn drawn(name: &str, shape: &Shape, device: &Device) -> Result<Tensor> {
    let numbers = uniform(name, shape.elem_count());
    let numbers: Vec<f32> = if name.ends_with("running_var") {
        numbers.map(|u| u + 0.5).collect()
    } else if name.ends_with("weight") && shape.rank() == 1 {
        numbers.map(|u| u * 0.5 + 0.5).collect()
    } else if name.ends_with("weight") {
        let inputs: usize = shape.dims()[1..].iter().product();
        let width = (2.0 * (6.0 / inputs as f64).sqrt()) as f32;
        numbers.map(|u| (u - 0.5) * width).collect()
    } else {
        numbers.map(|u| (u - 0.5) * 0.5).collect()
    };
    Tensor::from_vec(numbers, shape, device)
}

/// Numbers of 24 bits in 0 to 1: MurmurHash3's finaliser over the place, from the name's FNV-1a on.
pub fn uniform(name: &str, count: usize) -> impl Iterator<Item = f32> {
    let fnv = |hash: u32, byte: u8| (hash ^ u32::from(byte)).wrapping_mul(16_777_619);
    let seed = name.bytes().fold(2_166_136_261, fnv);
    (0..count as u32).map(move |at| {
        let mut x = at.wrapping_mul(2_654_435_761).wrapping_add(seed);
        x ^= x >> 16;
        x = x.wrapping_mul(0x85EB_CA6B);
        x ^= x >> 13;
        x = x.wrapping_mul(0xC2B2_AE35);
        x ^= x >> 16;
        (x >> 8) as f32 * 2_f32.powi(-24)
    })
}
