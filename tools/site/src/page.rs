//! The page as it is served: a view's markup in its place, shared pieces in theirs, the words in it, and what it loads
//! asked for at its top.

use anyhow::{Context, Result, bail, ensure};
use base64::prelude::{BASE64_STANDARD, Engine};
use ring::digest;

use crate::words::Words;

/// Attributes that name a text, and the attribute that gets it. `data-t` is the element's own text.
const SLOTS: &[(&str, &str)] = &[
    ("data-t-label", "aria-label"),
    ("data-t-title", "title"),
    ("data-t-placeholder", "placeholder"),
    ("data-t", ""),
];

/// What the page's policy says of scripts, to which hashes of those in it are added.
const SCRIPTS: &str = "script-src 'self'";

/// Put texts in their places, and drop comments.
pub fn fill(html: &str, words: &Words) -> Result<String> {
    let mut filled = String::with_capacity(html.len() * 2);
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        filled += &rest[..start];
        rest = &rest[start..];
        let line = || html[..html.len() - rest.len()].matches('\n').count() + 1;
        if rest.starts_with("<!--") {
            let end = rest.find("-->").with_context(|| format!("line {}: a comment has no end", line()))?;
            rest = &rest[end + 3..];
            filled.truncate(filled.trim_end_matches([' ', '\t']).len());
            continue;
        }
        let end = tag_end(rest).with_context(|| format!("line {}: a tag has no end", line()))?;
        let (tag, after) = rest.split_at(end);
        let (tag, text) = fill_tag(tag, words).with_context(|| format!("line {}", line()))?;
        filled += &tag;
        if let Some(text) = text {
            let own = after.find('<').filter(|own| after[*own..].starts_with("</"));
            let own = own.with_context(|| {
                format!("line {}: what has its text from data-t can't have elements in it", line())
            })?;
            filled += &escape(text);
            rest = &after[own..];
        } else {
            rest = after;
        }
    }
    Ok(filled + rest)
}

/// A tag with its attributes filled, and the text that belongs behind it.
fn fill_tag<'a>(tag: &str, words: &'a Words) -> Result<(String, Option<&'a str>)> {
    let mut tag = tag.to_owned();
    let mut own = None;
    for (slot, attribute) in SLOTS {
        let start = format!(" {slot}=\"");
        let Some(at) = tag.find(&start) else { continue };
        let key = tag[at + start.len()..].split('"').next().unwrap_or_default().to_owned();
        let text = words.get(&key).with_context(|| format!("no words.js has a text {key:?}"))?;
        let filled = match attribute.is_empty() {
            true => String::new(),
            false => format!(" {attribute}=\"{}\"", escape(text)),
        };
        if attribute.is_empty() {
            own = Some(text.as_str());
        }
        tag.replace_range(at..at + start.len() + key.len() + 1, &filled);
    }
    Ok((tag, own))
}

/// Behind the `>` of the tag at the beginning, which may stand in an attribute as well.
fn tag_end(html: &str) -> Option<usize> {
    let mut quoted = false;
    html.char_indices().find_map(|(at, character)| {
        quoted ^= character == '"';
        (character == '>' && !quoted).then_some(at + 1)
    })
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// The view that is shown first: the name in the page's line `<!-- view: NAME -->`.
pub fn default_view(html: &str) -> Option<&str> {
    Some(html.split_once("<!-- view: ")?.1.split_once(" -->")?.0)
}

/// Put a view's markup in the place of that line.
pub fn with_view(html: &str, view: &str, markup: &str) -> String {
    html.replacen(&format!("<!-- view: {view} -->"), markup.trim_end(), 1)
}

/// What a line begins with in whose place a piece of markup is put, and what it ends with.
const INCLUDE: (&str, &str) = ("<!-- include: ", " -->");

/// What stands in a piece for the name that a line gives it.
const AS: &str = "{as}";

/// Put pieces that several pages have in common in the places of the lines `<!-- include: PATH as NAME -->`.
///
/// NAME is put where a piece says `{as}`, so that ids stay apart; a piece without needs none, and may have pieces in it.
/// `read` gives the text at a path.
pub fn with_pieces(html: &str, read: &impl Fn(&str) -> Result<String>) -> Result<String> {
    put_pieces(html, read, &[])
}

/// `within`: the paths of the pieces that this one is in.
fn put_pieces(html: &str, read: &impl Fn(&str) -> Result<String>, within: &[&str]) -> Result<String> {
    let mut whole = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((before, after)) = rest.split_once(INCLUDE.0) {
        let (line, after) = after.split_once(INCLUDE.1).context("an include has no end")?;
        let (path, name) = line.split_once(" as ").unwrap_or((line, ""));
        ensure!(!within.contains(&path), "{path} includes itself");
        let piece = read(path)?;
        ensure!(!name.is_empty() || !piece.contains(AS), "{path} needs a name: include: {path} as NAME");
        let piece = piece.trim_end().replace(AS, name);
        whole += before;
        whole += &put_pieces(&piece, read, &[within, &[path]].concat())?;
        rest = after;
    }
    Ok(whole + rest)
}

/// Write a script into the page in place of the tag that names it, and allow it, and no other, in the page's policy.
pub fn with_inline(html: &str, name: &str, script: &str) -> Result<String> {
    let script = script.trim_end();
    ensure!(!script.contains("</"), "{name} has \"</\" in it, which would end it inside a page");
    let tag = format!("<script src=\"{name}\" data-inline></script>");
    ensure!(html.matches(&tag).count() == 1, "the page does not have this, once: {tag}");
    ensure!(html.contains(SCRIPTS), "the page's policy does not say {SCRIPTS}");
    let hash = BASE64_STANDARD.encode(digest::digest(&digest::SHA256, script.as_bytes()));
    let html = html.replacen(SCRIPTS, &format!("{SCRIPTS} 'sha256-{hash}'"), 1);
    Ok(html.replacen(&tag, &format!("<script>{script}</script>"), 1))
}

/// Ask for more modules as soon as the page's own script is asked for.
pub fn with_preloads(html: &str, scripts: &[String]) -> Result<String> {
    let Some(at) = html.find("<script type=\"module\"") else { bail!("the page has no script") };
    let links: String =
        scripts.iter().map(|script| format!("<link rel=\"modulepreload\" href=\"{script}\">\n  ")).collect();
    Ok(format!("{}{links}{}", &html[..at], &html[at..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words() -> Words {
        [("a", "A & \"B\""), ("b", "<b>")].map(|(key, text)| (key.to_owned(), text.to_owned())).into()
    }

    #[test]
    fn texts_go_into_elements_and_attributes() {
        let cases = [
            ("<p data-t=\"a\"></p>", "<p>A &amp; \"B\"</p>"),
            ("<p id=\"x\" data-t=\"b\" hidden>old</p>", "<p id=\"x\" hidden>&lt;b&gt;</p>"),
            (
                "<a data-t-label=\"a\" data-t-title=\"b\"><i></i></a>",
                "<a aria-label=\"A &amp; &quot;B&quot;\" title=\"&lt;b&gt;\"><i></i></a>",
            ),
            (
                "<input data-t-placeholder=\"b\" value=\"1 > 0\">",
                "<input placeholder=\"&lt;b&gt;\" value=\"1 > 0\">",
            ),
            ("<template><p data-t=\"b\"></p></template>", "<template><p>&lt;b&gt;</p></template>"),
            ("x\n  <!-- <p data-t=\"c\"> -->\ny", "x\n\ny"),
        ];
        for (html, expected) in cases {
            let expected = expected.replace("A &amp; \"B\"", "A &amp; &quot;B&quot;");
            assert_eq!(fill(html, &words()).unwrap(), expected, "{html}");
        }
    }

    #[test]
    fn what_is_missing_is_told_with_its_line() {
        for (html, expected) in [
            ("<p>\n<b data-t=\"c\"></b>", "line 2: no words.js has a text \"c\""),
            ("\n\n<b data-t=\"a\"><i></i></b>", "line 3: what has its text"),
            ("<p>\n<!-- ", "line 2: a comment"),
        ] {
            let error = format!("{:#}", fill(html, &words()).unwrap_err());
            assert!(error.starts_with(expected), "{error}");
        }
    }

    #[test]
    fn pieces_stand_where_pages_name_them() {
        let read = |path: &str| {
            Ok(match path {
                "plain" => "<hr>\n",
                "named" => "<i id=\"{as}-a\">{}</i>\n<!-- include: nested as {as}-b -->\n",
                "nested" => "<b id=\"{as}\"></b>\n",
                "circle" => "<!-- include: circle -->",
                path => bail!("{path} could not be read"),
            }
            .to_owned())
        };
        for (html, expected) in [
            ("<p>\n", Ok("<p>\n")),
            (
                "x\n<!-- include: plain -->\n<!-- y -->\n<!-- include: plain -->\n",
                Ok("x\n<hr>\n<!-- y -->\n<hr>\n"),
            ),
            ("<!-- include: named as c -->", Ok("<i id=\"c-a\">{}</i>\n<b id=\"c-b\"></b>")),
            ("<!-- include: plain as c -->", Ok("<hr>")),
            ("<!-- include: named -->", Err("named needs a name: include: named as NAME")),
            ("<!-- include: missing -->", Err("missing could not be read")),
            ("<!-- include: circle -->", Err("circle includes itself")),
            ("<!-- include: plain", Err("an include has no end")),
        ] {
            let found = with_pieces(html, &read).map_err(|error| error.to_string());
            assert_eq!(found.as_deref().map_err(String::as_str), expected, "{html}");
        }
    }

    #[test]
    fn a_script_in_the_page_is_allowed_by_its_hash() {
        let html = "<meta content=\"script-src 'self' x\"><script src=\"a.js\" data-inline></script>";
        // The example of the specification, Content Security Policy Level 3, 8.3.
        let page = with_inline(html, "a.js", "alert('Hello, world.');\n").unwrap();
        let hash = "'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='";
        assert_eq!(
            page,
            format!("<meta content=\"script-src 'self' {hash} x\"><script>alert('Hello, world.');</script>")
        );
        assert!(with_inline("<p>", "a.js", "").is_err());
        assert!(with_inline(html, "a.js", "\"</script>\"").is_err());
    }

    #[test]
    fn a_view_stands_where_the_page_names_it() {
        let html = "<main>\n<!-- view: match -->\n</main>";
        assert_eq!(default_view(html), Some("match"));
        assert_eq!(with_view(html, "match", "<p>\n"), "<main>\n<p>\n</main>");
        assert_eq!(default_view("<main>"), None);
    }
}
