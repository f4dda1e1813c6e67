//! HTTP/1.1 on one connection: requests without bodies in, answers out, one after the other.
//!
//! Written out rather than taken from `tiny_http`: under load its thread pool leaves one of a browser's six
//! connections unserved until another one closes, and the page waits for ever.

use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// A browser keeps connections open; one that is silent for longer than this has gone.
const SILENCE: Duration = Duration::from_secs(300);
/// More than any browser sends before a body.
const LONGEST_HEAD: u64 = 64 * 1024;

/// What was asked for.
#[derive(Debug)]
pub struct Request {
    pub method: String,
    /// Path and query, as sent.
    pub target: String,
    headers: Vec<(String, String)>,
    /// The client wants the connection closed after the answer.
    close: bool,
}

impl Request {
    pub fn header(&self, name: &str) -> Option<&str> {
        let (_, value) = self.headers.iter().find(|(found, _)| found.eq_ignore_ascii_case(name))?;
        Some(value)
    }
}

/// What is answered.
pub struct Reply {
    pub status: u16,
    headers: Vec<(&'static str, String)>,
    /// Exactly `length` bytes.
    pub body: Box<dyn Read>,
    /// Of the body, or of the one that there would be.
    pub length: u64,
}

impl Reply {
    pub fn new(status: u16, body: impl Read + 'static, length: u64) -> Self {
        Self { status, headers: Vec::new(), body: Box::new(body), length }
    }

    pub fn text(status: u16, text: &'static str) -> Self {
        let mut reply = Self::new(status, text.as_bytes(), text.len() as u64);
        reply.header("Content-Type", "text/plain; charset=utf-8");
        reply
    }

    pub fn header(&mut self, name: &'static str, value: impl Into<String>) {
        self.headers.push((name, value.into()));
    }

    fn write(mut self, request: &Request, mut to: impl Write) -> io::Result<()> {
        let mut head = format!("HTTP/1.1 {} {}\r\n", self.status, reason(self.status));
        for (name, value) in &self.headers {
            head += &format!("{name}: {value}\r\n");
        }
        let connection = if request.close { "close" } else { "keep-alive" };
        head += &format!("Content-Length: {}\r\nConnection: {connection}\r\n\r\n", self.length);
        to.write_all(head.as_bytes())?;
        // RFC 9110: these have none, whatever their length says.
        if request.method != "HEAD" && self.status != 304 {
            let sent = io::copy(&mut self.body, &mut to)?;
            if sent != self.length {
                return Err(ErrorKind::UnexpectedEof.into());
            }
        }
        to.flush()
    }
}

/// Answer requests until the client closes, goes silent, or sends something that is not HTTP, or until there is no
/// answer: then the connection is closed.
pub fn converse(stream: TcpStream, answer: impl Fn(&Request) -> Option<Reply>) -> io::Result<()> {
    let to = stream.try_clone()?;
    converse_over(stream, to, answer)
}

/// The same with answers written to `to`, which is on its way to the client.
pub fn converse_over(
    stream: TcpStream,
    mut to: impl Write,
    answer: impl Fn(&Request) -> Option<Reply>,
) -> io::Result<()> {
    stream.set_read_timeout(Some(SILENCE))?;
    stream.set_nodelay(true)?;
    let mut from = BufReader::new(&stream);
    while let Some(request) = read(&mut from)? {
        let Some(reply) = answer(&request) else { break };
        reply.write(&request, &mut to)?;
        if request.close {
            break;
        }
    }
    Ok(())
}

/// The next request; none when the client closed in between.
fn read(from: &mut impl BufRead) -> io::Result<Option<Request>> {
    let mut from = from.take(LONGEST_HEAD);
    let mut line = || -> io::Result<String> {
        let mut line = String::new();
        from.read_line(&mut line)?;
        match line.strip_suffix('\n') {
            Some(whole) => Ok(whole.strip_suffix('\r').unwrap_or(whole).to_owned()),
            None if line.is_empty() => Err(ErrorKind::UnexpectedEof.into()),
            None => Err(ErrorKind::InvalidData.into()),
        }
    };
    let first = match line() {
        Ok(first) => first,
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Ok(None),
        Err(error) => return Err(error),
    };
    let [method, target, version] = first.split(' ').collect::<Vec<_>>()[..] else {
        return Err(ErrorKind::InvalidData.into());
    };
    let mut headers = Vec::new();
    loop {
        let line = line()?;
        if line.is_empty() {
            break;
        }
        let (name, value) = line.split_once(':').ok_or(ErrorKind::InvalidData)?;
        headers.push((name.to_owned(), value.trim().to_owned()));
    }
    let mut request =
        Request { method: method.into(), target: target.into(), headers, close: version != "HTTP/1.1" };
    // A body would be taken for the next request; nobody sends one to read a file.
    let body = request.header("Transfer-Encoding").is_some()
        || request.header("Content-Length").is_some_and(|length| length != "0");
    request.close |=
        body || request.header("Connection").is_some_and(|value| value.eq_ignore_ascii_case("close"));
    Ok(Some(request))
}

fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        206 => "Partial Content",
        301 => "Moved Permanently",
        302 => "Found",
        304 => "Not Modified",
        404 => "Not Found",
        405 => "Method Not Allowed",
        416 => "Range Not Satisfiable",
        503 => "Service Unavailable",
        _ => "Internal Server Error",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_read_one_after_the_other() {
        let mut bytes: &[u8] =
            b"GET /a?b HTTP/1.1\r\nHost: x\r\nRange:bytes=0-1\r\n\r\nHEAD / HTTP/1.0\r\n\r\n";
        let first = read(&mut bytes).unwrap().unwrap();
        assert_eq!((first.method.as_str(), first.target.as_str(), first.close), ("GET", "/a?b", false));
        assert_eq!((first.header("range"), first.header("If-Range")), (Some("bytes=0-1"), None));
        let second = read(&mut bytes).unwrap().unwrap();
        assert_eq!((second.method.as_str(), second.close), ("HEAD", true));
        assert!(read(&mut bytes).unwrap().is_none());
    }

    #[test]
    fn a_body_ends_the_connection_and_nonsense_is_an_error() {
        for head in
            ["POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\n", "GET / HTTP/1.1\r\nConnection: close\r\n\r\n"]
        {
            assert!(read(&mut head.as_bytes()).unwrap().unwrap().close, "{head}");
        }
        let long = format!("GET / HTTP/1.1\r\nA: {}\r\n\r\n", "a".repeat(1 << 17));
        for head in [
            "GET /\r\n\r\n",
            "GET / HTTP/1.1\r\nno colon\r\n\r\n",
            "GET / HTTP/1.1\r\nA: b",
            "nonsense",
            &long,
        ] {
            assert!(read(&mut head.as_bytes()).is_err(), "{head}");
        }
    }

    #[test]
    fn answers_have_their_length_and_head_no_body() {
        for (method, status, body) in [("GET", 200, "text"), ("HEAD", 200, ""), ("GET", 304, "")] {
            let request = read(&mut format!("{method} / HTTP/1.1\r\n\r\n").as_bytes()).unwrap().unwrap();
            let mut written = Vec::new();
            Reply::new(status, "text".as_bytes(), 4).write(&request, &mut written).unwrap();
            let written = String::from_utf8(written).unwrap();
            assert!(written.contains("Content-Length: 4\r\nConnection: keep-alive\r\n\r\n"), "{written}");
            assert!(written.ends_with(&format!("\r\n\r\n{body}")), "{written}");
        }
    }
}
