//! candle's ResNets on the weights that torchvision had for the goldens, and torchvision's preprocessing.

// A test that cannot read its golden has failed.
#![allow(clippy::unwrap_used)]

#[path = "drawn/mod.rs"]
mod drawn;

use std::fs;
use std::path::{Path, PathBuf};

use candle_core::{DType, Device, Tensor};
use candle_nn::VarBuilder;
use drawn::{tensors, uniform};
use safetensors::SafeTensors;
use semblance::Picture;
use semblance_cli::evaluate::resnet::{Depth, ResNet, crop, preprocess};

/// Two pictures whose sides no stride divides, as `tests/tools/make_resnet.py` has them.
const INPUT: (usize, usize, usize, usize) = (2, 3, 65, 97);
/// Every so many rows of a crop are in the golden.
const EVERY: usize = 7;

fn golden(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden").join(path)
}

fn floats(tensors: &SafeTensors, name: &str) -> Vec<f32> {
    let bytes = tensors.tensor(name).unwrap().data();
    bytes.as_chunks::<4>().0.iter().map(|number| f32::from_le_bytes(*number)).collect()
}

fn picture(name: &str) -> Picture {
    Picture::open(golden(&format!("preprocess/pictures/{name}.png"))).unwrap()
}

/// Rows and columns exchanged.
fn turned(picture: &Picture) -> Picture {
    let (width, height) = picture.size();
    let pixels = picture.rgba().as_chunks::<4>().0;
    let column = |x: u32| (0..height).flat_map(move |y| pixels[(y * width + x) as usize]);
    Picture::from_rgba((0..width).flat_map(column).collect(), height, width).unwrap()
}

fn most(found: &[f32], expected: &[f32]) -> f32 {
    assert_eq!(found.len(), expected.len());
    found.iter().zip(expected).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}

#[test]
fn logits_are_torchvisions() {
    let bytes = fs::read(golden("resnet/expected.safetensors")).unwrap();
    let expected = SafeTensors::deserialize(&bytes).unwrap();
    let count = INPUT.0 * INPUT.1 * INPUT.2 * INPUT.3;
    let numbers: Vec<f32> = uniform("input", count).map(|u| 4.0 * (u - 0.5)).collect();
    let input = Tensor::from_vec(numbers, INPUT, &Device::Cpu).unwrap();
    let pictures: Vec<Tensor> = (0..INPUT.0).map(|at| input.get(at).unwrap()).collect();
    for depth in Depth::ALL {
        let weights = VarBuilder::from_tensors(tensors(depth), DType::F32, &Device::Cpu);
        let found = ResNet::new(depth, weights).unwrap().logits(&pictures).unwrap().concat();
        let expected = floats(&expected, &format!("{}.logits", depth.name()));
        let (first, second) = expected.split_at(1000);
        let scale = expected.iter().map(|logit| logit.abs()).fold(0.0, f32::max);
        assert!(most(first, second) > 0.01 * scale, "{}: both pictures are one", depth.name());
        let most = most(&found, &expected) / scale;
        assert!(most < 1e-5, "{}: {most} of the greatest logit", depth.name());
    }
}

#[test]
fn pixels_are_torchvisions() {
    let bytes = fs::read(golden("resnet/expected.safetensors")).unwrap();
    let expected = SafeTensors::deserialize(&bytes).unwrap();
    let mut wrong = Vec::new();
    let mut cases = 0;
    for key in expected.names() {
        let (name, kind) = key.split_once('.').unwrap();
        let picture = match kind {
            "pixels" => picture(name),
            "turned" => turned(&picture(name)),
            _ => continue,
        };
        let rgb = crop(&picture).unwrap();
        assert_eq!(rgb.len(), 3 * 224 * 224, "{key}");
        let rows = rgb.chunks(3 * 224).step_by(EVERY).flatten();
        let most = rows.zip(expected.tensor(key).unwrap().data()).map(|(a, b)| a.abs_diff(*b)).max().unwrap();
        if most > 1 {
            wrong.push(format!("{key}: {most}/255"));
        }
        cases += 1;
    }
    assert!(wrong.is_empty() && cases >= 8, "{wrong:?} of {cases}");

    let name = "photo-landscape";
    let planes = preprocess(&picture(name)).unwrap().flatten_all().unwrap().to_vec1::<f32>().unwrap();
    let rows: Vec<f32> = planes
        .chunks(224 * 224)
        .flat_map(|plane| plane.chunks(224).step_by(EVERY).flatten())
        .copied()
        .collect();
    // One step of 255, over the smallest deviation of a channel.
    let most = most(&rows, &floats(&expected, &format!("{name}.floats")));
    assert!(most < 1.0 / 255.0 / 0.224 + 1e-5, "{most}");
}

#[test]
fn a_picture_much_longer_than_wide_costs_no_more_than_its_middle() {
    for name in ["tall-1x4000", "wide-4000x1", "one-pixel"] {
        assert_eq!(crop(&picture(name)).unwrap().len(), 3 * 224 * 224, "{name}");
    }
}

#[test]
fn what_has_no_such_weights_gets_a_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("weights.safetensors");
    let message = |depth| format!("{:#}", ResNet::open(depth, &file).map(drop).unwrap_err());
    fs::write(&file, "no tensors").unwrap();
    assert!(message(Depth::ResNet50).contains("is no file of safetensors"), "{}", message(Depth::ResNet50));
    let tensor = Tensor::zeros((64, 3, 7, 7), DType::F32, &Device::Cpu).unwrap();
    tensor.save_safetensors("conv1.weight", &file).unwrap();
    let found = message(Depth::ResNet101);
    assert!(found.contains("has not the weights of a resnet101") && found.contains("bn1"), "{found}");
}
