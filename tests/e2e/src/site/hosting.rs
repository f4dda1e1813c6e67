//! How the site is served, and that it works where it is served differently.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::json;

use crate::r#match::pictures::CAT;
use crate::{Page, holds, same};
use server::Server;
use server::policy;

/// One answer, as it came.
struct Raw {
    status: u16,
    head: String,
    body: Vec<u8>,
}

impl Raw {
    fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (found, value) = line.split_once(": ")?;
            found.eq_ignore_ascii_case(name).then_some(value)
        })
    }
}

/// Ask with exactly these bytes: a client library would tidy the path first.
fn ask(server: &Server, method: &str, target: &str, headers: &str) -> Result<Raw> {
    let mut stream = TcpStream::connect(server.address)?;
    stream.set_read_timeout(Some(Duration::from_secs(60)))?;
    write!(
        stream,
        "{method} {target} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n{headers}\r\n",
        server.address
    )?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes)?;
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n").context("no end of the headers")?;
    let body = bytes.split_off(end + 4);
    let head = String::from_utf8(bytes)?;
    let status = head.split(' ').nth(1).context("no status")?.parse()?;
    Ok(Raw { status, head, body })
}

pub(crate) fn headers(page: &Page) -> Result<()> {
    let types = [
        ("/", "text/html; charset=utf-8"),
        ("/semblance.js", "text/javascript; charset=utf-8"),
        ("/semblance.d.ts", "text/plain; charset=utf-8"),
        ("/manifest.webmanifest", "application/manifest+json; charset=utf-8"),
        ("/www/page.css", "text/css; charset=utf-8"),
        ("/wasm/simd/semblance_bg.wasm", "application/wasm"),
        ("/models/index.json", "application/json; charset=utf-8"),
        ("/models/pocket/pocket-q8_0.gguf", "application/octet-stream"),
        ("/assets/icon.svg", "image/svg+xml"),
        ("/assets/samples/cat.jpg", "image/jpeg"),
    ];
    let policy = policy::header_of(&fs::read_to_string(page.server.folder.join("index.html"))?);
    let policy = policy.context("the page states no policy")?;
    for (target, expected) in types {
        let (whole, head) = (ask(page.server, "GET", target, "")?, ask(page.server, "HEAD", target, "")?);
        let length = whole.body.len().to_string();
        same(&format!("HEAD {target}: body"), head.body.len(), 0)?;
        for answer in [&whole, &head] {
            same(target, answer.status, 200)?;
            for (name, value) in [
                ("Content-Type", expected),
                ("Content-Length", length.as_str()),
                ("Cross-Origin-Opener-Policy", "same-origin"),
                ("Cross-Origin-Embedder-Policy", "require-corp"),
                ("Cross-Origin-Resource-Policy", "same-origin"),
                ("X-Content-Type-Options", "nosniff"),
                ("Content-Security-Policy", policy.as_str()),
                ("Cache-Control", "no-cache"),
                ("Accept-Ranges", "bytes"),
            ] {
                same(&format!("{name} of {target}"), answer.header(name), Some(value))?;
            }
        }
    }

    let script = ask(page.server, "GET", "/semblance.js", "")?;
    let tag = script.header("ETag").context("no ETag")?;
    let part = ask(page.server, "GET", "/semblance.js", "Range: bytes=3-9\r\n")?;
    same("a range", (part.status, &part.body[..]), (206, &script.body[3..10]))?;
    same(
        "its place",
        part.header("Content-Range"),
        Some(format!("bytes 3-9/{}", script.body.len()).as_str()),
    )?;
    let stale = ask(page.server, "GET", "/semblance.js", "Range: bytes=3-9\r\nIf-Range: \"older\"\r\n")?;
    same("a range of an older file", (stale.status, stale.body.len()), (200, script.body.len()))?;
    same(
        "a range outside",
        ask(page.server, "GET", "/semblance.js", "Range: bytes=99999999-\r\n")?.status,
        416,
    )?;
    same(
        "unchanged",
        ask(page.server, "GET", "/semblance.js", &format!("If-None-Match: {tag}\r\n"))?.status,
        304,
    )?;
    same("a method that is not served", ask(page.server, "POST", "/", "Content-Length: 0\r\n")?.status, 405)?;
    same(
        "a folder without its slash",
        ask(page.server, "GET", "/www", "")?.header("Location"),
        Some("/www/"),
    )?;
    same("isolated", page.browser.value("crossOriginIsolated")?, json!(true))?;
    // The ones above were meant.
    page.server.take_answers();
    Ok(())
}

pub(crate) fn nothing_outside(page: &Page) -> Result<()> {
    for target in [
        "/../Cargo.toml",
        "/%2e%2e/Cargo.toml",
        "/www/..%2f..%2fCargo.toml",
        "/..%5cCargo.toml",
        "/.built-files",
        "//../Cargo.toml",
        "/www/../../Cargo.toml",
        "/absent.html",
        "/index.html%00",
    ] {
        let answer = ask(page.server, "GET", target, "")?;
        same(target, answer.status, 404)?;
        holds(
            "nothing is told of what is there",
            !answer.body.windows(9).any(|window| window == b"[package]"),
        )?;
    }
    page.server.take_answers();
    Ok(())
}

pub(crate) fn sub_path(page: &Page) -> Result<()> {
    let site = format!("http://{}{}", page.plain.address, crate::SUB_PATH);
    page.open(&site)?;
    // A service worker adds the headers that this host does not send, from the second load on: one, by itself.
    page.browser.wait("crossOriginIsolated").context("waiting for the isolated page")?;
    page.ready()?;
    let answers = page.plain.take_answers();
    let of_page = |answer: &&server::Answer| answer.target == crate::SUB_PATH;
    let loads = answers.iter().filter(of_page).count();
    holds(&format!("the page was loaded twice at most ({loads} times)"), loads <= 2)?;
    page.open(&site)?;
    same("isolated, from the start", page.browser.value("crossOriginIsolated")?, json!(true))?;
    page.drop_and_wait(&[CAT], 1)?;
    page.shows_a_cat()?;
    crate::engine::speed::has_threads(page)?;
    let outside =
        page.plain.take_answers().into_iter().filter(|answer| !answer.target.starts_with(crate::SUB_PATH));
    same(
        "requests outside of the sub-path",
        outside.map(|answer| answer.target).collect(),
        Vec::<String>::new(),
    )
}
