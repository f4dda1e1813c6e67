//! Descriptions of pictures, and answers about them, with a CLIP alone: verbs on a [`Clip`] over [`semblance_describe`],
//! which knows vectors and words alone. The same as the browser's `clip.describe` and `clip.ask`.
//!
//! ```no_run
//! use semblance::{Clip, Picture, describe};
//!
//! let mut clip = Clip::load("models/pocket")?;
//! let picture = Picture::open("cat.jpg")?;
//! let describer = describe::Describer::new(&mut clip, &describe::banks(Some("pocket")))?;
//! println!("{}", describer.describe(&clip, &picture, &Default::default())?.text);
//!
//! let answered = describe::ask(&mut clip, &picture, "Is it an animal or a vehicle?", Default::default(), Some("pocket"))?;
//! println!("{}: {:.0} %", answered.judgement.answers[0].answer, 100.0 * answered.judgement.answers[0].probability);
//! # Ok::<(), semblance::Error>(())
//! ```

use semblance_describe::{judgement, question};

pub use semblance_describe::answers::kinds;
pub use semblance_describe::banks::{Bank, Phrase, banks};
pub use semblance_describe::describer::{Description, Mode, Options, Part};
pub use semblance_describe::judgement::{Judged, Judgement};
pub use semblance_describe::question::{Answer, Asked, Caution, Kind, Own, read};

use crate::classify::Encoder;
use crate::{Clip, Picture, Result};

/// Phrases with their vectors, ready to describe.
#[derive(Debug)]
pub struct Describer(semblance_describe::describer::Describer);

impl Describer {
    /// Embed the phrases, each in its bank's template: of several thousand that takes some seconds.
    ///
    /// Errors: there are none, or one cannot be tokenised.
    pub fn new(clip: &mut Clip, phrases: &[Phrase]) -> Result<Self> {
        Self::of(clip, phrases.iter().map(|phrase| (phrase.bank, phrase.phrase.to_owned())).collect())
    }

    /// As [`Describer::new`], of phrases of one's own.
    ///
    /// Errors: as there.
    pub fn of(clip: &mut Clip, phrases: Vec<(Bank, String)>) -> Result<Self> {
        let prompts: Vec<String> = phrases.iter().map(|(bank, phrase)| bank.prompt(phrase)).collect();
        let vectors = clip.embed_texts(&prompts)?.concat();
        let width = clip.config().projection_dim;
        Ok(Self(semblance_describe::describer::Describer::new(phrases, vectors, width)?))
    }

    /// The phrases, by whose places [`Part::phrase`] and [`Options::without`] name them.
    pub fn phrases(&self) -> &[(Bank, String)] {
        self.0.phrases()
    }

    /// What a picture shows, phrase by phrase.
    ///
    /// Errors: the picture cannot be prepared, or options are out of their range.
    pub fn describe(&self, clip: &Clip, picture: &Picture, options: &Options) -> Result<Description> {
        let image = clip.embed_images(std::slice::from_ref(picture))?.remove(0);
        self.describe_vector(&image, options)
    }

    /// As [`Describer::describe`], of a picture's vector.
    ///
    /// Errors: it is another model's; options are out of their range.
    pub fn describe_vector(&self, image: &[f32], options: &Options) -> Result<Description> {
        Ok(self.0.describe(image, options)?)
    }
}

/// What a question was made into, and what is said to it.
#[derive(Clone, Debug, PartialEq)]
pub struct Answered {
    pub asked: Asked,
    pub judgement: Judgement,
}

/// Answer a question about a picture; `model`: the name of the one whose words answers must be (`pocket`).
///
/// Errors: the question is not understood and there are no answers to choose from; the picture cannot be prepared.
pub fn ask(
    clip: &mut Clip,
    picture: &Picture,
    question: &str,
    own: Own,
    model: Option<&str>,
) -> Result<Answered> {
    let image = clip.embed_images(std::slice::from_ref(picture))?.remove(0);
    ask_vector(clip, &image, question, own, model)
}

/// As [`ask`], of a picture's vector.
///
/// Errors: as there, and a vector of another model.
pub fn ask_vector(
    clip: &mut Clip,
    image: &[f32],
    question: &str,
    own: Own,
    model: Option<&str>,
) -> Result<Answered> {
    let asked = question::read(question, own, model)?;
    let statements = clip.embed_texts(&asked.statements())?.concat();
    let judgement = judgement::judge(&asked, &judgement::cosines(image, &statements)?, clip.logit_scale())?;
    Ok(Answered { asked, judgement })
}
