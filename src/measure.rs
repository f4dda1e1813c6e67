//! How good a model is on one's own pictures, and what is wrong with one's labels: verbs on a [`Clip`](crate::Clip) over
//! [`semblance_measure`] and [`semblance_labels`], which know numbers and words alone. The same as the browser's
//! `evaluateClip`, `checkLabels`, `domain` and `bias`.
//!
//! | verb | what it says |
//! |---|---|
//! | [`evaluate`], [`ZeroShot`] | top-1 and top-5, mAP, class by class, calibration, each with its uncertainty |
//! | [`compare_all`] | which of several systems is better on the same pictures |
//! | [`check_labels`], [`apply`] | labels that a CLIP cannot tell apart or does not understand, and what to write instead |
//! | [`bias`] | what a word for a group of people changes |
//! | [`usual`], [`domain`] | whether pictures are of the kind that a model knows |
//! | [`compare_templates`] | which template suits pictures without labels |
//!
//! ```no_run
//! use semblance::{Clip, Picture, measure};
//!
//! let mut clip = Clip::load("models/pocket")?;
//! let labels = ["cat", "dog"];
//! let pictures = [Picture::open("tom.jpg")?, Picture::open("rex.jpg")?];
//! let vectors = clip.embed_images(&pictures)?;
//! let found = measure::evaluate(&mut clip, &vectors, &[0, 1], &labels, "a photo of a {}", 0)?.evaluation;
//! println!("{:.1} % of {}", 100.0 * found.top1.share, found.pictures);
//! for finding in measure::check_labels(&mut clip, &labels, "a photo of a {}", None)? {
//!     println!("{}", finding.message);
//! }
//! # Ok::<(), semblance::Error>(())
//! ```

mod groups;
mod kind;
mod labels;
mod zero_shot;

pub use groups::{Probe, bias};
pub use kind::{compare_templates, domain, usual};
pub use labels::{check_labels, threshold, with_words};
pub use semblance_labels::{Edit, Finding, Fix, Kind, Severity, Vocabulary, apply};
pub use semblance_measure::comparison::{Against, Comparison, Ranked, compare, compare_all};
pub use semblance_measure::evaluation::{Evaluated, Evaluation, Share};
pub use semblance_measure::pictures::Pictures;
pub use semblance_measure::shift::{Bias, Shift};
pub use semblance_measure::tally::Tally;
pub use semblance_measure::templates::{Template, Templates};
pub use semblance_measure::unusual::{Distances, Domain};
pub use semblance_measure::usual::Usual;
pub use semblance_teach::interval::Interval;
pub use zero_shot::{ZeroShot, evaluate};
