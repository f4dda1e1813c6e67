//! What commands that look at some pictures share: their words, and each picture's vector in the order in which they were named.

use std::path::PathBuf;

use anyhow::Result;
use semblance::Clip;
use semblance::model::Towers;
use serde_json::{Value, json};

use crate::model::{Loaded, ModelArgs};
use crate::outcome::{Outcome, say};
use crate::pictures::{Failure, named};
use crate::pipeline::{PipelineArgs, embed};

#[derive(clap::Args)]
pub struct LookArgs {
    /// Pictures, and folders of pictures.
    #[arg(required = true, value_name = "PICTURE|FOLDER")]
    pictures: Vec<PathBuf>,
    #[command(flatten)]
    pub model: ModelArgs,
    #[command(flatten)]
    pipeline: PipelineArgs,
    /// Say it in JSON, a line for each picture.
    #[arg(long)]
    pub json: bool,
}

/// What is said of one picture: to people, and to programs, where `path` comes beside it.
pub struct Said {
    pub text: String,
    pub json: Value,
}

impl LookArgs {
    /// Errors: the model cannot be used.
    pub fn load(&self) -> Result<Loaded> {
        self.model.load(Towers::Both)
    }

    /// Print what `answer` says of each picture's vector. One that cannot be read is said, and the others go on.
    ///
    /// Errors: a file or a folder is not there, or what `answer` says.
    pub fn each(
        &self,
        loaded: &mut Loaded,
        mut answer: impl FnMut(&mut Clip, &[f32]) -> Result<Said>,
    ) -> Result<Outcome> {
        let pipeline = self.pipeline.with(&loaded.preprocess, loaded.side);
        let mut failed = 0;
        pipeline.run(named(&self.pictures)?.into_iter(), |some| {
            for one in embed(&loaded.clip, some)? {
                match one {
                    Ok((read, vector)) => self.print(&read.found.path, answer(&mut loaded.clip, &vector)?)?,
                    Err(failure) => {
                        failed += 1;
                        self.fail(&failure)?;
                    }
                }
            }
            Ok(())
        })?;
        Ok(Outcome::of(failed))
    }

    pub fn pictures(&self) -> &[PathBuf] {
        &self.pictures
    }

    /// Errors: it cannot be printed.
    pub fn print(&self, path: &str, said: Said) -> Result<()> {
        match (self.json, said.json) {
            (true, Value::Object(mut fields)) => {
                fields.insert("path".into(), path.into());
                say!("{}", Value::Object(fields))?;
            }
            (true, other) => say!("{}", json!({ "path": path, "is": other }))?,
            (false, _) => say!("{path}\n{}", said.text)?,
        }
        Ok(())
    }

    /// Errors: as [`LookArgs::print`].
    pub fn fail(&self, Failure { path, reason }: &Failure) -> Result<()> {
        eprintln!("{path}: {reason}");
        if self.json {
            say!("{}", json!({ "path": path, "error": reason }))?;
        }
        Ok(())
    }
}

/// A share as people read it, in a column: `  97.3 %`.
pub fn percent(share: f64) -> String {
    format!("{:6.1} %", 100.0 * share)
}
