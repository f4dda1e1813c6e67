//! The parts of HTTP that a file server needs, without sockets: which file, which type, which bytes.

use std::path::{Path, PathBuf};

/// The file under `root` that a request's target means, or `None` when there is none, or none that may be shown:
/// `..`, encoded or not, and links that lead out of `root` find nothing. `root` must be canonical.
pub fn locate(root: &Path, target: &str) -> Option<PathBuf> {
    let path = decode(target.split(['?', '#']).next()?)?;
    if !path.starts_with('/') || path.contains(['\\', '\0']) {
        return None;
    }
    let mut file = root.to_path_buf();
    for part in path.split('/').filter(|part| !part.is_empty()) {
        if part.starts_with('.') {
            return None;
        }
        file.push(part);
    }
    let file = file.canonicalize().ok()?;
    file.starts_with(root).then_some(file)
}

/// `%20` and the like undone; `None` when the result is not UTF-8 or an escape is broken.
fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = tail;
        if *first != b'%' {
            bytes.push(*first);
            continue;
        }
        let hex = std::str::from_utf8(tail.get(..2)?).ok()?;
        if !hex.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        bytes.push(u8::from_str_radix(hex, 16).ok()?);
        rest = &tail[2..];
    }
    String::from_utf8(bytes).ok()
}

/// The media type of a file, by its name. Browsers insist on those of scripts, modules and wasm.
pub fn media_type(file: &Path) -> &'static str {
    let extension = file.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    match extension.to_ascii_lowercase().as_str() {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "ts" | "md" | "txt" => "text/plain; charset=utf-8",
        "json" | "map" => "application/json; charset=utf-8",
        "webmanifest" => "application/manifest+json; charset=utf-8",
        "csv" => "text/csv; charset=utf-8",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "bmp" => "image/bmp",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "zip" => "application/zip",
        _ => "application/octet-stream",
    }
}

/// Does an `Accept-Encoding` header name this encoding, and not to refuse it?
pub fn accepts(header: &str, encoding: &str) -> bool {
    header.split(',').any(|part| {
        let (name, parameters) = part.split_once(';').unwrap_or((part, ""));
        let refused = parameters.trim().strip_prefix("q=").is_some_and(|q| q.parse() == Ok(0.0));
        name.trim().eq_ignore_ascii_case(encoding) && !refused
    })
}

/// Which bytes of a file to send.
#[derive(Debug, PartialEq, Eq)]
pub enum Span {
    /// All of them: no range was asked for, or none that is understood.
    Whole,
    /// From the first to before the second.
    Part(u64, u64),
    /// The range lies outside of the file.
    Outside,
}

/// A `Range` header over a file of `length` bytes. One range is served; several are answered with the whole file,
/// which RFC 9110 (14.2) allows.
pub fn span(range: Option<&str>, length: u64) -> Span {
    let Some(range) = range.and_then(|range| range.trim().strip_prefix("bytes=")) else {
        return Span::Whole;
    };
    let Some((first, last)) = range.trim().split_once('-') else {
        return Span::Whole;
    };
    let number =
        |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse::<u64>().ok());
    match (number(first), number(last)) {
        (Some(None), Some(Some(0))) => Span::Outside,
        (Some(None), Some(Some(suffix))) if length > 0 => Span::Part(length.saturating_sub(suffix), length),
        (Some(Some(first)), Some(last)) => match last {
            Some(last) if last < first => Span::Whole,
            _ if first >= length => Span::Outside,
            Some(last) => Span::Part(first, last.saturating_add(1).min(length)),
            None => Span::Part(first, length),
        },
        (Some(None), Some(Some(_))) => Span::Outside,
        _ => Span::Whole,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn nothing_outside_of_the_root_is_found() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap().join("dist");
        fs::create_dir_all(root.join("www")).unwrap();
        fs::write(root.join("index.html"), "").unwrap();
        fs::write(root.join("www/a b.js"), "").unwrap();
        fs::write(root.join(".list"), "").unwrap();
        fs::write(root.parent().unwrap().join("secret"), "").unwrap();
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink("../secret", root.join("way-out")).unwrap();
            std::os::unix::fs::symlink("index.html", root.join("inside")).unwrap();
            assert!(locate(&root, "/inside").is_some());
        }
        for found in ["/", "/index.html", "/index.html?x=1", "//index.html", "/www", "/www/a%20b.js"] {
            assert!(locate(&root, found).is_some(), "{found}");
        }
        for missing in [
            "",
            "index.html",
            "/nothing",
            "/../secret",
            "/%2e%2e/secret",
            "/%2E%2E%2Fsecret",
            "/www/../../secret",
            "/www/..%2f..%2fsecret",
            "/..%5csecret",
            "/way-out",
            "/.list",
            "/./index.html",
            "/%",
            "/%4",
            "/%zz",
            "/%+1",
            "/index.html%00",
            "/%ff",
        ] {
            assert_eq!(locate(&root, missing), None, "{missing}");
        }
    }

    #[test]
    fn types_are_those_that_browsers_insist_on() {
        let cases = [
            ("a.wasm", "application/wasm"),
            ("a.JS", "text/javascript; charset=utf-8"),
            ("a.d.ts", "text/plain; charset=utf-8"),
            ("a.json", "application/json; charset=utf-8"),
            ("a.webmanifest", "application/manifest+json; charset=utf-8"),
            ("a.gguf", "application/octet-stream"),
            ("a.gguf-part", "application/octet-stream"),
            ("a.safetensors", "application/octet-stream"),
            ("a.svg", "image/svg+xml"),
            ("a", "application/octet-stream"),
        ];
        for (file, expected) in cases {
            assert_eq!(media_type(Path::new(file)), expected, "{file}");
        }
    }

    #[test]
    fn encodings_are_taken_that_are_named_and_not_refused() {
        let cases = [
            ("gzip, deflate, br", true),
            ("BR;q=0.5", true),
            ("gzip", false),
            ("br;q=0", false),
            ("br; q=0.000, gzip", false),
            ("", false),
            ("bro", false),
        ];
        for (header, expected) in cases {
            assert_eq!(accepts(header, "br"), expected, "{header}");
        }
    }

    #[test]
    fn ranges_are_read_as_rfc_9110_says() {
        use Span::{Outside, Part, Whole};
        let cases = [
            (None, 10, Whole),
            (Some("bytes=0-0"), 10, Part(0, 1)),
            (Some("bytes=2-4"), 10, Part(2, 5)),
            (Some("bytes=2-"), 10, Part(2, 10)),
            (Some("bytes=2-99"), 10, Part(2, 10)),
            (Some("bytes=-3"), 10, Part(7, 10)),
            (Some("bytes=-99"), 10, Part(0, 10)),
            (Some("bytes=9-18446744073709551615"), 10, Part(9, 10)),
            (Some("bytes=10-"), 10, Outside),
            (Some("bytes=-0"), 10, Outside),
            (Some("bytes=0-"), 0, Outside),
            (Some("bytes=-1"), 0, Outside),
            (Some("bytes=4-2"), 10, Whole),
            (Some("bytes=-"), 10, Whole),
            (Some("bytes=a-b"), 10, Whole),
            (Some("bytes=+1-2"), 10, Whole),
            (Some("bytes=0-1,3-4"), 10, Whole),
            (Some("lines=0-1"), 10, Whole),
        ];
        for (range, length, expected) in cases {
            assert_eq!(span(range, length), expected, "{range:?} of {length}");
        }
    }
}
