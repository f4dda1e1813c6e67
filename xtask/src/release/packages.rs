//! The packages that are published, as cargo knows them, and their version.

use anyhow::{Context, Result, bail, ensure};
use repository::process;
use semver::Version;
use serde_json::Value;

/// A package that crates.io gets.
#[derive(Debug)]
pub(super) struct Package {
    pub(super) name: String,
    pub(super) version: Version,
    /// It has a library.
    pub(super) library: bool,
    /// What it needs of its own workspace, but for its tests: name, and the version that is asked for.
    needs: Vec<(String, String)>,
}

/// The published packages of this workspace, each after what it needs.
pub(super) fn published() -> Result<Vec<Package>> {
    let metadata =
        process::read(process::cargo().args(["metadata", "--format-version", "1", "--no-deps", "--locked"]))?;
    in_order(read(&serde_json::from_str(&metadata).context("cargo's metadata could not be read")?)?)
}

fn read(metadata: &Value) -> Result<Vec<Package>> {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let text =
        |value: &Value| value.as_str().map(str::to_owned).with_context(|| format!("{value} is no text"));
    let mut packages = Vec::new();
    for package in list(&metadata["packages"]) {
        // An empty list of registries: `publish = false`.
        if package["publish"].as_array().is_some_and(Vec::is_empty) {
            continue;
        }
        let name = text(&package["name"])?;
        let mut needs = Vec::new();
        for dependency in list(&package["dependencies"]) {
            if dependency["path"].is_null() || dependency["kind"] == "dev" {
                continue;
            }
            needs.push((text(&dependency["name"])?, text(&dependency["req"])?));
        }
        needs.dedup();
        let version = text(&package["version"])?.parse().with_context(|| format!("the version of {name}"))?;
        // `kind` of a target is a list: a library may be of several types.
        let library = list(&package["targets"])
            .iter()
            .flat_map(|target| list(&target["kind"]))
            .any(|kind| kind.as_str().is_some_and(|kind| kind.ends_with("lib")));
        packages.push(Package { name, version, library, needs });
    }
    Ok(packages)
}

/// Each after what it needs; among equals by name. A package that needs one that is not published can't be either.
fn in_order(mut left: Vec<Package>) -> Result<Vec<Package>> {
    left.sort_by(|a, b| a.name.cmp(&b.name));
    let mut ordered = Vec::new();
    while !left.is_empty() {
        let there = |name: &String| ordered.iter().any(|package: &Package| package.name == *name);
        let Some(next) = left.iter().position(|package| package.needs.iter().all(|(name, _)| there(name)))
        else {
            let said: Vec<_> =
                left.iter().map(|package| format!("{} needs {:?}", package.name, package.needs)).collect();
            bail!("these packages need one that is not published: {}", said.join("; "));
        };
        ordered.push(left.remove(next));
    }
    Ok(ordered)
}

/// The one version that all of them have, and ask of one another.
pub(super) fn common_version(packages: &[Package]) -> Result<Version> {
    let version = packages.first().context("no package is published")?.version.clone();
    let wanted = format!("^{version}");
    for package in packages {
        ensure!(
            package.version == version,
            "{} has version {}, {} has {version}",
            package.name,
            package.version,
            packages[0].name
        );
        for (name, asked) in &package.needs {
            ensure!(
                *asked == wanted,
                "{} asks for {name} {asked}; the version is {version} (workspace.dependencies in Cargo.toml)",
                package.name
            );
        }
    }
    Ok(version)
}

/// The tag of a version.
pub(super) fn tag(version: &Version) -> String {
    format!("v{version}")
}

/// The newest release among a repository's tags; other tags are passed over.
pub(super) fn last_release(tags: &str) -> Option<Version> {
    tags.lines().filter_map(|tag| tag.trim().strip_prefix('v')?.parse().ok()).max()
}

/// A version that was released, or comes before one that was, is refused.
pub(super) fn newer(version: &Version, last: Option<&Version>) -> Result<()> {
    match last {
        Some(last) if version <= last => bail!(
            "version {version} is not newer than the last release, {last}: raise workspace.package.version and the versions in workspace.dependencies in Cargo.toml"
        ),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(name: &str, version: &str, needs: &[(&str, &str)]) -> Package {
        let needs = needs.iter().map(|(name, asked)| ((*name).to_owned(), (*asked).to_owned())).collect();
        Package { name: name.to_owned(), version: version.parse().unwrap(), library: true, needs }
    }

    #[test]
    fn packages_come_after_what_they_need() {
        let packages = vec![
            package("a", "1.0.0", &[("c", "^1.0.0")]),
            package("b", "1.0.0", &[]),
            package("c", "1.0.0", &[("b", "^1.0.0")]),
        ];
        let names: Vec<String> =
            in_order(packages).unwrap().into_iter().map(|package| package.name).collect();
        assert_eq!(names, ["b", "c", "a"]);
        let error = in_order(vec![package("a", "1.0.0", &[("private", "*")])]).unwrap_err().to_string();
        assert!(error.contains("a needs") && error.contains("private"), "{error}");
    }

    #[test]
    fn all_have_one_version_and_ask_for_it() {
        let one = common_version(&[package("a", "1.2.0", &[]), package("b", "1.2.0", &[("a", "^1.2.0")])]);
        assert_eq!(one.unwrap().to_string(), "1.2.0");
        let cases: [(&[Package], &str); 4] = [
            (&[], "no package"),
            (&[package("a", "1.2.0", &[]), package("b", "1.1.0", &[])], "b has version 1.1.0"),
            (&[package("a", "1.2.0", &[]), package("b", "1.2.0", &[("a", "^1.1.0")])], "b asks for a ^1.1.0"),
            (&[package("a", "1.2.0", &[]), package("b", "1.2.0", &[("a", "*")])], "b asks for a *"),
        ];
        for (packages, message) in cases {
            let error = common_version(packages).unwrap_err().to_string();
            assert!(error.contains(message), "{error}");
        }
    }

    #[test]
    fn the_last_release_is_the_newest_tag_of_a_version() {
        for (tags, last) in [
            ("", None),
            ("before-the-move\nv1\n", None),
            ("v0.9.0\nv0.10.0\nv0.2.0\n", Some("0.10.0")),
            ("v1.0.0-rc.1\nv1.0.0\nnightly", Some("1.0.0")),
        ] {
            assert_eq!(last_release(tags).map(|version| version.to_string()).as_deref(), last, "{tags:?}");
        }
    }

    #[test]
    fn only_a_newer_version_is_released() {
        let version = |text: &str| text.parse::<Version>().unwrap();
        for (now, last, fine) in [
            ("0.1.0", None, true),
            ("0.1.1", Some("0.1.0"), true),
            ("0.10.0", Some("0.9.0"), true),
            ("0.1.0", Some("0.1.0"), false),
            ("1.0.0-rc.1", Some("1.0.0"), false),
        ] {
            assert_eq!(
                newer(&version(now), last.map(version).as_ref()).is_ok(),
                fine,
                "{now} after {last:?}"
            );
        }
    }

    #[test]
    fn this_workspace_can_be_published() {
        let packages = published().unwrap();
        common_version(&packages).unwrap();
        let place = |name: &str| packages.iter().position(|package| package.name == name).unwrap();
        assert!(place("semblance-tiff") < place("semblance") && place("semblance") < place("semblance-cli"));
        assert!(packages.iter().all(|package| package.name != "xtask"));
        assert!(packages[place("semblance")].library);
    }
}
