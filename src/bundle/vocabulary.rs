//! A `tokenizer.json` for files that come with a vocabulary only, as Hugging Face's `CLIPTokenizerFast` makes one
//! (`CLIPConverter` in its `convert_slow_tokenizer.py`).

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use crate::{Error, Result};

const START: &str = "<|startoftext|>";
const END: &str = "<|endoftext|>";
/// What the last letter of a word carries.
const WORD_END: &str = "</w>";
/// Longer tokens, and more letters in all, no vocabulary has; to find their merges would take for ever.
const MOST_LETTERS: usize = 128;
const MOST_LETTERS_IN_ALL: usize = 4 << 20;

/// From `vocab.json` (tokens and their ids) and `merges.txt` (a pair a line, the first the most frequent).
///
/// Errors: one of them is not what it should be, or CLIP's special tokens are missing.
pub fn from_files(vocab: &str, merges: &str) -> Result<String> {
    let vocab: Map<String, Value> =
        serde_json::from_str(vocab).map_err(|e| Error::Model(format!("vocab.json: {e}.")))?;
    let lines = merges.lines().filter(|line| !line.starts_with("#version") && !line.trim().is_empty());
    let merges = lines.map(|line| line.trim_end().to_owned()).collect();
    tokenizer(vocab, merges)
}

/// From the tokens in the order of their ids, as clip.cpp keeps them: the merges are found again.
///
/// Errors: CLIP's special tokens are missing, or it is no vocabulary at all.
pub fn from_tokens(tokens: &[String]) -> Result<String> {
    if tokens.iter().map(String::len).sum::<usize>() > MOST_LETTERS_IN_ALL {
        return Err(Error::Model("The vocabulary is too large for a CLIP model's.".into()));
    }
    let vocab = tokens.iter().enumerate().map(|(id, token)| (token.clone(), json!(id))).collect();
    tokenizer(vocab, merges(tokens))
}

fn tokenizer(vocab: Map<String, Value>, merges: Vec<String>) -> Result<String> {
    let id = |token: &str| match vocab.get(token).and_then(Value::as_u64) {
        Some(id) => Ok(id),
        None => Err(Error::Model(format!("The vocabulary has no “{token}”: it is not a CLIP model's."))),
    };
    let (start, end) = (id(START)?, id(END)?);
    let special = |id: u64, content: &str| {
        json!({ "id": id, "content": content, "single_word": false, "lstrip": false, "rstrip": false,
            "normalized": false, "special": true })
    };
    let words = r"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+";
    let file = json!({
        "version": "1.0",
        "added_tokens": [special(start, START), special(end, END)],
        "normalizer": { "type": "Sequence", "normalizers": [
            { "type": "NFC" },
            { "type": "Replace", "pattern": { "Regex": r"\s+" }, "content": " " },
            { "type": "Lowercase" },
        ] },
        "pre_tokenizer": { "type": "Sequence", "pretokenizers": [
            { "type": "Split", "pattern": { "Regex": words }, "behavior": "Removed", "invert": true },
            { "type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": false },
        ] },
        "post_processor": { "type": "RobertaProcessing", "sep": [END, end], "cls": [START, start],
            "trim_offsets": false, "add_prefix_space": false },
        "model": { "type": "BPE", "unk_token": END, "continuing_subword_prefix": "", "end_of_word_suffix": WORD_END,
            "fuse_unk": false, "vocab": vocab, "merges": merges },
    });
    Ok(file.to_string())
}

/// The merges that made these tokens, in their order: each token of more than a letter is what one merge made of two
/// tokens before it, and those before it, applied to its letters, leave these two.
fn merges(tokens: &[String]) -> Vec<String> {
    let mut ranks: HashMap<(String, String), usize> = HashMap::new();
    let mut merges = Vec::new();
    for token in tokens.iter().filter(|token| ![START, END].contains(&token.as_str())) {
        let mut parts = letters(token);
        if parts.len() > MOST_LETTERS {
            continue;
        }
        while parts.len() > 2 {
            let rank = |pair: &[String]| ranks.get(&(pair[0].clone(), pair[1].clone())).copied();
            let pairs = parts.windows(2).enumerate();
            let Some((_, at)) = pairs.filter_map(|(at, pair)| Some((rank(pair)?, at))).min() else { break };
            let second = parts.remove(at + 1);
            parts[at].push_str(&second);
        }
        if let [a, b] = &parts[..] {
            ranks.insert((a.clone(), b.clone()), merges.len());
            merges.push(format!("{a} {b}"));
        }
    }
    merges
}

/// The letters of a token; the mark of the word's end belongs to the last.
fn letters(token: &str) -> Vec<String> {
    let (word, end) = match token.strip_suffix(WORD_END) {
        Some(word) if !word.is_empty() => (word, WORD_END),
        _ => (token, ""),
    };
    let mut letters: Vec<String> = word.chars().map(String::from).collect();
    if let Some(last) = letters.last_mut() {
        last.push_str(end);
    }
    letters
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn merges_are_found_again() {
        let words = ["a", "b", "c", "a</w>", "b</w>", "c</w>", "ab", "abc</w>", "bc", "abc", START, END];
        let tokens: Vec<String> = words.map(String::from).to_vec();
        assert_eq!(merges(&tokens), ["a b", "ab c</w>", "b c", "ab c"]);
        // A file may hold anything: this one would take hours.
        let endless = ["a".to_owned(), "aa".to_owned(), "a".repeat(2_000_000)];
        assert_eq!(merges(&endless), ["a a"]);
    }

    #[test]
    fn a_vocabulary_of_something_else_is_refused() {
        for (vocab, merges, part) in
            [("[]", "", "vocab.json"), ("{}", "", START), (r#"{"<|startoftext|>": 0}"#, "", END)]
        {
            let message = from_files(vocab, merges).unwrap_err().to_string();
            assert!(message.contains(part), "{message}");
        }
    }
}
