//! A Hugging Face repository's files → a folder.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use semblance::bundle;
use serde::Deserialize;

use crate::hub::{self, Hub, Remote};
use crate::repository::{self, Fetched};

/// Files that only people need.
const FOR_PEOPLE: [&str; 2] = ["README.md", "LICENSE"];
const SINGLE: &str = "model.safetensors";
const INDEX: &str = "model.safetensors.index.json";
const OPEN_CLIP: &str = "open_clip_model.safetensors";

#[derive(clap::Args)]
pub struct Args {
    /// ORG/NAME
    id: String,
    /// A branch, tag or commit [default: main].
    #[arg(long)]
    revision: Option<String>,
    /// Where repositories are kept, each as ORG/NAME.
    #[arg(long, default_value = repository::FOLDER)]
    models_source: PathBuf,
}

/// Errors: as [`fetch`].
pub fn command(args: &Args) -> Result<()> {
    ensure!(repository::is_id(&args.id), "{} is no repository's id; that is ORG/NAME", args.id);
    fetch(&args.id, args.revision.as_deref(), &args.models_source)?;
    Ok(())
}

/// Download what a model needs of a repository, into `folder`/ORG/NAME: the folder.
///
/// Errors: as [`from`].
pub fn fetch(id: &str, revision: Option<&str>, folder: &Path) -> Result<PathBuf> {
    from(&Hub::from_env(), id, revision, folder)
}

/// The same from a certain hub. What is there and right is left alone; `fetched.json` is written last.
///
/// Errors: there is no such repository, it has no safetensors, or a file of it cannot be had.
pub fn from(hub: &Hub, id: &str, revision: Option<&str>, folder: &Path) -> Result<PathBuf> {
    let mut info = hub.info(id, revision.unwrap_or("main"))?;
    let licence = info.licence();
    let mut files = hub.files(id, &info.sha)?;
    if !has_weights(&files) && revision.is_none() {
        // As transformers does: the converter's pull request has them.
        if let Some(converted) = hub.converted(id)? {
            println!("{id} has no safetensors of its own; those of {converted} are taken.");
            info = hub.info(id, &converted)?;
            files = hub.files(id, &info.sha)?;
        }
    }
    if !has_weights(&files) {
        bail!(
            "{id} has no {SINGLE}, no {INDEX} and no {OPEN_CLIP}: its weights are in no format that can be read"
        );
    }

    let folder = folder.join(id);
    let revision = info.sha;
    fs::create_dir_all(&folder).with_context(|| format!("{} could not be made", folder.display()))?;
    let unchanged = Fetched::read(&folder).is_some_and(|before| before.revision == revision);
    if !unchanged {
        // Until everything is there, nothing counts as fetched.
        Fetched::remove(&folder)?;
        remove_others(&folder, &files)?;
    }
    let named = |name: &str| files.iter().find(|file| file.path == name);
    let get = |file: &Remote| get(hub, id, &revision, file, &folder, unchanged);
    for name in bundle::FILES.iter().chain(&FOR_PEOPLE) {
        named(name).map(get).transpose()?;
    }
    match (named(SINGLE), named(INDEX), named(OPEN_CLIP)) {
        (Some(file), ..) => get(file)?,
        (None, Some(index), _) => {
            get(index)?;
            for name in shards(&folder.join(INDEX))? {
                let shard = named(&name);
                get(shard.with_context(|| format!("{id} names {name} in {INDEX} and does not have it"))?)?;
            }
        }
        (None, None, file) => file.map_or(Ok(()), get)?,
    }
    Fetched { id: id.to_owned(), revision, licence }.write(&folder)?;
    println!("{} is complete.", folder.display());
    Ok(folder)
}

/// Of another commit: files that this one doesn't have, which would be taken for its, and what was begun of files that
/// nothing but their size would tell apart.
fn remove_others(folder: &Path, files: &[Remote]) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("{} could not be listed", folder.display()))? {
        let path = entry?.path();
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
        let stays = match name.strip_suffix(".part") {
            Some(whole) => files.iter().any(|file| file.path == whole && file.lfs.is_some()),
            None => files.iter().any(|file| file.path == name),
        };
        if path.is_file() && !stays {
            fs::remove_file(&path).with_context(|| format!("{} could not be removed", path.display()))?;
        }
    }
    Ok(())
}

fn has_weights(files: &[Remote]) -> bool {
    files.iter().any(|file| [SINGLE, INDEX, OPEN_CLIP].contains(&file.path.as_str()))
}

/// The files that an index names.
fn shards(index: &Path) -> Result<BTreeSet<String>> {
    #[derive(Deserialize)]
    struct Index {
        weight_map: BTreeMap<String, String>,
    }
    let text = fs::read(index).with_context(|| format!("{} could not be read", index.display()))?;
    let index: Index =
        serde_json::from_slice(&text).with_context(|| format!("{} is no index", index.display()))?;
    let shards: BTreeSet<String> = index.weight_map.into_values().collect();
    match shards.iter().find(|shard| shard.contains(['/', '\\']) || !shard.ends_with(".safetensors")) {
        Some(odd) => bail!("{INDEX} names {odd:?}, which is no file of this folder"),
        None => Ok(shards),
    }
}

/// One file, unless it is there already. A small file has no hash in the hub's list: it counts where the commit is the same.
fn get(hub: &Hub, id: &str, revision: &str, file: &Remote, folder: &Path, unchanged: bool) -> Result<()> {
    let to = folder.join(&file.path);
    if to.is_file() && (file.lfs.is_some() || unchanged) && hub::check(&to, file).is_ok() {
        return Ok(());
    }
    println!("{}: {} bytes", file.path, file.size);
    hub.download(id, revision, file, &to)
}
