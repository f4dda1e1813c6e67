//! `settings.json`: everything that a table depends on, so that it can be made again, and so that a folder's vectors are never
//! mixed with those of other pictures, models or versions.

use std::path::{Path, PathBuf};
use std::{env, fs};

use anyhow::{Context, Result, ensure};
use semblance_pack::pieces;
use serde::{Deserialize, Serialize};

use super::collection::Collection;
use super::labels;
use super::resnet::Depth;
use crate::model::{Dtype, Model, absolute};
use crate::written;

/// The file, in a run's folder.
pub const FILE: &str = "settings.json";

/// All of them. Hashes are SHA-256, in hexadecimal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    pub versions: Versions,
    pub pictures: Pictures,
    /// One a class; several words of one are divided by `|`.
    pub labels: Vec<String>,
    pub models: Vec<Model>,
    pub dtypes: Vec<Dtype>,
    pub templates: Vec<Template>,
    pub classifiers: Vec<Named>,
    pub baselines: Vec<Baseline>,
    /// Pictures that go through a model together.
    pub batch: usize,
    /// Of the draws that intervals come from.
    pub seed: u64,
}

/// What computes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Versions {
    pub semblance: String,
    pub candle: String,
    /// The processor's kind and the system: last digits differ between them.
    pub machine: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pictures {
    /// A folder, or a CSV file.
    pub place: PathBuf,
    pub csv: bool,
    pub count: usize,
    pub classes: Vec<String>,
    /// Of the list: each picture's path, class and size.
    pub sha256: String,
}

/// A file, by what it is called.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Named {
    pub name: String,
    pub path: PathBuf,
    pub sha256: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Baseline {
    pub depth: Depth,
    pub path: PathBuf,
    pub sha256: String,
}

/// One template, or several whose vectors are averaged.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Template {
    pub name: String,
    pub templates: Vec<String>,
}

/// The version of candle that the library is pinned to.
pub const CANDLE: &str = "0.11.1";

impl Versions {
    /// This program's.
    pub fn own() -> Self {
        Self {
            semblance: env!("CARGO_PKG_VERSION").into(),
            candle: CANDLE.into(),
            machine: format!("{}-{}", env::consts::ARCH, env::consts::OS),
        }
    }
}

impl Pictures {
    /// Look at what is there.
    ///
    /// Errors: as [`Collection`].
    pub fn find(place: &Path, csv: bool) -> Result<(Self, Collection)> {
        let place = absolute(place);
        let collection = if csv { Collection::of_csv(&place)? } else { Collection::of_folder(&place)? };
        let (count, classes) = (collection.pictures.len(), collection.classes.clone());
        Ok((Self { place, csv, count, classes, sha256: collection.sha256() }, collection))
    }
}

impl Named {
    /// Errors: it cannot be read.
    pub fn find(path: &Path) -> Result<Self> {
        let name = path.file_name().with_context(|| unreadable(path))?.to_string_lossy();
        let name = name.split('.').next().unwrap_or_default().to_owned();
        Ok(Self { name, sha256: pieces::sha256_of(path)?, path: absolute(path) })
    }
}

impl Baseline {
    /// Errors: the file cannot be read, or the classes are not ImageNet's.
    pub fn find(depth: Depth, path: &Path, classes: &[String]) -> Result<Self> {
        labels::check_imagenet(classes, &format!("--baseline {}", depth.name()))?;
        Ok(Self { depth, sha256: pieces::sha256_of(path)?, path: absolute(path) })
    }
}

impl Settings {
    /// Errors: the file cannot be read, or is another one.
    pub fn read(path: &Path) -> Result<Self> {
        let text = fs::read_to_string(path).with_context(|| unreadable(path))?;
        serde_json::from_str(&text)
            .with_context(|| format!("{} is no settings.json of semblance evaluate", path.display()))
    }

    /// Errors: it cannot be written.
    pub fn write(&self, folder: &Path) -> Result<()> {
        written::whole(&folder.join(FILE), (serde_json::to_string_pretty(self)? + "\n").as_bytes())
    }

    /// The same settings, looked up anew: files may have changed since. `place`: where the pictures are now, if they were moved.
    ///
    /// Errors: something is not there any more, or is another one.
    pub fn found_again(&self, place: Option<&Path>) -> Result<(Self, Collection)> {
        let (pictures, collection) =
            Pictures::find(place.unwrap_or(&self.pictures.place), self.pictures.csv)?;
        let found = Self {
            versions: Versions::own(),
            models: self.models.iter().map(|one| Model::find(&one.source)).collect::<Result<_>>()?,
            classifiers: self.classifiers.iter().map(|one| Named::find(&one.path)).collect::<Result<_>>()?,
            baselines: self
                .baselines
                .iter()
                .map(|one| Baseline::find(one.depth, &one.path, &pictures.classes))
                .collect::<Result<_>>()?,
            pictures,
            ..self.clone()
        };
        let other = found.differences(self);
        ensure!(other.is_empty(), "what is here now is not what the table was made of: {}", other.join(", "));
        Ok((found, collection))
    }

    /// What is not the same in another run's settings, in words. Where things lie does not count, only what they are.
    pub fn differences(&self, other: &Self) -> Vec<String> {
        let models = |all: &[Model]| -> Vec<[String; 2]> {
            all.iter().map(|one| [one.name.clone(), one.sha256.clone()]).collect()
        };
        let heads = |all: &[Named]| -> Vec<[String; 2]> {
            all.iter().map(|one| [one.name.clone(), one.sha256.clone()]).collect()
        };
        let baselines = |all: &[Baseline]| -> Vec<(Depth, String)> {
            all.iter().map(|one| (one.depth, one.sha256.clone())).collect()
        };
        let same = [
            ("the program's version", self.versions == other.versions),
            ("the pictures", self.pictures.sha256 == other.pictures.sha256),
            ("the classes", self.pictures.classes == other.pictures.classes),
            ("the labels", self.labels == other.labels),
            ("--model", models(&self.models) == models(&other.models)),
            ("--dtype", self.dtypes == other.dtypes),
            ("--template", self.templates == other.templates),
            ("--classifier", heads(&self.classifiers) == heads(&other.classifiers)),
            ("--baseline", baselines(&self.baselines) == baselines(&other.baselines)),
            ("--batch", self.batch == other.batch),
            ("--seed", self.seed == other.seed),
        ];
        same.iter().filter(|(_, same)| !same).map(|(what, _)| (*what).to_owned()).collect()
    }
}

fn unreadable(path: &Path) -> String {
    format!("{} could not be read", path.display())
}
