//! The model that a command looks with: which one, what it computes in, and by what its vectors are known.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use semblance::bundle::{Bundle, PreprocessConfig, weight_files};
use semblance::model::Towers;
use semblance::{Clip, Compute};
use semblance_pack::{repository, source};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Where nobody names one.
pub const DEFAULT: &str = "models/pocket";

/// The environment variable that names another. Empty is not set.
pub const NAMED: &str = "SEMBLANCE_MODEL";

/// The words of a command that takes one model.
#[derive(clap::Args)]
pub struct ModelArgs {
    /// A model's folder, a .gguf file, or a Hugging Face repository (ORG/NAME or ORG/NAME@COMMIT) [default: models/pocket].
    #[arg(long, env = NAMED)]
    model: Option<String>,
    /// What it computes in: int8 is faster and what the page computes in, f32 is closest to Python's.
    #[arg(long, value_enum, default_value_t = Dtype::Int8)]
    dtype: Dtype,
    /// Threads that compute [default: as many as there are processors].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    threads: Option<u16>,
}

/// What a CLIP computes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Dtype {
    F32,
    Int8,
}

/// A model, and what it is known by.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Model {
    /// A file, a folder, or a repository on Hugging Face.
    pub source: String,
    pub name: String,
    /// Of its weights, one file after another.
    pub sha256: String,
}

/// A model that is ready.
pub struct Loaded {
    pub model: Model,
    pub dtype: Dtype,
    pub clip: Clip,
    /// What pictures are prepared by, on any thread.
    pub preprocess: PreprocessConfig,
    /// Pixels a side that its image tower sees.
    pub side: usize,
    /// Numbers of a vector.
    pub dim: usize,
}

impl ModelArgs {
    pub fn dtype(&self) -> Dtype {
        self.dtype
    }

    /// Errors: as [`Model::find`], or it cannot be loaded.
    pub fn load(&self, towers: Towers) -> Result<Loaded> {
        let model = self.find()?;
        let bundle = Bundle::open(model.path()?)?;
        let (preprocess, config) = (bundle.head.preprocess.clone(), &bundle.head.config);
        let (side, dim) = (config.vision_config.image_size, config.projection_dim);
        let clip = Clip::from_bundle(bundle, towers, self.dtype.compute())?;
        Ok(Loaded { model, dtype: self.dtype, clip, preprocess, side, dim })
    }

    /// Errors: as [`Model::find`].
    pub fn find(&self) -> Result<Model> {
        if let Some(threads) = self.threads {
            rayon::ThreadPoolBuilder::new().num_threads(threads.into()).build_global()?;
        }
        match self.model.as_deref() {
            Some(model) if !model.is_empty() => Model::find(model),
            _ => Model::unnamed(),
        }
    }
}

impl Loaded {
    /// The bytes of [`Model::sha256`].
    ///
    /// Errors: none of a model that was found.
    pub fn hash(&self) -> Result<[u8; 32]> {
        hash(&self.model.sha256)
    }
}

impl Dtype {
    pub fn compute(self) -> Compute {
        match self {
            Self::F32 => Compute::F32,
            Self::Int8 => Compute::Int8,
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::F32 => "f32",
            Self::Int8 => "int8",
        }
    }
}

impl Model {
    /// The one that is taken where nobody names one.
    ///
    /// Errors: there is none, or as [`Model::find`].
    pub fn unnamed() -> Result<Self> {
        let named = std::env::var(NAMED).ok().filter(|name| !name.is_empty());
        let missing = "name a model with --model or SEMBLANCE_MODEL: a folder, a .gguf file, or a repository on Hugging Face";
        ensure!(named.is_some() || Path::new(DEFAULT).exists(), "there is no {DEFAULT} here: {missing}");
        Self::find(named.as_deref().unwrap_or(DEFAULT))
    }

    /// Errors: there is no such model, it cannot be fetched, or its weights cannot be read.
    pub fn find(model: &str) -> Result<Self> {
        let found = source::find(model, Path::new(repository::FOLDER))?;
        let local = Path::new(model).exists().then(|| absolute(Path::new(model)));
        let mut weights = Sha256::new();
        for file in weight_files(&found.path)?.concat() {
            let mut bytes = fs::File::open(&file).with_context(|| unreadable(&file))?;
            std::io::copy(&mut bytes, &mut weights).with_context(|| unreadable(&file))?;
        }
        let source = local.map_or_else(|| model.to_owned(), |path| path.display().to_string());
        Ok(Self { source, name: found.name, sha256: format!("{:x}", weights.finalize()) })
    }

    /// Where it lies.
    ///
    /// Errors: as [`Model::find`].
    pub fn path(&self) -> Result<PathBuf> {
        Ok(source::find(&self.source, Path::new(repository::FOLDER))?.path)
    }
}

/// The 32 bytes that 64 hexadecimal digits say.
///
/// Errors: they are none.
pub fn hash(digits: &str) -> Result<[u8; 32]> {
    let byte = |at: usize| Some(u8::from_str_radix(digits.get(2 * at..2 * at + 2)?, 16).ok());
    let bytes: Option<Vec<u8>> = (0..32).map(|at| byte(at).flatten()).collect();
    let bytes = bytes.filter(|_| digits.len() == 64).and_then(|bytes| bytes.try_into().ok());
    bytes.with_context(|| format!("“{digits}” is no SHA-256"))
}

/// A path that stays the same wherever a program runs; its last folder need not be there yet.
pub fn absolute(path: &Path) -> PathBuf {
    let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    match (whole.canonicalize(), whole.parent().map(Path::canonicalize), whole.file_name()) {
        (Ok(path), ..) => path,
        (_, Some(Ok(folder)), Some(name)) => folder.join(name),
        _ => whole,
    }
}

fn unreadable(path: &Path) -> String {
    format!("{} could not be read", path.display())
}
