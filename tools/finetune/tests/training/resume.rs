//! A training that was interrupted ends as one that was not, to the last bit.

use std::collections::BTreeMap;

use candle_core::{DType, Tensor};
use finetune::checkpoint;
use finetune::training::{Recipe, Training};

use crate::example::{Example, example, model, recipe};

/// Everything that the next step depends on, and what is written at the end.
fn state(training: &Training) -> BTreeMap<String, Vec<f32>> {
    let numbers = |tensor: &Tensor| tensor.flatten_all().unwrap().to_vec1::<f32>().unwrap();
    let mut state = BTreeMap::new();
    for (name, parameter) in &training.optimiser.parameters {
        state.insert(format!("weight {name}"), numbers(&parameter.var));
        state.insert(format!("first {name}"), numbers(&parameter.first_moment));
        state.insert(format!("second {name}"), numbers(&parameter.second_moment));
        state.insert(format!("best {name}"), numbers(&training.best[name]));
    }
    state
}

fn losses(training: &Training) -> Vec<(f32, f32)> {
    training.progress.epochs.iter().map(|epoch| (epoch.train_loss, epoch.validation.loss)).collect()
}

#[test]
fn an_interrupted_training_ends_as_one_that_was_not() {
    let path = model("quick-gelu-p8");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("checkpoint.safetensors");
    let begin = || example(&path, recipe(), DType::F32);

    let Example { training: mut whole, train, validation } = begin();
    let start = state(&whole);
    for _ in 0..4 {
        whole.epoch(&train, &validation).unwrap();
    }

    let Example { training: mut first, train, validation } = begin();
    let mut states = vec![first.progress.random];
    for _ in 0..2 {
        first.epoch(&train, &validation).unwrap();
        checkpoint::save(&first, &file).unwrap();
        assert!(!states.contains(&first.progress.random), "each epoch has an order of its own");
        states.push(first.progress.random);
    }
    let kept = state(&first);
    // What is lost when it is killed within an epoch.
    first.epoch(&train, &validation).unwrap();

    let Example { training: mut second, train, validation } = begin();
    checkpoint::restore(&mut second, &file).unwrap();
    assert_eq!(state(&second), kept);
    while !second.is_finished() {
        second.epoch(&train, &validation).unwrap();
    }
    assert_eq!(losses(&second), losses(&whole));
    assert_eq!((second.progress.best_epoch, second.progress.steps), (whole.progress.best_epoch, 12));
    assert_eq!(second.progress.best_loss, whole.progress.best_loss);
    assert!(state(&second) == state(&whole));
    assert!(state(&whole).iter().all(|(name, numbers)| start[name] != *numbers), "everything was trained");
}

#[test]
fn only_the_same_training_goes_on() {
    let path = model("quick-gelu-p8");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("checkpoint.safetensors");
    let Example { mut training, .. } = example(&path, recipe(), DType::F32);
    checkpoint::save(&training, &file).unwrap();

    let other = Recipe { learning_rate: 1e-3, pictures: "another list".into(), ..recipe() };
    let Example { training: mut another, .. } = example(&path, other, DType::F32);
    let message = checkpoint::restore(&mut another, &file).unwrap_err().to_string();
    assert!(message.contains("another learning rate, pictures:"), "{message}");

    std::fs::write(&file, b"{}").unwrap();
    let message = checkpoint::restore(&mut training, &file).unwrap_err().to_string();
    assert!(message.contains("is no checkpoint"), "{message}");
}

#[test]
fn it_ends_when_nothing_gets_better() {
    // So large a rate that the loss soon grows.
    let wild = Recipe { learning_rate: 0.3, patience: 2, epochs: 50, ..recipe() };
    let Example { mut training, train, validation } = example(&model("quick-gelu-p8"), wild, DType::F32);
    let mut least = training.judge(&validation).unwrap();
    while !training.is_finished() {
        let judged = training.epoch(&train, &validation).unwrap().validation;
        least = if judged.loss < least.loss { judged } else { least };
    }
    let progress = &training.progress;
    assert!(progress.epochs.len() < 50);
    assert_eq!(progress.epochs.len(), progress.best_epoch + 2);
    assert_ne!(training.judge(&validation).unwrap(), least);
    training.choose(1.0).unwrap();
    assert_eq!(training.judge(&validation).unwrap(), least, "the best epoch's weights count");
}

#[test]
fn the_logit_scale_keeps_clips_limit() {
    let gentle = Recipe { learning_rate: 1e-6, ..recipe() };
    let Example { mut training, train, validation } = example(&model("quick-gelu-p8"), gentle, DType::F32);
    let scale = |training: &Training| {
        training.optimiser.values().unwrap()["logit_scale"].to_scalar::<f32>().unwrap().exp()
    };
    assert!(scale(&training) < 50.0);
    let beyond = Tensor::new(200f32.ln(), &candle_core::Device::Cpu).unwrap();
    training.optimiser.set(&[("logit_scale".to_owned(), beyond)].into()).unwrap();
    training.epoch(&train, &validation).unwrap();
    assert!((scale(&training) - 100.0).abs() < 0.01, "{}", scale(&training));
}
