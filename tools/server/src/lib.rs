//! A web server for a folder: `cargo xtask serve`'s, and the tests', which also record what it answers, hold models back
//! and let it vanish.

pub mod connection;
pub mod http;
pub mod policy;

use std::fs::{self, File, Metadata};
use std::io::{ErrorKind, Read, Seek, SeekFrom};
use std::net::{SocketAddr, TcpListener, ToSocketAddrs};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::{Duration, UNIX_EPOCH};

use anyhow::{Context, Result, anyhow};

use connection::{Reply, Request};
use http::Span;

/// A listening socket, or one sentence on why there is none.
pub fn listen(host: &str, port: u16) -> Result<TcpListener> {
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
pub struct Site {
    /// Canonical.
    folder: PathBuf,
    /// The path it appears under: `/`, or `/some/where/`.
    base: String,
    /// Send the headers that make a page cross-origin isolated (COOP and COEP), which WebAssembly threads need.
    ///
    /// Pictures of other sites still work: `fetch` and `<img crossorigin>` ask by CORS, which satisfies
    /// `require-corp`. Without CORS a page could not read a picture's pixels anyway.
    isolated: bool,
    /// Send the page's own Content-Security-Policy with everything: its `<meta>` does not bind the worker.
    policy: bool,
    /// Keep every answer for [`Server::take_answers`].
    recorded: bool,
    /// Let pages of other origins have everything, as hosts of packages do (CORS).
    shared: bool,
    /// Another folder, canonical, and the path below `base` that it appears under.
    also: Option<(&'static str, PathBuf)>,
    beside: Option<Arc<dyn Beside>>,
}

/// What the same host has besides the folder.
pub trait Beside: Send + Sync {
    fn has(&self, target: &str) -> bool;
    /// None: nobody is answered, and the connection is closed.
    fn answer(&self, request: &Request) -> Option<Reply>;
}

impl Site {
    /// The folder at `/`, cross-origin isolated, its page's policy kept by every file.
    pub fn isolated(folder: &Path) -> Result<Self> {
        let folder =
            folder.canonicalize().with_context(|| format!("there is no folder {}", folder.display()))?;
        Ok(Self {
            folder,
            base: "/".into(),
            isolated: true,
            policy: true,
            recorded: false,
            shared: false,
            also: None,
            beside: None,
        })
    }

    /// The folder as a plain static host has it: somewhere below the root, with no headers of ours.
    pub fn plain(folder: &Path, base: &str) -> Result<Self> {
        Ok(Self { base: base.into(), isolated: false, policy: false, ..Self::isolated(folder)? })
    }

    /// The same, with every answer kept for [`Server::take_answers`].
    pub fn recorded(self) -> Self {
        Self { recorded: true, ..self }
    }

    /// The same, for pages of other origins, too.
    pub fn shared(self) -> Self {
        Self { shared: true, ..self }
    }

    /// With this folder at `path`, which begins with a slash and ends without one: below the site's own path, and before
    /// what the site has there.
    pub fn also(self, path: &'static str, folder: &Path) -> Result<Self> {
        let folder =
            folder.canonicalize().with_context(|| format!("there is no folder {}", folder.display()))?;
        Ok(Self { also: Some((path, folder)), ..self })
    }

    pub fn beside(self, beside: Arc<dyn Beside>) -> Self {
        Self { beside: Some(beside), ..self }
    }

    fn reply(&self, request: &Request) -> Option<Reply> {
        match &self.beside {
            Some(beside) if beside.has(&request.target) => beside.answer(request),
            _ => Some(reply(self, request)),
        }
    }
}

/// One answer: the method and target that were asked for, and the status that was given; 0 where nobody
/// was answered.
#[derive(Clone, Debug)]
pub struct Answer {
    pub method: String,
    pub target: String,
    pub status: u16,
}

const DROP: usize = 1024;
const DROP_EVERY: Duration = Duration::from_millis(100);

/// While it is shut, the second half of every model's weights comes through in drops, so that a load can be looked at.
#[derive(Default)]
pub struct Gate {
    shut: Mutex<bool>,
    changed: Condvar,
}

impl Gate {
    pub fn shut(&self, shut: bool) {
        *self.shut.lock().expect("no thread panics with the gate") = shut;
        self.changed.notify_all();
    }

    /// How many bytes may pass now, of `most`.
    fn pass(&self, most: usize) -> usize {
        let shut = self.shut.lock().expect("no thread panics with the gate");
        let waited = self.changed.wait_timeout_while(shut, DROP_EVERY, |shut| *shut);
        let (shut, _) = waited.expect("no thread panics with the gate");
        if *shut { most.min(DROP) } else { most }
    }
}

/// A body that stops at the gate when `before` bytes have passed.
struct Gated<R> {
    body: R,
    before: u64,
    gate: Arc<Gate>,
}

impl<R: Read> Read for Gated<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.before == 0 {
            let most = self.gate.pass(buffer.len());
            return self.body.read(&mut buffer[..most]);
        }
        let most = usize::try_from(self.before).unwrap_or(usize::MAX).min(buffer.len());
        let read = self.body.read(&mut buffer[..most])?;
        self.before -= read as u64;
        Ok(read)
    }
}

/// A running server. It ends with the program.
pub struct Server {
    pub address: SocketAddr,
    /// What it serves.
    pub folder: PathBuf,
    pub gate: Arc<Gate>,
    /// While it is set, nobody is answered, as if the network were gone.
    pub gone: Arc<AtomicBool>,
    answers: Arc<Mutex<Vec<Answer>>>,
    accepting: thread::JoinHandle<()>,
}

impl Server {
    pub fn start(listener: TcpListener, site: Site) -> Result<Self> {
        let address = listener.local_addr()?;
        let (gate, answers) = (Arc::new(Gate::default()), Arc::new(Mutex::new(Vec::new())));
        let gone = Arc::new(AtomicBool::new(false));
        let folder = site.folder.clone();
        let host = Host { site, gate: gate.clone(), gone: gone.clone(), answers: answers.clone() };
        let accepting = thread::spawn(move || {
            let host = Arc::new(host);
            for stream in listener.incoming().flatten() {
                let host = host.clone();
                // A browser that went away in the middle is not an error.
                thread::spawn(move || connection::converse(stream, |request| host.answer(request)));
            }
        });
        Ok(Self { address, folder, gate, gone, answers, accepting })
    }

    /// Every answer since the last call, where the site is recorded.
    pub fn take_answers(&self) -> Vec<Answer> {
        std::mem::take(&mut self.answers.lock().expect("no thread panics with the list"))
    }

    /// Until the program ends.
    pub fn wait(self) {
        let _ = self.accepting.join();
    }
}

/// What the connections share.
struct Host {
    site: Site,
    gate: Arc<Gate>,
    gone: Arc<AtomicBool>,
    answers: Arc<Mutex<Vec<Answer>>>,
}

impl Host {
    fn answer(&self, request: &Request) -> Option<Reply> {
        if self.gone.load(Ordering::Relaxed) {
            self.record(request, 0);
            return None;
        }
        let Some(mut reply) = self.site.reply(request) else {
            self.record(request, 0);
            return None;
        };
        reply.header("X-Content-Type-Options", "nosniff");
        if self.site.shared {
            reply.header("Access-Control-Allow-Origin", "*");
            reply.header("Cross-Origin-Resource-Policy", "cross-origin");
        } else {
            reply.header("Cross-Origin-Resource-Policy", "same-origin");
        }
        if self.site.isolated {
            reply.header("Cross-Origin-Opener-Policy", "same-origin");
            reply.header("Cross-Origin-Embedder-Policy", "require-corp");
        }
        if self.site.policy {
            // Read each time: the site may have been built anew.
            let page = fs::read_to_string(self.site.folder.join("index.html")).unwrap_or_default();
            if let Some(policy) = policy::header_of(&page) {
                reply.header("Content-Security-Policy", policy);
            }
        }
        self.record(request, reply.status);
        if request.target.contains(".gguf") {
            reply.body =
                Box::new(Gated { body: reply.body, before: reply.length / 2, gate: self.gate.clone() });
        }
        Some(reply)
    }

    fn record(&self, request: &Request, status: u16) {
        if self.site.recorded {
            let (method, target) = (request.method.clone(), request.target.clone());
            let answer = Answer { method, target, status };
            self.answers.lock().expect("no thread panics with the list").push(answer);
        }
    }
}

fn reply(site: &Site, request: &Request) -> Reply {
    if !matches!(request.method.as_str(), "GET" | "HEAD") {
        let mut reply = Reply::text(405, "Only GET and HEAD are served here.\n");
        reply.header("Allow", "GET, HEAD");
        return reply;
    }
    let Some(target) = request.target.strip_prefix(site.base.trim_end_matches('/')) else {
        return Reply::text(404, "There is nothing here.\n");
    };
    if let Some((path, folder)) = &site.also
        && let Some(rest) = target.strip_prefix(path).filter(|rest| rest.starts_with('/'))
    {
        return match http::locate(folder, rest) {
            Some(path) => file(&path, request),
            None => Reply::text(404, "There is no such file.\n"),
        };
    }
    match http::locate(&site.folder, target) {
        Some(folder) if folder.is_dir() => match target.split(['?', '#']).next() {
            Some(path) if path.ends_with('/') => file(&folder.join("index.html"), request),
            // Relative links of a folder's page need its slash.
            _ => redirect(site, &folder),
        },
        Some(path) => file(&path, request),
        None => Reply::text(404, "There is no such file.\n"),
    }
}

fn redirect(site: &Site, folder: &Path) -> Reply {
    let path = folder.strip_prefix(&site.folder).unwrap_or(Path::new("")).to_string_lossy().into_owned();
    let slash = if path.is_empty() { "" } else { "/" };
    let location = format!("{}{path}{slash}", site.base);
    if !location.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'%') {
        return Reply::text(404, "There is no such file.\n");
    }
    let mut reply = Reply::text(301, "This is a folder.\n");
    reply.header("Location", location);
    reply
}

fn file(path: &Path, request: &Request) -> Reply {
    let Some((file, metadata)) = open(path) else {
        return Reply::text(404, "There is no such file.\n");
    };
    if let Some((encoding, file, metadata)) = compressed(path, &metadata, request) {
        let (length, tag) = (metadata.len(), entity_tag(&metadata));
        let fresh = request.header("If-None-Match").is_some_and(|tags| tags.contains(&tag));
        let mut reply = match fresh {
            true => Reply::new(304, std::io::empty(), length),
            false => part(file, 0, length, 200),
        };
        reply.header("Content-Encoding", encoding);
        say_what_it_is(&mut reply, path, tag);
        return reply;
    }
    let (length, tag) = (metadata.len(), entity_tag(&metadata));
    let known = request.header("If-None-Match");
    let fresh = known.is_some_and(|tags| tags.split(',').any(|known| known.trim() == tag));
    // A part of an older file is of no use: then the whole new one.
    let range =
        request.header("Range").filter(|_| request.header("If-Range").is_none_or(|known| known == tag));
    let mut reply = match http::span(range, length) {
        _ if fresh => Reply::new(304, std::io::empty(), length),
        Span::Whole => part(file, 0, length, 200),
        Span::Part(from, to) => {
            let mut reply = part(file, from, to, 206);
            reply.header("Content-Range", format!("bytes {from}-{}/{length}", to - 1));
            reply
        }
        Span::Outside => {
            let mut reply = Reply::text(416, "That range is outside of the file.\n");
            reply.header("Content-Range", format!("bytes */{length}"));
            return reply;
        }
    };
    reply.header("Accept-Ranges", "bytes");
    say_what_it_is(&mut reply, path, tag);
    reply
}

fn say_what_it_is(reply: &mut Reply, path: &Path, tag: String) {
    reply.header("Content-Type", http::media_type(path));
    // Kept by the browser, but asked about each time: a rebuilt site is never mixed with the one before.
    reply.header("Cache-Control", "no-cache");
    reply.header("ETag", tag);
    reply.header("Vary", "Accept-Encoding");
}

/// The same file as it lies compressed beside, where the client takes it so and wants all of it. One that is older is of
/// an older file.
fn compressed(path: &Path, of: &Metadata, request: &Request) -> Option<(&'static str, File, Metadata)> {
    if request.header("Range").is_some() {
        return None;
    }
    let accepted = request.header("Accept-Encoding").unwrap_or_default();
    [("br", "br"), ("gzip", "gz")].into_iter().find_map(|(encoding, ending)| {
        if !http::accepts(accepted, encoding) {
            return None;
        }
        let mut name = path.as_os_str().to_owned();
        name.push(format!(".{ending}"));
        let (file, metadata) = open(Path::new(&name))?;
        (metadata.modified().ok()? >= of.modified().ok()?).then_some((encoding, file, metadata))
    })
}

fn open(path: &Path) -> Option<(File, Metadata)> {
    let file = File::open(path).ok()?;
    let metadata = file.metadata().ok()?;
    metadata.is_file().then_some((file, metadata))
}

fn part(mut file: File, from: u64, to: u64, status: u16) -> Reply {
    match file.seek(SeekFrom::Start(from)) {
        Ok(_) => Reply::new(status, file.take(to - from), to - from),
        Err(_) => Reply::text(500, "The file could not be read.\n"),
    }
}

/// Changes whenever the file does.
fn entity_tag(metadata: &Metadata) -> String {
    let modified = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    format!("\"{:x}-{:x}\"", modified.unwrap_or_default().as_nanos(), metadata.len())
}
