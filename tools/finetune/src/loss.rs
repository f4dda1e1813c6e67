//! What is made small.
//!
//! ```text
//! cross-entropy   −1/B Σᵢ log softmax_c(s · vᵢ · t_c)[yᵢ]                over all classes c
//! contrastive     ½ (L(s · v · t_yᵀ) + L((s · v · t_yᵀ)ᵀ))               over the pictures and captions of a batch
//!                 L(z) = −1/B Σᵢ 1/|Pᵢ| Σ_{j ∈ Pᵢ} log softmax_j(zᵢ)     Pᵢ = { j : yⱼ = yᵢ }
//! ```
//! v are pictures' unit vectors, t the classes' prompts', y the pictures' classes, s the logit scale.
//!
//! Cross-entropy's head is the text tower's, as in zero-shot classification, so that what is trained is what is used.
//! Contrastive is CLIP's symmetric loss (Radford et al. 2021, figure 3), which fine-tuning may go on with (Goyal et al. 2023,
//! “Finetune like you pretrain”); pictures of one class in a batch have the same caption and are each other's positives, as in
//! UniCL (Yang et al. 2022, equations 2 to 4), and not counted as wrong.

use candle_core::{D, Result, Tensor};
use candle_nn::ops::log_softmax;
use clap::ValueEnum;
use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Loss {
    /// Against the prompts of all classes.
    CrossEntropy,
    /// Pictures and captions of a batch against each other.
    Contrastive,
}

impl Loss {
    /// The loss of `[batch, embedding]` pictures of these `[batch]` classes (u32); `texts` is `[classes, embedding]` and
    /// `scale` a single number.
    ///
    /// Errors: shapes don't fit.
    pub fn of(self, images: &Tensor, classes: &Tensor, texts: &Tensor, scale: &Tensor) -> Result<Tensor> {
        match self {
            Self::CrossEntropy => cross_entropy(&logits(images, texts, scale)?, classes),
            Self::Contrastive => {
                let logits = logits(images, &texts.index_select(classes, 0)?, scale)?;
                let size = classes.dim(0)?;
                let same = classes.reshape((size, 1))?.broadcast_eq(&classes.reshape((1, size))?)?;
                let same = same.to_dtype(images.dtype())?;
                let targets = same.broadcast_div(&same.sum_keepdim(D::Minus1)?)?;
                let one_way = |logits: &Tensor| -> Result<Tensor> {
                    (log_softmax(logits, D::Minus1)? * &targets)?.sum_all()? * (-0.5 / size as f64)
                };
                one_way(&logits)? + one_way(&logits.t()?.contiguous()?)?
            }
        }
    }
}

/// `s · v · tᵀ`, `[pictures, texts]`.
///
/// Errors: shapes don't fit.
pub fn logits(images: &Tensor, texts: &Tensor, scale: &Tensor) -> Result<Tensor> {
    images.matmul(&texts.t()?)?.broadcast_mul(scale)
}

/// The mean of −log softmax at the right class.
///
/// Errors: shapes don't fit.
pub fn cross_entropy(logits: &Tensor, classes: &Tensor) -> Result<Tensor> {
    let right = log_softmax(logits, D::Minus1)?.gather(&classes.unsqueeze(1)?, 1)?;
    right.mean_all()?.neg()
}

#[cfg(test)]
mod tests {
    use super::*;
    use candle_core::Device;

    /// Three pictures, of which two are of one class, and two classes.
    fn example() -> [Tensor; 4] {
        let images = Tensor::new(&[[1f64, 0.0], [0.6, 0.8], [0.0, 1.0]], &Device::Cpu).unwrap();
        let texts = Tensor::new(&[[0.8f64, 0.6], [-0.6, 0.8]], &Device::Cpu).unwrap();
        let classes = Tensor::new(&[0u32, 1, 0], &Device::Cpu).unwrap();
        [images, classes, texts, Tensor::new(2f64, &Device::Cpu).unwrap()]
    }

    fn value(loss: Loss) -> f64 {
        let [images, classes, texts, scale] = example();
        loss.of(&images, &classes, &texts, &scale).unwrap().to_scalar::<f64>().unwrap()
    }

    /// −log softmax(row)[at]
    fn surprise(row: &[f64], at: usize) -> f64 {
        row.iter().map(|x| x.exp()).sum::<f64>().ln() - row[at]
    }

    #[test]
    fn cross_entropy_is_its_formula() {
        let rows = [[1.6, -1.2], [1.92, 0.56], [1.2, 1.6]];
        let expected = (surprise(&rows[0], 0) + surprise(&rows[1], 1) + surprise(&rows[2], 0)) / 3.0;
        assert!((value(Loss::CrossEntropy) - expected).abs() < 1e-9);
    }

    #[test]
    fn pictures_of_one_class_are_each_others_positives() {
        // Pictures against the captions of classes 0, 1 and 0.
        let rows = [[1.6, -1.2, 1.6], [1.92, 0.56, 1.92], [1.2, 1.6, 1.2]];
        let columns = [0, 1, 2].map(|j| [0, 1, 2].map(|i| rows[i][j]));
        let positives: [&[usize]; 3] = [&[0, 2], &[1], &[0, 2]];
        let one_way = |z: [[f64; 3]; 3]| {
            let of = |i: usize| {
                let sum: f64 = positives[i].iter().map(|&j| surprise(&z[i], j)).sum();
                sum / positives[i].len() as f64
            };
            (of(0) + of(1) + of(2)) / 3.0
        };
        let expected = (one_way(rows) + one_way(columns)) / 2.0;
        assert!((value(Loss::Contrastive) - expected).abs() < 1e-9);
    }
}
