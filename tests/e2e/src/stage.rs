//! Two hosts, a browser, and what they need.

use std::path::Path;
use std::sync::Arc;

use anyhow::Result;
use harness::chrome::Chrome;
use harness::faults::Faults;
use harness::webdriver::Browser;
use server::{Server, Site, listen};

use crate::models::downloads;
use crate::{Page, SUB_PATH};

/// Two hosts of the built site with the same models beside it, and a browser.
pub(crate) struct Stage {
    server: Server,
    plain: Server,
    faults: Arc<Faults>,
    browser: Browser,
}

impl Stage {
    pub(crate) fn set(dist: &Path) -> Result<Self> {
        let faults = Arc::new(Faults::new(downloads::SCRIPTS)?);
        let start =
            |site: Site| Server::start(listen("127.0.0.1", 0)?, site.recorded().beside(faults.clone()));
        let server = start(Site::isolated(dist)?)?;
        let plain = start(Site::plain(dist, SUB_PATH)?)?;
        faults.set_other(server.address);
        let browser = Browser::start(&Chrome::find()?)?;
        Ok(Self { server, plain, faults, browser })
    }

    pub(crate) fn page(&self) -> Page<'_> {
        Page { browser: &self.browser, server: &self.server, plain: &self.plain, faults: &self.faults }
    }
}
