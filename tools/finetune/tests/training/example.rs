//! What the tests train with.

use std::fs;
use std::path::{Path, PathBuf};

use candle_core::{DType, Device, Tensor};
use finetune::activations::Activations;
use finetune::loss::Loss;
use finetune::pictures::Labels;
use finetune::tower::Tower;
use finetune::training::{Recipe, Training};
use semblance::classify::Encoder;
use semblance::{Bundle, Clip};

pub const CLASSES: [(&str, [u8; 3]); 3] =
    [("blue", [40, 60, 210]), ("dark_green", [20, 110, 40]), ("red", [220, 40, 30])];

/// A model of the goldens.
pub fn model(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden/models").join(name)
}

/// So many pictures of each class below `folder`: its colour, and noise.
pub fn draw(folder: &Path, count: usize) {
    for (name, colour) in CLASSES {
        fs::create_dir_all(folder.join(name)).unwrap();
        for i in 0..count {
            let mut random = fastrand::Rng::with_seed(i as u64);
            let mut noisy = |value: u8| value.saturating_add(random.u8(..60)).saturating_sub(random.u8(..60));
            let picture = image::RgbImage::from_fn(40, 36, |_, _| image::Rgb(colour.map(&mut noisy)));
            picture.save(folder.join(name).join(format!("{i:02}.png"))).unwrap();
        }
    }
}

pub fn recipe() -> Recipe {
    Recipe {
        model: "a model".into(),
        pictures: "a list".into(),
        template: "{}".into(),
        blocks: 1,
        loss: Loss::CrossEntropy,
        logit_scale: true,
        flip: true,
        epochs: 4,
        batch: 8,
        learning_rate: 3e-3,
        weight_decay: 0.01,
        patience: 10,
        seed: 7,
    }
}

/// A training at its beginning, and the pictures that it trains and is judged on.
pub struct Example {
    pub training: Training,
    pub train: Activations,
    pub validation: Activations,
}

pub fn example(model: &Path, recipe: Recipe, dtype: DType) -> Example {
    let folder = tempfile::tempdir().unwrap();
    draw(folder.path(), 8);
    let mut labels = Labels::read(folder.path()).unwrap();
    let held_out = labels.split_off(0.25, 0);
    let mut clip = Clip::load(model).unwrap();
    let texts = clip.embed_texts(&labels.classes).unwrap();
    let shape = (texts.len(), texts[0].len());
    let texts = Tensor::from_vec(texts.concat(), shape, &Device::Cpu).unwrap().to_dtype(dtype).unwrap();
    let mut bundle = Bundle::open(model).unwrap();
    let tower = Tower::load(&mut bundle.weights, &bundle.head.config, dtype, &Device::Cpu).unwrap();
    let frozen = tower.frozen(recipe.blocks);
    let run = |pictures: &[_], flip| {
        let (found, skipped) =
            Activations::compute(&tower, frozen, &bundle.head.preprocess, pictures, flip, |_| {}).unwrap();
        assert!(skipped.is_empty(), "{skipped:?}");
        found
    };
    let (train, validation) = (run(&labels.pictures, recipe.flip), run(&held_out, false));
    let training = Training::new(tower, &texts, clip.logit_scale(), recipe, &validation).unwrap();
    Example { training, train, validation }
}

/// The largest difference of two lists of numbers.
pub fn difference(a: &[f32], b: &[f32]) -> f32 {
    assert_eq!(a.len(), b.len());
    a.iter().zip(b).map(|(x, y)| (x - y).abs()).fold(0.0, f32::max)
}
