//! What is written is what was trained.

use candle_core::{DType, Device};
use finetune::{loss::Loss, output, training::Recipe};
use semblance::{Clip, Picture};

use crate::example::{CLASSES, Example, difference, example, model, recipe};

#[test]
fn the_written_model_has_the_trained_embeddings() {
    for loss in [Loss::CrossEntropy, Loss::Contrastive] {
        let path = model("quick-gelu-p8");
        let recipe = Recipe { loss, flip: false, epochs: 8, ..recipe() };
        let Example { mut training, train, validation } = example(&path, recipe, DType::F32);
        let before = training.judge(&validation).unwrap();
        while !training.is_finished() {
            training.epoch(&train, &validation).unwrap();
        }
        training.choose(1.0).unwrap();
        let after = training.judge(&validation).unwrap();
        assert!(after.loss < 0.8 * before.loss, "{loss:?}: {} after {}", after.loss, before.loss);
        let epochs = &training.progress.epochs;
        assert!(epochs[7].train_loss < epochs[0].train_loss);

        let out = tempfile::tempdir().unwrap();
        let folder = out.path().join("huggingface");
        let trained = training.optimiser.values().unwrap();
        output::huggingface(&path, &trained, DType::F32, &folder).unwrap();
        let permissions = |file: &str| std::fs::metadata(folder.join(file)).unwrap().permissions();
        assert_eq!(permissions("model.safetensors"), permissions("config.json"));
        let mut written = Clip::load(&folder).unwrap();
        let pictures = tempfile::tempdir().unwrap();
        crate::example::draw(pictures.path(), 1);
        let open = |(name, _): (&str, _)| Picture::open(pictures.path().join(name).join("00.png")).unwrap();
        let pictures: Vec<Picture> = CLASSES.into_iter().map(open).collect();
        let found = written.embed_images(&pictures).unwrap();

        let side = written.config().vision_config.image_size;
        let pixels: Vec<f32> =
            pictures.iter().flat_map(|one| written.preprocess(one).unwrap().rows().concat()).collect();
        let pixels = candle_core::Tensor::from_vec(pixels, (3, 3, side, side), &Device::Cpu).unwrap();
        let frozen = training.tower.frozen(1);
        let expected =
            training.tower.finish(&training.tower.freeze(&pixels, frozen).unwrap(), frozen).unwrap();
        let expected: Vec<f32> = expected.flatten_all().unwrap().to_vec1().unwrap();
        assert!(difference(&found.concat(), &expected) < 1e-4);
        let mut original = Clip::load(&path).unwrap();
        let untrained = original.embed_images(&pictures).unwrap();
        assert!(difference(&untrained.concat(), &expected) > 1e-2, "training has changed something");
        let words = ["a photo of a cat"];
        assert_eq!(written.embed_texts(&words).unwrap(), original.embed_texts(&words).unwrap());

        let [bundle, file] = output::gguf(&folder, "tiny", "Tiny", "mit", out.path()).unwrap();
        for packed in [bundle, file] {
            let packed = Clip::load(&packed).unwrap().embed_images(&pictures).unwrap();
            for (a, b) in packed.iter().zip(&found) {
                let cosine: f32 = a.iter().zip(b).map(|(x, y)| x * y).sum();
                assert!(cosine > 0.999, "{cosine}");
            }
        }
    }
}

#[test]
fn weights_between_are_between() {
    let path = model("quick-gelu-p8");
    let Example { mut training, train, validation } = example(&path, recipe(), DType::F32);
    let number = |training: &finetune::training::Training| {
        let weights = training.optimiser.values().unwrap()["visual_projection.weight"].clone();
        weights.get(0).unwrap().get(0).unwrap().to_scalar::<f32>().unwrap()
    };
    let original = number(&training);
    training.epoch(&train, &validation).unwrap();
    training.choose(1.0).unwrap();
    let trained = number(&training);
    assert_ne!(original, trained);
    for (alpha, expected) in [(0.0, original), (0.25, 0.75 * original + 0.25 * trained), (1.0, trained)] {
        training.choose(alpha).unwrap();
        assert!((number(&training) - expected).abs() < 1e-7, "{alpha}");
    }
}
