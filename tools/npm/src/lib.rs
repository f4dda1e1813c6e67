//! One package from the npm registry, pinned by its hash. Nothing of it is installed, and no Node is needed.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use base64::prelude::{BASE64_STANDARD, Engine};
use flate2::read::GzDecoder;
use ring::digest;
use ureq::tls::{RootCerts, TlsConfig};

use repository::paths;

/// A version and the registry's SHA-512 of its archive (`npm view NAME@VERSION dist.integrity`).
pub struct Package {
    pub name: &'static str,
    pub version: &'static str,
    pub sha512: &'static str,
}

impl Package {
    /// The package's files, as (path in the package, content), for the paths that are wanted.
    /// The archive is downloaded once, and its hash is checked every time.
    pub fn files(&self, wanted: fn(&str) -> bool) -> Result<Vec<(String, Vec<u8>)>> {
        let bytes = self.archive()?;
        let mut archive = tar::Archive::new(GzDecoder::new(&*bytes));
        let mut files = Vec::new();
        for entry in archive.entries()? {
            let mut entry = entry?;
            let path = entry.path()?.to_string_lossy().into_owned();
            let Some(path) = path.strip_prefix("package/").filter(|path| wanted(path)) else { continue };
            let path = path.to_owned();
            let mut content = Vec::new();
            entry.read_to_end(&mut content)?;
            files.push((path, content));
        }
        Ok(files)
    }

    fn archive(&self) -> Result<Vec<u8>> {
        let file = self.cached();
        if let Ok(bytes) = fs::read(&file)
            && self.is_right(&bytes)
        {
            return Ok(bytes);
        }
        let url = format!("https://registry.npmjs.org/{}/-/{}-{}.tgz", self.name, self.file(), self.version);
        println!("Downloading {url}, once.");
        let bytes = download(&url).with_context(|| {
            format!(
                "{} {} is needed and could not be had from {url}; without a network, put that file at {}",
                self.name,
                self.version,
                file.display()
            )
        })?;
        if !self.is_right(&bytes) {
            bail!("{url} is not what it was: its SHA-512 differs from the one pinned here");
        }
        fs::create_dir_all(file.parent().unwrap_or(Path::new(".")))?;
        fs::write(&file, &bytes)?;
        Ok(bytes)
    }

    fn cached(&self) -> PathBuf {
        paths::work("npm").join(format!("{}-{}.tgz", self.name.replace('/', "-"), self.version))
    }

    /// The name without the scope that it may have (`@esbuild/linux-x64`).
    fn file(&self) -> &str {
        self.name.rsplit('/').next().unwrap_or(self.name)
    }

    fn is_right(&self, bytes: &[u8]) -> bool {
        BASE64_STANDARD.encode(digest::digest(&digest::SHA512, bytes)) == self.sha512
    }
}

fn download(url: &str) -> Result<Vec<u8>> {
    let tls = TlsConfig::builder().root_certs(RootCerts::PlatformVerifier).build();
    let agent = ureq::Agent::new_with_config(ureq::Agent::config_builder().tls_config(tls).build());
    let mut response = agent.get(url).call()?;
    Ok(response.body_mut().with_config().limit(1 << 26).read_to_vec()?)
}
