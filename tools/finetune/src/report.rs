//! The figures of a run: `run.json` for programs, and a model card for people.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use crate::training::{Epoch, Judged, Recipe};

/// Everything that is said of a run.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub struct Run {
    pub name: String,
    /// The model that it began with: its repository, or its path; and its licence.
    pub base: String,
    pub licence: String,
    pub classes: Vec<String>,
    pub training_pictures: usize,
    /// Pictures that could not be read.
    pub skipped: usize,
    pub parameters_trained: usize,
    pub recipe: Recipe,
    pub epochs: Vec<Epoch>,
    pub best_epoch: usize,
    /// The share of the trained weights, where weights between the two models were written.
    pub alpha: f64,
    pub figures: Vec<Figures>,
}

/// One set of pictures before and after.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub struct Figures {
    /// `validation`, which decided when to stop, or `test`, which decided nothing.
    pub set: String,
    pub before: Judged,
    pub after: Judged,
    /// Accuracy of the GGUF as the engine computes it in f32.
    pub written: f32,
}

impl Run {
    /// Write `run.json` into `out` and `README.md` into the model's folder.
    ///
    /// Errors: they cannot be written.
    pub fn write(&self, out: &Path, model: &Path) -> Result<()> {
        let run = serde_json::to_string_pretty(self)? + "\n";
        for (path, text) in [(out.join("run.json"), run), (model.join("README.md"), self.card())] {
            fs::write(&path, text).with_context(|| format!("{} could not be written", path.display()))?;
        }
        Ok(())
    }

    /// The table of [`Figures`], in Markdown.
    pub fn table(&self) -> String {
        let mut text = String::from(
            "| pictures | n | accuracy before | after | of the q8_0 GGUF | mean of classes before | after | cross-entropy before | after |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|\n",
        );
        for Figures { set, before, after, written } in &self.figures {
            let percent = |share: f32| format!("{:.1} %", 100.0 * share);
            let cells = [
                set.clone(),
                before.pictures.to_string(),
                percent(before.accuracy),
                percent(after.accuracy),
                percent(*written),
                percent(before.accuracy_per_class),
                percent(after.accuracy_per_class),
                format!("{:.3}", before.loss),
                format!("{:.3}", after.loss),
            ];
            text += &format!("| {} |\n", cells.join(" | "));
        }
        text
    }

    /// A model card: its front matter is Hugging Face's.
    fn card(&self) -> String {
        let Self { name, base, licence, recipe, classes, .. } = self;
        let mut text = format!(
            "---\nlicense: {licence}\npipeline_tag: zero-shot-image-classification\ntags:\n- clip\n---\n# {name}\n\n{base}, fine-tuned on {} pictures of {} classes. Only the image tower's last {} block(s), its last norm and its projection were trained ({} parameters); the text tower is that of the original.\n\n## Figures\n\nZero-shot over the {} classes' prompts, `{}`. The validation pictures decided which epoch was kept, so that their figures flatter; test pictures decided nothing.\n\n",
            self.training_pictures,
            classes.len(),
            recipe.blocks,
            self.parameters_trained,
            classes.len(),
            recipe.template,
        );
        text += &self.table();
        text += &format!(
            "\n## Training\n\n{} loss, AdamW, learning rate {:e} with a cosine, weight decay {}, batches of {}, seed {}, {}. {} of {} epochs; the weights are those of epoch {}{}.\n\n| epoch | loss | validation loss | validation accuracy |\n|--:|--:|--:|--:|\n",
            match recipe.loss {
                crate::loss::Loss::CrossEntropy => "Cross-entropy",
                crate::loss::Loss::Contrastive => "Contrastive",
            },
            recipe.learning_rate,
            recipe.weight_decay,
            recipe.batch,
            recipe.seed,
            if recipe.flip { "pictures mirrored by chance" } else { "no augmentation" },
            self.epochs.len(),
            recipe.epochs,
            self.best_epoch,
            match self.alpha {
                1.0 => String::new(),
                alpha => format!(", mixed with the original's: θ = {:.2} θ₀ + {alpha:.2} θ₁", 1.0 - alpha),
            },
        );
        for (n, epoch) in self.epochs.iter().enumerate() {
            let Epoch { train_loss, validation, .. } = epoch;
            // Writing into a text cannot fail.
            let _ = writeln!(
                text,
                "| {} | {train_loss:.4} | {:.4} | {:.1} % |",
                n + 1,
                validation.loss,
                100.0 * validation.accuracy
            );
        }
        text += &format!(
            "\n## Classes\n\n{}\n\n## Limits\n\nWhat the model says of anything but these classes may be worse than the original; it was not measured. The figures are of pictures like those that it was trained on.\n",
            classes.join(", ")
        );
        text
    }
}
