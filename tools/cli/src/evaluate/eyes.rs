//! All pictures through all models: what each says of each picture is kept as it comes, and so are the vectors of texts.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context, Result};
use candle_core::Tensor;
use semblance::bundle::Bundle;
use semblance::classify::Encoder;
use semblance::measure::{ZeroShot, with_words};
use semblance::model::Towers;
use semblance::preprocess::{Pixels, preprocess};
use semblance::{Clip, Picture, prompt};

use super::collection::Collection;
use super::labels::IMAGENET_CLASSES;
use super::resnet::{self, ResNet};
use super::settings::{Baseline, Settings};
use super::store::Store;
use super::systems::{Answering, Head, System, heads};
use crate::model::{Dtype, Model, hash};
use crate::pictures::Failure;
use crate::pipeline::{Pipeline, processors};

/// What came of it.
#[derive(Default)]
pub struct Looked {
    pub stores: Vec<Store>,
    pub systems: Vec<System>,
    pub failures: BTreeSet<Failure>,
    names: BTreeSet<String>,
}

/// Look at all pictures with all models; what is in `out` already is not done again.
///
/// Errors: a model, a head or a baseline cannot be used, a picture is another one than before, nothing can be written.
pub fn look(settings: &Settings, collection: &Collection, out: &Path) -> Result<Looked> {
    // What is wrong with these is said before hours of work.
    let heads = heads(settings)?;
    let baselines = settings.baselines.iter().map(|one| ResNet::open(one.depth, &one.path));
    let baselines = baselines.collect::<Result<Vec<_>>>()?;
    let mut looked = Looked::default();
    for (at, model) in settings.models.iter().enumerate() {
        let own: Vec<_> = heads
            .iter()
            .zip(&settings.classifiers)
            .filter(|((model, _), _)| *model == at)
            .map(|((_, head), file)| (file.name.as_str(), head))
            .collect();
        for &dtype in &settings.dtypes {
            looked.with_clip(settings, collection, out, model, dtype, &own)?;
        }
    }
    for (baseline, resnet) in settings.baselines.iter().zip(&baselines) {
        looked.with_resnet(settings, collection, out, baseline, resnet)?;
    }
    Ok(looked)
}

/// `prepare` on all processors.
fn pipeline<T, P: Fn(&Picture) -> semblance::Result<T>>(settings: &Settings, prepare: P) -> Pipeline<P> {
    Pipeline { jobs: processors(), batch: settings.batch, prepare }
}

impl Looked {
    fn with_clip(
        &mut self,
        settings: &Settings,
        collection: &Collection,
        out: &Path,
        model: &Model,
        dtype: Dtype,
        heads: &[(&str, &Head)],
    ) -> Result<()> {
        let (suffix, words) = match dtype {
            Dtype::F32 => ("", model.name.clone()),
            Dtype::Int8 => ("-int8", format!("{} in int8", model.name)),
        };
        let eye = self.name(&format!("{}{suffix}", slug(&model.name)));
        let bundle = Bundle::open(model.path()?)?;
        let (config, side) = (bundle.head.preprocess.clone(), bundle.head.config.vision_config.image_size);
        let (dim, model) = (bundle.head.config.projection_dim, hash(&model.sha256)?);
        let mut clip = Clip::from_bundle(bundle, Towers::Both, dtype.compute())?;
        let mut store = Store::open(&out.join("vectors").join(&eye), dim, model)?;
        let failures = store.fill(
            &collection.pictures,
            &pipeline(settings, |picture| preprocess(picture, &config, side)),
            &eye,
            |pixels: Vec<Pixels>| Ok(clip.embed_pixels(&pixels)?),
        )?;
        self.failures.extend(failures);
        self.stores.push(store);
        let at = self.stores.len() - 1;
        let labels: Vec<String> = settings.labels.iter().map(|label| with_words(label)).collect();
        let mut texts = Store::open(&out.join("texts").join(&eye), dim, model)?;
        for template in &settings.templates {
            let prompts = prompt::fill(&template.templates, &labels)?;
            let what = format!("{eye}, {}", template.name);
            let classes = texts.texts(&prompts, &what, |some| Ok(clip.embed_texts(some)?))?;
            let answering = Answering::ZeroShot(ZeroShot::of_vectors(classes, clip.logit_scale()));
            let about = match &template.templates[..] {
                [one] => format!("{words}, “{one}”"),
                several => format!("{words}, {} templates averaged ({})", several.len(), template.name),
            };
            self.system(&format!("{eye}-{}", slug(&template.name)), about, at, answering);
        }
        for (file, head) in heads {
            let about = format!("{words}, the head {file}");
            self.system(
                &format!("{eye}-{}", slug(file)),
                about,
                at,
                Answering::Head(Box::new((*head).clone())),
            );
        }
        Ok(())
    }

    fn with_resnet(
        &mut self,
        settings: &Settings,
        collection: &Collection,
        out: &Path,
        baseline: &Baseline,
        resnet: &ResNet,
    ) -> Result<()> {
        let eye = self.name(baseline.depth.name());
        let mut store =
            Store::open(&out.join("vectors").join(&eye), IMAGENET_CLASSES, hash(&baseline.sha256)?)?;
        let failures = store.fill(
            &collection.pictures,
            &pipeline(settings, resnet::preprocess),
            &eye,
            |pixels: Vec<Tensor>| resnet.logits(&pixels),
        )?;
        self.failures.extend(failures);
        self.stores.push(store);
        let file = baseline.path.file_name().context("a file has a name")?.to_string_lossy();
        let about = format!("{}, supervised ({file})", baseline.depth.name());
        let at = self.stores.len() - 1;
        self.systems.push(System { name: eye, about, eye: at, answering: Answering::Itself });
        Ok(())
    }

    fn system(&mut self, name: &str, about: String, eye: usize, answering: Answering) {
        let name = self.name(name);
        self.systems.push(System { name, about, eye, answering });
    }

    /// The name, or with a number behind it where it is taken.
    fn name(&mut self, wanted: &str) -> String {
        let mut name = wanted.to_owned();
        let mut count = 1;
        while !self.names.insert(name.clone()) {
            count += 1;
            name = format!("{wanted}-{count}");
        }
        name
    }
}

/// For names of files: letters and digits, `.` and `-`; at most 48.
fn slug(text: &str) -> String {
    let kept = |letter: char| if letter.is_alphanumeric() || letter == '.' { letter } else { ' ' };
    let spaced: String = text.chars().map(kept).collect();
    let joined = spaced.split_whitespace().collect::<Vec<_>>().join("-");
    joined.chars().take(48).collect::<String>().trim_matches(['-', '.']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_fit_for_files_and_each_is_there_once() {
        assert_eq!(slug("a photo of a {}."), "a-photo-of-a");
        assert_eq!(slug("../../{}/x"), "x");
        let mut looked = Looked::default();
        assert_eq!(["a", "a", "b", "a"].map(|name| looked.name(name)), ["a", "a-2", "b", "a-3"]);
    }
}
