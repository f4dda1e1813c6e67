//! `cargo xtask serve`: build the site, then serve it to this machine.

use std::fs::{File, Metadata};
use std::io::{Empty, ErrorKind, Read, Seek, SeekFrom, Take};
use std::net::{SocketAddr, TcpListener, ToSocketAddrs};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::UNIX_EPOCH;

use anyhow::{Context, Result, anyhow, bail};
use tiny_http::{Header, Method, Request, Response, StatusCode};

use crate::args::Args;
use crate::http::{self, Span};
use crate::{build, paths};

pub(crate) fn command(mut args: Args) -> Result<()> {
    let port = args.value("--port")?.unwrap_or(8080);
    let host: String = args.value("--host")?.unwrap_or_else(|| "127.0.0.1".into());
    args.none()?;
    // Take the port first: a minute of building for nothing helps nobody.
    let listener = listen(&host, port)?;
    let folder = paths::root().join("dist");
    build::build(&folder)?;
    let server = Server::start(listener, Site::isolated(&folder)?)?;
    println!("{}", greeting(server.address));
    server.wait();
    Ok(())
}

fn greeting(address: SocketAddr) -> String {
    format!(
        "\nSemblance is at http://{address}\n\
         \n\
         Drop pictures there, type words, and see how well they match.\n\
         The bundled model loads from this machine; nothing leaves it, and no network is needed.\n\
         The library is at http://{address}/semblance.js\n\
         Ctrl-C ends."
    )
}

/// A listening socket, or one sentence on why there is none.
pub(crate) fn listen(host: &str, port: u16) -> Result<TcpListener> {
    let addresses = (host, port)
        .to_socket_addrs()
        .with_context(|| format!("{host} is not an address of this machine"))?;
    TcpListener::bind(&*addresses.collect::<Vec<_>>()).map_err(|error| match error.kind() {
        ErrorKind::AddrInUse => {
            anyhow!("port {port} on {host} is already in use; choose another with --port")
        }
        ErrorKind::PermissionDenied => {
            anyhow!("port {port} may not be used by you; choose one above 1023 with --port")
        }
        _ => anyhow!("{host}:{port} cannot be served: {error}"),
    })
}

/// A folder, and how it is put on the web.
pub(crate) struct Site {
    /// Canonical.
    folder: PathBuf,
    /// The path it appears under: `/`, or `/some/where/`.
    base: String,
    /// Send the headers that make a page cross-origin isolated (COOP and COEP), which WebAssembly threads need.
    ///
    /// Pictures of other sites still work: `fetch` and `<img crossorigin>` ask by CORS, which satisfies
    /// `require-corp`. Without CORS a page could not read a picture's pixels anyway.
    isolated: bool,
}

impl Site {
    /// The folder at `/`, cross-origin isolated.
    pub(crate) fn isolated(folder: &Path) -> Result<Self> {
        let folder =
            folder.canonicalize().with_context(|| format!("there is no folder {}", folder.display()))?;
        Ok(Self { folder, base: "/".into(), isolated: true })
    }

    /// The folder as a plain static host has it: somewhere below the root, with no headers of ours.
    pub(crate) fn plain(folder: &Path, base: &str) -> Result<Self> {
        Ok(Self { base: base.into(), isolated: false, ..Self::isolated(folder)? })
    }
}

/// One answer: the method and target that were asked for, and the status that was given.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) status: u16,
}

/// A running server. It ends with the program.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    http: Arc<tiny_http::Server>,
    failures: Arc<Mutex<Vec<Answer>>>,
    accepting: thread::JoinHandle<()>,
}

impl Server {
    pub(crate) fn start(listener: TcpListener, site: Site) -> Result<Self> {
        let address = listener.local_addr()?;
        let http = match tiny_http::Server::from_listener(listener, None) {
            Ok(http) => Arc::new(http),
            Err(error) => bail!("the server could not start: {error}"),
        };
        let failures = Arc::new(Mutex::new(Vec::new()));
        let site = Arc::new(site);
        let accepting = thread::spawn({
            let (http, failures) = (http.clone(), failures.clone());
            move || {
                for request in http.incoming_requests() {
                    let (site, failures) = (site.clone(), failures.clone());
                    thread::spawn(move || answer(&site, &failures, request));
                }
            }
        });
        Ok(Self { address, http, failures, accepting })
    }

    /// Every answer of 400 and above since the last call.
    pub(crate) fn take_failures(&self) -> Vec<Answer> {
        std::mem::take(&mut self.failures.lock().expect("no thread panics with the list"))
    }

    fn wait(self) {
        let _ = self.accepting.join();
        drop(self.http);
    }
}

fn answer(site: &Site, failures: &Mutex<Vec<Answer>>, request: Request) {
    let mut reply = reply(site, &request);
    reply.header("X-Content-Type-Options", "nosniff");
    reply.header("Cross-Origin-Resource-Policy", "same-origin");
    if site.isolated {
        reply.header("Cross-Origin-Opener-Policy", "same-origin");
        reply.header("Cross-Origin-Embedder-Policy", "require-corp");
    }
    let status = reply.status;
    if status >= 400 {
        let asked = Answer { method: request.method().to_string(), target: request.url().into(), status };
        failures.lock().expect("no thread panics with the list").push(asked);
    }
    // A browser that went away in the middle is not an error.
    let _ = match reply.body {
        Body::Text(text) => {
            request.respond(response(status, reply.headers, text.as_bytes(), text.len() as u64))
        }
        Body::None(length) => {
            request.respond(response::<Empty>(status, reply.headers, std::io::empty(), length))
        }
        Body::File(part, length) => request.respond(response(status, reply.headers, part, length)),
    };
}

fn response<R: Read>(status: u16, headers: Vec<Header>, body: R, length: u64) -> Response<R> {
    Response::new(StatusCode(status), headers, body, usize::try_from(length).ok(), None)
        // Always a Content-Length, so that progress bars are true.
        .with_chunked_threshold(usize::MAX)
}

struct Reply {
    status: u16,
    headers: Vec<Header>,
    body: Body,
}

enum Body {
    Text(&'static str),
    /// No body, but the length that one would have.
    None(u64),
    File(Take<File>, u64),
}

impl Reply {
    fn new(status: u16, body: Body) -> Self {
        Self { status, headers: Vec::new(), body }
    }

    fn text(status: u16, text: &'static str) -> Self {
        let mut reply = Self::new(status, Body::Text(text));
        reply.header("Content-Type", "text/plain; charset=utf-8");
        reply
    }

    fn header(&mut self, name: &str, value: &str) {
        let header = Header::from_bytes(name, value).expect("headers are ASCII");
        self.headers.push(header);
    }
}

fn reply(site: &Site, request: &Request) -> Reply {
    if !matches!(request.method(), Method::Get | Method::Head) {
        let mut reply = Reply::text(405, "Only GET and HEAD are served here.\n");
        reply.header("Allow", "GET, HEAD");
        return reply;
    }
    let url = request.url();
    let Some(target) = url.strip_prefix(site.base.trim_end_matches('/')) else {
        return Reply::text(404, "There is nothing here.\n");
    };
    match http::locate(&site.folder, target) {
        Some(folder) if folder.is_dir() => match target.split(['?', '#']).next() {
            Some(path) if path.ends_with('/') => file(&folder.join("index.html"), request),
            // Relative links of a folder's page need its slash.
            _ => redirect(&site.base, &site.folder, &folder),
        },
        Some(path) => file(&path, request),
        None => Reply::text(404, "There is no such file.\n"),
    }
}

fn redirect(base: &str, root: &Path, folder: &Path) -> Reply {
    let mut reply = Reply::text(301, "This is a folder.\n");
    let path = folder.strip_prefix(root).unwrap_or(Path::new("")).to_string_lossy().into_owned();
    let slash = if path.is_empty() { "" } else { "/" };
    match format!("{base}{path}{slash}") {
        location if location.is_ascii() => reply.header("Location", &location.replace(' ', "%20")),
        _ => reply = Reply::text(404, "There is no such file.\n"),
    }
    reply
}

fn file(path: &Path, request: &Request) -> Reply {
    let Some((file, metadata)) = open(path) else {
        return Reply::text(404, "There is no such file.\n");
    };
    let asked = |name: &'static str| {
        let header = request.headers().iter().find(|header| header.field.equiv(name))?;
        Some(header.value.as_str())
    };
    let (length, tag) = (metadata.len(), entity_tag(&metadata));
    let fresh = asked("If-None-Match").is_some_and(|tags| tags.split(',').any(|known| known.trim() == tag));
    // A part of an older file is of no use: then the whole new one.
    let range = asked("Range").filter(|_| asked("If-Range").is_none_or(|known| known == tag));
    let mut reply = match http::span(range, length) {
        _ if fresh => Reply::new(304, Body::None(length)),
        Span::Whole => part(file, 0, length, 200),
        Span::Part(from, to) => {
            let mut reply = part(file, from, to, 206);
            reply.header("Content-Range", &format!("bytes {from}-{}/{length}", to - 1));
            reply
        }
        Span::Outside => {
            let mut reply = Reply::text(416, "That range is outside of the file.\n");
            reply.header("Content-Range", &format!("bytes */{length}"));
            return reply;
        }
    };
    reply.header("Content-Type", http::media_type(path));
    reply.header("Accept-Ranges", "bytes");
    // Kept by the browser, but asked about each time: a rebuilt site is never mixed with the one before.
    reply.header("Cache-Control", "no-cache");
    reply.header("ETag", &tag);
    reply
}

fn open(path: &Path) -> Option<(File, Metadata)> {
    let file = File::open(path).ok()?;
    let metadata = file.metadata().ok()?;
    metadata.is_file().then_some((file, metadata))
}

fn part(mut file: File, from: u64, to: u64, status: u16) -> Reply {
    match file.seek(SeekFrom::Start(from)) {
        Ok(_) => Reply::new(status, Body::File(file.take(to - from), to - from)),
        Err(_) => Reply::text(500, "The file could not be read.\n"),
    }
}

/// Changes whenever the file does.
fn entity_tag(metadata: &Metadata) -> String {
    let modified = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    format!("\"{:x}-{:x}\"", modified.unwrap_or_default().as_nanos(), metadata.len())
}
