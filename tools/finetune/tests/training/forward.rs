//! The plain forward pass beside the engine's.

use std::path::{Path, PathBuf};

use candle_core::{DType, Device, Tensor};
use finetune::activations::Activations;
use finetune::pictures::Labelled;
use finetune::tower::Tower;
use semblance::{Bundle, Clip, Picture};

use crate::example::{difference, model};

/// As everywhere: `docs/fidelity.md`.
const TOLERANCE: f32 = 1e-4;

#[test]
fn the_embeddings_are_the_engines() {
    let names = ["gelu-new-p16", "gelu-p14", "mixed-p4", "one-patch", "quick-gelu-p32", "quick-gelu-p8"];
    let mut models: Vec<PathBuf> = names.map(model).into();
    models.push(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../models/pocket"));
    let mut wrong = Vec::new();
    for path in models {
        let clip = Clip::load(&path).unwrap();
        let mut random = fastrand::Rng::with_seed(3);
        let pixels: Vec<_> = (0..2)
            .map(|_| {
                let rgba = (0..4 * 50 * 40).map(|_| random.u8(..)).collect();
                clip.preprocess(&Picture::from_rgba(rgba, 50, 40).unwrap()).unwrap()
            })
            .collect();
        let expected = clip.embed_pixels(&pixels).unwrap().concat();

        let mut bundle = Bundle::open(&path).unwrap();
        let config = bundle.head.config.clone();
        let tower = Tower::load(&mut bundle.weights, &config, DType::F32, &Device::Cpu).unwrap();
        let side = config.vision_config.image_size;
        let numbers: Vec<f32> = pixels.iter().flat_map(|pixels| pixels.rows().concat()).collect();
        let pixels = Tensor::from_vec(numbers, (2, 3, side, side), &Device::Cpu).unwrap();
        let layers = config.vision_config.num_hidden_layers;
        // Wherever the tower is cut in two.
        for frozen in [0, 1, layers - 1, layers] {
            let kept = tower.freeze(&pixels, frozen).unwrap();
            let tokens = if frozen == layers { 1 } else { config.vision_config.tokens() };
            assert_eq!(kept.dims(), [2, tokens, config.vision_config.hidden_size]);
            let found = tower.finish(&kept, frozen).unwrap().flatten_all().unwrap().to_vec1().unwrap();
            let difference = difference(&found, &expected);
            if difference > TOLERANCE || difference.is_nan() {
                wrong.push(format!("{} cut after {frozen}: {difference}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_second_version_is_the_mirrored_pictures() {
    let mut bundle = Bundle::open(model("quick-gelu-p8")).unwrap();
    let tower = Tower::load(&mut bundle.weights, &bundle.head.config, DType::F32, &Device::Cpu).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut random = fastrand::Rng::with_seed(5);
    let picture = image::RgbImage::from_fn(32, 32, |_, _| image::Rgb([(); 3].map(|()| random.u8(..))));
    let [plain, mirrored] = ["plain.png", "mirrored.png"].map(|name| folder.path().join(name));
    picture.save(&plain).unwrap();
    image::imageops::flip_horizontal(&picture).save(&mirrored).unwrap();
    let pictures = [plain, mirrored].map(|path| Labelled { path, class: 0 });
    let (kept, _) =
        Activations::compute(&tower, 1, &bundle.head.preprocess, &pictures, true, |_| {}).unwrap();
    let version = |place: usize, version: usize| {
        let (activations, _) = kept.batch(&[(place, version)], &Device::Cpu).unwrap();
        activations.flatten_all().unwrap().to_vec1::<f32>().unwrap()
    };
    assert!(difference(&version(0, 1), &version(1, 0)) < 1e-5);
    assert!(difference(&version(0, 0), &version(1, 1)) < 1e-5);
    assert!(difference(&version(0, 0), &version(0, 1)) > 1e-2);
}

#[test]
fn what_is_missing_or_misshapen_is_named() {
    let path = model("quick-gelu-p8");
    let mut bundle = Bundle::open(&path).unwrap();
    bundle.weights.take("visual_projection.weight", &[24, 32]).unwrap();
    let error =
        Tower::load(&mut bundle.weights, &bundle.head.config, DType::F32, &Device::Cpu).err().unwrap();
    assert!(error.to_string().contains("visual_projection.weight"), "{error}");
}
