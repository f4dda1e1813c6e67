//! The licence that a repository's `README.md` states.

/// `license` of the front matter, the YAML between two lines of `---` at the top; `license_name` where that says `other`.
pub fn licence(readme: &str) -> Option<String> {
    let mut lines = readme.lines().skip_while(|line| line.trim().is_empty());
    if lines.next()?.trim_end() != "---" {
        return None;
    }
    let matter: Vec<&str> = lines.take_while(|line| line.trim_end() != "---").collect();
    let field = |name: &str| {
        let at = matter
            .iter()
            .position(|line| line.strip_prefix(name).is_some_and(|rest| rest.starts_with(':')))?;
        let (_, value) = matter[at].split_once(':')?;
        let value = plain(value);
        match value.is_empty() {
            false => Some(value),
            // A list: its items stand on the lines that follow.
            true => {
                let items = matter[at + 1..].iter().map_while(|line| line.trim_start().strip_prefix("- "));
                let items: Vec<String> = items.map(plain).collect();
                (!items.is_empty()).then(|| items.join(", "))
            }
        }
    };
    match field("license") {
        Some(licence) if licence == "other" => Some(field("license_name").unwrap_or(licence)),
        licence => licence,
    }
}

/// A scalar without its quotes, brackets and comment.
fn plain(value: &str) -> String {
    let value = value.split(" #").next().unwrap_or(value).trim();
    value.trim_matches(['"', '\'', '[', ']']).trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_front_matter_says_it() {
        let cases = [
            ("---\nlicense: mit\n---\n# Title", Some("mit")),
            ("---\ntags:\n- vision\nlicense: \"apache-2.0\"  # of the weights\n---\n", Some("apache-2.0")),
            ("---\nlicense:\n- mit\n- apache-2.0\ntags: [a]\n---\n", Some("mit, apache-2.0")),
            ("---\nlicense: [mit]\n---\n", Some("mit")),
            ("---\nlicense: other\nlicense_name: faipl-1.0\n---\n", Some("faipl-1.0")),
            ("---\r\nlicense: mit\r\n---\r\n", Some("mit")),
            ("---\ntags:\n- vision\n---\nlicense: mit\n", None),
            ("---\nlicense_name: odd\n---\n", None),
            ("# Title\nlicense: mit\n", None),
            ("", None),
        ];
        for (readme, expected) in cases {
            assert_eq!(licence(readme).as_deref(), expected, "{readme:?}");
        }
    }
}
