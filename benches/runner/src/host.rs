//! The benchmark's own web server: several folders as one site, cross-origin isolated.
//!
//! Unlike `serve`, it sends no content policy, which would not let the other libraries start, and forbids caches, so
//! that what is loaded is loaded.

use std::fs::{self, File};
use std::io;
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;

use anyhow::{Context, Result};

use crate::line::{Line, Over};
use harness::random_model;
use repository::paths;
use server::connection::{self, Reply, Request};
use server::http;

/// Paths of the site and the folders behind them; the first that fits is asked.
pub(crate) struct Mounts(Vec<(String, PathBuf)>);

impl Mounts {
    /// The built site, the benchmark's pages, and what was made for them. The pages drive the engine's modules one by
    /// one, which a built site has in bundles: those are the repository's own.
    pub(crate) fn of(made: &Path) -> Result<Self> {
        let root = paths::root();
        // Empty where none was asked for yet.
        fs::create_dir_all(random_model::folder())?;
        let folders = [
            ("/bench/made", made.into()),
            ("/bench/models", random_model::folder()),
            ("/bench", root.join("benches")),
            ("/www", root.join("www")),
            // As it was built, scripts and all.
            ("/site", root.join("dist")),
            ("", root.join("dist")),
        ];
        let canonical = |(path, folder): (&str, PathBuf)| {
            let folder =
                folder.canonicalize().with_context(|| format!("there is no folder {}", folder.display()))?;
            Ok((path.to_owned(), folder))
        };
        Ok(Self(folders.into_iter().map(canonical).collect::<Result<_>>()?))
    }

    /// The site that was built in another checkout, with that one's modules, below `path`.
    pub(crate) fn add_version(&mut self, path: &str, checkout: &Path) -> Result<()> {
        for (path, folder) in [(format!("{path}/www"), "www"), (path.to_owned(), "dist")] {
            let folder = checkout.join(folder);
            let folder =
                folder.canonicalize().with_context(|| format!("there is no folder {}", folder.display()))?;
            // Before the site's root, which has all paths.
            self.0.insert(self.0.len() - 1, (path, folder));
        }
        Ok(())
    }

    /// The file that a target means.
    pub(crate) fn locate(&self, target: &str) -> Option<PathBuf> {
        let (rest, folder) = self.0.iter().find_map(|(path, folder)| {
            let rest = target.strip_prefix(path.as_str()).filter(|rest| rest.starts_with('/'))?;
            Some((rest, folder))
        })?;
        http::locate(folder, rest).filter(|path| path.is_file())
    }
}

/// Serve until the program ends.
pub(crate) fn start(mounts: Arc<Mounts>) -> Result<SocketAddr> {
    serve(move |stream| connection::converse(stream, |request| Some(answer(&mounts, request))))
}

/// The same over a line.
pub(crate) fn start_over(line: Line, mounts: Arc<Mounts>) -> Result<SocketAddr> {
    serve(move |stream| {
        let to = stream.try_clone()?;
        let over = Over { line: &line, to };
        connection::converse_over(stream, over, |request| {
            line.cross();
            Some(answer(&mounts, request))
        })
    })
}

fn serve(converse: impl Fn(TcpStream) -> io::Result<()> + Send + Sync + 'static) -> Result<SocketAddr> {
    let listener = server::listen("127.0.0.1", 0)?;
    let address = listener.local_addr()?;
    let converse = Arc::new(converse);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let converse = converse.clone();
            // A browser that went away in the middle is not an error.
            thread::spawn(move || converse(stream));
        }
    });
    Ok(address)
}

fn answer(mounts: &Mounts, request: &Request) -> Reply {
    let mut reply = file(mounts, request).unwrap_or_else(|| Reply::text(404, "There is no such file.\n"));
    reply.header("Cache-Control", "no-store");
    reply.header("Cross-Origin-Resource-Policy", "same-origin");
    reply.header("Cross-Origin-Opener-Policy", "same-origin");
    reply.header("Cross-Origin-Embedder-Policy", "require-corp");
    reply
}

fn file(mounts: &Mounts, request: &Request) -> Option<Reply> {
    let path = mounts.locate(&request.target)?;
    let file = File::open(&path).ok()?;
    let length = file.metadata().ok()?.len();
    let mut reply = Reply::new(200, file, length);
    reply.header("Content-Type", http::media_type(&path));
    Some(reply)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_path_has_its_folder() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        for file in ["dist/a.js", "benches/a.js", "made/a.js"] {
            fs::create_dir_all(root.join(file).parent().unwrap()).unwrap();
            fs::write(root.join(file), file).unwrap();
        }
        let mounts = Mounts(vec![
            ("/bench/made".into(), root.join("made")),
            ("/bench".into(), root.join("benches")),
            (String::new(), root.join("dist")),
        ]);
        let cases = [
            ("/a.js", Some("dist/a.js")),
            ("/bench/a.js?threads=1", Some("benches/a.js")),
            ("/bench/made/a.js", Some("made/a.js")),
            ("/bench/../a.js", None),
            ("/benches/a.js", None),
            ("/bench/", None),
        ];
        for (target, file) in cases {
            assert_eq!(mounts.locate(target), file.map(|file| root.join(file)), "{target}");
        }
    }
}
