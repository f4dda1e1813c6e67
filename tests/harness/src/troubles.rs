//! What went wrong in a browser without anybody saying so: errors in the console, requests that failed.

use anyhow::Result;
use serde_json::Value;

use crate::webdriver::Browser;

/// Every trouble since the last call.
pub fn in_browser(browser: &Browser) -> Result<Vec<String>> {
    let console = browser.log("browser")?;
    let network = browser.log("performance")?;
    Ok(console.iter().filter_map(in_console).chain(network.iter().filter_map(in_network)).collect())
}

fn in_console(entry: &Value) -> Option<String> {
    let level = entry["level"].as_str().unwrap_or_default();
    let message = entry["message"].as_str().unwrap_or_default();
    matches!(level, "SEVERE" | "WARNING").then(|| format!("console, {level}: {message}"))
}

/// A `Network.*` event in ChromeDriver's performance log that tells of a failure.
fn in_network(entry: &Value) -> Option<String> {
    let event: Value = serde_json::from_str(entry["message"].as_str()?).ok()?;
    let (method, parameters) = (event["message"]["method"].as_str()?, &event["message"]["params"]);
    match method {
        "Network.loadingFailed" if parameters["canceled"] != Value::Bool(true) => {
            Some(format!("a request failed: {} ({})", parameters["errorText"], parameters["type"]))
        }
        "Network.responseReceived" if parameters["response"]["status"].as_u64()? >= 400 => {
            Some(format!("{} answered {}", parameters["response"]["url"], parameters["response"]["status"]))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn event(method: &str, params: Value) -> Value {
        json!({ "message": json!({ "message": { "method": method, "params": params } }).to_string() })
    }

    #[test]
    fn failures_are_seen_and_the_rest_is_not() {
        let failed = |canceled| json!({ "errorText": "net::ERR", "type": "Fetch", "canceled": canceled });
        let received = |status| json!({ "response": { "url": "http://x/", "status": status } });
        let cases = [
            (event("Network.loadingFailed", failed(false)), true),
            (event("Network.loadingFailed", failed(true)), false),
            (event("Network.responseReceived", received(404)), true),
            (event("Network.responseReceived", received(200)), false),
            (event("Page.loadEventFired", json!({})), false),
            (json!({ "message": "not JSON" }), false),
        ];
        for (entry, expected) in cases {
            assert_eq!(in_network(&entry).is_some(), expected, "{entry}");
        }
        assert!(in_console(&json!({ "level": "SEVERE", "message": "" })).is_some());
        assert!(in_console(&json!({ "level": "INFO", "message": "" })).is_none());
    }
}
