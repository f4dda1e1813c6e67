//! `cargo xtask release`: everything that a release is made of, checked and put into `target/release-files/`.
//!
//! | step | file | what is refused |
//! |---|---|---|
//! | state | this one | changes that are not committed, a tag that is there |
//! | packages | `packages.rs` | versions that differ from one another or are not newer than the last tag's |
//! | changelog | `changelog.rs` | a version without its section; with `--tag` one without its date |
//! | interface | `interface.rs` | a change that the new version's number does not allow |
//! | oldest compiler | `oldest.rs` | a `rust-version` that does not build what is published |
//! | files | `crates.rs`, `npm.rs`, `site.rs` | crates that do not build from what is in them, a site that can't be built |
//! | sums | `sums.rs` | |
//!
//! Nothing is published: the commands that would are printed, in their order. `--tag` sets the tag, here and nowhere else.

mod changelog;
mod crates;
mod interface;
mod npm;
pub(crate) mod oldest;
mod packages;
mod site;
mod sums;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use repository::args::Args;
use repository::{paths, process};
use semver::Version;

use packages::Package;

/// What a part of a release is made of.
struct Release {
    version: Version,
    /// What is published, each after what it needs.
    packages: Vec<Package>,
    /// Where the built site is.
    site: PathBuf,
}

/// Puts files into the folder of a release, and gives back the commands that publish them.
type Part = fn(&Release, &Path) -> Result<Vec<String>>;

const PARTS: &[Part] = &[crates::package, npm::archives, site::zip];

pub(crate) fn command(mut args: Args) -> Result<()> {
    let (dry, tag, site) = (args.flag("--dry-run"), args.flag("--tag"), args.value("--site")?);
    args.none()?;
    ensure!(dry != tag, "a release is tried with --dry-run or made with --tag: give one of them");
    ensure!(dry || site.is_none(), "--site takes a site as it lies there, which only --dry-run may do");

    let changes = process::read(process::new("git").args(["status", "--porcelain"]))?;
    ensure!(changes.is_empty(), "there are changes that are not committed:\n{}", changes.trim_end());
    let packages = packages::published()?;
    let version = packages::common_version(&packages)?;
    let tags = process::read(process::new("git").args(["tag", "--list"]))?;
    let last = packages::last_release(&tags);
    packages::newer(&version, last.as_ref())?;
    println!("Version {version} of {} packages; the last release: {}.", packages.len(), said(last.as_ref()));

    let changes = std::fs::read_to_string(paths::root().join("CHANGELOG.md"))
        .context("CHANGELOG.md could not be read")?;
    let section = changelog::section(&changes, &version)?;
    match section.date {
        Some(date) => println!("CHANGELOG.md has {version}, of {date}."),
        None if dry => println!("CHANGELOG.md has {version}, not yet with its date, which --tag asks for."),
        None => bail!("the section of {version} in CHANGELOG.md says “unreleased” in the place of its date"),
    }

    interface::compare(last.as_ref(), &packages)?;
    oldest::check()?;

    let site = site::built(site)?;
    let folder = paths::target().join("release-files");
    sums::empty(&folder)?;
    let release = Release { version, packages, site };
    let mut publish = Vec::new();
    for part in PARTS {
        publish.extend(part(&release, &folder)?);
    }
    println!("\n{}", sums::write(&folder)?);
    println!("These files and {} lie in {}.", sums::NAME, folder.display());

    let name = packages::tag(&release.version);
    if tag {
        let message = format!("{name}\n\n{}", section.text);
        process::run(process::new("git").args([
            "tag",
            "--annotate",
            "--cleanup=verbatim",
            &name,
            "--message",
            &message,
        ]))?;
        println!("The tag {name} is set.\n\nWhat publishes it:\n");
    } else {
        println!("Nothing was tagged.\n\nWhat would publish it:\n\n    cargo xtask release --tag");
    }
    println!("    git push origin {name}");
    for command in publish {
        println!("    {command}");
    }
    Ok(())
}

fn said(last: Option<&Version>) -> String {
    last.map_or_else(|| "none".to_owned(), Version::to_string)
}
