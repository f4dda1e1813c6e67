//! The page, as a person has it in front of them.

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::bars::{self, Bar};
use crate::{Chance, repository_file, same, troubles};
use harness::faults::Faults;
use harness::webdriver::{Browser, key};
use server::Server;

pub(crate) const SCHEMES: [&str; 2] = ["light", "dark"];

pub(crate) struct Page<'a> {
    pub(crate) browser: &'a Browser,
    /// Serves the site at `/`, with the headers that `cargo xtask serve` sends.
    pub(crate) server: &'a Server,
    /// Serves it under [`crate::SUB_PATH`], with no headers of ours.
    pub(crate) plain: &'a Server,
    /// The models that both have beside it.
    pub(crate) faults: &'a Faults,
    pub(crate) chance: Chance,
}

impl Page<'_> {
    /// An empty storage, an ordinary window, nothing left of the case before, and the site open with its model ready.
    pub(crate) fn begin(&self) -> Result<()> {
        self.server.gate.shut(false);
        self.forget()?;
        self.scheme(None)?;
        self.size(1280, 900)?;
        troubles::in_all(self, &[])?;
        self.open(&self.url(""))
    }

    /// Leave the page and empty the browser's storage for it, on both hosts.
    pub(crate) fn forget(&self) -> Result<()> {
        self.browser.goto("about:blank")?;
        for host in [self.server, self.plain] {
            let origin = format!("http://{}", host.address);
            let everything = json!({ "origin": origin, "storageTypes": "all" });
            self.browser.cdp("Storage.clearDataForOrigin", everything)?;
        }
        Ok(())
    }

    /// Open the site anew with half of the weights coming in drops: the model stays on its way.
    pub(crate) fn begin_loading(&self) -> Result<()> {
        self.server.gate.shut(true);
        self.forget()?;
        self.browser.goto(&self.url(""))?;
        self.browser
            .wait(r##"/[kMG]B of /.test(document.querySelector("#model-status")?.textContent)"##)
            .map(drop)
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}/{path}", self.server.address)
    }

    /// Go there and wait for the model, and then for the rest of the site, which is kept: after that nothing is asked for.
    pub(crate) fn open(&self, url: &str) -> Result<()> {
        self.browser.goto(url)?;
        self.ready()?;
        self.browser.wait(r##"document.querySelector("#offline-state").dataset.state"##).map(drop)
    }

    /// What this site may keep in the browser, in bytes; none: what the browser allows.
    pub(crate) fn limit_storage(&self, bytes: Option<u64>) -> Result<()> {
        let mut parameters = json!({ "origin": format!("http://{}", self.server.address) });
        if let Some(bytes) = bytes {
            parameters["quotaSize"] = json!(bytes);
        }
        self.browser.cdp("Storage.overrideQuotaForOrigin", parameters).map(drop)
    }

    /// Wait until the model is ready; that it can't be loaded is an error at once.
    pub(crate) fn ready(&self) -> Result<()> {
        self.browser.wait(
            r##"(() => {
              const status = document.querySelector("#model-status");
              if (status?.dataset.state === "error") throw new Error(status.textContent.replace(/\s+/g, " "));
              return status?.dataset.state === "ready";
            })()"##,
        )?;
        Ok(())
    }

    pub(crate) fn size(&self, width: u32, height: u32) -> Result<()> {
        let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.browser.cdp("Emulation.setDeviceMetricsOverride", size).map(drop)
    }

    /// In these colours and without motion; none: as the browser has it.
    pub(crate) fn scheme(&self, scheme: Option<&str>) -> Result<()> {
        let features = scheme.map_or(json!([]), |scheme| {
            json!([
                { "name": "prefers-color-scheme", "value": scheme },
                { "name": "prefers-reduced-motion", "value": "reduce" },
            ])
        });
        self.browser.cdp("Emulation.setEmulatedMedia", json!({ "features": features })).map(drop)
    }

    /// Wait for two frames, so that a change is on the screen.
    pub(crate) fn drawn(&self) -> Result<()> {
        let frames =
            "return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));";
        self.browser.run(frames, json!([])).map(drop)
    }

    /// Drag files or folders of the repository over the page and let go.
    pub(crate) fn drop(&self, files: &[String]) -> Result<()> {
        let data = json!({ "items": [], "files": files, "dragOperationsMask": 1 });
        for kind in ["dragEnter", "dragOver", "drop"] {
            self.browser
                .cdp("Input.dispatchDragEvent", json!({ "type": kind, "x": 300, "y": 300, "data": data }))?;
        }
        Ok(())
    }

    /// Drop pictures, and wait until so many cards show what is in them.
    pub(crate) fn drop_and_see(&self, files: &[&str]) -> Result<()> {
        let paths = files.iter().map(|file| repository_file(file)).collect::<Result<Vec<_>>>()?;
        self.drop(&paths)?;
        let seen =
            format!(r#"document.querySelectorAll(".card img:not([hidden])").length === {}"#, files.len());
        self.browser.wait(&seen).map(drop)
    }

    /// Drop pictures, and wait until `cards` cards are there and none of them is being worked on.
    pub(crate) fn drop_and_wait(&self, files: &[&str], cards: usize) -> Result<()> {
        let files = files.iter().map(|file| repository_file(file)).collect::<Result<Vec<_>>>()?;
        self.drop(&files)?;
        self.cards(cards)
    }

    /// Wait until there are so many cards, all done or failed, and every one that is done has bars.
    pub(crate) fn cards(&self, count: usize) -> Result<()> {
        let settled = format!(
            r#"(() => {{
              const cards = [...document.querySelectorAll(".card")];
              return cards.length === {count} && cards.every((card) =>
                card.dataset.status === "failed" || (card.dataset.status === "done" && card.querySelector(".bar")));
            }})()"#
        );
        self.browser.wait(&settled).with_context(|| format!("waiting for {count} cards"))?;
        Ok(())
    }

    /// The labels in their chips.
    pub(crate) fn labels(&self) -> Result<Vec<String>> {
        let labels = self.browser.value(
            r#"Array.from(document.querySelectorAll(".chip .label"), (label) => label.textContent)"#,
        )?;
        Ok(serde_json::from_value(labels)?)
    }

    /// Clear the labels and type others, a comma after each.
    pub(crate) fn type_labels(&self, labels: &[&str]) -> Result<()> {
        if !self.labels()?.is_empty() {
            self.browser.click("#labels-clear")?;
        }
        self.browser.click("#labels-input")?;
        for label in labels {
            self.browser.keys(label)?;
            self.browser.keys(",")?;
        }
        Ok(())
    }

    /// Put another text into a field, as one does: select all, type.
    pub(crate) fn type_into(&self, field: &str, text: &str) -> Result<()> {
        self.browser.click(field)?;
        self.browser.press_with(key::CONTROL, 'a')?;
        self.browser.press(&[key::BACKSPACE])?;
        self.browser.keys(text)
    }

    /// Every bar of every card that is done, when all of them show exactly these labels.
    pub(crate) fn scored(&self, labels: &[&str]) -> Result<Vec<Vec<Bar>>> {
        let mut expected: Vec<&str> = labels.to_vec();
        expected.sort_unstable();
        let all = format!(
            r#"(() => {{
              const expected = {};
              const cards = [...document.querySelectorAll(".card[data-status=done]")];
              return cards.length > 0 && cards.every((card) => {{
                const shown = Array.from(card.querySelectorAll(".bar"), (bar) => bar.dataset.label).sort((a, b) => a < b ? -1 : 1);
                return JSON.stringify(shown) === JSON.stringify(expected);
              }});
            }})()"#,
            // JavaScript sorts by UTF-16, Rust by UTF-8; the labels of the tests are the same in both.
            json!(expected)
        );
        self.browser.wait(&all).with_context(|| format!("waiting for bars of {labels:?}"))?;
        self.bars()
    }

    /// Every bar of every card that is done, best first, as it stands.
    pub(crate) fn bars(&self) -> Result<Vec<Vec<Bar>>> {
        let bars = self.browser.value(
            r#"Array.from(document.querySelectorAll(".card[data-status=done]"), (card) =>
              Array.from(card.querySelectorAll(".bar"), ({ dataset: { label, probability, cosine, logit }, textContent }) =>
                ({ label, probability: Number(probability), cosine: Number(cosine), logit: Number(logit), text: textContent })))"#,
        )?;
        Ok(serde_json::from_value(bars)?)
    }

    /// The first picture is of a cat, and even a small model says so when the choice is a ship.
    pub(crate) fn shows_a_cat(&self) -> Result<()> {
        self.type_labels(&["cat", "ship"])?;
        let cards = self.scored(&["cat", "ship"])?;
        bars::sound(&cards[0])?;
        same("the better label", cards[0][0].label.as_str(), "cat")
    }

    /// Show more than the best bars of a card, and wait for them.
    pub(crate) fn show_all_labels(&self) -> Result<()> {
        self.browser.click("#show-all")?;
        let labels = self.labels()?;
        self.scored(&labels.iter().map(String::as_str).collect::<Vec<_>>()).map(drop)
    }

    /// The text of the only element of that kind.
    pub(crate) fn text(&self, selector: &str) -> Result<String> {
        let text = self.browser.run(
            "const [element, another] = document.querySelectorAll(arguments[0]); return another ? null : element?.textContent ?? null;",
            json!([selector]),
        )?;
        match text {
            Value::String(text) => Ok(text),
            _ => bail!("there is not one {selector}"),
        }
    }
}
