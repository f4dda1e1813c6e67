//! What things of a kind are called: the candidates for “which animal”, “what colour” …

/// `data/make.py` says where they come from: blocks of a line with the kind's names and a line for each candidate, “·” before those with
/// a word that pocket was not trained on.
const LINES: &str = include_str!("../data/answers.txt");

/// A kind, and what there is of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kind {
    /// How a question may call it, the usual name first.
    pub names: Vec<&'static str>,
    pub answers: Vec<&'static str>,
}

impl Kind {
    pub fn name(&self) -> &'static str {
        self.names[0]
    }

    /// The statement that a picture shows one of them, `{}` where it goes.
    pub fn template(&self) -> &'static str {
        match self.name() {
            "colour" | "pattern" | "shape" | "texture" | "condition" | "size" => "a photo of something {}",
            "weather" => "a photo of {} weather",
            "season" => "a photo taken in {}",
            "time of day" => "a photo taken at {}",
            "atmosphere" => "a {} photo",
            "quality" | "camera angle" | "kind of photo" | "art medium" | "art style" | "background"
            | "handwriting" => "{}",
            "emotion" | "posture" | "activity" => "a photo of someone {}",
            "hair colour" => "a photo of someone with {} hair",
            "eye colour" => "a photo of someone with {} eyes",
            "hairstyle" | "facial hair" => "a photo of someone with {}",
            "material" | "metal" | "fabric" | "gemstone" => "a photo of something made of {}",
            "era" => "a photo of something from the {}",
            "architectural style" => "a photo of {} architecture",
            "interior style" => "a photo of a {} interior",
            "sport" | "game" | "light" | "holiday" | "environment" | "language" | "music genre" | "meat"
            | "cheese" => "a photo of {}",
            _ => "a photo of a {}",
        }
    }
}

/// All kinds, with all answers or, for the model of that name, those that it knows.
pub fn kinds(model: Option<&str>) -> Vec<Kind> {
    let mut kinds: Vec<Kind> = Vec::new();
    for line in LINES.lines() {
        match line.strip_prefix("# ") {
            Some(names) => kinds.push(Kind { names: names.split(", ").collect(), answers: Vec::new() }),
            None => {
                if let (Some(kind), Some(answer)) = (kinds.last_mut(), crate::banks::known(line, model))
                    && !answer.is_empty()
                {
                    kind.answers.push(answer);
                }
            }
        }
    }
    kinds.retain(|kind| kind.answers.len() > 1);
    kinds
}
