//! The training itself: epochs, early stopping, and weights between two models.
//!
//! ```text
//! η(t) = η · min(1, t / w) · ½ (1 + cos(π t / T))      T steps in all, w = T / 10 of them to warm up
//! ```
//! After each epoch the validation pictures are judged as the page would: cross-entropy and accuracy over the prompts of all
//! classes, whatever the loss. The weights of the least loss are kept, those of the start among them; the training ends when
//! there was none smaller for so many epochs (Prechelt 1998, “Early stopping — but when?”).
//!
//! On the CPU the numbers depend on the recipe alone: a training that goes on from a checkpoint ends as one that was never
//! interrupted.

use std::collections::BTreeMap;
use std::time::Instant;

use anyhow::{Result, ensure};
use candle_core::{DType, Result as CandleResult, Tensor};
use serde::{Deserialize, Serialize};

use crate::activations::Activations;
use crate::adamw::AdamW;
use crate::loss::{Loss, cross_entropy, logits};
use crate::tower::Tower;

/// The natural logarithm of the factor between cosines and logits, as checkpoints name it.
pub const LOGIT_SCALE: &str = "logit_scale";
/// CLIP's limit of that factor (Radford et al. 2021, §2.4).
const SCALE_MOST: f64 = 100.0;
/// Pictures that are judged together.
const JUDGED: usize = 256;

/// Everything that the trained numbers depend on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recipe {
    /// SHA-256 of the model's weights, and of the pictures' list.
    pub model: String,
    pub pictures: String,
    pub template: String,
    /// Last blocks that are trained.
    pub blocks: usize,
    pub loss: Loss,
    /// Is the logit scale trained as well?
    pub logit_scale: bool,
    pub flip: bool,
    pub epochs: usize,
    pub batch: usize,
    pub learning_rate: f64,
    pub weight_decay: f64,
    pub patience: usize,
    pub seed: u64,
}

/// How good a model is on pictures, over the prompts of all classes. Figures are f32, which JSON gives back to the last bit.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Judged {
    pub pictures: usize,
    /// Cross-entropy.
    pub loss: f32,
    /// The share of pictures whose best class is the right one.
    pub accuracy: f32,
    /// The same, as the mean of the classes that have pictures.
    pub accuracy_per_class: f32,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Epoch {
    pub train_loss: f32,
    pub validation: Judged,
    pub seconds: f32,
}

/// Where a training stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Progress {
    pub epochs: Vec<Epoch>,
    /// Of the least validation loss, counted from 1; 0 is the model as it was.
    pub best_epoch: usize,
    pub best_loss: f32,
    /// Steps of the optimiser.
    pub steps: usize,
    /// The state of the random numbers.
    pub random: u64,
}

pub struct Training {
    pub tower: Tower,
    pub optimiser: AdamW,
    pub recipe: Recipe,
    pub progress: Progress,
    /// The weights of the best epoch.
    pub best: BTreeMap<String, Tensor>,
    original: BTreeMap<String, Tensor>,
    /// `[classes, embedding]` unit vectors of the prompts.
    texts: Tensor,
    log_scale: Tensor,
    log_scale_most: f64,
    frozen: usize,
}

impl Training {
    /// A training that stands at its beginning; `logit_scale` is the factor itself.
    ///
    /// Errors: there is nothing to judge by, or no memory.
    pub fn new(
        mut tower: Tower,
        texts: &Tensor,
        logit_scale: f32,
        recipe: Recipe,
        validation: &Activations,
    ) -> Result<Self> {
        ensure!(!validation.is_empty(), "there are no pictures to judge the training by");
        let device = tower.device().clone();
        let frozen = tower.frozen(recipe.blocks);
        let mut trained = tower.trained(frozen);
        let mut log_scale = Tensor::new(logit_scale.ln(), &device)?.to_dtype(texts.dtype())?;
        if recipe.logit_scale {
            trained.insert(LOGIT_SCALE.to_owned(), log_scale.clone());
        }
        let optimiser = AdamW::new(trained, recipe.weight_decay)?;
        for (name, parameter) in &optimiser.parameters {
            match name.as_str() {
                LOGIT_SCALE => log_scale = parameter.var.as_tensor().clone(),
                name => tower.put(name, parameter.var.as_tensor().clone()),
            }
        }
        let random = fastrand::Rng::with_seed(recipe.seed).get_seed();
        let original = optimiser.values()?;
        let progress =
            Progress { epochs: Vec::new(), best_epoch: 0, best_loss: f32::INFINITY, steps: 0, random };
        let mut training = Self {
            best: original.clone(),
            original,
            texts: texts.to_device(&device)?,
            log_scale,
            log_scale_most: f64::from(logit_scale).max(SCALE_MOST).ln(),
            tower,
            optimiser,
            recipe,
            progress,
            frozen,
        };
        training.progress.best_loss = training.judge(validation)?.loss;
        Ok(training)
    }

    /// Has it come to its end?
    pub fn is_finished(&self) -> bool {
        let epoch = self.progress.epochs.len();
        epoch >= self.recipe.epochs || epoch - self.progress.best_epoch >= self.recipe.patience
    }

    /// Go through all pictures once, in an order drawn by chance, and judge.
    ///
    /// Errors: the loss is not a number any more.
    pub fn epoch(&mut self, train: &Activations, validation: &Activations) -> Result<&Epoch> {
        let begun = Instant::now();
        let mut random = fastrand::Rng::with_seed(self.progress.random);
        let mut order: Vec<(usize, usize)> = (0..train.len()).map(|place| (place, 0)).collect();
        random.shuffle(&mut order);
        order.iter_mut().for_each(|(_, version)| *version = usize::from(random.bool()));
        let batches = train.len().div_ceil(self.recipe.batch);
        let mut sum = 0.0;
        for places in order.chunks(self.recipe.batch) {
            sum += self.step(train, places, batches * self.recipe.epochs)? * places.len() as f64;
        }
        let epoch = self.progress.epochs.len() + 1;
        let train_loss = (sum / train.len() as f64) as f32;
        let judged = self.judge(validation)?;
        ensure!(
            train_loss.is_finite() && judged.loss.is_finite(),
            "the loss is not a number any more in epoch {epoch}; a smaller --lr may help"
        );
        if judged.loss < self.progress.best_loss {
            (self.progress.best_epoch, self.progress.best_loss) = (epoch, judged.loss);
            self.best = self.optimiser.values()?;
        }
        self.progress.random = random.get_seed();
        self.progress.steps = self.optimiser.steps;
        let seconds = begun.elapsed().as_secs_f32();
        self.progress.epochs.push(Epoch { train_loss, validation: judged, seconds });
        Ok(&self.progress.epochs[epoch - 1])
    }

    /// One step: the batch's loss before it.
    fn step(&mut self, train: &Activations, places: &[(usize, usize)], all: usize) -> CandleResult<f64> {
        let (activations, classes) = train.batch(places, self.tower.device())?;
        let loss = self.loss(&activations, &classes)?;
        self.optimiser
            .step(&loss.backward()?, learning_rate(self.recipe.learning_rate, self.optimiser.steps, all))?;
        if let Some(scale) = self.optimiser.parameters.get(LOGIT_SCALE) {
            let var = &scale.var;
            var.set(&var.as_detached_tensor().minimum(self.log_scale_most)?)?;
        }
        number(&loss)
    }

    /// The loss of frozen activations of these classes, as a number that knows its gradients.
    ///
    /// Errors: shapes don't fit.
    pub fn loss(&self, activations: &Tensor, classes: &Tensor) -> CandleResult<Tensor> {
        let images = self.tower.finish(activations, self.frozen)?;
        self.recipe.loss.of(&images, classes, &self.texts, &self.log_scale.exp()?)
    }

    /// How good the weights are as they stand.
    ///
    /// Errors: there are no pictures.
    pub fn judge(&self, pictures: &Activations) -> Result<Judged> {
        ensure!(!pictures.is_empty(), "there are no pictures to judge by");
        let (mut loss, mut right) = (0.0, vec![[0.0, 0.0]; self.texts.dim(0)?]);
        let places: Vec<(usize, usize)> = (0..pictures.len()).map(|place| (place, 0)).collect();
        for places in places.chunks(JUDGED) {
            let (activations, classes) = pictures.batch(places, self.tower.device())?;
            let images = self.tower.finish(&activations, self.frozen)?;
            let logits = logits(&images, &self.texts, &self.log_scale.exp()?)?;
            loss += number(&cross_entropy(&logits, &classes)?)? * places.len() as f64;
            let best = logits.argmax(1)?.to_vec1::<u32>()?;
            for (class, best) in classes.to_vec1::<u32>()?.into_iter().zip(best) {
                let [hits, all] = &mut right[class as usize];
                *hits += f64::from(class == best);
                *all += 1.0;
            }
        }
        let count = pictures.len() as f64;
        let shares: Vec<f64> =
            right.iter().filter(|[_, all]| *all > 0.0).map(|[hits, all]| hits / all).collect();
        Ok(Judged {
            pictures: pictures.len(),
            loss: (loss / count) as f32,
            accuracy: (right.iter().map(|[hits, _]| hits).sum::<f64>() / count) as f32,
            accuracy_per_class: (shares.iter().sum::<f64>() / shares.len() as f64) as f32,
        })
    }

    /// Put the best epoch's weights in place, or weights between those and the original's: θ = (1 − α) θ₀ + α θ₁, which as a
    /// rule lose less of what the model knew (Wortsman et al. 2022, “Robust fine-tuning of zero-shot models”, equation 1).
    ///
    /// Errors: there is no memory.
    pub fn choose(&mut self, alpha: f64) -> CandleResult<()> {
        let between = |(name, best): (&String, &Tensor)| {
            let value = match alpha {
                1.0 => best.copy()?,
                _ => ((&self.original[name] * (1.0 - alpha))? + (best * alpha)?)?,
            };
            Ok((name.clone(), value))
        };
        let values = self.best.iter().map(between).collect::<CandleResult<BTreeMap<_, _>>>()?;
        self.optimiser.set(&values)
    }
}

/// A tensor of a single number.
fn number(tensor: &Tensor) -> CandleResult<f64> {
    tensor.to_dtype(DType::F64)?.to_scalar()
}

/// η(t), of step t + 1 after `steps` of `all`.
fn learning_rate(highest: f64, steps: usize, all: usize) -> f64 {
    let warm = (all / 10).max(1) as f64;
    let (at, all) = (steps as f64, all as f64);
    let cosine = 0.5 * (1.0 + (std::f64::consts::PI * at / all).cos());
    highest * ((at + 1.0) / warm).min(1.0) * cosine
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rate_rises_and_falls_along_a_cosine() {
        // (steps done of 100, share of the highest rate): a tenth to warm up, the cosine all along.
        for (steps, expected) in
            [(0, 0.1), (4, 0.5 * 0.99606), (9, 0.98015), (50, 0.5), (75, 0.14645), (100, 0.0)]
        {
            assert!((learning_rate(2.0, steps, 100) - 2.0 * expected).abs() < 1e-4, "{steps}");
        }
        assert_eq!(learning_rate(2.0, 0, 1), 2.0, "a single step is a whole one");
    }
}
