//! A repository from a hub that misbehaves: it ends with the right bytes or a clear error.

#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, VecDeque};
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use semblance_pack::fetch;
use semblance_pack::hub::Hub;
use semblance_pack::repository::Fetched;
use sha2::{Digest, Sha256};

/// What the server does with the next request for a file of weights, instead of answering properly.
#[derive(Clone, Copy, Debug)]
enum Fault {
    /// Close the connection after so many bytes.
    Drop(usize),
    Status(u16),
    /// The whole file, whatever range was asked for.
    NoRange,
    /// One byte is another.
    Wrong,
    /// Another range than was asked for.
    OtherRange,
    /// More bytes than the file has.
    Longer,
}

#[derive(Default)]
struct State {
    /// By path below `resolve/SHA/`.
    files: BTreeMap<String, Vec<u8>>,
    /// Of the converter's pull request, where there is one.
    converted: BTreeMap<String, Vec<u8>>,
    faults: VecDeque<Fault>,
    /// Bytes of weights that went out.
    sent: usize,
    requests: Vec<String>,
}

struct Server {
    state: Arc<Mutex<State>>,
    endpoint: String,
}

const SHA: &str = "0123456789abcdef0123456789abcdef01234567";
const PULL: &str = "fedcba9876543210fedcba9876543210fedcba98";

impl Server {
    fn new(files: BTreeMap<String, Vec<u8>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let state = Arc::new(Mutex::new(State { files, ..State::default() }));
        let shared = state.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let state = shared.clone();
                std::thread::spawn(move || serve(stream, &state));
            }
        });
        Self { state, endpoint }
    }

    fn fault(&self, faults: &[Fault]) {
        self.state.lock().unwrap().faults.extend(faults);
    }

    fn fetch(&self, folder: &Path) -> anyhow::Result<std::path::PathBuf> {
        let hub = Hub::new(&self.endpoint, Duration::from_millis(1));
        fetch::from(&hub, "org/small", None, folder)
    }

    /// The bytes of weights that went out since this was asked last.
    fn sent(&self) -> usize {
        std::mem::take(&mut self.state.lock().unwrap().sent)
    }
}

/// One request a connection.
fn serve(mut stream: TcpStream, state: &Mutex<State>) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut line = String::new();
    if reader.read_line(&mut line).unwrap_or(0) == 0 {
        return;
    }
    let path = line.split(' ').nth(1).unwrap_or_default().to_owned();
    let mut from = None;
    loop {
        let mut header = String::new();
        if reader.read_line(&mut header).unwrap_or(0) < 3 {
            break;
        }
        if let Some(range) = header.to_ascii_lowercase().strip_prefix("range: bytes=") {
            from = range.trim().trim_end_matches('-').parse::<usize>().ok();
        }
    }
    let mut state = state.lock().unwrap();
    state.requests.push(path.clone());
    let answer = answer(&mut state, &path, from);
    drop(state);
    let _ = stream.write_all(&answer);
}

fn answer(state: &mut State, path: &str, from: Option<usize>) -> Vec<u8> {
    let json = |text: String| response(200, "", text.as_bytes());
    let licence = r#""cardData":{"license":"mit"}"#;
    match path {
        "/api/models/org/small/revision/main" => return json(format!(r#"{{"sha":"{SHA}",{licence}}}"#)),
        "/api/models/org/small/revision/refs%2Fpr%2F7" if !state.converted.is_empty() => {
            return json(format!(r#"{{"sha":"{PULL}","other":1}}"#));
        }
        "/api/models/org/small/discussions?p=0" => {
            let one = |num: u32, title: &str, name: &str| {
                format!(
                    r#"{{"num":{num},"title":"{title}","status":"open","isPullRequest":true,"author":{{"name":"{name}"}}}}"#
                )
            };
            let mut all = vec![one(3, "Adding `safetensors` variant of this model", "somebody")];
            if !state.converted.is_empty() {
                all.push(one(7, "Adding `safetensors` variant of this model", "SFconvertbot"));
            }
            return json(format!(r#"{{"discussions":[{}]}}"#, all.join(",")));
        }
        _ => {}
    }
    if let Some(sha) = path.strip_prefix("/api/models/org/small/tree/") {
        let files = if sha.starts_with(PULL) { &state.converted } else { &state.files };
        let list: Vec<String> = files
            .iter()
            .map(|(path, bytes)| {
                let lfs = match path.ends_with(".safetensors") {
                    true => {
                        format!(r#","lfs":{{"oid":"{:x}","size":{}}}"#, Sha256::digest(bytes), bytes.len())
                    }
                    false => String::new(),
                };
                format!(r#"{{"type":"file","path":"{path}","size":{}{lfs}}}"#, bytes.len())
            })
            .collect();
        return json(format!(r#"[{{"type":"directory","path":"onnx","size":0}},{}]"#, list.join(",")));
    }
    let found = path.strip_prefix("/org/small/resolve/").and_then(|rest| {
        let (sha, name) = rest.split_once('/')?;
        let files = if sha == PULL { &state.converted } else { &state.files };
        Some((name.to_owned(), files.get(name)?.clone()))
    });
    let Some((name, mut bytes)) = found else { return response(404, "", b"") };
    let weights = name.ends_with(".safetensors");
    let fault = if weights { state.faults.pop_front() } else { None };
    let from = from.filter(|_| !matches!(fault, Some(Fault::NoRange)));
    if let Some(Fault::Status(status)) = fault {
        return response(status, "", b"not now");
    }
    if let Some(Fault::Wrong) = fault {
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
    }
    let whole = bytes.len();
    let mut answer = match from {
        Some(from) => {
            let said = if matches!(fault, Some(Fault::OtherRange)) { from + 1 } else { from };
            response(206, &format!("Content-Range: bytes {said}-{}/{whole}\r\n", whole - 1), &bytes[from..])
        }
        None if matches!(fault, Some(Fault::Longer)) => {
            bytes.extend([0; 100]);
            response(200, "", &bytes)
        }
        None => response(200, "", &bytes),
    };
    let head = answer.len() - (bytes.len() - from.unwrap_or(0));
    if let Some(Fault::Drop(after)) = fault {
        answer.truncate(head + after);
    }
    if weights {
        state.sent += answer.len() - head;
    }
    answer
}

fn response(status: u16, headers: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "HTTP/1.1 {status} Whatever\r\nContent-Length: {}\r\nConnection: close\r\n{headers}\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

/// Weights of so many bytes; the texts need not be a model's to be fetched.
fn repository(weights: usize) -> BTreeMap<String, Vec<u8>> {
    let bytes = |n: usize| (0..n).map(|i| (i * 31 % 251) as u8).collect::<Vec<u8>>();
    BTreeMap::from([
        ("config.json".into(), b"{}".to_vec()),
        ("tokenizer.json".into(), bytes(999)),
        ("README.md".into(), b"---\nlicense: mit\n---\n".to_vec()),
        ("pytorch_model.bin".into(), bytes(5)),
        ("model.safetensors".into(), bytes(weights)),
    ])
}

/// Everything is there and right, and nothing else.
fn complete(folder: &Path, files: &BTreeMap<String, Vec<u8>>, wanted: &[&str], sha: &str) {
    let folder = folder.join("org/small");
    for name in wanted {
        assert!(fs::read(folder.join(name)).unwrap() == files[*name], "{name}");
    }
    let fetched = Fetched::read(&folder).unwrap();
    assert_eq!((fetched.id.as_str(), fetched.revision.as_str()), ("org/small", sha));
    assert_eq!(fetched.licence.as_deref(), Some("mit"));
    assert_eq!(fs::read_dir(&folder).unwrap().count(), wanted.len() + 1);
}

const WEIGHTS: usize = 300_000;
const ALL: [&str; 4] = ["config.json", "tokenizer.json", "README.md", "model.safetensors"];

#[test]
fn faults_are_survived() {
    // What goes wrong, and the bytes of weights that may be sent at most.
    let cases: [(&[Fault], usize); 9] = [
        (&[], WEIGHTS),
        (&[Fault::Drop(100_000)], WEIGHTS),
        (&[Fault::Drop(1), Fault::Drop(0), Fault::Drop(150_000), Fault::Drop(7)], WEIGHTS),
        (&[Fault::Status(503), Fault::Status(429), Fault::Status(500)], WEIGHTS),
        (&[Fault::Drop(100_000), Fault::Status(503)], WEIGHTS),
        (&[Fault::Drop(100_000), Fault::NoRange], WEIGHTS + 100_000),
        (&[Fault::Wrong], 2 * WEIGHTS),
        (&[Fault::Drop(100_000), Fault::OtherRange], 2 * WEIGHTS + 100_000),
        (&[Fault::Longer], 2 * WEIGHTS + 100),
    ];
    for (faults, most) in cases {
        let files = repository(WEIGHTS);
        let server = Server::new(files.clone());
        server.fault(faults);
        let folder = tempfile::tempdir().unwrap();
        server.fetch(folder.path()).unwrap_or_else(|error| panic!("{faults:?}: {error:#}"));
        complete(folder.path(), &files, &ALL, SHA);
        let sent = server.sent();
        assert!(sent <= most, "{faults:?}: {sent} bytes");
        // What is there and right is not fetched again.
        server.fetch(folder.path()).unwrap();
        assert_eq!(server.sent(), 0, "{faults:?}");
    }
}

#[test]
fn what_cannot_be_had_is_a_sentence_and_nothing_counts_as_fetched() {
    let cases: [(&[Fault], &str); 4] = [
        (&[Fault::Status(404)], "404"),
        (&[Fault::Status(403)], "gated"),
        (&[Fault::Wrong, Fault::Wrong], "SHA-256"),
        (&[Fault::Status(503); 6], "given up"),
    ];
    for (faults, part) in cases {
        let server = Server::new(repository(WEIGHTS));
        server.fault(faults);
        let folder = tempfile::tempdir().unwrap();
        let error = format!("{:#}", server.fetch(folder.path()).unwrap_err());
        assert!(error.contains(part), "{faults:?}: {error}");
        assert!(Fetched::read(&folder.path().join("org/small")).is_none(), "{faults:?}");
    }
}

#[test]
fn the_next_run_goes_on_where_this_one_ended() {
    let files = repository(WEIGHTS);
    let server = Server::new(files.clone());
    server.fault(&[Fault::Drop(200_000)]);
    server.fault(&[Fault::Status(503); 6]);
    let folder = tempfile::tempdir().unwrap();
    assert!(server.fetch(folder.path()).is_err());
    assert_eq!(server.sent(), 200_000);
    server.fetch(folder.path()).unwrap();
    assert_eq!(server.sent(), WEIGHTS - 200_000);
    complete(folder.path(), &files, &ALL, SHA);
    // A byte that went wrong on the disk is found by its hash, and the file fetched anew.
    let weights = folder.path().join("org/small/model.safetensors");
    let mut bytes = fs::read(&weights).unwrap();
    bytes[5] ^= 1;
    fs::write(&weights, bytes).unwrap();
    server.fetch(folder.path()).unwrap();
    complete(folder.path(), &files, &ALL, SHA);
}

#[test]
fn shards_come_with_their_index() {
    let mut files = repository(0);
    files.remove("model.safetensors");
    for (name, length) in [("model-1.safetensors", 40_000), ("model-2.safetensors", 50_000)] {
        files.insert(name.into(), vec![7; length]);
    }
    let index =
        r#"{"weight_map":{"a":"model-1.safetensors","b":"model-2.safetensors","c":"model-1.safetensors"}}"#;
    files.insert("model.safetensors.index.json".into(), index.into());
    files.insert("unrelated.safetensors".into(), vec![1; 9]);
    let server = Server::new(files.clone());
    let folder = tempfile::tempdir().unwrap();
    server.fetch(folder.path()).unwrap();
    let wanted =
        [&ALL[..3], &["model.safetensors.index.json", "model-1.safetensors", "model-2.safetensors"]].concat();
    complete(folder.path(), &files, &wanted, SHA);

    // An index must not reach out of the folder.
    let mut state = server.state.lock().unwrap();
    state.files.insert(
        "model.safetensors.index.json".into(),
        br#"{"weight_map":{"a":"../../x.safetensors"}}"#.to_vec(),
    );
    drop(state);
    let folder = tempfile::tempdir().unwrap();
    assert!(format!("{:#}", server.fetch(folder.path()).unwrap_err()).contains("no file of this folder"));
}

#[test]
fn without_safetensors_the_converters_are_taken() {
    let mut files = repository(0);
    files.remove("model.safetensors");
    let server = Server::new(files.clone());
    let folder = tempfile::tempdir().unwrap();
    let error = format!("{:#}", server.fetch(folder.path()).unwrap_err());
    assert!(error.contains("no format that can be read"), "{error}");

    files.insert("model.safetensors".into(), vec![9; 1000]);
    server.state.lock().unwrap().converted = files.clone();
    server.fetch(folder.path()).unwrap();
    complete(folder.path(), &files, &ALL, PULL);
}
