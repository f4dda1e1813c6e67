//! A version's section of `CHANGELOG.md`: `## 1.2.3 — 2026-01-31`, or `— unreleased` until it has its date.

use anyhow::{Context, Result, bail, ensure};
use semver::Version;

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Section<'a> {
    /// As it stands in the heading; none: unreleased.
    pub(super) date: Option<&'a str>,
    /// What stands below the heading.
    pub(super) text: &'a str,
}

/// The section of `version`, which must be the first one and say something.
pub(super) fn section<'a>(changelog: &'a str, version: &Version) -> Result<Section<'a>> {
    let (_, first) = changelog.split_once("\n## ").context("CHANGELOG.md has no section")?;
    let (heading, rest) = first.split_once('\n').unwrap_or((first, ""));
    let (named, when) = heading
        .split_once(" — ")
        .with_context(|| format!("the heading “{heading}” is not “VERSION — DATE”"))?;
    ensure!(
        named == version.to_string(),
        "the first section of CHANGELOG.md is of {named}, not of {version}"
    );
    let date = match when {
        "unreleased" => None,
        date if is_date(date) => Some(date),
        other => bail!("the date of {version} in CHANGELOG.md is “{other}”, not YYYY-MM-DD or “unreleased”"),
    };
    let text = rest.split_once("\n## ").map_or(rest, |(text, _)| text).trim();
    ensure!(!text.is_empty(), "the section of {version} in CHANGELOG.md says nothing");
    Ok(Section { date, text })
}

/// `2026-01-31`
fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let number = |part: &str, digits: usize| match part.len() == digits
        && part.bytes().all(|byte| byte.is_ascii_digit())
    {
        true => part.parse::<u32>().ok(),
        false => None,
    };
    match parts.as_slice() {
        [year, month, day] => {
            number(year, 4).is_some()
                && number(month, 2).is_some_and(|month| (1..=12).contains(&month))
                && number(day, 2).is_some_and(|day| (1..=31).contains(&day))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TWO: &str =
        "# Changelog\n\nWords.\n\n## 0.2.0 — 2026-01-31\n\n- New.\n\n## 0.1.0 — 2025-12-01\n\n- First.\n";

    #[test]
    fn a_section_has_its_date_and_its_text() {
        let version = Version::new(0, 2, 0);
        assert_eq!(section(TWO, &version).unwrap(), Section { date: Some("2026-01-31"), text: "- New." });
        let unreleased = TWO.replace("2026-01-31", "unreleased");
        assert_eq!(section(&unreleased, &version).unwrap().date, None);
        assert_eq!(section("\n## 0.2.0 — unreleased\n\n- Last.", &version).unwrap().text, "- Last.");
    }

    #[test]
    fn what_is_no_section_of_the_version_is_refused() {
        let version = Version::new(0, 2, 0);
        for (changelog, message) in [
            (TWO.replace("## ", "# "), "no section"),
            (TWO.replace("0.2.0", "0.3.0"), "is of 0.3.0"),
            (TWO.replace(" — 2026", " 2026"), "not “VERSION — DATE”"),
            (TWO.replace("2026-01-31", "2026-13-31"), "2026-13-31"),
            (TWO.replace("2026-01-31", "soon"), "soon"),
            (TWO.replace("- New.\n\n", ""), "says nothing"),
        ] {
            let error = section(&changelog, &version).unwrap_err().to_string();
            assert!(error.contains(message), "{error}");
        }
    }
}
