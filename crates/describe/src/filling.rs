//! A template with words in it.

/// A template with an answer in it: “a {}” becomes “an apple”, and “a photo of a {}” takes no second article.
pub fn fill(template: &str, answer: &str) -> String {
    match template.split_once("a {}") {
        Some((before, after)) if before.is_empty() || before.ends_with(' ') => {
            format!("{before}{}{after}", with_article(without_article(answer)))
        }
        _ => template.replace("{}", answer),
    }
}

/// “an apple”, “a pear”.
pub fn with_article(noun: &str) -> String {
    let vowel = noun.starts_with(['a', 'e', 'i', 'o', 'u'])
        && !["uni", "use", "eu", "one"].iter().any(|start| noun.starts_with(start));
    format!("{} {noun}", if vowel || noun.starts_with("hour") { "an" } else { "a" })
}

const ARTICLES: [&str; 10] = ["a", "an", "the", "any", "some", "this", "that", "these", "those", "another"];

pub fn has_article(text: &str) -> bool {
    text.split_once(' ').is_some_and(|(first, _)| ARTICLES.contains(&first))
}

pub fn without_article(text: &str) -> &str {
    match text.split_once(' ') {
        Some((first, rest)) if ARTICLES.contains(&first) => rest,
        _ => text,
    }
}
