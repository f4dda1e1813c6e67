//! The Content-Security-Policy, which `index.html` states once, in a `<meta>` of its own.

/// Said by a header only: browsers ignore it in a `<meta>`.
const FRAMES: &str = "frame-ancestors 'self'";

/// What a page's `<meta>` says, as a header for all of its site's answers: a worker obeys the headers of its own
/// script and not its page's `<meta>`. None where the page says nothing.
pub fn header_of(page: &str) -> Option<String> {
    let (_, meta) = page.split_once("http-equiv=\"Content-Security-Policy\"")?;
    let (policy, _) = meta.split_once("content=\"")?.1.split_once('"')?;
    let policy = policy.split_whitespace().collect::<Vec<_>>().join(" ");
    Some(format!("{}; {FRAMES}", policy.trim_end_matches([';', ' '])))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn read(path: &str) -> String {
        fs::read_to_string(repository::paths::root().join(path)).unwrap()
    }

    #[test]
    fn it_is_what_the_page_says_on_one_line() {
        let page = "<meta charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none';\n  img-src *; \">\n<p>";
        let expected = "default-src 'none'; img-src *; frame-ancestors 'self'";
        assert_eq!(header_of(page).as_deref(), Some(expected));
        assert_eq!(header_of("<p>"), None);
    }

    /// The engine refuses other hosts of models by itself; the page's policy allows the same ones.
    #[test]
    fn the_page_and_the_engine_name_the_same_hosts() {
        let policy = header_of(&read("index.html")).unwrap();
        let connect = policy.split("; ").find_map(|rule| rule.strip_prefix("connect-src ")).unwrap();
        let allowed: Vec<_> = connect.split(' ').filter(|source| source.starts_with("https:")).collect();
        let engine = read("www/engine/fetching/hosts.js");
        let (_, list) = engine.split_once("const MODEL_HOSTS = [").unwrap();
        let (list, _) = list.split_once(']').unwrap();
        let hosts: Vec<_> = list.split(',').map(|host| host.trim().trim_matches('"')).collect();
        assert_eq!(allowed, hosts);
    }
}
