//! Whose vectors a file has.

use anyhow::{Context, Result, ensure};
use parquet::file::metadata::KeyValue;
use serde::{Deserialize, Serialize};

use crate::model::Loaded;

/// The entry in a file's metadata.
pub const KEY: &str = "semblance";
const VERSION: u32 = 1;

/// In how many bits a vector's numbers are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Precision {
    F32,
    F16,
}

/// What a file's vectors depend on: those of files in which it is not the same cannot be compared.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct About {
    /// Of this description.
    pub version: u32,
    pub model: String,
    /// SHA-256 of the model's weights, in hexadecimal.
    pub sha256: String,
    /// What it computed in: `int8` or `f32`.
    pub compute: String,
    /// Numbers of a vector.
    pub dim: usize,
    /// What they are kept in.
    pub precision: Precision,
}

impl About {
    pub fn of(loaded: &Loaded, precision: Precision) -> Self {
        Self {
            version: VERSION,
            model: loaded.model.name.clone(),
            sha256: loaded.model.sha256.clone(),
            compute: loaded.dtype.name().into(),
            dim: loaded.dim,
            precision,
        }
    }

    /// As the file's metadata has it.
    ///
    /// Errors: none.
    pub fn entry(&self) -> Result<KeyValue> {
        Ok(KeyValue::new(KEY.into(), serde_json::to_string(self)?))
    }

    /// Errors: the metadata has none, or one of a newer version.
    pub fn read(metadata: Option<&Vec<KeyValue>>) -> Result<Self> {
        let entry = metadata.and_then(|all| all.iter().find(|entry| entry.key == KEY));
        let text = entry.and_then(|entry| entry.value.as_deref());
        let about: Self = serde_json::from_str(text.context("its metadata say nothing of a model")?)
            .context("what its metadata say of a model cannot be read")?;
        ensure!(about.version <= VERSION, "a newer version of this program wrote it");
        ensure!((1..=65_536).contains(&about.dim), "its vectors have {} numbers", about.dim);
        Ok(about)
    }

    /// Errors: its vectors are others than these.
    pub fn ensure_is(&self, other: &Self) -> Result<()> {
        let (its, ours) = (&self.model, &other.model);
        let same = self.sha256 == other.sha256;
        ensure!(same, "it has vectors of another model ({its}) than {ours}");
        let different = [
            ("what it computed in (--dtype)", self.compute == other.compute),
            ("the vectors' length", self.dim == other.dim),
            ("what they are kept in (--vectors)", self.precision == other.precision),
        ];
        let different: Vec<&str> =
            different.iter().filter(|(_, same)| !same).map(|(what, _)| *what).collect();
        ensure!(different.is_empty(), "it is of another run: {} is not the same", different.join(", "));
        Ok(())
    }
}
