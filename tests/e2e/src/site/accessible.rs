//! Whoever can't see the page, or use a mouse, has all of it: axe-core looks over every state of every view, light and
//! dark, on a phone and on a desktop.

use std::collections::BTreeMap;
use std::fmt::Write;

use anyhow::{Context, Result, bail};
use harness::axe::{self, Finding, Looked};

use crate::Page;
use crate::page::SCHEMES;
use crate::states::{STATES, State};

const SIZES: [(u32, u32); 2] = [(360, 740), (1440, 900)];

pub(crate) fn everywhere(page: &Page) -> Result<()> {
    let mut found: BTreeMap<Finding, Vec<String>> = BTreeMap::new();
    for State { name, set, .. } in STATES {
        page.begin()?;
        set(page).with_context(|| format!("the state {name}"))?;
        axe::put(page.browser)?;
        for scheme in SCHEMES {
            page.scheme(Some(scheme))?;
            for (width, height) in SIZES {
                page.size(width, height)?;
                page.drawn()?;
                let place = format!("{name}, {scheme}, {width}");
                let Looked { findings, rules } = axe::look(page.browser)?;
                if rules < FEWEST_RULES {
                    bail!("{place}: axe-core looked at {rules} rules only");
                }
                for finding in findings {
                    found.entry(finding).or_default().push(place.clone());
                }
            }
        }
        page.scheme(None)?;
    }
    if found.is_empty() {
        return Ok(());
    }
    let mut text = format!("{} findings", found.len());
    for (Finding { rule, impact, at, why }, places) in found {
        let _ = write!(
            text,
            "\n{impact}: {rule} at {at}\n  {}\n  in {}",
            why.replace('\n', "\n  "),
            places.join("; ")
        );
    }
    bail!(text)
}

/// A page with an open dialog has more to look at.
const FEWEST_RULES: usize = 20;
