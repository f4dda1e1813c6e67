//! What networks, proxies and half-finished uploads do to a model on its way, by a seeded plan; and what was sent.
//!
//! The models of random numbers stand at `/packed/`, a hub with Hugging Face's interface at `/hub/`.

use std::collections::HashMap;
use std::fmt;
use std::fs::File;
use std::io::{Cursor, Read, Seek, SeekFrom};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock};
use std::thread;
use std::time::Duration;

use anyhow::Result;
use flate2::Compression;
use flate2::read::GzEncoder;

use server::Beside;
use server::connection::{Reply, Request};
use server::http::{self, Span};

use crate::random_model;

mod body;
mod hub;
mod plan;

use body::{Counted, Drops, Flipped, Stalling, with_body};
pub use hub::Hub;
pub use plan::{Fault, Plan};

/// Where the models of random numbers are on the site.
const PACKED: &str = "/packed";
/// A page with nothing on it, for tests that bring their own script.
pub const BLANK: &str = "/packed/blank.html";
const BLANK_PAGE: (&str, &str) =
    (BLANK, "<!doctype html><html lang=en><title>Nothing</title><link rel=icon href=data:,>");
/// In a redirect's address: here nothing goes wrong, and other sites may not read it.
const MOVED: &str = "?moved";
/// The same, and other sites may.
const OPEN: &str = "?moved-open";

/// What was asked for and what went out.
#[derive(Clone)]
pub struct Sent {
    /// Path and query.
    pub target: String,
    pub range: Option<String>,
    /// The address of the page or worker that asked.
    pub by: String,
    pub status: u16,
    pub fault: Option<Fault>,
    /// Of the whole body as it should have been.
    pub length: u64,
    bytes: Arc<AtomicU64>,
}

impl Sent {
    /// Of the body, so far.
    pub fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }
}

impl fmt::Debug for Sent {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{} {}", self.target, self.status)?;
        if let Some(range) = &self.range {
            write!(f, " ({range})")?;
        }
        write!(f, ", {} of {} bytes", self.bytes(), self.length)?;
        if let Some(fault) = self.fault {
            write!(f, ", {fault:?}")?;
        }
        Ok(())
    }
}

#[derive(Default)]
struct State {
    plan: Option<Plan>,
    /// How often each part of a file was asked for under this plan.
    asked: HashMap<String, u64>,
    sent: Vec<Sent>,
}

/// The models beside a site, and what goes wrong on their way.
pub struct Faults {
    folder: PathBuf,
    /// Files of the tests' own, by their paths on the site.
    own: &'static [(&'static str, &'static str)],
    pub hub: Hub,
    /// A second origin with the same models, that redirects lead to.
    other: OnceLock<SocketAddr>,
    state: Mutex<State>,
    /// Held by each body that is being sent.
    sending: Arc<()>,
}

impl Faults {
    /// `own`: what else is there besides models, each with its path, which begins with `/packed/`.
    pub fn new(own: &'static [(&'static str, &'static str)]) -> Result<Self> {
        let folder = random_model::folder();
        std::fs::create_dir_all(&folder)?;
        Ok(Self {
            folder: folder.canonicalize()?,
            own,
            hub: Hub::default(),
            other: OnceLock::new(),
            state: Mutex::default(),
            sending: Arc::default(),
        })
    }

    pub fn set_other(&self, address: SocketAddr) {
        // There is one stage, and one other site.
        let _ = self.other.set(address);
    }

    /// From now on; none: nothing goes wrong.
    pub fn plan(&self, plan: Option<Plan>) {
        let mut state = self.state();
        state.plan = plan;
        state.asked.clear();
    }

    /// Everything since the last call, when nothing is on its way any more: what a tab asked for that is closed by now
    /// may still come in.
    pub fn take_sent(&self) -> Vec<Sent> {
        let mut before = None;
        loop {
            let now = (self.state().sent.len(), Arc::strong_count(&self.sending));
            if before == Some(now) && now.1 == 1 {
                break;
            }
            before = Some(now);
            thread::sleep(QUIET);
        }
        std::mem::take(&mut self.state().sent)
    }

    /// The address on the site of a file that [`random_model`] wrote.
    pub fn target(&self, file: &Path) -> Result<String> {
        let below = file.canonicalize()?;
        Ok(format!("{PACKED}/{}", below.strip_prefix(&self.folder)?.display()))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no thread panics with the state")
    }

    fn file(&self, path: &Path, request: &Request) -> Option<Reply> {
        let sending = self.sending.clone();
        let Some((file, length)) = open(path) else { return Some(missing()) };
        let range = request.header("Range").map(str::to_owned);
        let (from, to) = match http::span(range.as_deref(), length) {
            Span::Whole => (0, length),
            Span::Part(from, to) => (from, to),
            Span::Outside => return Some(Reply::text(416, "That range is outside of the file.\n")),
        };
        let moved = request.target.contains(MOVED);
        let fault = if moved { None } else { self.next_fault(&request.target, range.as_deref(), to - from) };
        let mut sent = Sent {
            target: request.target.clone(),
            range,
            by: request.header("Referer").unwrap_or_default().to_owned(),
            status: 0,
            fault,
            length: to - from,
            bytes: Arc::default(),
        };
        let reply = self.faulty(fault, request, (file, length), (from, to));
        let reply = reply.map(|mut reply| {
            sent.status = reply.status;
            reply.body = Box::new(Counted { body: reply.body, bytes: sent.bytes.clone(), _sending: sending });
            reply.header("Content-Type", http::media_type(path));
            reply.header("Cache-Control", "no-cache");
            if request.target.contains(OPEN) {
                reply.header("Access-Control-Allow-Origin", "*");
            }
            reply
        });
        self.state().sent.push(sent);
        reply
    }

    /// An answer without a file: it comes, or it doesn't.
    fn described(&self, request: &Request, reply: Reply) -> Option<Reply> {
        match self.next_fault(&request.target, None, reply.length) {
            Some(Fault::Silence) => None,
            Some(Fault::Busy(again)) => Some(busy(again)),
            _ => Some(reply),
        }
    }

    fn next_fault(&self, target: &str, range: Option<&str>, length: u64) -> Option<Fault> {
        let mut state = self.state();
        let plan = state.plan?;
        let place = format!("{target} {}", range.unwrap_or_default());
        let nth = state.asked.entry(place.clone()).or_default();
        *nth += 1;
        let fault = plan.fault(&place, *nth, length)?;
        // A manifest is what says which bytes are right; nobody could tell.
        let description = target.ends_with(".json") || target.contains("/api/");
        (!(description && matches!(fault, Fault::Flip(_)))).then_some(fault)
    }

    fn faulty(
        &self,
        fault: Option<Fault>,
        request: &Request,
        (file, all): (File, u64),
        (from, to): (u64, u64),
    ) -> Option<Reply> {
        let length = to - from;
        let part = |file: File| part(file, from, to, all);
        Some(match fault {
            None => part(file),
            Some(Fault::Silence) => return None,
            Some(Fault::Break(at)) => with_body(part(file), |body| body.take(at)),
            Some(Fault::Busy(again)) => busy(again),
            Some(Fault::Drip) => with_body(part(file), Drops),
            Some(Fault::Stall(at)) => with_body(part(file), |body| Stalling { body, before: Some(at) }),
            Some(Fault::Flip(at)) => with_body(part(file), |body| Flipped { body, before: Some(at) }),
            Some(Fault::NoRange) => self::part(file, 0, all, all),
            Some(Fault::Short(missing)) => {
                let mut reply = part(file);
                reply.length = length.saturating_sub(missing);
                reply
            }
            Some(Fault::Long(more)) => {
                let mut reply = part(file);
                reply.length = length + more;
                reply
            }
            Some(Fault::Gzip) => {
                let mut packed = Vec::new();
                // Random numbers don't get smaller.
                GzEncoder::new(file, Compression::none()).read_to_end(&mut packed).ok()?;
                let length = packed.len() as u64;
                let mut reply = Reply::new(200, Cursor::new(packed), length);
                reply.header("Content-Encoding", "gzip");
                reply
            }
            Some(Fault::Moved) => redirect(format!("{}{MOVED}", request.target)),
            Some(Fault::Closed) => self.elsewhere(request, MOVED)?,
            Some(Fault::Foreign) => self.elsewhere(request, OPEN)?,
        })
    }

    fn elsewhere(&self, request: &Request, how: &str) -> Option<Reply> {
        let mut reply = redirect(format!("http://{}{}{how}", self.other.get()?, request.target));
        // Else the browser doesn't even follow.
        reply.header("Access-Control-Allow-Origin", "*");
        Some(reply)
    }
}

impl Beside for Faults {
    fn has(&self, target: &str) -> bool {
        [PACKED, hub::PATH]
            .iter()
            .any(|path| target.strip_prefix(path).is_some_and(|rest| rest.starts_with('/')))
    }

    fn answer(&self, request: &Request) -> Option<Reply> {
        if let Some((path, text)) = self
            .own
            .iter()
            .chain([&BLANK_PAGE])
            .find(|(path, _)| Some(*path) == request.target.split('?').next())
        {
            let mut reply = Reply::new(200, text.as_bytes(), text.len() as u64);
            reply.header("Content-Type", http::media_type(Path::new(path)));
            return Some(reply);
        }
        if let Some(rest) = request.target.strip_prefix(hub::PATH).filter(|rest| rest.starts_with('/')) {
            return match self.hub.answer(rest) {
                hub::Answer::File(path) => self.file(&path, request),
                hub::Answer::Reply(reply) => self.described(request, reply),
            };
        }
        let rest = request.target.strip_prefix(PACKED).unwrap_or_default();
        match http::locate(&self.folder, rest) {
            Some(path) => self.file(&path, request),
            None => Some(missing()),
        }
    }
}

fn busy(again: Option<u64>) -> Reply {
    let mut reply = Reply::text(503, "Come again later.\n");
    if let Some(seconds) = again {
        reply.header("Retry-After", seconds.to_string());
    }
    reply
}

fn missing() -> Reply {
    Reply::text(404, "There is no such file.\n")
}

fn open(path: &Path) -> Option<(File, u64)> {
    let file = File::open(path).ok()?;
    let metadata = file.metadata().ok()?;
    metadata.is_file().then_some((file, metadata.len()))
}

/// Bytes `from..to` of a file that has `all`.
fn part(mut file: File, from: u64, to: u64, all: u64) -> Reply {
    if file.seek(SeekFrom::Start(from)).is_err() {
        return Reply::text(500, "The file could not be read.\n");
    }
    let status = if to - from == all { 200 } else { 206 };
    let mut reply = Reply::new(status, file.take(to - from), to - from);
    if status == 206 {
        reply.header("Content-Range", format!("bytes {from}-{}/{all}", to - 1));
    }
    reply.header("Accept-Ranges", "bytes");
    reply
}

fn redirect(to: String) -> Reply {
    let mut reply = Reply::text(302, "It is elsewhere.\n");
    reply.header("Location", to);
    reply
}

/// When nothing new comes for so long, nothing does.
const QUIET: Duration = Duration::from_millis(50);
