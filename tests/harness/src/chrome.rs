//! Chromium and ChromeDriver: found, or on Debian and Ubuntu installed.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use repository::{paths, process, setup};

/// A browser and the driver that speaks to it.
pub struct Chrome {
    pub browser: PathBuf,
    pub driver: PathBuf,
}

/// One of the two programs: the variables that name it, its file names, folders beyond PATH.
struct Program {
    variables: &'static [&'static str],
    names: &'static [&'static str],
    places: &'static [&'static str],
}

const BROWSER: Program = Program {
    variables: &["CHROMIUM", "CHROME"],
    names: &[
        "chromium",
        "chromium-browser",
        "google-chrome",
        "google-chrome-stable",
        "chrome",
        "Google Chrome",
        "Chromium",
    ],
    places: &[
        "/usr/bin",
        "/usr/local/bin",
        "/usr/lib/chromium",
        "/usr/lib64/chromium-browser",
        "/opt/google/chrome",
        "/snap/bin",
        "/opt/homebrew/bin",
        "/Applications/Google Chrome.app/Contents/MacOS",
        "/Applications/Chromium.app/Contents/MacOS",
    ],
};

const DRIVER: Program = Program {
    variables: &["CHROMEDRIVER"],
    names: &["chromedriver", "chromium.chromedriver"],
    places: &[
        "/usr/bin",
        "/usr/local/bin",
        "/usr/lib/chromium",
        "/usr/lib/chromium-browser",
        "/usr/lib64/chromium-browser",
        "/snap/bin",
        "/opt/homebrew/bin",
    ],
};

impl Chrome {
    /// Both programs, from the environment variables, PATH or the usual places.
    /// Where they are missing and this is Debian or Ubuntu and root, apt-get installs them.
    pub fn find() -> Result<Self> {
        if let Some(chrome) = Self::present()? {
            return Ok(chrome);
        }
        install()?;
        Self::present()?.context("Chromium and ChromeDriver were installed, but not where they are looked for; set CHROMIUM and CHROMEDRIVER to their paths")
    }

    fn present() -> Result<Option<Self>> {
        let (browser, driver) = (BROWSER.find()?, DRIVER.find()?);
        Ok(browser.zip(driver).map(|(browser, driver)| Self { browser, driver }))
    }

    /// What ChromeDriver is asked for: the arguments in `webdriver.json` (which `wasm-pack test` reads too) and
    /// the browser found here.
    pub fn capabilities(&self) -> Result<Value> {
        let file = paths::root().join("webdriver.json");
        let text = std::fs::read(&file).with_context(|| format!("{} could not be read", file.display()))?;
        let mut capabilities: Value = serde_json::from_slice(&text).context("webdriver.json is not JSON")?;
        capabilities["goog:chromeOptions"]["binary"] = json!(self.browser);
        Ok(capabilities)
    }
}

impl Program {
    fn find(&self) -> Result<Option<PathBuf>> {
        for variable in self.variables {
            if let Some(path) = std::env::var_os(variable).filter(|path| !path.is_empty()) {
                let path = PathBuf::from(path);
                return match path.is_file() {
                    true => Ok(Some(path)),
                    false => bail!("{variable} names {}, but there is no such file", path.display()),
                };
            }
        }
        let path = std::env::var_os("PATH").unwrap_or_default();
        let folders = std::env::split_paths(&path).chain(self.places.iter().map(PathBuf::from));
        let mut files = folders.flat_map(|folder| self.names.iter().map(move |name| folder.join(name)));
        Ok(files.find(|file| file.is_file()))
    }
}

fn install() -> Result<()> {
    let release = std::fs::read_to_string("/etc/os-release").unwrap_or_default();
    let Some(packages) = debian_packages(&release) else {
        bail!(
            "the tests need Chromium (or Chrome) and a ChromeDriver of the same version: install both, or set CHROMIUM and CHROMEDRIVER to their paths"
        );
    };
    if !setup::is_root() || !Path::new("/usr/bin/apt-get").exists() {
        bail!(
            "the tests need Chromium and ChromeDriver; type: sudo apt-get install -y {}",
            packages.join(" ")
        );
    }
    println!("Installing Chromium and ChromeDriver (apt-get install {}).", packages.join(" "));
    let apt = |words: &[&str]| {
        process::run(process::new("apt-get").env("DEBIAN_FRONTEND", "noninteractive").args(words))
    };
    apt(&["update", "-qq"])?;
    apt(&[&["install", "-y", "-qq", "--no-install-recommends"], packages].concat())
}

/// The packages of the two programs, when `/etc/os-release` is of Debian's family.
fn debian_packages(release: &str) -> Option<&'static [&'static str]> {
    let field = |name: &str| {
        let line = release.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('='));
        line.unwrap_or_default().trim_matches('"').to_owned()
    };
    let family = format!("{} {}", field("ID"), field("ID_LIKE"));
    let is = |name| family.split_whitespace().any(|word| word == name);
    match (is("ubuntu"), is("debian")) {
        (true, _) => Some(&["chromium-browser", "chromium-chromedriver"]),
        (_, true) => Some(&["chromium", "chromium-driver"]),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_go_by_the_distribution() {
        let cases = [
            ("ID=debian\n", Some("chromium-driver")),
            ("ID=ubuntu\nID_LIKE=debian\n", Some("chromium-chromedriver")),
            ("ID=linuxmint\nID_LIKE=\"ubuntu debian\"\n", Some("chromium-chromedriver")),
            ("ID=raspbian\nID_LIKE=debian\n", Some("chromium-driver")),
            ("ID=fedora\n", None),
            ("", None),
        ];
        for (release, driver) in cases {
            assert_eq!(debian_packages(release).map(|packages| packages[1]), driver, "{release}");
        }
    }
}
