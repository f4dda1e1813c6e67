//! What a thing may be instead: words that exclude each other and are of none of the kinds of answers.

/// Each line excludes each other.
const SETS: [&[&str]; 38] = [
    &["indoors", "outdoors"],
    &["inside", "outside"],
    &["day", "night"],
    &["in the daytime", "at night", "during the day"],
    &["open", "closed"],
    &["old", "new", "young"],
    &["big", "large", "small", "tiny"],
    &["empty", "full"],
    &["wet", "dry"],
    &["clean", "dirty"],
    &["alive", "dead"],
    &["happy", "sad", "angry"],
    &["smiling", "frowning", "crying"],
    &["hot", "cold"],
    &["bright", "dark"],
    &["long", "short"],
    &["thick", "thin"],
    &["soft", "hard"],
    &["smooth", "rough"],
    &["shiny", "matt"],
    &["sitting", "standing", "lying", "running", "walking", "flying", "swimming", "jumping"],
    &["asleep", "awake"],
    &["sleeping", "awake", "playing"],
    &["eating", "sleeping", "playing"],
    &["male", "female"],
    &["a man", "a woman"],
    &["black and white", "colourful"],
    &["blurry", "sharp"],
    &["alone", "together", "in a group"],
    &["cooked", "raw"],
    &["ripe", "unripe"],
    &["broken", "intact", "whole"],
    &["wild", "tame"],
    &["natural", "artificial"],
    &["crowded", "empty", "deserted"],
    &["expensive", "cheap"],
    &["round", "square", "triangular", "rectangular"],
    &["striped", "plain", "spotted", "checked"],
];

/// Sides that exclude each other, in whatever is said with them.
const SIDES: [(&str, &str); 10] = [
    ("left", "right"),
    ("right", "left"),
    ("above", "below"),
    ("below", "above"),
    ("over", "under"),
    ("under", "on"),
    ("on", "under"),
    ("in front of", "behind"),
    ("behind", "in front of"),
    ("inside", "outside"),
];

/// The others of the first set that has the words, or what they say with the sides exchanged.
pub fn of(words: &str) -> Vec<String> {
    if let Some(set) = SETS.iter().find(|set| set.contains(&words)) {
        return set.iter().filter(|other| **other != words).map(|other| (*other).to_owned()).collect();
    }
    let spaced = format!(" {words} ");
    let side = SIDES.iter().find(|(side, _)| words.contains(' ') && spaced.contains(&format!(" {side} ")));
    let exchanged = |(side, other): &(&str, &str)| {
        vec![spaced.replacen(&format!(" {side} "), &format!(" {other} "), 1).trim().to_owned()]
    };
    side.map_or(Vec::new(), exchanged)
}
