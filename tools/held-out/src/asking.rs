//! Whether what a CLIP alone says of pictures is right: answers to questions whose answer the labels know, and descriptions.

mod drawn;

use std::fmt::Write;

use anyhow::{Context, Result};
use repository::paths;
use semblance::describe::{self, Bank, Describer, Kind, Own, ask_vector};
use semblance::{Clip, Picture};
use semblance_teach::random::Random;

use crate::collection::Collection;

/// Pictures that each question is asked of at most.
const PICTURES: usize = 1000;
const DESCRIBED: usize = 2000;
/// A question whose answers are kinds of things.
const KINDS: [[&str; 2]; 6] = [
    ["animal", "vehicle"],
    ["animal", "building"],
    ["food", "furniture"],
    ["dog", "cat"],
    ["flower", "fruit"],
    ["bird", "fish"],
];
/// “What kind of … is it?”
const WHICH: [&str; 5] = ["animal", "vehicle", "fruit", "furniture", "musical instrument"];

/// How often the first answer was right, and how often a guess would be.
struct Tally {
    question: String,
    pictures: usize,
    right: usize,
    cant_tell: usize,
    /// Right among those that were answered.
    right_told: usize,
    chance: f64,
}

pub fn report(collection: &Collection) -> Result<String> {
    let mut clip = Clip::load(paths::root().join("models/pocket"))?;
    let mut tallies = Vec::new();
    for [one, other] in KINDS {
        tallies.push(either(&mut clip, collection, one, other)?);
    }
    for kind in WHICH {
        tallies.push(which(&mut clip, collection, kind)?);
    }
    tallies.extend(yes_no(&mut clip, collection)?);
    tallies.extend(colours(&mut clip)?);
    tallies.push(counts(&mut clip)?);
    let mut out = String::from(
        "## Questions\n\nEach becomes statements with the answers in them (Song et al. 2022, [CLIP Models are Few-shot Learners](https://arxiv.org/abs/2203.07190)), which are compared with the picture; an answer that is a kind of things also has the statements of what is of that kind. “Can't tell”: statements that say nothing fit better than every answer; of a question for yes or no, neither reaches 60 %.\n\n| question | pictures | right | by chance | “can't tell” | right where told |\n|---|--:|--:|--:|--:|--:|\n",
    );
    for Tally { question, pictures, right, cant_tell, right_told, chance } in tallies {
        let share = |count: usize, of: usize| 100.0 * count as f64 / of.max(1) as f64;
        let _ = writeln!(
            out,
            "| {question} | {pictures} | {:.1} % | {:.1} % | {:.1} % | {:.1} % |",
            share(right, pictures),
            100.0 * chance,
            share(cant_tell, pictures),
            share(right_told, pictures - cant_tell)
        );
    }
    let _ = writeln!(
        out,
        "\nDrawn colours and shapes are as good as guessed: pocket learnt what things are called, from photographs of 64 pixels and less. What no CLIP can do well is said where it is asked: counting past a few (Paiss et al. 2023, [Teaching CLIP to Count to Ten](https://arxiv.org/abs/2302.12066)), reading (Radford et al. 2021, [section 3.1.5](https://arxiv.org/abs/2103.00020)), left and right and who does what (Kamath et al. 2023, [What's “up” with vision-language models?](https://arxiv.org/abs/2310.19785)), and “not” (Alhamoud et al. 2025, [Vision-Language Models Do Not Understand Negation](https://arxiv.org/abs/2501.09425)).\n\nAsked of pictures that show nothing of the kind, it should not be able to tell:\n\n| question | pictures | “can't tell” |\n|---|--:|--:|"
    );
    for kind in WHICH {
        let (pictures, cant_tell) = elsewhere(&mut clip, collection, kind)?;
        let _ = writeln!(
            out,
            "| What kind of {kind} is it? | {pictures} | {:.1} % |",
            100.0 * f64::from(cant_tell) / f64::from(pictures)
        );
    }
    out += &descriptions(&mut clip, collection)?;
    Ok(out)
}

/// The concept that is called so.
fn concept(collection: &Collection, name: &str) -> Result<usize> {
    let found = collection.table.names.iter().position(|names| names.iter().any(|other| other == name));
    found.with_context(|| format!("no concept is called “{name}”"))
}

/// Pictures that show a concept, at most so many.
fn showing(collection: &Collection, concept: usize, most: usize) -> Vec<usize> {
    (0..collection.vectors.len()).filter(|picture| collection.shows(*picture, concept)).take(most).collect()
}

impl Tally {
    fn new(question: impl Into<String>, chance: f64) -> Self {
        Self { question: question.into(), pictures: 0, right: 0, cant_tell: 0, right_told: 0, chance }
    }

    fn count(&mut self, right: bool, cant_tell: bool) {
        self.pictures += 1;
        self.right += usize::from(right);
        self.cant_tell += usize::from(cant_tell);
        self.right_told += usize::from(right && !cant_tell);
    }
}

fn either(clip: &mut Clip, collection: &Collection, one: &str, other: &str) -> Result<Tally> {
    let article = |word: &str| semblance_describe::filling::with_article(word);
    let question = format!("Is it {} or {}?", article(one), article(other));
    let mut tally = Tally::new(&question, 0.5);
    let of = [one, other].map(|name| concept(collection, name));
    let [first, second] = of;
    let (first, second) = (first?, second?);
    for (truth, of) in [(one, first), (other, second)] {
        for picture in showing(collection, of, PICTURES / 2) {
            if collection.shows(picture, first) && collection.shows(picture, second) {
                continue;
            }
            let told =
                ask_vector(clip, &collection.vectors[picture], &question, Own::default(), Some("pocket"))?
                    .judgement;
            tally.count(told.answers[0].answer == truth, told.cant_tell);
        }
    }
    Ok(tally)
}

/// Among the answers that are labels of the pictures.
fn which(clip: &mut Clip, collection: &Collection, kind: &str) -> Result<Tally> {
    let question = format!("What kind of {kind} is it?");
    let above = concept(collection, kind)?;
    let asked = describe::read(&question, Own::default(), Some("pocket"))?;
    let answers: Vec<(String, usize)> = asked
        .answers
        .iter()
        .filter_map(|answer| Some((answer.answer.clone(), concept(collection, &answer.answer).ok()?)))
        .collect();
    let mut tally = Tally::new(&question, 1.0 / asked.answers.len() as f64);
    for picture in showing(collection, above, usize::MAX) {
        if tally.pictures == PICTURES {
            break;
        }
        // A picture whose label is one of the answers, or below one.
        if !answers.iter().any(|(_, concept)| collection.shows(picture, *concept)) {
            continue;
        }
        let told = ask_vector(clip, &collection.vectors[picture], &question, Own::default(), Some("pocket"))?
            .judgement;
        let right = answers.iter().any(|(answer, concept)| {
            *answer == told.answers[0].answer && collection.shows(picture, *concept)
        });
        tally.count(right, told.cant_tell);
    }
    Ok(tally)
}

/// Of pictures that show none of the kind: how many, and of how many it can't tell.
fn elsewhere(clip: &mut Clip, collection: &Collection, kind: &str) -> Result<(u32, u32)> {
    let above = concept(collection, kind)?;
    let others =
        (0..collection.vectors.len()).filter(|picture| !collection.shows(*picture, above)).take(PICTURES);
    let question = format!("What kind of {kind} is it?");
    let (mut pictures, mut cant_tell) = (0, 0);
    for picture in others {
        let told = ask_vector(clip, &collection.vectors[picture], &question, Own::default(), Some("pocket"))?;
        pictures += 1;
        cant_tell += u32::from(told.judgement.cant_tell);
    }
    Ok((pictures, cant_tell))
}

/// “Is it a dog?”, of pictures of what is asked for and of as many of anything else.
fn yes_no(clip: &mut Clip, collection: &Collection) -> Result<Vec<Tally>> {
    let mut tallies = Vec::new();
    let mut all = Tally::new("Is it a …? (50 labels, half yes)", 0.5);
    let mut random = Random(7);
    let words: Vec<(String, usize)> = {
        let known = describe::kinds(Some("pocket"));
        let in_kinds = |name: &str| known.iter().any(|kind| kind.answers.contains(&name));
        let named = collection.table.names.iter().enumerate().filter(|(_, names)| in_kinds(&names[0]));
        let mut words: Vec<_> = named.map(|(concept, names)| (names[0].clone(), concept)).collect();
        random.shuffle(&mut words);
        words
    };
    let mut asked = 0;
    for (word, concept) in words {
        let shown = showing(collection, concept, 10);
        if shown.len() < 10 || asked == 50 {
            continue;
        }
        asked += 1;
        let mut others: Vec<usize> =
            (0..collection.vectors.len()).filter(|picture| !collection.shows(*picture, concept)).collect();
        random.shuffle(&mut others);
        let question = format!("Is it {}?", semblance_describe::filling::with_article(&word));
        for (picture, truth) in
            shown.iter().map(|p| (*p, "yes")).chain(others.iter().take(10).map(|p| (*p, "no")))
        {
            let told =
                ask_vector(clip, &collection.vectors[picture], &question, Own::default(), Some("pocket"))?
                    .judgement;
            all.count(told.answers[0].answer == truth, told.cant_tell);
        }
    }
    tallies.push(all);
    for word in ["animal", "vehicle", "food", "plant", "building"] {
        let concept = concept(collection, word)?;
        let question = format!("Is it {}?", semblance_describe::filling::with_article(word));
        let mut tally = Tally::new(&question, 0.5);
        let mut others: Vec<usize> =
            (0..collection.vectors.len()).filter(|picture| !collection.shows(*picture, concept)).collect();
        random.shuffle(&mut others);
        let shown = showing(collection, concept, PICTURES / 2);
        for (picture, truth) in
            shown.iter().map(|p| (*p, "yes")).chain(others.iter().take(shown.len()).map(|p| (*p, "no")))
        {
            let told =
                ask_vector(clip, &collection.vectors[picture], &question, Own::default(), Some("pocket"))?
                    .judgement;
            tally.count(told.answers[0].answer == truth, told.cant_tell);
        }
        tallies.push(tally);
    }
    Ok(tallies)
}

/// Of drawn shapes.
fn colours(clip: &mut Clip) -> Result<Vec<Tally>> {
    let mut tallies = Vec::new();
    let names: Vec<String> = drawn::COLOURS.iter().map(|(name, _)| (*name).to_owned()).collect();
    let mut open = Tally::new("What colour is it? (drawn shapes, the answers of the bank)", 0.0);
    let mut own =
        Tally::new("What colour is the shape? (drawn shapes, these ten answers)", 1.0 / names.len() as f64);
    let mut shape = Tally::new("Is it a circle, a square or a triangle? (drawn)", 1.0 / 3.0);
    for drawing in drawn::shapes() {
        let picture = Picture::from_rgba(drawing.rgba, drawing.side, drawing.side)?;
        let image = clip.embed_images(std::slice::from_ref(&picture))?.remove(0);
        let answered = ask_vector(clip, &image, "What colour is it?", Own::default(), Some("pocket"))?;
        open.chance = 1.0 / answered.asked.answers.len() as f64;
        open.count(answered.judgement.answers[0].answer == drawing.colour, answered.judgement.cant_tell);
        let choice = Own { answers: &names, template: Some("a {} shape") };
        let told = ask_vector(clip, &image, "What colour is the shape?", choice, Some("pocket"))?.judgement;
        own.count(told.answers[0].answer == drawing.colour, told.cant_tell);
        let told = ask_vector(
            clip,
            &image,
            "Is it a circle, a square or a triangle?",
            Own::default(),
            Some("pocket"),
        )?
        .judgement;
        shape.count(told.answers[0].answer == drawing.shape, told.cant_tell);
    }
    tallies.extend([open, own, shape]);
    Ok(tallies)
}

/// Of drawn dots: what it can't do.
fn counts(clip: &mut Clip) -> Result<Tally> {
    let mut tally = Tally::new("How many circles are there? (drawn, one to five)", 1.0 / 6.0);
    for drawing in drawn::dots() {
        let picture = Picture::from_rgba(drawing.rgba, drawing.side, drawing.side)?;
        let image = clip.embed_images(std::slice::from_ref(&picture))?.remove(0);
        let answered =
            ask_vector(clip, &image, "How many circles are there?", Own::default(), Some("pocket"))?;
        assert_eq!(answered.asked.kind, Kind::HowMany);
        tally.count(
            answered.judgement.answers[0].answer.starts_with(drawing.shape),
            answered.judgement.cant_tell,
        );
    }
    Ok(tally)
}

/// By those phrases that are names of labels: how many of a description's are right, in each mode.
fn descriptions(clip: &mut Clip, collection: &Collection) -> Result<String> {
    let phrases = describe::banks(Some("pocket"));
    let describer = Describer::new(clip, &phrases)?;
    let concepts: Vec<Option<usize>> = describer
        .phrases()
        .iter()
        .map(|(bank, phrase)| (*bank == Bank::Subject).then(|| concept(collection, phrase).ok()).flatten())
        .collect();
    let mut out = format!(
        "\n## Descriptions\n\nMade of {} phrases that pocket knows, of {DESCRIBED} pictures: phrase by phrase, each the one that raises the cosine of the picture with the mean of their vectors most (as [CLIP Interrogator](https://github.com/pharmapsychotic/clip-interrogator) does with joined texts), as long as one does and it stands out in its bank. “Fast” takes the best of each bank. Right is a subject that is a picture's label or above it; the labels name one thing in each picture, so that a second one counts as wrong even where it is there. Milliseconds are of this machine, natively, on one thread, without the model.\n\n| mode | phrases | the first subject is right | subjects right | cosine | ms a picture |\n|---|--:|--:|--:|--:|--:|\n",
        phrases.len()
    );
    let mut examples = String::new();
    for mode in [describe::Mode::Fast, describe::Mode::Best] {
        let options = describe::Options { mode, ..Default::default() };
        let (mut said, mut first, mut firsts, mut right, mut judged, mut cosine) = (0, 0, 0, 0, 0, 0.0);
        let start = std::time::Instant::now();
        let pictures = &collection.vectors[..DESCRIBED.min(collection.vectors.len())];
        for (at, image) in pictures.iter().enumerate() {
            let description = describer.describe_vector(image, &options)?;
            said += description.parts.len();
            cosine += f64::from(description.cosine);
            let subjects: Vec<usize> =
                description.parts.iter().filter_map(|part| concepts[part.phrase]).collect();
            if let Some(subject) = subjects.first() {
                firsts += 1;
                first += usize::from(collection.shows(at, *subject));
            }
            judged += subjects.len();
            right += subjects.iter().filter(|subject| collection.shows(at, **subject)).count();
            if at < 12 && mode == describe::Mode::Best {
                let label = &collection.table.names[collection.concepts[at][0]][0];
                let _ = writeln!(examples, "- {label}: {}", description.text);
            }
        }
        let n = pictures.len() as f64;
        let _ = writeln!(
            out,
            "| {mode:?} | {:.1} | {:.1} % of {firsts} | {:.1} % of {judged} | {:.3} | {:.1} |",
            said as f64 / n,
            100.0 * f64::from(first as u32) / f64::from(firsts.max(1) as u32),
            100.0 * f64::from(right as u32) / f64::from(judged.max(1) as u32),
            cosine / n,
            1000.0 * start.elapsed().as_secs_f64() / n
        );
    }
    Ok(out + "\nThe first pictures, by their labels:\n\n" + &examples)
}
