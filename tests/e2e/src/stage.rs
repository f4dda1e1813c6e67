//! Two hosts, a browser, and what they need.

use std::path::Path;
use std::sync::Arc;

use anyhow::Result;
use harness::chrome::Chrome;
use harness::faults::Faults;
use harness::webdriver::Browser;
use repository::paths;
use server::{Server, Site, listen};

use crate::models::downloads;
use crate::{Chance, Page, SOURCES, SUB_PATH};

/// Two hosts of the built site with the same models beside it, and a browser.
pub(crate) struct Stage {
    chance: Chance,
    server: Server,
    plain: Server,
    faults: Arc<Faults>,
    browser: Browser,
}

impl Stage {
    pub(crate) fn set(dist: &Path, chance: Chance) -> Result<Self> {
        let faults = Arc::new(Faults::new(downloads::SCRIPTS)?);
        let www = paths::root().join("www");
        let start = |site: Site| {
            let site = site.recorded().also(SOURCES, &www)?.beside(faults.clone());
            Server::start(listen("127.0.0.1", 0)?, site)
        };
        let server = start(Site::isolated(dist)?)?;
        let plain = start(Site::plain(dist, SUB_PATH)?)?;
        faults.set_other(server.address);
        let browser = Browser::start(&Chrome::find()?)?;
        Ok(Self { chance, server, plain, faults, browser })
    }

    pub(crate) fn page(&self) -> Page<'_> {
        Page {
            browser: &self.browser,
            server: &self.server,
            plain: &self.plain,
            faults: &self.faults,
            chance: self.chance,
        }
    }
}
