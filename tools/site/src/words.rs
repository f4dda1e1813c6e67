//! The page's words, as the build reads them: `export const text = { … };` of a `words.js`, whose literal is JSON but for
//! comments and commas at its end, so that no JavaScript has to run to put the words into the HTML.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};

use crate::files::{self, Files};

/// Key → text.
pub type Words = BTreeMap<String, String>;

/// What precedes the literal.
const START: &str = "export const text = ";

/// The words of the shell, of its parts and of every view: of each `words.js` below `www`.
pub fn of(www: &Path) -> Result<Words> {
    let mut all = Words::new();
    let mut files = Files::new();
    files::add(&mut files, www, Path::new(""))?;
    for file in files.values().filter(|file| file.ends_with("words.js")) {
        let text = fs::read_to_string(file)?;
        for (key, word) in parse(&text).with_context(|| format!("{} can't be read", file.display()))? {
            ensure!(
                all.insert(key.clone(), word).is_none(),
                "{} has a text {key:?}, which another words.js has, too",
                file.display()
            );
        }
    }
    Ok(all)
}

/// The words in the text of one such module.
fn parse(module: &str) -> Result<Words> {
    let Some(start) = module.find(START) else { bail!("it has no line with {START}{{") };
    let start = start + START.len();
    let line = module[..start].matches('\n').count();
    serde_json::from_str(&literal(&module[start..])).map_err(|error| {
        let cause = error.to_string();
        let cause = cause.split(" at line ").next().unwrap_or_default();
        anyhow::anyhow!(
            "line {}: {cause} (its texts are JSON, so that the build can read them: keys and texts in double quotes, nothing computed)",
            line + error.line()
        )
    })
}

/// The object at the beginning of `text` as JSON: comments and last commas become spaces, so that lines stay lines.
fn literal(text: &str) -> String {
    let mut json = String::new();
    // Where the last character is that is neither space nor comment.
    let mut last = 0;
    let mut depth = 0;
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '"' => string(rest),
            '/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => rest.find("*/").map_or(rest.len(), |end| end + 2),
            _ => first.len_utf8(),
        };
        let (part, after) = rest.split_at(length);
        rest = after;
        if first == '/' || first.is_whitespace() {
            json.extend(part.chars().map(|character| if character == '\n' { '\n' } else { ' ' }));
            continue;
        }
        if matches!(first, '}' | ']') && json[last..].starts_with(',') {
            json.replace_range(last..=last, " ");
        }
        last = json.len();
        json += part;
        depth += match first {
            '{' => 1,
            '}' => -1,
            _ => 0,
        };
        if depth <= 0 {
            break;
        }
    }
    json
}

/// The length of the string at the beginning, with its quotes.
fn string(text: &str) -> usize {
    let mut escaped = false;
    for (at, character) in text.char_indices().skip(1) {
        match character {
            '"' if !escaped => return at + 1,
            '\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_last_commas_are_no_json_and_understood() {
        let module = r#"
            import x from "y";
            /** All of them. */
            export const text = {
              // Said first, {
              "a.b": "1 // no comment, \"}\" no end",
              /* Said
                 then. */
              "c":
                "two",
            };
            export const other = { "d": "3" };"#;
        let expected = [("a.b", "1 // no comment, \"}\" no end"), ("c", "two")];
        assert_eq!(parse(module).unwrap(), expected.map(|(key, word)| (key.into(), word.into())).into());
    }

    #[test]
    fn what_is_not_json_is_told_with_its_line() {
        for (module, line) in [
            ("\nexport const text = {\n  \"a\": \"b\",\n  c: \"d\",\n};", "line 4: "),
            ("export const text = {\n  \"a\": `b`,\n};", "line 2: "),
            ("export const text = {\n  \"a\": \"b\" + \"c\",\n};", "line 2: "),
            ("export const text = { \"a\": \"b\"", "line 1: "),
            ("export const texts = {};", "it has no line"),
        ] {
            let error = parse(module).unwrap_err().to_string();
            assert!(error.starts_with(line), "{error}");
        }
    }

    #[test]
    fn every_word_of_the_repository_is_read() {
        let words = of(&repository::paths::root().join("www")).unwrap();
        // The shell's own, a part's and a view's.
        for key in ["page.title", "model.title", "labels.title"] {
            assert!(words.contains_key(key), "{key}");
        }
    }
}
