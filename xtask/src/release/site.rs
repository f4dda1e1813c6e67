//! The static site as one zip.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use repository::setup;
use site::files::{self, Files};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::Release;
use crate::build;

/// The site that is given, or else one that is built now.
pub(super) fn built(given: Option<PathBuf>) -> Result<PathBuf> {
    let site = match given {
        Some(site) => std::path::absolute(site)?,
        None => {
            // A folder of its own: in `dist` may lie what somebody else put there.
            let site = setup::fresh_folder("release-site")?;
            build::build(&site)?;
            site
        }
    };
    ensure!(site.join("index.html").is_file(), "there is no built site in {}", site.display());
    Ok(site)
}

/// The site as one file in `folder`.
pub(super) fn zip(release: &Release, folder: &Path) -> Result<Vec<String>> {
    let name = format!("semblance-site-{}.zip", release.version);
    write(&release.site, &folder.join(&name))?;
    Ok(vec![format!("unzip -d FOLDER {name}   # into any static host's folder")])
}

/// Everything below a folder, sorted, with one time for all: the same files are the same bytes. Stored as they are, since
/// what shrinks lies there compressed as well, for hosts to send.
fn write(site: &Path, to: &Path) -> Result<()> {
    let mut all = Files::new();
    files::add(&mut all, site, Path::new(""))?;
    let file = File::create(to).with_context(|| format!("{} could not be written", to.display()))?;
    let mut zip = ZipWriter::new(BufWriter::new(file));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    for (name, from) in &all {
        let name = name.to_str().with_context(|| format!("{} is no readable name", name.display()))?;
        zip.start_file(name.replace('\\', "/"), options)?;
        zip.write_all(&fs::read(from).with_context(|| format!("{} could not be read", from.display()))?)?;
    }
    Ok(zip.finish()?.flush()?)
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    fn other_programs_open_it_and_it_is_the_same_again() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::create_dir_all(at("site/wasm/simd")).unwrap();
        let bytes: Vec<u8> = (0..70_000_u32).map(|n| (n.wrapping_mul(n) >> 7) as u8).collect();
        let there: [(&str, &[u8]); 4] =
            [("index.html", b"<p>"), ("wasm/simd/a.wasm", &bytes), ("empty", b""), ("a \u{e9}.txt", b"text")];
        for (name, bytes) in there {
            fs::write(at("site").join(name), bytes).unwrap();
        }
        write(&at("site"), &at("one.zip")).unwrap();
        write(&at("site"), &at("two.zip")).unwrap();
        assert_eq!(fs::read(at("one.zip")).unwrap(), fs::read(at("two.zip")).unwrap());

        let unzip =
            Command::new("unzip").arg("-q").arg(at("one.zip")).arg("-d").arg(at("unzip")).status().unwrap();
        assert!(unzip.success());
        let python = Command::new("python3")
            .args(["-m", "zipfile", "-e"])
            .arg(at("one.zip"))
            .arg(at("python"))
            .status()
            .unwrap();
        assert!(python.success());
        for (name, bytes) in there {
            for program in ["unzip", "python"] {
                assert!(fs::read(at(program).join(name)).unwrap() == bytes, "{name} by {program}");
            }
        }
        let list = Command::new("unzip").arg("-Z1").arg(at("one.zip")).output().unwrap();
        let list = String::from_utf8(list.stdout).unwrap();
        assert_eq!(
            list.lines().collect::<Vec<_>>(),
            ["a \u{e9}.txt", "empty", "index.html", "wasm/simd/a.wasm"]
        );
    }
}
