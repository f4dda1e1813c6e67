//! Hugging Face's addresses, and files from them: with resume, and checked.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use ureq::http::{Response, header};
use ureq::tls::{RootCerts, TlsConfig};
use ureq::{Agent, Body};

use crate::pieces::sha256_of;

/// Where the repositories are; `HF_ENDPOINT` names another place with the same interface.
const ENDPOINT: &str = "https://huggingface.co";
/// Tries in a row that bring nothing new, before it is given up.
const TRIES: u32 = 6;
/// A connection that has not delivered by then is made anew; what came is kept.
const CONNECT: Duration = Duration::from_secs(30);
const BODY: Duration = Duration::from_secs(300);

/// A hub, and how patient one is with it.
pub struct Hub {
    endpoint: String,
    agent: Agent,
    /// Wait before the second try; doubled with each further one.
    pause: Duration,
}

/// A repository at one commit.
#[derive(Debug, Deserialize)]
pub struct Info {
    /// The commit.
    pub sha: String,
    #[serde(default, rename = "cardData")]
    card: Option<Card>,
}

#[derive(Debug, Deserialize)]
struct Card {
    license: Option<serde_json::Value>,
    license_name: Option<String>,
}

impl Info {
    pub fn licence(&self) -> Option<String> {
        let card = self.card.as_ref()?;
        match card.license.as_ref()? {
            serde_json::Value::String(licence) if licence == "other" => {
                Some(card.license_name.clone().unwrap_or_else(|| licence.clone()))
            }
            serde_json::Value::String(licence) => Some(licence.clone()),
            serde_json::Value::Array(several) => {
                Some(several.iter().filter_map(|one| one.as_str()).collect::<Vec<_>>().join(", "))
            }
            _ => None,
        }
    }
}

/// One file of a repository.
#[derive(Clone, Debug, Deserialize)]
pub struct Remote {
    #[serde(rename = "type")]
    kind: String,
    pub path: String,
    pub size: u64,
    pub lfs: Option<Lfs>,
}

/// Large files have their SHA-256 in the list.
#[derive(Clone, Debug, Deserialize)]
pub struct Lfs {
    pub oid: String,
}

#[derive(Deserialize)]
struct Discussions {
    discussions: Vec<Discussion>,
}

#[derive(Deserialize)]
struct Discussion {
    num: u64,
    title: String,
    status: String,
    #[serde(default, rename = "isPullRequest")]
    is_pull_request: bool,
    author: Option<Author>,
}

#[derive(Deserialize)]
struct Author {
    name: String,
}

/// How a try ended that brought no file.
enum Failure {
    /// Another try may do better.
    Passing(anyhow::Error),
    Final(anyhow::Error),
}

impl Hub {
    /// The hub that the environment names, or Hugging Face's.
    pub fn from_env() -> Self {
        Self::new(&std::env::var("HF_ENDPOINT").unwrap_or_else(|_| ENDPOINT.into()), Duration::from_secs(1))
    }

    pub fn new(endpoint: &str, pause: Duration) -> Self {
        // Certificates are the system's, so that a company's own authority counts.
        let tls = TlsConfig::builder().root_certs(RootCerts::PlatformVerifier).build();
        let config = Agent::config_builder()
            .tls_config(tls)
            .http_status_as_error(false)
            .timeout_connect(Some(CONNECT))
            .timeout_recv_response(Some(CONNECT))
            .timeout_recv_body(Some(BODY))
            .build();
        Self {
            endpoint: endpoint.trim_end_matches('/').to_owned(),
            agent: Agent::new_with_config(config),
            pause,
        }
    }

    /// Errors: there is no such repository, or it cannot be asked.
    pub fn info(&self, id: &str, revision: &str) -> Result<Info> {
        self.json(&format!("{}/api/models/{id}/revision/{}", self.endpoint, revision.replace('/', "%2F")))
    }

    /// The files of a commit.
    ///
    /// Errors: it cannot be asked.
    pub fn files(&self, id: &str, sha: &str) -> Result<Vec<Remote>> {
        let mut files: Vec<Remote> =
            self.json(&format!("{}/api/models/{id}/tree/{sha}?recursive=true", self.endpoint))?;
        files.retain(|file| file.kind == "file");
        Ok(files)
    }

    /// The revision in which Hugging Face's converter has put safetensors beside a repository's PyTorch files.
    ///
    /// Errors: it cannot be asked.
    pub fn converted(&self, id: &str) -> Result<Option<String>> {
        let url = format!("{}/api/models/{id}/discussions?p=0", self.endpoint);
        let found: Discussions = self.json(&url)?;
        let fits = |one: &&Discussion| {
            one.is_pull_request
                && matches!(one.status.as_str(), "open" | "merged")
                && one.title == "Adding `safetensors` variant of this model"
                && one.author.as_ref().is_some_and(|author| author.name == "SFconvertbot")
        };
        Ok(found.discussions.iter().find(fits).map(|one| format!("refs/pr/{}", one.num)))
    }

    fn json<T: DeserializeOwned>(&self, url: &str) -> Result<T> {
        let mut tries = 0;
        let bytes = loop {
            let result = self.get(url, 0).and_then(|mut response| {
                let body = response.body_mut().with_config().limit(64 << 20).read_to_vec();
                body.map_err(|error| {
                    Failure::Passing(anyhow::Error::new(error).context(format!("{url} broke off")))
                })
            });
            match result {
                Ok(bytes) => break bytes,
                Err(failure) => self.again(failure, &mut tries)?,
            }
        };
        serde_json::from_slice(&bytes)
            .with_context(|| format!("{url} answered with something else than is known"))
    }

    /// Download one file of a commit to `to`, going on with what an earlier try left in `to`.part, and check it: its
    /// size, and its SHA-256 where the hub states that.
    ///
    /// Errors: the file cannot be had or is not what the hub says, after several tries; the disk is full.
    pub fn download(&self, id: &str, sha: &str, file: &Remote, to: &Path) -> Result<()> {
        let url = format!("{}/{id}/resolve/{sha}/{}", self.endpoint, file.path.replace(' ', "%20"));
        let mut name = to.as_os_str().to_owned();
        name.push(".part");
        let part = Path::new(&name);
        let mut tries = 0;
        let mut wrong = 0;
        // Where a server has no Range, a try may end before the one before it.
        let mut furthest = length(part);
        loop {
            let before = length(part);
            let mut failure = None;
            if before < file.size || (file.size == 0 && !part.exists()) {
                failure = self.append(&url, file, part, before).err();
            }
            if let Some(failure) = failure {
                if length(part) > furthest {
                    furthest = length(part);
                    tries = 0;
                }
                self.again(failure, &mut tries)?;
                continue;
            }
            match check(part, file) {
                Ok(()) => break,
                // What came is of no use: once more, from the beginning.
                Err(error) => {
                    fs::remove_file(part)
                        .with_context(|| format!("{} could not be removed", part.display()))?;
                    wrong += 1;
                    if wrong == 2 {
                        return Err(error.context(format!("{url} is not what the hub says, twice")));
                    }
                    println!("{error:#}; downloading {} again.", file.path);
                }
            }
        }
        fs::rename(part, to).with_context(|| format!("{} could not be written", to.display()))
    }

    /// One request: what it brings goes to the end of `part`, which has `have` bytes.
    fn append(&self, url: &str, file: &Remote, part: &Path, have: u64) -> Result<(), Failure> {
        let mut response = self.get(url, have)?;
        let goes_on = response.status() == 206;
        if goes_on && range_start(&response) != Some(have) {
            // An answer to another question: from the beginning, which needs no range.
            let _ = fs::remove_file(part);
            return Err(Failure::Passing(anyhow::anyhow!("{url} sent another range than was asked for")));
        }
        let disk = |error: std::io::Error| {
            Failure::Final(
                anyhow::Error::new(error).context(format!("{} could not be written", part.display())),
            )
        };
        // Without a range the whole file comes; then what was there gives way.
        let opened = File::options().create(true).write(true).append(goes_on).truncate(!goes_on).open(part);
        let mut to = opened.map_err(disk)?;
        let mut have = if goes_on { have } else { 0 };
        let mut body = response.body_mut().as_reader();
        let mut chunk = vec![0; 1 << 18];
        let mut progress = Progress::new(file);
        loop {
            let read = body.read(&mut chunk).map_err(|error| {
                Failure::Passing(
                    anyhow::Error::new(error).context(format!("{url} broke off after {have} bytes")),
                )
            })?;
            if read == 0 && have < file.size {
                return Err(Failure::Passing(anyhow::anyhow!(
                    "{url} ended after {have} of {} bytes",
                    file.size
                )));
            }
            if read == 0 {
                return Ok(());
            }
            to.write_all(&chunk[..read]).map_err(disk)?;
            have += read as u64;
            if have > file.size {
                // Never ending: the size check says what is wrong.
                return Ok(());
            }
            progress.at(have);
        }
    }

    /// A GET of the bytes from `from` on; only success comes back.
    fn get(&self, url: &str, from: u64) -> Result<Response<Body>, Failure> {
        let mut request = self.agent.get(url);
        if from > 0 {
            request = request.header(header::RANGE, format!("bytes={from}-"));
        }
        let response = request.call().map_err(|error| {
            Failure::Passing(anyhow::Error::new(error).context(format!("{url} could not be reached")))
        })?;
        let status = response.status().as_u16();
        match status {
            200 | 206 => Ok(response),
            401 | 403 => Err(Failure::Final(anyhow::anyhow!(
                "{url} is refused ({status}): private and gated repositories cannot be fetched; download it by other means and give the folder"
            ))),
            404 => Err(Failure::Final(anyhow::anyhow!("{url} does not exist (404)"))),
            408 | 416 | 429 | 500.. => Err(Failure::Passing(anyhow::anyhow!("{url} answered {status}"))),
            _ => Err(Failure::Final(anyhow::anyhow!("{url} answered {status}"))),
        }
    }

    /// Wait for the next try.
    ///
    /// Errors: this one was the last.
    fn again(&self, failure: Failure, tries: &mut u32) -> Result<()> {
        let error = match failure {
            Failure::Final(error) => return Err(error),
            Failure::Passing(error) => error,
        };
        *tries += 1;
        if *tries == TRIES {
            return Err(
                error.context(format!("given up after {TRIES} tries; the same command goes on from here"))
            );
        }
        let pause = self.pause * 2u32.pow(*tries - 1);
        println!("{error:#}; trying again in {} s.", pause.as_secs_f32());
        sleep(pause);
        Ok(())
    }
}

/// Is the file what the hub says?
///
/// Errors: it is not.
pub fn check(path: &Path, file: &Remote) -> Result<()> {
    let found = length(path);
    if found != file.size {
        bail!("{} has {found} bytes, not {}", path.display(), file.size);
    }
    if let Some(Lfs { oid }) = &file.lfs {
        let found = sha256_of(path)?;
        if found != *oid {
            bail!("{} has the SHA-256 {found}, not {oid}", path.display());
        }
    }
    Ok(())
}

fn length(path: &Path) -> u64 {
    fs::metadata(path).map_or(0, |about| about.len())
}

/// The first byte of `Content-Range: bytes 5-9/10`.
fn range_start(response: &Response<Body>) -> Option<u64> {
    let range = response.headers().get(header::CONTENT_RANGE)?.to_str().ok()?;
    range.strip_prefix("bytes ")?.split_once('-')?.0.trim().parse().ok()
}

/// Says how far a long download is, every few seconds.
struct Progress<'a> {
    file: &'a Remote,
    said: Instant,
}

impl<'a> Progress<'a> {
    fn new(file: &'a Remote) -> Self {
        Self { file, said: Instant::now() }
    }

    fn at(&mut self, have: u64) {
        if self.said.elapsed() > Duration::from_secs(5) {
            self.said = Instant::now();
            println!("{}: {have} of {} bytes", self.file.path, self.file.size);
        }
    }
}
