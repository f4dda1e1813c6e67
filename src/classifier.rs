//! Classifiers of one's own: some pictures of each class, and the best of five ways to tell new ones apart, over the vectors of
//! a CLIP ([`semblance_teach`]). The files are the browser's (`Semblance.teach`, `Semblance.loadClassifier`).
//!
//! ```text
//! p(class | picture) = softmax(calibration(head(x)))          x: the picture's unit vector
//! none of them       : known(x) < threshold                   known, in nats: semblance_teach::classifier
//! ```
//!
//! ```no_run
//! use semblance::classifier::{ClassExamples, Classifier, Images, TeachOptions};
//! use semblance::index::model_hash;
//! use semblance::{Clip, Picture};
//!
//! let mut clip = Clip::load("models/pocket")?;
//! let model = model_hash("models/pocket/pocket-q8_0.gguf")?;
//! let [cups, bowls] = [["cup-1.jpg", "cup-2.jpg"], ["bowl-1.jpg", "bowl-2.jpg"]]
//!     .map(|names| names.map(Picture::open).into_iter().collect::<Result<Vec<_>, _>>());
//! let (cups, bowls) = (cups?, bowls?);
//! let classes = [
//!     ClassExamples { name: "a cup", prompt: None, images: Images::Pictures(&cups) },
//!     ClassExamples { name: "a bowl", prompt: None, images: Images::Pictures(&bowls) },
//! ];
//! let (classifier, report) = Classifier::teach(&mut clip, model, &classes, &TeachOptions::default())?;
//! println!("{:?} is best, right about {:?} of what was held out", report.setting, classifier.about().accuracy);
//! classifier.save("crockery.classifier.safetensors")?;
//!
//! let classifier = Classifier::open("crockery.classifier.safetensors", model)?;
//! for answer in classifier.classify(&clip, &[Picture::open("new.jpg")?])? {
//!     println!("{} {:.1} %", answer.label.unwrap_or("neither"), 100.0 * answer.scores[0].probability);
//! }
//! # Ok::<(), semblance::Error>(())
//! ```

mod lesson;
mod taught;

pub use lesson::{ClassExamples, Images, TeachOptions};
pub use semblance_teach::classifier::About;
pub use semblance_teach::{Method, Report, Setting};
pub use taught::{Answer, ClassScore, Classifier, read_about};
