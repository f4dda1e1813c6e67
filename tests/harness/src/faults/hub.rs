//! The part of Hugging Face's interface that finding and reading a model needs, over folders of this machine.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use anyhow::{Context, Result};
use ring::digest;
use serde_json::{Value, json};

use crate::random_model::bundle::hex;
use server::connection::Reply;

/// Where the hub is on the site.
pub(super) const PATH: &str = "/hub";
/// The number of the pull request in which the converter's bot adds safetensors.
const CONVERTED: u64 = 7;

/// One state of a repository.
struct Revision {
    /// `main`, `refs/pr/7`
    name: String,
    commit: String,
    files: Vec<Entry>,
}

struct Entry {
    path: String,
    file: PathBuf,
    /// As the list of files says it.
    about: Value,
}

/// Repositories by their id.
#[derive(Default)]
pub struct Hub(Mutex<BTreeMap<String, Vec<Revision>>>);

pub(super) enum Answer {
    File(PathBuf),
    Reply(Reply),
}

impl Hub {
    /// A repository whose files are those of a folder.
    pub fn add(&self, id: &str, folder: &Path) -> Result<()> {
        let files = entries(folder, |_| true)?;
        self.insert(id, vec![revision(id, "main", files)]);
        Ok(())
    }

    /// The same with its weights only in the pull request of the converter's bot.
    pub fn add_unconverted(&self, id: &str, folder: &Path) -> Result<()> {
        let main = entries(folder, |path| !path.contains(".safetensors"))?;
        let converted = entries(folder, |_| true)?;
        let name = format!("refs/pr/{CONVERTED}");
        self.insert(id, vec![revision(id, "main", main), revision(id, &name, converted)]);
        Ok(())
    }

    /// `https://huggingface.co` is this on the site.
    pub fn address(&self) -> &'static str {
        PATH
    }

    fn insert(&self, id: &str, revisions: Vec<Revision>) {
        self.0.lock().expect("no thread panics with the list").insert(id.into(), revisions);
    }

    /// To what is asked below [`PATH`].
    pub(super) fn answer(&self, target: &str) -> Answer {
        let repositories = self.0.lock().expect("no thread panics with the list");
        let path = target.split('?').next().unwrap_or_default().replace("%2F", "/").replace("%2f", "/");
        let (api, path) = match path.strip_prefix("/api/models/") {
            Some(path) => (true, path.to_owned()),
            None => (false, path.trim_start_matches('/').to_owned()),
        };
        let found = repositories.iter().find_map(|(id, revisions)| {
            let rest = path.strip_prefix(id.as_str())?.strip_prefix('/')?;
            Some((id, revisions, rest))
        });
        // As Hugging Face answers where nobody is logged in.
        let Some((id, revisions, rest)) = found else {
            return Answer::Reply(answer(401, &json!({ "error": "Invalid username or password." })));
        };
        let (verb, rest) = rest.split_once('/').unwrap_or((rest, ""));
        let named = revisions.iter().find_map(|revision| {
            let rest = [&revision.commit, &revision.name]
                .into_iter()
                .find_map(|name| rest.strip_prefix(name.as_str()))?;
            Some((revision, rest.trim_start_matches('/')))
        });
        match (api, verb, named) {
            (true, "discussions", _) => Answer::Reply(answer(200, &discussions(revisions))),
            (true, "revision", Some((revision, _))) => Answer::Reply(answer(200, &about(id, revision))),
            (true, "tree", Some((revision, _))) => {
                let list: Vec<&Value> = revision.files.iter().map(|entry| &entry.about).collect();
                Answer::Reply(answer(200, &json!(list)))
            }
            // Large files lie elsewhere, as they do at Hugging Face.
            (false, "resolve" | "stored", Some((revision, path))) => {
                match revision.files.iter().find(|entry| entry.path == path) {
                    Some(entry) if verb == "resolve" && !entry.about["lfs"].is_null() => {
                        let mut reply = Reply::text(302, "It is elsewhere.\n");
                        reply.header("Location", format!("{PATH}/{id}/stored/{}/{path}", revision.commit));
                        Answer::Reply(reply)
                    }
                    Some(entry) => Answer::File(entry.file.clone()),
                    None => Answer::Reply(answer(404, &json!({ "error": "Entry not found" }))),
                }
            }
            _ => Answer::Reply(answer(404, &json!({ "error": "Invalid rev id" }))),
        }
    }
}

fn revision(id: &str, name: &str, files: Vec<Entry>) -> Revision {
    let commit = digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, format!("{id} {name}").as_bytes());
    Revision { name: name.into(), commit: hex(&commit), files }
}

/// The files of a folder, large ones with their SHA-256 and small ones as git knows them.
fn entries(folder: &Path, wanted: impl Fn(&str) -> bool) -> Result<Vec<Entry>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("{} could not be listed", folder.display()))? {
        let path = entry?.file_name().to_string_lossy().into_owned();
        if path.starts_with('.') || !wanted(&path) {
            continue;
        }
        let file = folder.join(&path);
        let size = fs::metadata(&file)?.len();
        let mut about = json!({ "type": "file", "path": path, "size": size });
        match path.ends_with(".safetensors") {
            true => {
                let hash = hash(digest::Context::new(&digest::SHA256), &file)?;
                about["oid"] = json!(hash[..40]);
                about["lfs"] = json!({ "oid": hash, "size": size, "pointerSize": 135 });
            }
            false => {
                let mut blob = digest::Context::new(&digest::SHA1_FOR_LEGACY_USE_ONLY);
                blob.update(format!("blob {size}\0").as_bytes());
                about["oid"] = json!(hash(blob, &file)?);
            }
        }
        found.push(Entry { path, file, about });
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(found)
}

fn hash(mut context: digest::Context, file: &Path) -> Result<String> {
    let mut file = File::open(file)?;
    let mut buffer = vec![0; 1 << 20];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(hex(&context.finish())),
            read => context.update(&buffer[..read]),
        }
    }
}

fn about(id: &str, revision: &Revision) -> Value {
    json!({
        "id": id, "sha": revision.commit, "private": false, "gated": false,
        "pipeline_tag": "zero-shot-image-classification", "library_name": "transformers",
        "tags": ["transformers", "clip", "license:mit"], "cardData": { "license": "mit" },
        "siblings": revision.files.iter().map(|entry| json!({ "rfilename": entry.path })).collect::<Vec<_>>(),
    })
}

fn discussions(revisions: &[Revision]) -> Value {
    let by_people = json!({
        "num": 3, "title": "Adding `safetensors` variant of this model", "status": "open",
        "isPullRequest": true, "author": { "name": "somebody" },
    });
    let by_bot = json!({
        "num": CONVERTED, "title": "Adding `safetensors` variant of this model", "status": "open",
        "isPullRequest": true, "author": { "name": "SFconvertbot" },
    });
    let list = if revisions.len() > 1 { vec![by_people, by_bot] } else { Vec::new() };
    json!({ "discussions": list, "count": list.len(), "start": 0 })
}

fn answer(status: u16, json: &Value) -> Reply {
    let bytes = json.to_string().into_bytes();
    let length = bytes.len() as u64;
    let mut reply = Reply::new(status, Cursor::new(bytes), length);
    reply.header("Content-Type", "application/json; charset=utf-8");
    reply
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json_of(answer: Answer) -> Value {
        match answer {
            Answer::Reply(mut reply) => {
                let mut text = String::new();
                reply.body.read_to_string(&mut text).unwrap();
                serde_json::from_str(&text).unwrap_or_else(|_| json!({ "status": reply.status }))
            }
            Answer::File(path) => json!(path.file_name().unwrap().to_str()),
        }
    }

    #[test]
    fn a_folder_is_a_repository() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("config.json"), "hello\n").unwrap();
        fs::write(folder.path().join("model.safetensors"), "").unwrap();
        let hub = Hub::default();
        hub.add_unconverted("a/b", folder.path()).unwrap();
        let ask = |target: &str| json_of(hub.answer(target));
        let main = ask("/api/models/a/b/revision/main");
        let commit = main["sha"].as_str().unwrap();
        let list = ask(&format!("/api/models/a/b/tree/{commit}?recursive=true"));
        // As `git hash-object` names these six bytes.
        assert_eq!(
            list,
            json!([{ "type": "file", "path": "config.json", "size": 6, "oid": "ce013625030ba8dba906f756967f9e9ca394464a" }])
        );
        let converted = ask("/api/models/a/b/revision/refs%2Fpr%2F7");
        let converted = converted["sha"].as_str().unwrap();
        assert_ne!(converted, commit);
        assert_eq!(ask("/api/models/a/b/discussions?p=0")["discussions"][1]["num"], 7);
        assert_eq!(ask(&format!("/a/b/resolve/{commit}/config.json")), "config.json");
        assert_eq!(ask(&format!("/a/b/resolve/{converted}/model.safetensors")), json!({ "status": 302 }));
        assert_eq!(ask(&format!("/a/b/stored/{converted}/model.safetensors")), "model.safetensors");
        for absent in
            ["/api/models/a/c/revision/main", "/api/models/a/b/revision/other", "/a/b/resolve/main/x"]
        {
            assert!(ask(absent)["error"].is_string(), "{absent}");
        }
    }
}
