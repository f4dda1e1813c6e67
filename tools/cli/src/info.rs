//! `semblance info`: what a file is: a model, an index of vectors, or a classifier that was taught.

use std::path::Path;

use anyhow::{Context, Result, bail};
use semblance::Clip;
use semblance::bundle::Bundle;
use semblance::classifier::read_about;
use semblance::classify::Encoder;
use semblance::kernels::isa;
use semblance::model::Towers;
use serde_json::{Value, json};

use crate::model::{DEFAULT, Dtype, Model, NAMED};
use crate::outcome::{Outcome, say};
use crate::vectors::Reader;

#[derive(clap::Args)]
pub struct Args {
    /// A model (a folder, a .gguf file, a Hugging Face repository), an index (.parquet) or a classifier
    /// (…classifier.safetensors).
    #[arg(env = NAMED, default_value = DEFAULT)]
    what: String,
    /// Say it in JSON.
    #[arg(long)]
    json: bool,
}

/// Errors: it cannot be read, or is none of these.
pub fn command(args: &Args) -> Result<Outcome> {
    let what = if args.what.is_empty() { DEFAULT } else { &args.what };
    let path = Path::new(what);
    let facts = match path.extension().and_then(|end| end.to_str()) {
        Some("parquet") => index(path)?,
        Some("safetensors") if path.is_file() => classifier(path)?,
        Some("npy") => bail!("{what} is an array: what is said of it stands in its .csv"),
        _ => model(what).with_context(|| format!("{what} cannot be looked into"))?,
    };
    if args.json {
        say!("{facts}")?;
    } else if let Value::Object(facts) = facts {
        for (name, value) in facts {
            let text = match value {
                Value::String(text) => text,
                Value::Array(all) => all.iter().map(plain).collect::<Vec<_>>().join(", "),
                other => other.to_string(),
            };
            say!("{:<16} {text}", name.replace('_', " "))?;
        }
    }
    Ok(Outcome::Whole)
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn model(model: &str) -> Result<Value> {
    if !Path::new(model).exists() && model == DEFAULT {
        bail!("there is no {DEFAULT} here: name a model, an index or a classifier");
    }
    let found = Model::find(model)?;
    let clip = Clip::from_bundle(Bundle::open(found.path()?)?, Towers::Both, Dtype::Int8.compute())?;
    let config = clip.config();
    let (vision, text) = (&config.vision_config, &config.text_config);
    Ok(json!({
        "model": found.name,
        "sha256": found.sha256,
        "parameters": clip.parameters(),
        "weights": clip.dtype(),
        "vector": config.projection_dim,
        "image_size": vision.image_size,
        "patch_size": vision.patch_size,
        "layers": format!("{} image, {} text", vision.num_hidden_layers, text.num_hidden_layers),
        "context": text.max_position_embeddings,
        "logit_scale": clip.logit_scale(),
        "computes_with": isa::chosen().name(),
    }))
}

fn index(path: &Path) -> Result<Value> {
    let (about, rows) = Reader::about(path)?;
    Ok(json!({
        "rows": rows,
        "model": about.model,
        "sha256": about.sha256,
        "computed_in": about.compute,
        "vector": about.dim,
        "kept_in": about.precision,
        "bytes": path.metadata()?.len(),
    }))
}

fn classifier(path: &Path) -> Result<Value> {
    let about = read_about(path).with_context(|| format!("{} is no classifier", path.display()))?;
    Ok(json!({
        "classes": about.classes,
        "examples": about.examples,
        "method": about.setting.method().name(),
        "accuracy": about.accuracy.map(|share| (share * 1e4).round() / 1e4),
        "threshold": about.threshold,
        "model_sha256": about.model,
    }))
}
