//! What went wrong without anybody saying so: errors in the console, requests that failed.

use anyhow::Result;
use harness::troubles;

use crate::Page;

/// Every trouble since the last call. `provoked` are texts of those that the case asked for.
pub(crate) fn in_all(page: &Page, provoked: &[&str]) -> Result<Vec<String>> {
    let mut troubles = troubles::in_browser(page.browser)?;
    let servers = [page.server, page.plain].into_iter().flat_map(|server| server.take_answers());
    troubles.extend(
        servers
            .filter(|answer| answer.status >= 400)
            .map(|answer| format!("{} {} was answered with {}", answer.method, answer.target, answer.status)),
    );
    troubles.retain(|trouble| !provoked.iter().any(|text| trouble.contains(text)));
    Ok(troubles)
}
